"""Files from elsewhere: data only, and not more of it than a net can need."""

from pathlib import Path

from .._core import CertaxError

most_bytes = 256 * 2**20


def read_file(path: Path) -> bytes:
    """A file's content.

    **Raises:** `CertaxError` if it is missing, empty or larger than 256 MiB.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise CertaxError(
                f"{path} is not a plain file.",
                value=str(path),
                remedy="Give the file of a net.",
            )
        if size > most_bytes:
            raise CertaxError(
                f"{path} has {size} bytes, more than the {most_bytes} that are read.",
                value=size,
                remedy="Give a smaller net.",
            )
        content = path.read_bytes()
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        raise CertaxError(
            f"There is no file {path}."
            if missing
            else f"{path} cannot be read: {error.strerror}.",
            value=str(path),
            remedy="Give the file of a net: .onnx, or .json beside .safetensors.",
            kind="input" if missing else "environment",
        ) from None
    if not content:
        raise CertaxError(
            f"{path} is empty.", value=str(path), remedy="Write the net again."
        )
    return content
