"""The binary version of CIFAR-10; the pickled one is not opened."""

from pathlib import Path

import numpy as np

from ..._core import CertaxError
from ._files import damaged, missing, read_at_most
from ._labeled import Dataset, Labeled, check_labels, split

_classes, _shape = 10, (3, 32, 32)
_record = 1 + 3 * 32 * 32
_fetch = "Unpack cifar-10-binary.tar.gz there, the binary version."


def cifar10(folder: Path, records: int = 10_000) -> Dataset:
    """CIFAR-10 from `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`:
    a byte for the class and 3072 for the colors of each image. The fifth batch is set
    aside for validation.

    **Arguments:**

    - `folder`: as `cifar-10-binary.tar.gz` unpacks to.
    - `records`: in each file, as published; a file of another size is refused.

    **Raises:** `CertaxError` for files that are missing or not what they should be,
    and for the python version, which is pickled: opening it would run what it holds.
    """
    folder = Path(folder)
    _refuse_pickles(folder)
    names = [f"data_batch_{k}.bin" for k in range(1, 6)]
    parts = [_labeled(folder / name, records) for name in names]
    train = Labeled(
        np.concatenate([p.inputs for p in parts]),
        np.concatenate([p.labels for p in parts]),
    )
    test = _labeled(folder / "test_batch.bin", records)
    return split(train, test, share=5, classes=_classes, white=255.0)


def _labeled(path: Path, records: int) -> Labeled:
    if not path.is_file():
        raise missing(path, _fetch)
    size = records * _record
    content = read_at_most(path, size)
    if len(content) != size:
        found = "more" if len(content) > size else f"only {len(content)}"
        raise damaged(path, f"it has {found} of {size} bytes, {records} images")
    rows = np.frombuffer(content, np.uint8).reshape(records, _record)
    check_labels(rows[:, 0], _classes, path.name)
    return Labeled(rows[:, 1:].reshape(-1, *_shape), rows[:, 0].astype(np.int32))


def _refuse_pickles(folder: Path) -> None:
    pickled = folder / "data_batch_1"
    if pickled.exists() and not (folder / "data_batch_1.bin").exists():
        raise CertaxError(
            f"{pickled} is of CIFAR-10's python version, which is pickled and would "
            "run code when opened.",
            value=str(pickled),
            remedy="Fetch cifar-10-binary.tar.gz instead, the binary version.",
        )
