"""The idx format of MNIST and Fashion-MNIST, plain or compressed."""

import math
import struct
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from ..._core import CertaxError
from ._files import damaged, missing, read_at_most
from ._labeled import Dataset, Labeled, check_labels, split

_side, _classes = 28, 10
# The published sets have 60 000 images; no header makes us read more than this.
_most_bytes = 2**28


def read_idx(path: Path, rank: int) -> UInt8[np.ndarray, "..."]:
    """An array of bytes: two zeros, 8 for unsigned bytes, the rank, the sizes as
    big-endian integers of four bytes, and then the entries.

    **Arguments:**

    - `path`: ends in `.gz` if it is compressed.
    - `rank`: 3 for images and 1 for labels.

    **Raises:** `CertaxError` for another magic number, for sizes beyond 256 MiB, and
    for fewer or more entries than announced.
    """
    head = 4 * (1 + rank)
    start = read_at_most(path, head)[:head]
    wanted = bytes((0, 0, 8, rank))
    if start[:4] != wanted:
        raise damaged(
            path,
            f"it starts with {start[:4].hex() or 'nothing'} where an idx file of rank "
            f"{rank} starts with {wanted.hex()}",
        )
    if len(start) < head:
        raise damaged(path, f"its header of {head} bytes is cut off")
    sizes = struct.unpack(f">{rank}I", start[4:])
    size = math.prod(sizes)
    if not 0 < size <= _most_bytes:
        said = " x ".join(map(str, sizes))
        raise damaged(path, f"its header announces {said} bytes")
    content = read_at_most(path, head + size)[head:]
    if len(content) != size:
        found = "more" if len(content) > size else f"only {len(content)}"
        raise damaged(path, f"it has {found} of the {size} bytes that it announces")
    return np.frombuffer(content, np.uint8).reshape(sizes)


def idx_images(folder: Path) -> Dataset:
    """MNIST or Fashion-MNIST: four files, `train-images-idx3-ubyte` and so on, each
    with or without `.gz`; a sixth of the training part is set aside for validation.

    **Raises:** `CertaxError` for files that are missing or not what they should be.
    """
    train, test = (_labeled(Path(folder), name) for name in ("train", "t10k"))
    return split(train, test, share=6, classes=_classes, white=255.0)


def _labeled(folder: Path, name: str) -> Labeled:
    image_file = _find(folder, f"{name}-images-idx3-ubyte")
    label_file = _find(folder, f"{name}-labels-idx1-ubyte")
    images, labels = read_idx(image_file, 3), read_idx(label_file, 1)
    if images.shape[1:] != (_side, _side):
        size = "x".join(map(str, images.shape[1:]))
        raise damaged(image_file, f"its images are {size} and not {_side}x{_side}")
    if len(images) != len(labels):
        raise CertaxError(
            f"{image_file.name} has {len(images)} images and {label_file.name} "
            f"{len(labels)} labels.",
            value=(len(images), len(labels)),
            remedy="Take both files from the same data set.",
        )
    check_labels(labels, _classes, label_file.name)
    return Labeled(images[:, None], labels.astype(np.int32))


def _find(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    remedy = "Put the four idx files there, as published or with .gz."
    raise missing(folder / name, remedy)
