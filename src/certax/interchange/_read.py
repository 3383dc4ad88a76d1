"""The one door: which kind of file it is."""

from collections.abc import Sequence
from pathlib import Path

from .._core import AbstractShape, CertaxError
from ._description import read_description
from ._net import Net
from ._onnx import read_onnx

_readers = {".onnx": read_onnx, ".json": read_description}


def read_net(
    path: Path | str,
    domain: AbstractShape,
    fields: Sequence[str],
    inputs: Sequence[str] | None = None,
    outputs: Sequence[str] | None = None,
) -> Net:
    """A net that was trained elsewhere, from an ONNX file or a JSON description.

    **Arguments:**

    - `path`: a file whose name ends in `.onnx` or `.json`.
    - `domain`, `fields`: the problem's.
    - `inputs`, `outputs`: the coordinates and fields in the net's order; needed unless
      the file names them.

    **Raises:** `CertaxError` if the file cannot be read or the net does not match.
    """
    path = Path(path)
    reader = _readers.get(path.suffix.lower())
    if reader is None:
        pickled = path.suffix.lower() in (".pt", ".pth", ".pkl", ".ckpt", ".bin")
        why = "may hold code, and no code is run" if pickled else "is of no known kind"
        raise CertaxError(
            f"{path.name} {why}.",
            value=path.suffix,
            remedy="Export the net to ONNX, or to safetensors with a JSON description; "
            "docs/nets.md shows how.",
        )
    return reader(path, domain, fields, inputs, outputs)
