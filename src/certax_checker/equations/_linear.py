"""Backward linear bounds of programs on many boxes; proofs in
`docs/theory/linear-relaxation.md`, section 5.

Arrays are (boxes, n), or (1, n) for what is the same on all boxes; coefficients are
(boxes, rows, n). Each rounding of a coefficient is paid for with the size of the value
that stands behind it.
"""

from typing import NamedTuple

import numpy as np

from ..kernel._functions import SERIES, expand
from ..kernel._models import TINY, UNIT, UP, Array, Model
from ..kernel._values import values

SIGMOIDS = ("tanh", "logistic")
Pair = tuple[Array, Array]


class Node(NamedTuple):
    """A value: `input`, or an operation on earlier values."""

    name: str
    arguments: tuple[int, ...] = ()
    extra: int = 0


class Lines(NamedTuple):
    """below[0] x + below[1] <= f(x) <= above[0] x + above[1]."""

    below: Pair
    above: Pair


def sizes(low: Array, high: Array) -> Array:
    """Upper bounds of absolute values."""
    return np.maximum(np.abs(low), np.abs(high)) + TINY


def value_and_slope(name: str, x: Array) -> tuple[Array, Array, Array, Array]:
    """f(x), f'(x) and bounds of their errors."""
    flat = np.ascontiguousarray(x).reshape(1, -1)
    center = Model({(0,): flat}, np.zeros(1))
    a = SERIES[name](center, 1, lambda f: values(f, flat, (0,)))[:2]
    parts = [part for m in a for part in (m.terms[(0,)], m.radius)]
    return tuple(np.broadcast_to(p, flat.shape).reshape(x.shape) for p in parts)  # type: ignore


def smooth_lines(name: str, low: Array, high: Array) -> tuple[Lines, Pair]:
    """Taylor's formula at the middle; lines, and ends of the slope."""
    center = 0.5 * low + 0.5 * high
    reach = np.maximum(high - center, center - low) * UP + TINY
    found = expand(name, center.reshape(1, -1), reach.reshape(1, -1), (0,), 1, 0)
    (a, slope), bend = found.coefficients[:2], found.remainders[0].reshape(low.shape)
    value, slope_value = (m.terms[(0,)].reshape(low.shape) for m in (a, slope))
    away = np.broadcast_to(slope.radius, (1, low.size)).reshape(low.shape)
    error = np.broadcast_to(a.radius, (1, low.size)).reshape(low.shape)
    error = (error + (away + bend * reach) * reach) * UP + TINY
    rest = value - slope_value * center
    error = error + 4 * UNIT * (np.abs(value) + np.abs(slope_value * center) + error)
    steep = (away + 2.0 * bend * reach) * UP + TINY
    steep = steep + 4 * UNIT * (np.abs(slope_value) + steep)
    if name in ("sin", "cos"):
        # Between -1 and 1 whatever the argument is, and so is the slope.
        wide = error > 1.0
        slope_value, steep = (
            np.where(wide, 0.0, slope_value),
            np.where(wide, 1.0, steep),
        )
        rest, error = np.where(wide, 0.0, rest), np.where(wide, 1.0, error)
    slack = 4 * UNIT * (np.abs(rest) + error) + TINY
    error = error + slack
    lines = Lines((slope_value, rest - error), (slope_value, rest + error))
    steep = steep + 4 * UNIT * (np.abs(slope_value) + steep)
    return lines, (slope_value - steep, slope_value + steep)


def sigmoid_lines(name: str, low: Array, high: Array) -> tuple[Lines, Pair]:
    """Chords and tangents of a function that is convex left of 0, concave right."""
    turned = 1.0 if name == "logistic" else 0.0
    slope, rest = _sigmoid_above(name, low, high)
    # f(-x) = turned - f(x).
    slope_below, rest_below = _sigmoid_above(name, -high, -low)
    rest_below = turned - rest_below
    rest_below = rest_below - 4 * UNIT * (np.abs(rest_below) + turned)
    ends = [value_and_slope(name, x)[2:] for x in (low, high, np.clip(0.0, low, high))]
    errors = [e + 4 * UNIT * (np.abs(s) + e) + TINY for s, e in ends]
    least = np.minimum.reduce([s - e for (s, _), e in zip(ends, errors, strict=True)])
    most = np.maximum.reduce([s + e for (s, _), e in zip(ends, errors, strict=True)])
    return Lines((slope_below, rest_below), (slope, rest)), (least, most)


def _sigmoid_above(name: str, low: Array, high: Array) -> Pair:
    bend = np.clip(0.0, low, high)
    point = _tangent_point(name, low, bend, high)
    f_low, low_error, *_ = value_and_slope(name, low)
    f_high, *_ = value_and_slope(name, high)
    f, error, steep, steep_error = value_and_slope(name, point)
    width = high - low
    chord = (f_high - f_low) / np.where(width > 0.0, width, 1.0)
    slope = np.where((point >= high) & (width > 0.0), chord, steep)
    # Right of the bend the tangent is above f; left of it f is largest at an end.
    far = np.maximum(np.abs(low), np.abs(high))
    slack = error + 2.0 * steep_error * far + low_error
    slack = slack + 16 * UNIT * (np.abs(slope) + np.abs(steep)) * far + 16 * UNIT
    rests = [f + steep * (x - point) - slope * x for x in (bend, high)]
    rest = np.maximum.reduce([*rests, f_low - slope * low])
    return slope, rest + slack * UP + TINY


def _tangent_point(name: str, low: Array, bend: Array, high: Array) -> Array:
    """About where the tangent through f(low) touches; any point is sound."""

    def at(x: Array) -> Pair:
        value = np.tanh(x) if name == "tanh" else 0.5 + 0.5 * np.tanh(0.5 * x)
        return value, 1.0 - value**2 if name == "tanh" else value * (1.0 - value)

    left, right, (base, _) = bend, high, at(low)
    for _ in range(24):
        middle = 0.5 * left + 0.5 * right
        value, slope = at(middle)
        short = value + slope * (low - middle) < base
        left, right = np.where(short, middle, left), np.where(short, right, middle)
    touch = np.where(bend > low, right, 0.5 * low + 0.5 * high)
    return np.clip(touch, bend, high)


def kink_lines(low: Array, high: Array) -> tuple[Lines, Pair]:
    """max0: the chord above; below, x or 0, whichever is nearer."""
    rising, falling = low >= 0.0, high <= 0.0
    width = np.where(rising | falling, 1.0, high - low)
    chord = np.where(rising, 1.0, np.where(falling, 0.0, high / width))
    rest = np.maximum(-chord * low, high - chord * high)
    rest = (rest + 4 * UNIT * (chord * np.abs(low) + np.abs(high))) * UP + TINY
    rest = np.where(rising | falling, 0.0, rest)
    below = np.where(falling | (~rising & (high <= -low)), 0.0, 1.0)
    slopes = np.where(low > 0.0, 1.0, 0.0), np.where(high < 0.0, 0.0, 1.0)
    return Lines((below, np.zeros_like(rest)), (chord, rest)), slopes


def cone_lines(slopes: Pair, low: Array, high: Array) -> Lines:
    """y -> s y for all s between two slopes: chords of the extreme functions."""
    (a, b), made = slopes, []
    width = np.where(high > low, high - low, 1.0)
    for sign, pick in ((-1.0, np.minimum), (1.0, np.maximum)):
        ends = [pick(a * y, b * y) for y in (low, high)]
        chord = np.where(high > low, (ends[1] - ends[0]) / width, a)
        rest = pick(ends[0] - chord * low, ends[1] - chord * high)
        size = (np.abs(a) + np.abs(b) + np.abs(chord)) * sizes(low, high)
        made.append((chord, rest + sign * (16 * UNIT * size + TINY)))
    return Lines(*made)


def elementwise(name: str, low: Array, high: Array) -> tuple[Lines, Pair]:
    """Lines around a function, and the ends of its generalized slope."""
    if name == "max0":
        return kink_lines(low, high)
    made = sigmoid_lines if name in SIGMOIDS else smooth_lines
    return made(name, low, high)
