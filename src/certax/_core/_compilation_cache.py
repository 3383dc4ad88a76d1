"""Compiled programs kept on disk, so that the second run of a command starts faster."""

import hashlib
import os
import platform
import stat
from pathlib import Path

import jax

from ._errors import CertaxError


def compilation_cache_folder() -> Path:
    """Where compiled programs of this JAX version on this type of CPU are kept."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    home = os.path.expanduser("~/.cache")
    parent = Path(cache if os.path.isabs(cache) else home)
    return parent / "certax" / f"jax-{jax.__version__}-{_cpu_type()}"


def enable_compilation_cache() -> Path:
    """Makes JAX keep every compiled program of this process on disk.

    For processes of the command line only: it changes the settings of JAX. A folder
    that the user has already chosen for JAX is left as it is.

    **Returns:** the folder.

    **Raises:** `CertaxError` if the folder cannot be made, or if others could put
    programs there, which JAX would run.
    """
    chosen = jax.config.jax_compilation_cache_dir  # type: ignore[attr-defined]
    if chosen:
        return Path(chosen)
    folder = compilation_cache_folder()
    for part in (folder.parent, folder):
        _make_private(part)
    jax.config.update("jax_compilation_cache_dir", str(folder))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    return folder


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = folder.lstat()
    except OSError as error:
        raise CertaxError(
            f"The cache folder {folder} cannot be made: {error.strerror}.",
            value=str(folder),
            remedy="Set XDG_CACHE_HOME to a folder that you can write to.",
            kind="environment",
        ) from None
    private = stat.S_ISDIR(facts.st_mode) and not facts.st_mode & 0o022
    if facts.st_uid != os.getuid() or not private or not os.access(folder, os.W_OK):
        raise CertaxError(
            f"The cache folder {folder} does not belong to you alone.",
            value=str(folder),
            remedy="Delete it, or set XDG_CACHE_HOME to a folder of your own.",
            kind="environment",
        )


def _cpu_type() -> str:
    """A short name of the CPU type: compiled code is not moved between types."""
    described = [platform.system(), platform.machine(), platform.processor()]
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    first = text.partition("\n\n")[0]
    described += [
        line
        for line in first.splitlines()
        if line.startswith(("vendor_id", "cpu family", "model", "flags", "Features"))
    ]
    return hashlib.sha256("\n".join(described).encode()).hexdigest()[:16]
