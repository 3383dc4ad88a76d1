"""Enclosures of |∇V|²/s − ΔV: balls that carry their gradient and Laplacian along.

One pass forward: the product rule Δ(fg) = f Δg + g Δf + 2 ∇f·∇g and the chain rule
Δφ(f) = φ'(f) Δf + φ''(f) |∇f|² need nothing but values, gradients and Laplacians.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat

from ..._core import CertaxError
from ._balls import in_balls

Function = Callable[[Any, Any], Any]


@dataclass(frozen=True, eq=False)
class Curved:
    """A function of the parameters at a point; NumPy's `tanh`, `sin`, `cos`, `exp` and
    `log` of arrays of such numbers call the methods of those names.
    """

    value: arb
    gradient: arb_mat
    laplacian: arb

    def __add__(self, other: Any) -> "Curved":
        if not isinstance(other, Curved):
            return Curved(self.value + other, self.gradient, self.laplacian)
        return Curved(
            self.value + other.value,
            self.gradient + other.gradient,
            self.laplacian + other.laplacian,
        )

    __radd__ = __add__

    def __neg__(self) -> "Curved":
        return self * -1.0

    def __sub__(self, other: Any) -> "Curved":
        return self + (-other)

    def __rsub__(self, other: Any) -> "Curved":
        return (-self) + other

    def __mul__(self, other: Any) -> "Curved":
        if not isinstance(other, Curved):
            factor = arb(other)
            return Curved(
                self.value * factor, self.gradient * factor, self.laplacian * factor
            )
        return Curved(
            self.value * other.value,
            self.gradient * other.value + other.gradient * self.value,
            self.laplacian * other.value
            + other.laplacian * self.value
            + 2 * dot(self.gradient, other.gradient),
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Curved":
        if not isinstance(other, Curved):
            return self * (1 / arb(other))
        return self * other.__pow__(-1)

    def __rtruediv__(self, other: Any) -> "Curved":
        return self.__pow__(-1) * other

    def __pow__(self, power: int) -> "Curved":
        if isinstance(power, int) and power > 0:
            found = self
            for _ in range(power - 1):
                found = found * self
            return found
        v, n = self.value, arb(power)
        return self._through(v**n, n * v ** (n - 1), n * (n - 1) * v ** (n - 2))

    def _through(self, value: arb, slope: arb, bend: arb) -> "Curved":
        square = dot(self.gradient, self.gradient)
        return Curved(
            value, self.gradient * slope, self.laplacian * slope + bend * square
        )

    def tanh(self) -> "Curved":
        t = self.value.tanh()
        # 1 − t² loses all digits where cosh keeps them.
        slope = 1 / self.value.cosh() ** 2
        return self._through(t, slope, -2 * t * slope)

    def sin(self) -> "Curved":
        s, c = self.value.sin(), self.value.cos()
        return self._through(s, c, -s)

    def cos(self) -> "Curved":
        s, c = self.value.sin(), self.value.cos()
        return self._through(c, -s, -c)

    def exp(self) -> "Curved":
        e = self.value.exp()
        return self._through(e, e, e)

    def log(self) -> "Curved":
        inverse = 1 / self.value
        return self._through(self.value.log(), inverse, -(inverse**2))


def dot(first: arb_mat, second: arb_mat) -> arb:
    """The inner product of two rows."""
    return (first * second.transpose())[0, 0]


@in_balls
def curvature(function: Function, theta: Sequence[arb]) -> Curved:
    """Value, gradient and Laplacian of a function of (vector, array module), enclosed.

    **Raises:** `CertaxError` if it uses operations that balls do not have.
    """
    size = len(theta)
    seeds = np.empty(size, object)
    for i, entry in enumerate(theta):
        row = arb_mat(1, size)
        row[0, i] = 1
        seeds[i] = Curved(arb(entry), row, arb(0))
    try:
        found = function(seeds, np)
    except (TypeError, AttributeError) as error:
        raise CertaxError(
            f"The loss cannot be enclosed: {error}.",
            remedy="Write it as a function of the vector and the array module, "
            "loss(theta, xp), with + - * / ** @ and xp.tanh, sin, cos, exp, log, sum.",
        ) from None
    if not isinstance(found, Curved):
        return Curved(arb(found), arb_mat(1, size), arb(0))
    return found


@in_balls
def growth_value(found: Curved, temperature: arb) -> arb:
    """|∇V|²/s − ΔV."""
    return dot(found.gradient, found.gradient) / temperature - found.laplacian
