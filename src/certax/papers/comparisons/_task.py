"""What is to be learned, by which net, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jaxtyping import Array, Float, PRNGKeyArray

from ..datasets import Dataset

# From outputs, inputs and labels of a batch to a number for each example.
Scores = Callable[[Any, Array, Array], Float[Array, " n"]]


def unchanged(inputs: Array, key: PRNGKeyArray | None) -> Array:
    """No augmentation."""
    return inputs


@dataclass(frozen=True, eq=False)
class Task:
    """Data, a net and its loss.

    **Attributes:**

    - `read`: the data, when they are needed.
    - `build`: a net and its state from a key.
    - `losses`: of each example; their mean is minimized, or their sum where `summed`.
    - `scores`: of each example; the larger the better.
    - `batch`: examples for a gradient; 0 for all.
    - `epochs`: passes over the data; `milestones` are parts of them after which the
      rate is a tenth of what it was.
    - `prepare`: from inputs in [0, 1] and a key to what the net sees, with a key
      `None` where it is judged.
    """

    name: str
    read: Callable[[], Dataset]
    build: Callable[[PRNGKeyArray], Any]
    losses: Scores
    scores: Scores
    batch: int
    epochs: int
    milestones: tuple[float, ...] = ()
    summed: bool = False
    prepare: Callable[[Array, PRNGKeyArray | None], Array] = unchanged

    @cached_property
    def data(self) -> Dataset:
        return self.read()

    def settings(self) -> dict[str, Any]:
        """The numbers that decide a result."""
        return {
            "batch": self.batch or "all",
            "epochs": self.epochs,
            "rate x 0.1 after": list(self.milestones),
        }
