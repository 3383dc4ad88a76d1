"""What the training loop asks of an optimizer: pure `init`, `update` and `renew`."""

import abc
from typing import Any, NamedTuple

import numpy as np

from ._batches import Batch
from ._losses import ResidualLoss
from ._memory import Size, check_memory


class StepInfo(NamedTuple):
    """What a step did, for people and for the loop.

    - `note`: empty, or a sentence on something unusual.
    - `stalled`: no further progress is possible on these points.
    """

    note: str = ""
    stalled: bool = False


class AbstractOptimizer(abc.ABC):
    """An iterative minimizer of a `ResidualLoss`.

    The state is a pytree of arrays with the attributes `weights` and `value`, the loss
    at those weights on the current points. It holds everything the next step needs, so
    it can be written to a file and read back.
    """

    @abc.abstractmethod
    def init(self, loss: ResidualLoss, weights: np.ndarray, data: Batch) -> Any:
        """The state before the first step."""

    @abc.abstractmethod
    def update(
        self, loss: ResidualLoss, state: Any, data: Batch
    ) -> tuple[Any, StepInfo]:
        """One step."""

    @abc.abstractmethod
    def renew(self, loss: ResidualLoss, state: Any, data: Batch) -> Any:
        """The state on redrawn points, keeping what was learnt about curvature."""

    @abc.abstractmethod
    def memory(self, size: Size) -> int:
        """Bytes of the arrays that a step needs beside the loss, about."""

    def check(self, size: Size) -> None:
        """Refuses a problem that is too large.

        **Raises:** `CertaxError` that names the sizes and what to take instead.
        """
        check_memory(type(self).__name__, self.memory(size), size)
