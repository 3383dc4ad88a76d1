"""Small round holes of plane regions, and the inversions in their circles.

Around a hole of radius R about c, solutions of elliptic equations are smooth functions
of z - c on its scale, R, and of the inverse ζ = R (z - c) / |z - c|², in which far away
is small: outside of the circle they are series in both (Laurent's, and for systems such
as Stokes' with polynomials in |z - c|²). On the scale of the region nothing but ζ tells
a net apart what is close to the hole.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

from jaxtyping import Array

from .._exact import to_float
from ._curves import Circle, Curve

_largest_share = 0.25


@final
@dataclass(frozen=True)
class Hole:
    """A circle with the region outside; the expressions are exact."""

    center: tuple[str, str]
    radius: str

    def numbers(self) -> tuple[str, ...]:
        """The exact expressions that `inverted` asks for."""
        return (*self.center, self.radius)

    def inverted(
        self, point: tuple[Array, Array], number: Callable[[str], Array]
    ) -> tuple[Array, Array]:
        """ζ, of length one on the circle and less outside."""
        (a, b), radius = map(number, self.center), number(self.radius)
        x, y = point[0] - a, point[1] - b
        share = radius / (x * x + y * y)
        return x * share, y * share


def holes(curves: Sequence[Curve], size: float) -> tuple[Hole, ...]:
    """The whole circles with the region outside that are small beside its diameter."""
    return tuple(
        Hole((c.center[0], c.center[1]), c.radius)
        for c in curves
        if isinstance(c, Circle)
        and c.hole
        and c.whole
        and 2.0 * to_float(c.radius) < _largest_share * size
    )
