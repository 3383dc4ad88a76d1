"""Regions of the plane that are given by the curves around them."""

import operator
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import reduce

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._exact import expression
from . import _distances
from ._corners import Corner
from ._curves import Circle, Curve, Segment, circle_distance, crossings
from ._shape import BoundaryPoints, Measure, Number, stream_of_boundary

# With more lines their product would be almost zero inside.
_most_factors = 8
# From this ratio on, a region is much longer than wide.
_elongated = 3.0


def area(curves: Sequence[Curve]) -> Measure:
    """By Green's theorem."""
    return Measure(float(sum(c.moment for c in curves)), 0.0)


def perimeter(curves: Sequence[Curve]) -> Measure:
    return Measure(float(sum(c.length for c in curves)), 0.0)


def points_on(curves: Sequence[Curve], number: int, seed: int) -> BoundaryPoints:
    """Points evenly in arc length."""
    unit = stream_of_boundary(number, 1, seed)[:, 0]
    ends = np.cumsum([c.length for c in curves])
    places = unit * ends[-1]
    index = np.minimum(np.searchsorted(ends, places, side="right"), len(curves) - 1)
    points, normals = np.empty((number, 2)), np.empty((number, 2))
    for i, curve in enumerate(curves):
        here = index == i
        share = 1.0 - (ends[i] - places[here]) / curve.length
        s = curve.low + share * (curve.high - curve.low)
        points[here], normals[here] = curve.points(s), curve.normals(s)
    names = np.array([c.piece for c in curves])
    return BoundaryPoints(points, normals, names[index])


def on_curves(
    curves: Sequence[Curve], points: np.ndarray, tolerance: float
) -> np.ndarray:
    """Whether points lie on one of the curves."""
    found = np.zeros(len(points), bool)
    for curve in curves:
        found |= curve.gap(points) <= tolerance
    return found


def reentrant_corners(curves: Sequence[Curve], tolerance: float) -> np.ndarray:
    """Where the region's angle is larger than π, shape `(n, 2)`."""
    found = []
    ends = [(c.low, c.high) if _forward(c) else (c.high, c.low) for c in curves]
    for a, (_, leaving) in zip(curves, ends, strict=True):
        for b, (entering, _) in zip(curves, ends, strict=True):
            out, into = np.array([leaving]), np.array([entering])
            corner = a.points(out)[0]
            if np.abs(corner - b.points(into)[0]).max() > 10.0 * tolerance:
                continue
            # Turning right along a boundary with the region on the left.
            before, after = a.normals(out)[0], b.normals(into)[0]
            if before[0] * after[1] - before[1] * after[0] < -1e-6:
                found.append(corner)
    return np.array(found).reshape(-1, 2)


def _forward(curve: Curve) -> bool:
    return isinstance(curve, Segment) or not curve.hole


def cut(curve: Curve, others: Sequence[Curve]) -> list[Curve]:
    """The parts of a curve between its meetings with others."""
    found = [crossings(curve, other) for other in others]
    s = np.concatenate([*found, np.zeros(0)])
    if isinstance(curve, Circle):
        if curve.whole and len(s):
            # A circle that is cut starts at a cut.
            start = float(s.min())
            curve = replace(curve, low=start, high=start + 1.0)
        s = curve.low + (s - curve.low) % 1.0
    inside = s[(s > curve.low + 1e-11) & (s < curve.high - 1e-11)]
    marks = np.sort(np.concatenate([[curve.low, curve.high], inside]))
    marks = marks[np.append(True, np.diff(marks) > 1e-11)]
    marks[-1] = curve.high
    return [
        replace(curve, low=float(a), high=float(b))
        for a, b in zip(marks[:-1], marks[1:], strict=True)
    ]


def merged(parts: Sequence[Curve]) -> list[Curve]:
    """Joins parts of one curve that follow each other."""
    found: list[Curve] = []
    for part in parts:
        last = found[-1] if found else None
        if last is not None and replace(last, high=part.high, low=part.low) == part:
            if last.high == part.low:
                found[-1] = replace(last, high=part.high)
                continue
        found.append(part)
    first, last = (found[0], found[-1]) if len(found) > 1 else (None, None)
    if isinstance(first, Circle) and isinstance(last, Circle):
        around = replace(last, high=first.high + 1.0)
        if last.high == first.low + 1.0 and around == replace(
            first, low=last.low, high=first.high + 1.0
        ):
            found = [*found[1:-1], around]
    return found


def distance(
    curves: Sequence[Curve],
    chosen: Collection[str],
    point: tuple[Array, Array],
    number: Number,
    tolerance: float,
) -> Array:
    """The approximate distance to the curves of some pieces."""
    free, lines, rest = _supports(curves, chosen, point, number, tolerance)
    parts = [f for f, _ in free] + rest
    if lines is not None:
        parts.append(1.0 / jnp.sum(1.0 / lines[0]))
    return _distances.joined(parts)


def multiplier(
    curves: Sequence[Curve],
    chosen: Collection[str],
    point: tuple[Array, Array],
    number: Number,
    tolerance: float,
    corners: Sequence[Corner] = (),
) -> Array:
    """As `distance`, but smooth at convex corners, where it is of second order, and
    as solutions are at `corners`: the product of the lines and circles that need no
    trimming, if there are few, and of r^α sin(αθ) for the edges of the corners. Each
    factor is about one in most of the region.
    """
    own = [c for c in corners if {c.before.piece, c.after.piece} <= set(chosen)]
    edges = [edge for c in own for edge in (c.before, c.after)]
    free, lines, rest = _supports(curves, chosen, point, number, tolerance, edges)
    heights = [] if lines is None else lines[1]
    if len(free) + len(heights) + len(own) > _most_factors:
        return distance(curves, chosen, point, number, tolerance)
    factors = [c.straightened(point, number)[1] for c in own]
    factors += [weight for _, weight in free]
    if lines is not None:
        factors += [_saturated(lines[0][i], h, curves) for i, h in enumerate(heights)]
    found = [_distances.joined(rest)] if rest else []
    return reduce(operator.mul, factors + found)


def _supports(
    curves: Sequence[Curve],
    chosen: Collection[str],
    point: tuple[Array, Array],
    number: Number,
    tolerance: float,
    without: Sequence[Curve] = (),
) -> tuple[list[tuple[Array, Array]], tuple[Array, list[float]] | None, list[Array]]:
    """The distances to circles that the region lies on one side of, with weights that
    vanish where they do; to such lines, as a vector, with half their largest values;
    and those to trimmed arcs and segments.

    What needs no trimming has a signed distance that is smooth and positive inside.
    Of the trimmed segments those in `without` are left out.
    """
    x, y = point
    free, rest = [], []
    lines: list[Segment] = []
    trimmed: list[Segment] = []
    seen: list[Curve] = []
    for curve in (c for c in curves if c.piece in chosen):
        whole = _borders(curve, curves, chosen, tolerance)
        if whole and any(_same_support(curve, s, tolerance) for s in seen):
            continue
        if whole:
            seen.append(curve)
        if isinstance(curve, Segment):
            if whole or curve not in without:
                (lines if whole else trimmed).append(curve)
            continue
        exact = tuple(number(e) for e in (*curve.center, curve.radius))
        found = circle_distance(curve, x, y, exact, not whole)
        if whole:
            free.append((found, _weight(found, curve, curves, exact[-1])))
        else:
            rest.append(found)
    vector = _trimmed_lines(trimmed, x, y, number)
    if vector is not None:
        rest.append(1.0 / jnp.sum(1.0 / vector))
    signed = _lines(lines, x, y, number)
    heights = [_half_height(c, curves) for c in lines]
    return free, None if signed is None else (signed, heights), rest


def _weight(
    found: Array, circle: Circle, curves: Sequence[Curve], radius: Array
) -> Array:
    """Around a hole 1 - R²/r²: the distance would grow until far away nothing of the
    hole's size were left of what multiplies it.
    """
    if circle.hole:
        return found / (found + 0.5 * radius)
    return found / _half_height(circle, curves)


def _saturated(line: Array, height: float, curves: Sequence[Curve]) -> Array:
    """The distance to a line over half its largest value, but in regions that are
    much longer than wide saturated at half the width.
    """
    ends = np.concatenate([c.points(np.linspace(c.low, c.high, 17)) for c in curves])
    half_width = 0.5 * float(np.ptp(ends, axis=0).min())
    if height <= _elongated * half_width:
        return line / height
    return line / (line + half_width)


def _half_height(curve: Curve, curves: Sequence[Curve]) -> float:
    shares = np.linspace(0.0, 1.0, 17)
    tops = [
        curve.height(c.points(c.low + shares * (c.high - c.low))).max() for c in curves
    ]
    return 0.5 * float(max(tops))


def numbers(curves: Sequence[Curve], corners: Sequence[Corner]) -> tuple[str, ...]:
    """The exact expressions that `distance` and corners ask for."""
    found = [n for corner in corners for n in corner.numbers()]
    for curve in curves:
        if isinstance(curve, Circle):
            found += [*curve.center, curve.radius]
        else:
            found += [
                *curve.start,
                *curve.end,
                *map(expression, (curve.low, curve.high)),
            ]
    return tuple(dict.fromkeys(found))


def _borders(
    curve: Curve, curves: Sequence[Curve], chosen: Collection[str], tolerance: float
) -> bool:
    """Whether the region lies on one side of the whole line or circle, and nothing of
    it on that but chosen pieces.
    """
    slack = 100.0 * tolerance
    for other in curves:
        if other is not curve and other.lowest(curve) < -slack:
            return False
        if other.piece not in chosen and _same_support(other, curve, tolerance):
            return False
    return True


def _same_support(one: Curve, two: Curve, tolerance: float) -> bool:
    if type(one) is not type(two):
        return False
    s = one.low + (one.high - one.low) * np.array([0.0, 0.3, 1.0])
    return bool(np.all(np.abs(two.height(one.points(s))) <= 100.0 * tolerance))


def _lines(
    segments: Sequence[Segment], x: Array, y: Array, number: Number
) -> Array | None:
    """The signed distances to lines, as one vector."""
    if not segments:
        return None
    ax, ay, bx, by = _ends(segments, number)
    dx, dy = bx - ax, by - ay
    length = jnp.sqrt(dx * dx + dy * dy)
    return ((y - ay) * dx - (x - ax) * dy) / length


def _trimmed_lines(
    segments: Sequence[Segment], x: Array, y: Array, number: Number
) -> Array | None:
    """The distances to segments, as one vector."""
    if not segments:
        return None
    line = _lines(segments, x, y, number)
    assert line is not None
    ax, ay, bx, by = _ends(segments, number)
    low = _vector([expression(s.low) for s in segments], number)
    high = _vector([expression(s.high) for s in segments], number)
    dx, dy = bx - ax, by - ay
    length = jnp.sqrt(dx * dx + dy * dy) * (high - low)
    middle = 0.5 * (low + high)
    mx, my = x - (ax + middle * dx), y - (ay + middle * dy)
    trim = 0.25 * length - (mx * mx + my * my) / length
    return _distances.trimmed(line, trim)


def _ends(segments: Sequence[Segment], number: Number) -> tuple[Array, ...]:
    ends = [(*s.start, *s.end) for s in segments]
    ax, ay, bx, by = (
        _vector(list(column), number) for column in zip(*ends, strict=True)
    )
    return ax, ay, bx, by


def _vector(texts: Sequence[str], number: Number) -> Array:
    return jnp.stack([number(t) for t in texts])
