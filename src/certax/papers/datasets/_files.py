"""Bytes of local files, never more than was announced."""

import gzip
import zlib
from pathlib import Path

from ..._core import CertaxError


def read_at_most(path: Path, size: int) -> bytes:
    """The first bytes of a file, decompressed if its name ends in `.gz`; at most
    `size + 1` of them, so that a longer file is noticed and not read.

    **Raises:** `CertaxError` for a file that cannot be read or decompressed.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rb") as file:
            return file.read(size + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(path, f"it cannot be decompressed ({error})") from None
    except OSError as error:
        why = error.strerror or str(error)
        raise CertaxError(
            f"{path} cannot be read: {why}.",
            value=str(path),
            remedy="Name a folder of files that you may read.",
            kind="environment" if isinstance(error, PermissionError) else "input",
        ) from None


def damaged(path: Path, why: str) -> CertaxError:
    """What is said of a file that is not what it should be."""
    return CertaxError(
        f"{path.name}: {why}.",
        value=str(path),
        remedy="Fetch the file again, unchanged.",
    )


def missing(path: Path, remedy: str) -> CertaxError:
    """What is said where a file is not there."""
    return CertaxError(
        f"There is no file {path.name} in {path.parent}.",
        value=str(path),
        remedy=remedy,
    )
