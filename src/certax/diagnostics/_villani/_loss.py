"""Losses as functions of the vector that is trained."""

import abc
from collections.abc import Callable
from typing import Any

import equinox as eqx

from ..._core import CertaxError
from ._rays import Ray
from ._theorem import GrowthBounds


class AbstractLoss(eqx.Module):
    """A loss, never negative, with what theorems know of it.

    A new one has `size`, `words` and `__call__`; `bounds` and `rays` where there is
    more to say.
    """

    @property
    @abc.abstractmethod
    def size(self) -> int:
        """How many numbers are trained."""

    @property
    @abc.abstractmethod
    def words(self) -> str:
        """How sentences call it."""

    @abc.abstractmethod
    def __call__(self, theta: Any, xp: Any) -> Any:
        """The value at a vector of shape `(size,)`, in operations of `xp`."""

    def bounds(self) -> GrowthBounds | None:
        """What is proved of its derivatives, if anything is."""
        return None

    def rays(self) -> tuple[Ray, ...]:
        """Rays on which it is suspected to spoil growth."""
        return ()


class CallableLoss(AbstractLoss):
    """Any function as a loss.

    **Arguments:**

    - `function`: maps (vector, array module) to a number that is not negative, written
      in operations of the module: `lambda theta, xp: xp.sum(xp.tanh(theta) ** 2)`.
    - `parameters`: the length of the vector.
    - `name`: how sentences call it.

    **Raises:** `CertaxError` if there are no parameters.
    """

    function: Callable[[Any, Any], Any] = eqx.field(static=True)
    parameters: int = eqx.field(static=True)
    name: str = eqx.field(static=True, default="the loss")

    def __check_init__(self):
        if self.parameters < 1:
            raise CertaxError(
                f"The loss has {self.parameters} parameters.",
                value=self.parameters,
                remedy="Give the length of the vector that it takes.",
            )

    @property
    def size(self) -> int:
        return self.parameters

    @property
    def words(self) -> str:
        return self.name

    def __call__(self, theta: Any, xp: Any) -> Any:
        return self.function(theta, xp)
