"""Balls and shells in one to five dimensions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from .._errors import CertaxError
from .._exact import enclosure, expression, to_float
from .._fields import derivative_names
from . import _distances
from ._curves import Circle
from ._numbers import sum_of
from ._shape import (
    AbstractShape,
    BoundaryPoints,
    Measure,
    nearest_double,
    stream_of_boundary,
)

End = int | float | str | Fraction


@final
@dataclass(frozen=True, init=False)
class Ball(AbstractShape):
    """An interval, a disk or a ball, by the number of its coordinates.

    Its boundary is the piece `"boundary"`.

    **Arguments:**

    - `center`: one number or exact expression for each coordinate.
    - `radius`: a positive number or exact expression.
    - `names`: of the coordinates; by default x, y, z.

    **Raises:** `CertaxError` if the radius is not positive or names do not fit.

    !!! example

        ```python
        cx.Ball((0, 0), 1) - cx.Ball(("1/2", 0), "1/4")
        ```
    """

    names: tuple[str, ...]
    center: tuple[str, ...]
    radius: str

    def __init__(
        self, center: Sequence[End], radius: End, names: Sequence[str] | None = None
    ):
        object.__setattr__(self, "names", _names(center, names, 1))
        object.__setattr__(self, "center", tuple(expression(c) for c in center))
        object.__setattr__(self, "radius", _positive(radius, "radius of the ball"))

    @property
    def lower(self) -> tuple[str, ...]:
        return tuple(sum_of(c, self.radius, -1) for c in self.center)

    @property
    def upper(self) -> tuple[str, ...]:
        return tuple(sum_of(c, self.radius) for c in self.center)

    @property
    def pieces(self) -> tuple[str, ...]:
        return ("boundary",)

    @property
    def curves(self) -> tuple[Circle, ...]:
        """In two dimensions, the boundary."""
        return (Circle(self.center, self.radius, "boundary"),)

    @property
    def volume(self) -> Measure:
        return Measure(_volume(self.dimension, to_float(self.radius)), 0.0)

    @property
    def boundary_measure(self) -> Measure:
        return Measure(_area(self.dimension, to_float(self.radius)), 0.0)

    def side(self, points):
        height = to_float(self.radius) - _lengths(points, self.center)
        return _signs(height, self.tolerance)

    def boundary_points(self, number, *, seed=0):
        normals = _directions(number, self.dimension, seed)
        points = _floats(self.center) + to_float(self.radius) * normals
        return BoundaryPoints(points, normals, np.full(number, "boundary"))

    def distance(self, point, number=None, pieces=None):
        self.selected(pieces)
        return self.signed_distance(point, number or nearest_double)

    def signed_distance(self, point, number):
        offsets = [
            point[n] - number(c) for n, c in zip(self.names, self.center, strict=True)
        ]
        return _distances.ball(offsets, number(self.radius))

    def numbers(self):
        return (*self.center, self.radius)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "ball",
            "names": list(self.names),
            "center": list(self.center),
            "radius": self.radius,
        }


@final
@dataclass(frozen=True, init=False)
class Annulus(AbstractShape):
    """An annulus or, in more dimensions, a shell; its pieces are `"inner"`, `"outer"`.

    **Arguments:**

    - `center`: two to five numbers or exact expressions.
    - `inner`, `outer`: the radii, positive and increasing.
    - `names`: of the coordinates; by default x, y, z.

    **Raises:** `CertaxError` if the radii do not increase or names do not fit.
    """

    names: tuple[str, ...]
    center: tuple[str, ...]
    inner: str
    outer: str

    def __init__(
        self,
        center: Sequence[End],
        inner: End,
        outer: End,
        names: Sequence[str] | None = None,
    ):
        object.__setattr__(self, "names", _names(center, names, 2))
        object.__setattr__(self, "center", tuple(expression(c) for c in center))
        object.__setattr__(self, "inner", _positive(inner, "inner radius"))
        object.__setattr__(self, "outer", _positive(outer, "outer radius"))
        if not enclosure(self.inner) < enclosure(self.outer):
            raise CertaxError(
                f"The radii of the annulus, {self.inner} and {self.outer}, do not "
                "increase.",
                value=f"{self.inner}, {self.outer}",
                remedy="Give the inner radius first.",
            )

    @property
    def lower(self) -> tuple[str, ...]:
        return tuple(sum_of(c, self.outer, -1) for c in self.center)

    @property
    def upper(self) -> tuple[str, ...]:
        return tuple(sum_of(c, self.outer) for c in self.center)

    @property
    def pieces(self) -> tuple[str, ...]:
        return ("inner", "outer")

    @property
    def curves(self) -> tuple[Circle, ...]:
        """In two dimensions, the boundary."""
        return (
            Circle(self.center, self.inner, "inner", hole=True),
            Circle(self.center, self.outer, "outer"),
        )

    @property
    def volume(self) -> Measure:
        radii = to_float(self.outer), to_float(self.inner)
        large, small = (_volume(self.dimension, r) for r in radii)
        return Measure(large - small, 0.0)

    @property
    def boundary_measure(self) -> Measure:
        radii = to_float(self.outer), to_float(self.inner)
        return Measure(sum(_area(self.dimension, r) for r in radii), 0.0)

    def side(self, points):
        length = _lengths(points, self.center)
        height = np.minimum(
            to_float(self.outer) - length, length - to_float(self.inner)
        )
        return _signs(height, self.tolerance)

    def boundary_points(self, number, *, seed=0):
        inner, outer = to_float(self.inner), to_float(self.outer)
        share = _area(self.dimension, inner) / self.boundary_measure.value
        few = min(max(round(share * number), 1), max(number - 1, 1))
        directions = _directions(number, self.dimension, seed)
        sign = np.where(np.arange(number) < few, -1.0, 1.0)[:, None]
        radius = np.where(sign < 0, inner, outer)
        names = np.where(sign[:, 0] < 0, "inner", "outer")
        points = _floats(self.center) + radius * directions
        return BoundaryPoints(points, sign * directions, names)

    def _both(self, point, number):
        offsets = [
            point[n] - number(c) for n, c in zip(self.names, self.center, strict=True)
        ]
        return {
            "inner": -_distances.ball(offsets, number(self.inner)),
            "outer": _distances.ball(offsets, number(self.outer)),
        }

    def distance(self, point, number=None, pieces=None):
        both = self._both(point, number or nearest_double)
        inner, *outer = [both[p] for p in self.selected(pieces)]
        # The R-equivalence without reciprocals: the sum is positive everywhere.
        return inner * outer[0] / (inner + outer[0]) if outer else inner

    def signed_distance(self, point, number):
        return _distances.conjunction(list(self._both(point, number).values()))

    def numbers(self):
        return (*self.center, self.inner, self.outer)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "annulus",
            "names": list(self.names),
            "center": list(self.center),
            "inner": self.inner,
            "outer": self.outer,
        }


def _names(center: Sequence, names: Sequence[str] | None, least: int) -> tuple:
    if not isinstance(center, tuple | list) or not least <= len(center) <= 5:
        raise CertaxError(
            f"The center {center!r} is not a tuple of {('one', 'two')[least - 1]} to "
            "five numbers.",
            value=repr(center),
            remedy="Give one number for each coordinate: (0, 0).",
        )
    if names is None and len(center) > 3:
        raise CertaxError(
            f"The {len(center)} coordinates have no names.",
            value=len(center),
            remedy="Give them: names=('x', 'y', 'z', 'w').",
        )
    found = tuple(names) if names is not None else ("x", "y", "z")[: len(center)]
    if len(set(found)) != len(center) or len(found) != len(center):
        raise CertaxError(
            f"The names {', '.join(found)} do not fit {len(center)} coordinates.",
            value=", ".join(found),
            remedy="Give each coordinate a name of its own.",
        )
    derivative_names(found)
    return found


def _positive(value: End, what: str) -> str:
    found = expression(value)
    if not enclosure(found) > 0:
        raise CertaxError(
            f"The {what} is {found}.", value=found, remedy="It must be positive."
        )
    return found


def _volume(dimension: int, radius: float) -> float:
    half = dimension / 2
    return math.pi**half / math.gamma(half + 1) * radius**dimension


def _area(dimension: int, radius: float) -> float:
    return dimension * _volume(dimension, radius) / radius


def _floats(center: Sequence[str]) -> np.ndarray:
    return np.array([to_float(c) for c in center])


def _lengths(points: np.ndarray, center: Sequence[str]) -> np.ndarray:
    return np.linalg.norm(points - _floats(center), axis=1)


def _signs(height: np.ndarray, tolerance: float) -> np.ndarray:
    return np.where(np.abs(height) <= tolerance, 0, np.sign(height)).astype(int)


def _directions(number: int, dimension: int, seed: int) -> np.ndarray:
    """Points evenly on the unit sphere."""
    if dimension == 1:
        return np.where(np.arange(number) % 2 == 0, -1.0, 1.0)[:, None]
    if dimension == 2:
        angle = 2.0 * math.pi * stream_of_boundary(number, 1, seed)[:, 0]
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    from scipy.stats import norm

    # Away from 0 and 1, where the normal quantile is infinite.
    unit = np.clip(stream_of_boundary(number, dimension, seed), 1e-12, 1.0 - 1e-12)
    normal = norm.ppf(unit)
    return normal / np.linalg.norm(normal, axis=1, keepdims=True)
