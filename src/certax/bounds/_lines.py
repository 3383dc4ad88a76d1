"""Two lines that a function of one variable lies between on an interval.

Proofs: `docs/theory/linear-relaxation.md`, section 2.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from ._line_functions import AbstractArithmetic, Expanded, tiny, u

# Where f'' <= 0, or it changes its sign at zero from + to -.
_shapes = {
    "tanh": "sigmoid",
    "logistic": "sigmoid",
    "erf": "sigmoid",
    "exp": "convex",
    "softplus": "convex",
    "log": "concave",
    "sqrt": "concave",
}
_periodic = {
    "sin": 1.0,
    "cos": 1.0,
    "sinpi": 3.1415926535897936,
    "cospi": 3.1415926535897936,
}
one_variable = frozenset({*_shapes, *_periodic, "max0", "ipow", "reciprocal"})
_bisections = 20

Function = Callable[[Any], Expanded]


class Lines(NamedTuple):
    """below[0] x + below[1] <= f(x) <= above[0] x + above[1]."""

    below: tuple[Any, Any]
    above: tuple[Any, Any]


class Choice(NamedTuple):
    """Where between the extreme ones a slope is taken, in [0, 1]; `None` for a rule."""

    below: Any = None
    above: Any = None


usual = Choice()


def lines(
    a: AbstractArithmetic,
    op: str,
    power: int,
    low: Any,
    high: Any,
    choice: Choice = usual,
) -> Lines:
    """Lines below and above a function on [low, high], sound for every choice.

    **Arguments:**

    - `op`, `power`: an operation of one argument; the power is that of `ipow`.
    - `low`, `high`: arrays of one shape; where the function is not defined between
        them the lines mean nothing.
    """
    if op == "max0":
        return _positive_part(a, low, high, choice.below)
    if op in _periodic:
        return _periodic_lines(a, op, low, high)
    f = lambda x: a.expand(op, power, x)
    plain = lambda x: a.plain(op, power, x)
    if op == "ipow" and power % 2:
        # -x^n is shaped like a sigmoid.
        found = _shaped(
            a, _negated(f), _negated_pair(plain), "sigmoid", low, high,
            Choice(choice.above, choice.below),
        )  # fmt: skip
        below, above = found
        return Lines((-above[0], -above[1]), (-below[0], -below[1]))
    if op == "reciprocal":
        pairs = [
            _shaped(a, f, plain, shape, low, high, choice)
            for shape in ("convex", "concave")
        ]
        pick = lambda x, y: a.xp.where(low > 0.0, x, y)
        return Lines(
            (
                pick(pairs[0][0][0], pairs[1][0][0]),
                pick(pairs[0][0][1], pairs[1][0][1]),
            ),
            (
                pick(pairs[0][1][0], pairs[1][1][0]),
                pick(pairs[0][1][1], pairs[1][1][1]),
            ),
        )
    shape = "convex" if op == "ipow" else _shapes[op]
    return _shaped(a, f, plain, shape, low, high, choice)


def _shaped(
    a: AbstractArithmetic,
    f: Function,
    plain: Callable,
    shape: str,
    low: Any,
    high: Any,
    choice: Choice,
) -> Lines:
    """The line below f is, turned about the origin, the one above -f(-x)."""
    turned = {"convex": "concave", "concave": "convex", "sigmoid": "sigmoid"}[shape]

    def turn(x):
        value, error, slope, slope_error = f(-x)
        return Expanded(-value, error, slope, slope_error)

    def turn_plain(x):
        value, slope = plain(-x)
        return -value, slope

    above = _above(a, f, plain, shape, low, high, choice.above)
    slope, offset = _above(a, turn, turn_plain, turned, -high, -low, choice.below)
    return Lines((slope, -offset), above)


def _negated(f: Function) -> Function:
    def negated(x):
        value, error, slope, slope_error = f(x)
        return Expanded(-value, error, -slope, slope_error)

    return negated


def _negated_pair(plain: Callable) -> Callable:
    return lambda x: tuple(-part for part in plain(x))


def _above(
    a: AbstractArithmetic,
    f: Function,
    plain: Callable,
    shape: str,
    low: Any,
    high: Any,
    share: Any,
) -> tuple[Any, Any]:
    """A line above f, which is convex on [low, c] and concave on [c, high]."""
    xp = a.xp
    at_low, at_high = f(low), f(high)
    width = high - low
    chord = (at_high.value - at_low.value) / xp.where(width > 0.0, width, 1.0)
    chord = xp.where(width > 0.0, chord, at_low.slope)
    if shape == "convex":
        ends = [_rest(xp, e, x, chord) for e, x in ((at_low, low), (at_high, high))]
        return chord, xp.maximum(*ends)
    bend = low if shape == "concave" else xp.clip(0.0 * low, low, high)
    first, flat = bend, low >= high
    if shape == "sigmoid":
        first, flat = _first_tangent(a, plain, low, bend, high)
    if share is None:
        share = xp.where(bend > low, 0.0, 0.5)
    point = xp.clip(first + share * (high - first), bend, high)
    point = xp.where(flat, high, point)
    tangent = f(point)
    slope = xp.where(flat, chord, tangent.slope)
    # On [c, high] a tangent at any point of it is above f, and it is linear there.
    away = [
        (tangent.slope - slope) * (x - point)
        + tangent.slope_error * xp.abs(x - point)
        + 8.0
        * u
        * (xp.abs(tangent.slope) + xp.abs(slope))
        * (xp.abs(x) + xp.abs(point))
        for x in (bend, high)
    ]
    above = _rest(xp, tangent, point, slope) + xp.maximum(*away)
    above = above + (4.0 * u * xp.abs(above) + tiny)
    # A convex function is largest at an end.
    return slope, xp.maximum(above, _rest(xp, at_low, low, slope))


def _rest(xp: Any, at: Expanded, x: Any, slope: Any) -> Any:
    """An upper bound of f(x) - slope x."""
    size = xp.abs(at.value) + xp.abs(slope * x) + at.error
    return (at.value - slope * x) + (at.error + 8.0 * u * size + tiny)


def _first_tangent(
    a: AbstractArithmetic, plain: Callable, low: Any, bend: Any, high: Any
) -> tuple[Any, Any]:
    """About where a tangent of the concave part first lies above f(low), and whether
    it does so nowhere.
    """
    xp = a.xp
    base = plain(low)[0]

    def short(point):
        value, slope = plain(point)
        return value + slope * (low - point) < base

    def halve(ends):
        left, right = ends
        middle = 0.5 * left + 0.5 * right
        less = short(middle)
        return xp.where(less, middle, left), xp.where(less, right, middle)

    _, right = a.repeat(halve, _bisections, (bend, high))
    return xp.where(bend > low, right, low), (bend > low) & short(high)


def _positive_part(a: AbstractArithmetic, low: Any, high: Any, share: Any) -> Lines:
    xp = a.xp
    rising, falling = low >= 0.0, high <= 0.0
    width = xp.where(rising | falling, 1.0, high - low)
    chord = xp.where(rising, 1.0, xp.where(falling, 0.0, high / width))
    ends = [-chord * low, high - chord * high]
    most = xp.maximum(*ends)
    slack = 8.0 * u * (chord * xp.abs(low) + xp.abs(high)) + tiny
    offset = xp.where(rising | falling, 0.0, most + slack)
    if share is None:
        share = xp.where(high > -low, 1.0, 0.0)
    share = xp.where(rising, 1.0, xp.where(falling, 0.0, xp.clip(share, 0.0, 1.0)))
    return Lines((share, xp.zeros_like(offset)), (chord, offset))


def _periodic_lines(a: AbstractArithmetic, op: str, low: Any, high: Any) -> Lines:
    """|f''| <= k^2: within the slope's line by k^2 r^2 / 2; or within [-1, 1]."""
    xp, rate = a.xp, _periodic[op]
    middle = 0.5 * low + 0.5 * high
    reach = xp.maximum(high - middle, middle - low) * (1.0 + 4.0 * u) + tiny
    at = a.expand(op, 1, middle)
    away = (0.5 * rate * rate * (1.0 + 8.0 * u)) * reach * reach
    near = away < 1.0
    slope = xp.where(near, at.slope, 0.0)
    away = away + at.slope_error * reach
    above = _rest(xp, at, middle, slope) + away
    below = -_rest(xp, Expanded(-at.value, at.error, 0.0, 0.0), middle, -slope) - away
    slack = 8.0 * u * (xp.abs(above) + xp.abs(below) + away) + tiny
    above = xp.where(near, above + slack, 1.0)
    below = xp.where(near, below - slack, -1.0)
    return Lines((slope, below), (slope, above))


def value_range(
    a: AbstractArithmetic, op: str, power: int, low: Any, high: Any
) -> tuple[Any, Any, Any]:
    """The range of a function on [low, high], and where it is defined there."""
    xp = a.xp
    defined = xp.isfinite(low) & xp.isfinite(high)
    if op == "max0":
        return xp.maximum(low, 0.0), xp.maximum(high, 0.0), defined
    if op in _periodic:
        middle = 0.5 * low + 0.5 * high
        reach = (high - low) * (_periodic[op] * (0.5 + 8.0 * u)) + tiny
        at = a.expand(op, 1, middle)
        reach = reach + at.error + 8.0 * u + 8.0 * u * _periodic[op] * xp.abs(middle)
        return (
            xp.maximum(at.value - reach, -1.0),
            xp.minimum(at.value + reach, 1.0),
            defined,
        )
    ends = [a.expand(op, power, x) for x in (low, high)]
    below = [e.value - (e.error + 4.0 * u * xp.abs(e.value) + tiny) for e in ends]
    above = [e.value + (e.error + 4.0 * u * xp.abs(e.value) + tiny) for e in ends]
    if op in ("log", "sqrt"):
        defined = defined & (low > 0.0)
    if op == "reciprocal":
        defined = defined & ((low > 0.0) | (high < 0.0))
        return below[1], above[0], defined
    if op == "ipow" and power % 2 == 0:
        through = (low <= 0.0) & (high >= 0.0)
        least = xp.where(through, 0.0, xp.minimum(*below))
        return xp.maximum(least, 0.0), xp.maximum(*above), defined
    return below[0], above[1], defined


def slope_range(
    a: AbstractArithmetic, op: str, power: int, low: Any, high: Any
) -> tuple[Any, Any]:
    """The range of a function's generalized derivative on [low, high]."""
    xp = a.xp
    if op == "max0":
        # Where z vanishes almost every z' does too, and then any slope will do.
        rising = low >= 0.0
        falling = (high <= 0.0) & ~rising
        return xp.where(rising, 1.0, 0.0), xp.where(falling, 0.0, 1.0)
    if op in _periodic:
        middle, rate = 0.5 * low + 0.5 * high, _periodic[op]
        at = a.expand(op, 1, middle)
        reach = (high - low) * (rate * rate * (0.5 + 8.0 * u)) + at.slope_error
        reach = reach + 8.0 * u * (rate + rate * rate * xp.abs(middle)) + tiny
        return xp.maximum(at.slope - reach, -rate), xp.minimum(at.slope + reach, rate)
    # f' is monotone on both sides of the inflection, if there is one.
    bend = xp.clip(0.0 * low, low, high)
    found = [a.expand(op, power, x) for x in (low, high, bend)]
    below = [
        e.slope - (e.slope_error + 4.0 * u * xp.abs(e.slope) + tiny) for e in found
    ]
    above = [
        e.slope + (e.slope_error + 4.0 * u * xp.abs(e.slope) + tiny) for e in found
    ]
    return (
        xp.minimum(xp.minimum(below[0], below[1]), below[2]),
        xp.maximum(xp.maximum(above[0], above[1]), above[2]),
    )
