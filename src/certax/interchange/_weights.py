"""The weights of a net that is read: names that files can hold, finite values."""

import re

import numpy as np

from .._core import CertaxError


class Weights:
    """Arrays in float64 by name."""

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}

    def add(self, name: str, array: np.ndarray) -> str:
        """Takes an array up and returns its name, a new one where it is taken."""
        plain = re.sub(r"[^A-Za-z0-9_.#]+", ".", name).strip(".")[:100]
        plain = plain if re.match(r"[A-Za-z_]", plain) else f"w.{plain}".rstrip(".")
        found, number = plain, 1
        while found in self.arrays and not _equal(self.arrays[found], array):
            number += 1
            found = f"{plain}.{number}"
        self.arrays[found] = array
        return found


def _equal(one: np.ndarray, two: np.ndarray) -> bool:
    return one.shape == two.shape and bool((one == two).all())


def finite(name: str, array: np.ndarray) -> np.ndarray:
    """The array itself.

    **Raises:** `CertaxError` where an entry is NaN or infinite.
    """
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        place = tuple(bad[0].tolist())
        raise CertaxError(
            f"The weight {name} is {array[place]} at {list(place)}.",
            value=name,
            remedy="The training broke down; take an earlier checkpoint.",
        )
    return array
