"""`certax doctor`: whether this installation can do its work."""

import importlib
import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ._options import Json, Quiet
from ._reply import Reply

_packages = (
    ("jax", "jax"),
    ("jaxlib", "jaxlib"),
    ("equinox", "equinox"),
    ("numpy", "numpy"),
    ("scipy", "scipy"),
    ("python-flint", "flint"),
    ("safetensors", "safetensors"),
    ("pydantic", "pydantic"),
    ("xarray", "xarray"),
    ("h5netcdf", "h5netcdf"),
    ("plotly", "plotly"),
    ("jinja2", "jinja2"),
)
_least_memory = 2 * 2**30
_least_disk = 2**30


@dataclass(frozen=True)
class Check:
    """One line of the doctor's report."""

    name: str
    ok: bool
    detail: str


def doctor(json_: Json = False, quiet: Quiet = False) -> Reply:
    """Look at the installation; exits with 3 if something is wrong."""
    examinations: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("Python", _python),
        *(
            (name, lambda n=name, m=module: _package(n, m))
            for name, module in _packages
        ),
        ("float64", _float64),
        ("cores", _cores),
        ("memory", _memory),
        ("disk", _disk),
        ("cache folder", _cache_folder),
        ("checker", _checker),
    )
    checks = [_examine(name, examination) for name, examination in examinations]
    lines = [f"{'ok' if c.ok else 'PROBLEM':8}{c.name:14}{c.detail}" for c in checks]
    healthy = all(check.ok for check in checks)
    lines.append("All is well." if healthy else "Something is wrong; see above.")
    fields = {"checks": [asdict(check) for check in checks]}
    return Reply("doctor", "\n".join(lines), fields, 0 if healthy else 3)


def _examine(name: str, examination: Callable[[], Check]) -> Check:
    """A check that breaks is itself a finding."""
    try:
        return examination()
    except Exception as error:
        return Check(name, False, f"{type(error).__name__}: {error}")


def _python() -> Check:
    ok = sys.version_info >= (3, 11)
    needed = "" if ok else "; 3.11 or later is needed"
    return Check("Python", ok, f"{platform.python_version()}{needed}")


def _package(name: str, module: str) -> Check:
    importlib.import_module(module)
    return Check(name, True, importlib.metadata.version(name))


def _float64() -> Check:
    import jax
    import jax.numpy as jnp

    with jax.enable_x64(True):
        small = jnp.exp2(jnp.asarray(-52.0, jnp.float64))
        ok = bool(jax.jit(lambda x: (1.0 + x) - 1.0 == x)(small))
        devices = ", ".join(sorted({d.device_kind for d in jax.devices()}))
    state = "computed" if ok else "not computed"
    return Check("float64", ok, f"{state} on {devices}")


def _cores() -> Check:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return Check("cores", True, f"{usable or os.cpu_count()}")


def _memory() -> Check:
    free = _free_memory()
    if free is None:
        return Check("memory", True, "unknown on this system")
    ok = free >= _least_memory
    needed = "" if ok else f"; {_least_memory / 2**30:.0f} GiB are needed"
    return Check("memory", ok, f"{free / 2**30:.1f} GiB free{needed}")


def _free_memory() -> int | None:
    """What the machine and the control group of this process leave, in bytes."""
    amounts = []
    facts = Path("/proc/meminfo")
    if facts.exists():
        for line in facts.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                amounts.append(int(line.split()[1]) * 1024)
    group = Path("/sys/fs/cgroup")
    try:
        limit = (group / "memory.max").read_text(encoding="ascii").strip()
        used = int((group / "memory.current").read_text(encoding="ascii"))
        if limit != "max":
            amounts.append(int(limit) - used)
    except (OSError, ValueError):
        pass
    return min(amounts, default=None)


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free
    ok = free >= _least_disk and os.access(Path.cwd(), os.W_OK)
    return Check("disk", ok, f"{free / 2**30:.1f} GiB free in {Path.cwd()}")


def _cache_folder() -> Check:
    from .._core._compilation_cache import enable_compilation_cache

    return Check("cache folder", True, str(enable_compilation_cache()))


def _checker() -> Check:
    from ._self_test import check_the_checker

    with tempfile.TemporaryDirectory() as folder:
        wrong = check_the_checker(Path(folder))
    return Check("checker", not wrong, wrong or "accepts the true, rejects the forged")
