"""Examples with labels, as they come from a file."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Shaped

from ..._core import CertaxError


@dataclass(frozen=True, eq=False)
class Labeled:
    """Examples and the numbers of their classes.

    **Attributes:**

    - `inputs`: images `(n, channels, height, width)` as bytes, rows of a table, or
      sentences as numbers of words.
    - `labels`: shape `(n,)`.
    """

    inputs: Shaped[np.ndarray, "n ..."]
    labels: Int[np.ndarray, " n"]

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, start: int, stop: int | None) -> "Labeled":
        return Labeled(self.inputs[start:stop], self.labels[start:stop])


@dataclass(frozen=True, eq=False)
class Dataset:
    """What a net is trained on, what chooses its settings, and what judges it.

    **Attributes:**

    - `validation`: chooses settings; never trained on, and not what is reported.
    - `white`: the largest value that an input can have.
    """

    train: Labeled
    validation: Labeled
    test: Labeled
    classes: int
    white: float

    def joined(self) -> "Dataset":
        """All of the training data, where settings are given and not chosen."""
        parts = (self.train, self.validation)
        every = Labeled(
            np.concatenate([part.inputs for part in parts]),
            np.concatenate([part.labels for part in parts]),
        )
        nothing = self.validation.part(0, 0)
        return Dataset(every, nothing, self.test, self.classes, self.white)


def split(
    train: Labeled, test: Labeled, share: int, classes: int, white: float
) -> Dataset:
    """The last 1/`share` of the training part is set aside for validation."""
    cut = len(train) - max(1, len(train) // share)
    return Dataset(train.part(0, cut), train.part(cut, None), test, classes, white)


def check_labels(labels: np.ndarray, classes: int, name: str) -> None:
    """**Raises:** `CertaxError` for a label that is none of the classes."""
    wrong = np.flatnonzero(labels >= classes)
    if wrong.size:
        found = int(labels[wrong[0]])
        raise CertaxError(
            f"{name}: label {found} of example {int(wrong[0])} is not one of the "
            f"{classes} classes 0 to {classes - 1}.",
            value=found,
            remedy="Fetch the file again; this one is damaged or of another data set.",
        )
