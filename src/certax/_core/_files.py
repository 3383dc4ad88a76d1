"""Files written whole or not at all, and the operating system's errors in words."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from ._errors import CertaxError


def write_atomically(path: Path, content: str | bytes) -> Path:
    """Writes a file so that at any moment the former or the new one is there, whole.

    **Raises:** `CertaxError` of the kind `"environment"` if it cannot be written.
    """
    path = Path(path)
    data = content.encode() if isinstance(content, str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with in_words(path):
        try:
            with open(temporary, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(path.parent)
    return path


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def environment_error(error: OSError, path: Path) -> CertaxError:
    """What an error of the operating system means for the user."""
    kind = "environment"
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            why, remedy = "the disk is full", "Free some space, then use --resume."
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why, remedy = "permission is denied", "Choose a folder of your own."
        case errno.ENOTDIR | errno.EEXIST | errno.EISDIR:
            why, remedy = "a file stands in the way", "Choose another folder."
            kind = "input"
        case _:
            why, remedy = error.strerror or str(error), "Choose another folder."
    return CertaxError(
        f"{path} cannot be written: {why}.",
        value=str(path),
        remedy=remedy,
        kind=kind,
    )


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Inside, errors of the operating system concern the path and become friendly."""
    try:
        yield
    except OSError as error:
        raise environment_error(error, path) from None
