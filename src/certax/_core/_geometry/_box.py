"""Domains: boxes whose ends are exact numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from .._errors import CertaxError
from .._exact import enclosure, expression
from .._fields import derivative_names
from . import _distances
from ._curves import Segment
from ._shape import (
    AbstractShape,
    BoundaryPoints,
    Measure,
    nearest_double,
    stream_of_boundary,
)

most_coordinates = 64
End = int | float | str | Fraction


@final
@dataclass(frozen=True, init=False)
class Box(AbstractShape):
    """A product of intervals, one for each named coordinate.

    **Arguments:** one pair (lower, upper) for each coordinate, in order; ends are
    numbers or exact expressions, as in `Box(x=(0, "2*pi"), t=(0, 1))`.

    **Raises:** `CertaxError` if an interval is empty, infinite or unknown, or if the
    names would make derivatives ambiguous.
    """

    names: tuple[str, ...]
    lower: tuple[str, ...]
    upper: tuple[str, ...]

    def __init__(self, **intervals: Sequence[End]):
        if not 1 <= len(intervals) <= most_coordinates:
            raise CertaxError(
                f"A box has one to {most_coordinates} coordinates, not "
                f"{len(intervals)}.",
                value=len(intervals),
                remedy="Name each with its interval: Box(x=(-1, 1), t=(0, 1)).",
            )
        derivative_names(tuple(intervals))
        ends = []
        for name, interval in intervals.items():
            if not isinstance(interval, tuple | list) or len(interval) != 2:
                raise CertaxError(
                    f"The interval of {name} is {interval!r}.",
                    value=repr(interval),
                    remedy="Give a pair (lower, upper).",
                )
            lower, upper = (expression(end) for end in interval)
            if not enclosure(lower) < enclosure(upper):
                raise CertaxError(
                    f"The interval of {name}, [{lower}, {upper}], has no length.",
                    value=f"[{lower}, {upper}]",
                    remedy="Its lower end must be smaller than its upper end.",
                )
            ends.append((lower, upper))
        object.__setattr__(self, "names", tuple(intervals))
        object.__setattr__(self, "lower", tuple(lower for lower, _ in ends))
        object.__setattr__(self, "upper", tuple(upper for _, upper in ends))

    @property
    def straight(self) -> tuple[str, ...]:
        return self.names

    @property
    def pieces(self) -> tuple[str, ...]:
        """`x.lower`, `x.upper` and so on."""
        return tuple(f"{n}.{side}" for n in self.names for side in ("lower", "upper"))

    @property
    def curves(self) -> tuple[Segment, ...]:
        """In two dimensions, the boundary."""
        x, y = self.names
        low, high = self.lower, self.upper
        corners = low, (high[0], low[1]), high, (low[0], high[1])
        names = f"{y}.lower", f"{x}.upper", f"{y}.upper", f"{x}.lower"
        return tuple(
            Segment(corners[i], corners[(i + 1) % 4], names[i]) for i in range(4)
        )

    @property
    def volume(self) -> Measure:
        return Measure(float(np.prod(self._lengths)), 0.0)

    @property
    def boundary_measure(self) -> Measure:
        return Measure(2.0 * float(sum(self._faces)), 0.0)

    @property
    def _lengths(self) -> np.ndarray:
        return self.upper_floats - self.lower_floats

    @property
    def _faces(self) -> np.ndarray:
        """The size of a face across each axis; one for points."""
        others = ~np.eye(self.dimension, dtype=bool)
        return np.prod(np.where(others, self._lengths, 1.0), axis=1)

    @property
    def inside_of_cube(self):
        return None

    def side(self, points):
        height = np.minimum(points - self.lower_floats, self.upper_floats - points)
        least, slack = height.min(axis=1), self.tolerance
        return np.where(np.abs(least) <= slack, 0, np.sign(least)).astype(int)

    def boundary_points(self, number, *, seed=0):
        # One coordinate more than a face has chooses among the faces.
        unit = stream_of_boundary(number, self.dimension, seed)
        ends = np.cumsum(np.repeat(self._faces, 2))
        places = unit[:, 0] * ends[-1]
        face = np.minimum(np.searchsorted(ends, places, "right"), len(ends) - 1)
        axis, upper = face // 2, face % 2
        normals = np.eye(self.dimension)[axis] * (2.0 * upper - 1.0)[:, None]
        points = np.empty((number, self.dimension))
        for i in range(self.dimension):
            here = axis == i
            on_face = np.insert(unit[here, 1:], i, 0.0, axis=1)
            points[here] = self.physical(on_face)
            ends_here = self.lower_floats[i], self.upper_floats[i]
            points[here, i] = np.where(upper[here] == 1, ends_here[1], ends_here[0])
        return BoundaryPoints(points, normals, np.array(self.pieces)[face])

    def distance(self, point, number=None, pieces=None):
        number = number or nearest_double
        found = {}
        for n, lower, upper in zip(self.names, self.lower, self.upper, strict=True):
            found[f"{n}.lower"] = point[n] - number(lower)
            found[f"{n}.upper"] = number(upper) - point[n]
        return _distances.joined([found[p] for p in self.selected(pieces)])

    def signed_distance(self, point, number):
        found = []
        for n, lower, upper in zip(self.names, self.lower, self.upper, strict=True):
            a, b = number(lower), number(upper)
            found.append((point[n] - a) * (b - point[n]) / (b - a))
        return _distances.conjunction(found)

    def numbers(self):
        return tuple(dict.fromkeys(self.lower + self.upper))

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "box",
            "names": list(self.names),
            "lower": list(self.lower),
            "upper": list(self.upper),
        }
