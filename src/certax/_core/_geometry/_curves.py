"""What plane boundaries are made of: segments and circles, or parts of them.

A curve runs so that the region lies on its left. Its parameter s is 0 at its start and
1 at its end, of a circle the share of a turn; a part is an interval of s.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, final

import numpy as np
from jaxtyping import Array

from .._exact import to_float
from . import _distances

_near = 1e-12


@final
@dataclass(frozen=True)
class Segment:
    """From `start` to `end`, or the part of it with `low` <= s <= `high`."""

    start: tuple[str, ...]
    end: tuple[str, ...]
    piece: str
    low: float = 0.0
    high: float = 1.0

    @cached_property
    def _ends(self) -> np.ndarray:
        return np.array([[to_float(c) for c in p] for p in (self.start, self.end)])

    @property
    def _direction(self) -> np.ndarray:
        return self._ends[1] - self._ends[0]

    @property
    def length(self) -> float:
        return (self.high - self.low) * float(np.hypot(*self._direction))

    @property
    def moment(self) -> float:
        """Half the integral of x dy - y dx: what it adds to the area."""
        (a, b), (c, d) = self.points(np.array([self.low, self.high]))
        return 0.5 * float(a * d - b * c)

    def points(self, s: np.ndarray) -> np.ndarray:
        start, end = self._ends
        # Exact at both ends.
        return np.where(s[:, None] < 0.5, start, end) + np.where(s < 0.5, s, s - 1.0)[
            :, None
        ] * (end - start)

    def normals(self, s: np.ndarray) -> np.ndarray:
        along = self._direction
        normal = np.array([along[1], -along[0]]) / np.hypot(*along)
        return np.broadcast_to(normal, (len(s), 2))

    def reversed(self) -> Self:
        turned = replace(self, start=self.end, end=self.start)
        return replace(turned, low=1.0 - self.high, high=1.0 - self.low)

    def height(self, points: np.ndarray) -> np.ndarray:
        """The signed distance of points to the line, positive on the left."""
        return -(points - self._ends[0]) @ self.normals(np.zeros(1))[0]

    def gap(self, points: np.ndarray) -> np.ndarray:
        """The distance of points to the segment."""
        start, along = self._ends[0], self._direction
        s = np.clip((points - start) @ along / (along @ along), self.low, self.high)
        return np.linalg.norm(points - self.points(s), axis=1)

    def parameters(self, points: np.ndarray) -> np.ndarray:
        """Where points of the line lie."""
        along = self._direction
        return (points - self._ends[0]) @ along / (along @ along)

    def lowest(self, support: "Curve") -> float:
        """The least height of the segment over the line or circle of another."""
        ends = self.points(np.array([self.low, self.high]))
        heights = support.height(ends)
        if isinstance(support, Circle) and support.hole:
            start, along = self._ends[0], self._direction
            s = (support.middle - start) @ along / (along @ along)
            foot = self.points(np.clip([s], self.low, self.high))
            heights = np.append(heights, support.height(foot))
        return float(heights.min())


@final
@dataclass(frozen=True)
class Circle:
    """A circle with the region inside or, of a `hole`, outside; or an arc of it.

    Arcs may run past s = 1, so that they have one interval.
    """

    center: tuple[str, ...]
    radius: str
    piece: str
    hole: bool = False
    low: float = 0.0
    high: float = 1.0

    @property
    def middle(self) -> np.ndarray:
        return np.array([to_float(c) for c in self.center])

    @property
    def _radius(self) -> float:
        return to_float(self.radius)

    @property
    def whole(self) -> bool:
        return self.high - self.low >= 1.0

    @property
    def length(self) -> float:
        return (self.high - self.low) * 2.0 * math.pi * self._radius

    @property
    def moment(self) -> float:
        """Half the integral of x dy - y dx: what it adds to the area."""
        begin, end = 2.0 * math.pi * self.low, 2.0 * math.pi * self.high
        x, y = self.middle
        turn = self._radius * (end - begin)
        turn += x * (math.sin(end) - math.sin(begin))
        turn -= y * (math.cos(end) - math.cos(begin))
        return (-0.5 if self.hole else 0.5) * self._radius * turn

    def points(self, s: np.ndarray) -> np.ndarray:
        return self.middle + self._radius * self._rays(s)

    def _rays(self, s: np.ndarray) -> np.ndarray:
        angle = 2.0 * math.pi * s
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def normals(self, s: np.ndarray) -> np.ndarray:
        return -self._rays(s) if self.hole else self._rays(s)

    def reversed(self) -> Self:
        return replace(self, hole=not self.hole)

    def height(self, points: np.ndarray) -> np.ndarray:
        """The signed distance of points to the circle, positive on the region's
        side.
        """
        inside = self._radius - np.linalg.norm(points - self.middle, axis=1)
        return -inside if self.hole else inside

    def gap(self, points: np.ndarray) -> np.ndarray:
        """The distance of points to the arc."""
        around = np.abs(self.height(points))
        if self.whole:
            return around
        ends = self.points(np.array([self.low, self.high]))
        to_ends = np.linalg.norm(points[:, None] - ends, axis=2).min(axis=1)
        return np.where(self._covers(self.parameters(points)), around, to_ends)

    def _covers(self, s: np.ndarray) -> np.ndarray:
        return self.low + (s - self.low) % 1.0 <= self.high

    def parameters(self, points: np.ndarray) -> np.ndarray:
        """Where points of the circle lie, in [0, 1)."""
        x, y = (points - self.middle).T
        return (np.arctan2(y, x) / (2.0 * math.pi)) % 1.0

    def lowest(self, support: "Curve") -> float:
        """The least height of the arc over the line or circle of another."""
        s = np.array([self.low, self.high])
        heights = support.height(self.points(s))
        # Inside it is least on the axis through both centers, or along the normal.
        if isinstance(support, Circle):
            axis = support.middle - self.middle
            extremes = np.stack([axis, -axis])
        else:
            extremes = support.normals(np.zeros(1))
        directions = self.parameters(self.middle + extremes)
        inside = directions[self._covers(directions)]
        heights = np.append(heights, support.height(self.points(inside)))
        return float(heights.min())


Curve = Segment | Circle


def crossings(curve: Curve, other: Curve) -> np.ndarray:
    """The parameters at which a curve may meet another or the ends of it."""
    size = max(curve.length, other.length)
    found = _meeting(curve, other)
    ends = other.points(np.array([other.low, other.high]))
    points = np.concatenate([found, ends])
    points = points[curve.gap(points) <= _near * size]
    points = points[other.gap(points) <= _near * size]
    return curve.parameters(points)


def _meeting(curve: Curve, other: Curve) -> np.ndarray:
    """The points that the whole lines or circles have in common, shape `(n, 2)`."""
    if isinstance(curve, Circle) and isinstance(other, Segment):
        curve, other = other, curve
    if isinstance(curve, Segment):
        start, end = curve.points(np.array([0.0, 1.0]))
        along = end - start
        if isinstance(other, Segment):
            heights = other.height(np.stack([start, end]))
            if abs(heights[0] - heights[1]) <= _near * np.hypot(*along):
                return np.zeros((0, 2))
            return start + np.array([[heights[0] / (heights[0] - heights[1])]]) * along
        return _on_circle(start, along / np.hypot(*along), other)
    assert isinstance(other, Circle)
    return _two_circles(curve, other)


def _on_circle(start: np.ndarray, along: np.ndarray, circle: Circle) -> np.ndarray:
    offset = circle.middle - start
    foot = start + (offset @ along) * along
    away = np.hypot(*(circle.middle - foot))
    radius = to_float(circle.radius)
    if away > radius * (1.0 + _near):
        return np.zeros((0, 2))
    half = math.sqrt(max(radius * radius - away * away, 0.0))
    return foot + np.array([[-half], [half]]) * along


def _two_circles(one: Circle, two: Circle) -> np.ndarray:
    axis = two.middle - one.middle
    apart = float(np.hypot(*axis))
    first, second = to_float(one.radius), to_float(two.radius)
    slack = _near * (first + second)
    if apart <= slack or not abs(first - second) - slack <= apart <= (
        first + second + slack
    ):
        return np.zeros((0, 2))
    along = axis / apart
    reach = (apart * apart + first * first - second * second) / (2.0 * apart)
    half = math.sqrt(max(first * first - reach * reach, 0.0))
    across = np.array([-along[1], along[0]])
    return one.middle + reach * along + np.array([[-half], [half]]) * across


def circle_distance(
    curve: Circle, x: Array, y: Array, exact: tuple[Array, ...], trim: bool
) -> Array:
    """The distance to an arc, or with `trim` false to its whole circle.

    `exact` holds the center and the radius as JAX scalars.
    """
    middle_x, middle_y, radius = exact
    f = _distances.ball((x - middle_x, y - middle_y), radius)
    f = -f if curve.hole else f
    if not trim:
        return f
    # The chord; the arc lies on the side of its own middle.
    low, high = curve.points(np.array([curve.low, curve.high]))
    middle = curve.points(np.array([0.5 * (curve.low + curve.high)]))[0]
    toward = middle - 0.5 * (low + high)
    toward = toward / np.hypot(*toward)
    t = (x - float(low[0])) * float(toward[0]) + (y - float(low[1])) * float(toward[1])
    return _distances.trimmed(f, t)
