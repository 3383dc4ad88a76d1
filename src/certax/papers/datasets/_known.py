"""Data sets of a local folder, by name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..._core import CertaxError
from ._cifar import cifar10
from ._idx import idx_images
from ._labeled import Dataset

# What is read, and from which folder inside of the given one.
_loaders: Mapping[str, tuple[Callable[[Path], Dataset], str]] = {
    "CIFAR-10": (cifar10, "cifar-10-batches-bin"),
    "MNIST": (idx_images, "mnist"),
    "Fashion-MNIST": (idx_images, "fashion-mnist"),
}


def dataset(name: str, folder: str | Path) -> Dataset:
    """One of `"CIFAR-10"`, `"MNIST"` and `"Fashion-MNIST"`.

    **Arguments:**

    - `folder`: holds `cifar-10-batches-bin`, `mnist` and `fashion-mnist`.

    **Raises:** `CertaxError` for files that are missing or not what they should be.
    """
    load, inside = _loaders[name]
    place = Path(folder) / inside
    python = Path(folder) / "cifar-10-batches-py"
    if load is cifar10 and not place.exists() and python.exists():
        # Its loader says why that version is not opened.
        place = python
    if not place.is_dir():
        raise CertaxError(
            f"There is no folder {inside} in {folder}, for {name}.",
            value=str(place),
            remedy="See the page on papers for the files that it must hold.",
        )
    return load(place)


def check_data(names: tuple[str, ...], folder: str | None, identifier: str) -> None:
    """Reads all that a run will need, before it starts.

    **Raises:** `CertaxError` if a folder is needed and none is given, if one is given
    and not needed, and for files that are not what they should be.
    """
    if folder is None and names:
        raise CertaxError(
            f"{identifier} at the paper's scale needs {' and '.join(names)}.",
            value=None,
            remedy="Name the folder of the files with --data.",
        )
    if folder is not None and not names:
        raise CertaxError(
            f"This run of {identifier} reads no data, and --data names some.",
            value=folder,
            remedy="Leave --data away, or take --scale paper where a paper has data.",
        )
    for name in names:
        assert folder is not None
        dataset(name, folder)
