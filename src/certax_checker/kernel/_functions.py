"""Elementary functions: Taylor coefficients at the leaves' centres, and remainders.

Values at a centre come from `_values.py` (of the square root and the reciprocal from
NumPy, which rounds them correctly); further coefficients a_n = f^(n)(c) / n! follow by
recurrences in balls, which are models of degree zero.
"""

import math
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from flint import arb, fmpq

from ._errors import Refusal
from ._models import TINY, UNIT, UP, Array, Model, add, multiply, negate, scale
from ._values import above, values

Balls = list[Model]


def ball(x: arb, length: int) -> Model:
    """A real number in Arb as a model in `length` variables."""
    middle = float(x)
    radius = above(abs(x - arb(middle)))
    return Model({(0,) * length: np.array([middle])}, np.array([radius]))


def _convolution(a: Balls, n: int) -> Model:
    return multiply([(a[i], a[n - i]) for i in range(n + 1)], 0)


def _integral(value: Model, slopes: Balls) -> Balls:
    """The coefficients of a function from its value and those of its derivative."""
    return [value, *(scale(slope, 1, k + 1) for k, slope in enumerate(slopes))]


def _tanh(c: Model, n: int, value: Callable) -> Balls:
    a = [value("tanh")]
    for k in range(n):
        square = negate(_convolution(a, k))
        one = Model({next(iter(c.terms)): np.ones(1)}, np.zeros(1))
        a.append(scale(add(one, square) if k == 0 else square, 1, k + 1))
    return a


def _logistic(c: Model, n: int, value: Callable) -> Balls:
    a = [value("logistic")]
    for k in range(n):
        a.append(scale(add(a[k], _convolution(a, k), -1), 1, k + 1))
    return a


def _softplus(c: Model, n: int, value: Callable) -> Balls:
    return _integral(value("softplus"), _logistic(c, n - 1, value))


def _trigonometric(a: Balls, n: int) -> Balls:
    for k in range(2, n + 1):
        a.append(scale(a[k - 2], -1, k * (k - 1)))
    return a


def _sin(c: Model, n: int, value: Callable) -> Balls:
    return _trigonometric([value("sin"), value("cos")], n)


def _cos(c: Model, n: int, value: Callable) -> Balls:
    return _trigonometric([value("cos"), negate(value("sin"))], n)


def _erf(c: Model, n: int, value: Callable) -> Balls:
    slopes = [value("bell")]
    for k in range(n - 1):
        inner = multiply([(c, slopes[k])], 0)
        inner = add(inner, slopes[k - 1]) if k else inner
        slopes.append(scale(inner, -2, k + 1))
    return _integral(value("erf"), slopes)


def _exp(c: Model, n: int, value: Callable) -> Balls:
    a = [value("exp")]
    for k in range(n):
        a.append(scale(a[k], 1, k + 1))
    return a


def _reciprocal(c: Model) -> Model:
    (zero, center), *_ = c.terms.items()
    made = 1.0 / center
    return Model({zero: made}, UNIT * np.abs(made) + TINY)


def _recip(c: Model, n: int, value: Callable) -> Balls:
    a = [_reciprocal(c)]
    for k in range(n):
        a.append(negate(multiply([(a[k], a[0])], 0)))
    return a


def _log(c: Model, n: int, value: Callable) -> Balls:
    return _integral(value("log"), _recip(c, n - 1, value))


def _sqrt(c: Model, n: int, value: Callable) -> Balls:
    (zero, center), *_ = c.terms.items()
    root = np.sqrt(center)
    a = [Model({zero: root}, UNIT * np.abs(root) + TINY)]
    for k in range(n):
        slope = multiply([(a[k], _reciprocal(c))], 0)
        a.append(scale(slope, 1 - 2 * k, 2 * (k + 1)))
    return a


# The coefficients a_0, ..., a_n at the centres, for n >= 1.
SERIES: dict[str, Callable[[Model, int, Callable], Balls]] = {
    "tanh": _tanh, "logistic": _logistic, "softplus": _softplus, "sin": _sin,
    "cos": _cos, "erf": _erf, "exp": _exp, "recip": _recip, "log": _log, "sqrt": _sqrt,
}  # fmt: skip
POSITIVE = ("log", "sqrt")
# Exact balls that cover [0, 1], the values of |tanh|.
PIECES = [arb(arb(2 * piece + 1) / 256, arb(1) / 256) for piece in range(128)]


@cache
def supremum(name: str, n: int) -> float:
    """An upper bound of |f^(n) / n!| on the real line, n >= 1."""
    if name in ("sin", "cos"):
        return above(1 / arb(math.factorial(n)))
    if name == "logistic":
        return above(arb(supremum("tanh", n)) / arb(2) ** (n + 1))
    if name == "softplus":
        return 1.0 if n == 1 else above(arb(supremum("logistic", n - 1)) / n)
    if name == "erf":
        power = fmpq(n - 1, 2)
        peak = arb(1) if n == 1 else (2 * arb(1).exp() / (n - 1)) ** arb(power)
        return above(2 / arb.pi().sqrt() * peak / n)
    largest = 0.0
    for t in PIECES:
        a = [t]
        for k in range(n):
            square = sum((a[i] * a[k - i] for i in range(k + 1)), arb(0))
            a.append((1 - square if k == 0 else -square) / (k + 1))
        largest = max(largest, above(abs(a[n])))
    return largest


def powers(x: Array, n: int) -> Array:
    """An upper bound of x^n for x >= 0 and n >= 1."""
    made = x
    for _ in range(n - 1):
        made = made * x
    return made * UP + TINY


class Expansion(NamedTuple):
    """Coefficients a_0 ... a_n at the centres; bounds of |f^(m)/m!| for some m > n."""

    coefficients: Balls
    remainders: list[Array]


def expand(name: str, center: Array, reach: Array, zero: tuple[int, ...],
           degree: int, order: int) -> Expansion:  # fmt: skip
    """The expansion of a function on all [center - reach, center + reach].

    **Returns:** a_0, ..., a_(degree + order), and for k = 0, ..., order a bound of
    |f^(m) / m!| on the interval, m = degree + 1 + k.

    **Raises:** `Refusal` where the function is not defined on the interval.
    """
    nearest = center if name in POSITIVE else np.abs(center)
    lowest = (nearest - reach) * (2.0 - UP)
    if not np.isfinite(center).all():
        raise Refusal("a number exceeds the range of binary floating point")
    if name in (*POSITIVE, "recip") and not (lowest > 0).all():
        what = "a divisor" if name == "recip" else f"the argument of {name}"
        raise Refusal(f"{what} is not proved to stay away from zero")
    top = degree + order + 1
    a = SERIES[name](
        Model({zero: center}, np.zeros(1)), top, lambda f: values(f, center, zero)
    )
    orders = range(degree + 1, top + 1)
    return Expansion(a, [_remainder(name, m, center, reach, lowest, a) for m in orders])


def _remainder(name: str, m: int, center: Array, reach: Array, lowest: Array,
               a: Balls) -> Array:  # fmt: skip
    if name == "exp":
        end = center + reach
        highest = values("exp", end + (np.abs(end) * 2.0**-50 + TINY), (0,))
        return highest.bound * above(1 / arb(math.factorial(m))) * UP + TINY
    if name == "recip":
        return powers((1.0 / lowest) * UP + TINY, m + 1)
    if name == "log":
        return powers((1.0 / lowest) * UP + TINY, m) * (1.0 / m) * UP + TINY
    if name == "sqrt":
        # |C(1/2, m)|; a quotient of integers is rounded once.
        binomial = math.comb(2 * m, m) / (4**m * (2 * m - 1))
        root = np.sqrt(lowest) * UP * binomial
        return root * powers((1.0 / lowest) * UP + TINY, m) * UP + TINY
    here, beyond = supremum(name, m), supremum(name, m + 1)
    if name in ("tanh", "logistic", "erf"):
        # Far from zero these are nearly constant.
        if name == "erf":
            closest = np.minimum(np.maximum(lowest, 0.0), 37.0)
            slope = values("exp", closest * closest * (UP - 2.0) * 0.5, (0,)).bound
        else:
            growth = _growth(reach if name == "tanh" else 0.5 * reach)
            slope = a[1].bound * growth * UP + TINY
        here = np.minimum(here, decay(name, m) * slope * UP + TINY)
        beyond = np.minimum(beyond, decay(name, m + 1) * slope * UP + TINY)
    near = (a[m].bound + reach * ((m + 1) * beyond)) * UP + TINY
    return np.minimum(near, here)


def _growth(reach: Array) -> Array:
    """A bound of sech^2(x) / sech^2(c) for |x - c| <= reach: its logarithm has slope at
    most two, and e^y <= 1 / (1 - y/8)^8 for 0 <= y < 8.
    """
    base = 1.0 - 0.25 * np.minimum(reach, 3.0)
    return np.where(reach < 3.0, powers(1.0 / base * UP, 8), np.inf)


@cache
def decay(name: str, n: int) -> float:
    """An upper bound of |f^(n) / n!| / |f'| on the real line, n >= 1.

    For erf, of |erf^(n) / n!| e^(x^2/2), by Cramer's inequality for H_(n-1).
    """
    if name == "logistic":
        return above(arb(decay("tanh", n)) / arb(2) ** (n - 1))
    if name == "erf":
        hermite = 1.0865 * (arb(2) ** (n - 1) * math.factorial(n - 1)).sqrt()
        return above(2 / arb.pi().sqrt() * hermite / math.factorial(n))
    largest = 0.0
    for t in PIECES:
        b = [arb(0), arb(1)]
        for k in range(1, n):
            inner = sum((b[i] * b[k - i] for i in range(1, k)), arb(0))
            b.append(-(2 * t * b[k] + (1 - t * t) * inner) / (k + 1))
        largest = max(largest, above(abs(b[n])))
    return largest
