"""Regularizers: what is added to a loss."""

import abc
from fractions import Fraction
from typing import Any

import equinox as eqx

from ..._core import CertaxError
from ..._core._balls import positive_number


class AbstractRegularizer(eqx.Module):
    """A function of the trained vector that is added to a loss.

    A new one has `__call__`, and `words`; the theorems know
    [`certax.diagnostics.PowerRegularizer`][].
    """

    @abc.abstractmethod
    def __call__(self, theta: Any, xp: Any) -> Any:
        """The value at a vector of shape `(parameters,)`, in operations of the array
        module `xp`: `jax.numpy` where directions are searched, `numpy` where balls are
        put in.
        """

    @property
    @abc.abstractmethod
    def words(self) -> str:
        """How sentences call it."""


class NoRegularizer(AbstractRegularizer):
    """Nothing is added."""

    def __call__(self, theta: Any, xp: Any) -> Any:
        return 0.0 * (theta @ theta)

    @property
    def words(self) -> str:
        return "no regularizer"


class PowerRegularizer(AbstractRegularizer):
    r"""$\frac{\lambda}{2q} \|\theta\|^{2q}$; the Frobenius regularizer for $q = 1$.

    **Arguments:**

    - `weight`: λ > 0; text such as `"0.1"` is exact, a float means its binary value.
    - `power`: q, a positive integer.

    **Raises:** `CertaxError` if one of them is not positive.
    """

    weight: Fraction = eqx.field(static=True)
    power: int = eqx.field(static=True)

    def __init__(self, weight: float | str | Fraction, power: int = 1):
        if not isinstance(power, int) or isinstance(power, bool) or power < 1:
            raise CertaxError(
                f"`power` is {power}, which is no positive integer.",
                value=str(power),
                remedy="Give 1 for the Frobenius regularizer, 2 for the fourth power "
                "of the norm, and so on.",
            )
        self.weight, self.power = positive_number("weight", weight), power
        if any(float(n) != n for n in self._scale):
            raise CertaxError(
                f"The weight {weight} has more digits than a float holds.",
                value=str(weight),
                remedy="Give fewer digits.",
            )

    @property
    def _scale(self) -> tuple[int, int]:
        scale = self.weight / (2 * self.power)
        return scale.numerator, scale.denominator

    def __call__(self, theta: Any, xp: Any) -> Any:
        up, down = map(float, self._scale)  # both exact
        return (theta @ theta) ** self.power * up / down

    @property
    def words(self) -> str:
        weight, degree = f"{float(self.weight):g}", 2 * self.power
        return f"({weight}/{degree}) |theta|^{degree}"


def frobenius(weight: float | str | Fraction) -> PowerRegularizer:
    r"""$\frac{\lambda}{2} \|\theta\|^2$."""
    return PowerRegularizer(weight, 1)
