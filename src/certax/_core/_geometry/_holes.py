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
from ._numbers import largest, smallest, sum_of

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


def frame(
    holes: Sequence[Hole], lower: tuple[str, ...], upper: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The box around the middles of the holes, and around it a margin of half the
    shorter side of the region's box; without holes, that box.

    A net resolves best what is of size one in its inputs. Of a long channel that is not
    the length, but what happens about the hole on the scale of the width.
    """
    if not holes:
        return lower, upper
    sides = [sum_of(b, a, -1) for a, b in zip(lower, upper, strict=True)]
    width = smallest(sides)
    middles = list(zip(*(hole.center for hole in holes), strict=True))
    margin = f"({width})/2"
    return (
        tuple(sum_of(smallest(m), margin, -1) for m in middles),
        tuple(sum_of(largest(m), margin) for m in middles),
    )
