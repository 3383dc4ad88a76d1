r"""Upper bounds of $\sup |f^{(n)}| / n!$ over balls, for Taylor remainders.

Each function takes a center `c`, a radius and the order `n` and bounds
$\sup_{|x - c| \le r} |f^{(n)}(x)| / n!$ from above; it returns infinity where the ball
leaves the domain of `f`, and where `c` or the radius is not a number. The proofs are in
`docs/theory/elementary.md`, section 10.
"""

import math
from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array, Float64

from ._elementary import log, sqrt
from ._exponential import exp
from ._kernels import Result, largest, smallest, tiny, unit
from ._taylor_coefficients import (
    cos_coefficients,
    cospi_coefficients,
    erf_coefficients,
    erf_suprema,
    half_binomial,
    logistic_coefficients,
    sin_coefficients,
    sinpi_coefficients,
    softplus_coefficients,
    tanh_coefficients,
    tanh_errors,
    tanh_relative_suprema,
    tanh_suprema,
)

Point = Float64[Array, "..."]
Coefficients = Callable[[Point, int], list[Result]]


def _checked(bound: Point, c: Point, radius: Point) -> Point:
    """Round `bound` upward, and answer infinity to what is no ball."""
    valid = (jnp.abs(c) <= largest) & (radius >= 0.0) & (bound >= 0.0)
    return jnp.where(valid, bound * (1.0 + 64 * unit) + tiny, jnp.inf)


def _mean_value(
    coefficients: list[Result], radius: Point, order: int, one: Point, two: Point
) -> Point:
    """Bound by the first terms of the Taylor expansion of the derivative at the center.

    `one` and `two` bound the derivatives of the next two orders over the ball.
    """
    here, there = (abs(a) + e for a, e in coefficients[order:])
    slope = (order + 1) * radius
    curvature = slope * (0.5 * (order + 2)) * radius
    return jnp.fmin(here + slope * one, here + slope * there + curvature * two)


def _from_suprema(
    function: Coefficients, suprema: Callable[[int], float]
) -> Callable[[Point, Point, int], Point]:
    """Combine global suprema with mean value bounds at the center."""

    def remainder(c: Point, radius: Point, order: int) -> Point:
        one, two = (jnp.full_like(c, suprema(order + i)) for i in (1, 2))
        local = _mean_value(function(c, order + 1), radius, order, one, two)
        return _checked(jnp.fmin(suprema(order), local), c, radius)

    return remainder


def _inverse_factorial(order: int) -> float:
    return 1.0 / math.factorial(order)


def _pi_power(order: int) -> float:
    return math.pi**order / math.factorial(order) * (1 + 64 * unit)


sin_remainder = _from_suprema(sin_coefficients, _inverse_factorial)
cos_remainder = _from_suprema(cos_coefficients, _inverse_factorial)
sinpi_remainder = _from_suprema(sinpi_coefficients, _pi_power)
cospi_remainder = _from_suprema(cospi_coefficients, _pi_power)


def erf_remainder(c: Point, radius: Point, order: int) -> Point:
    r"""The derivatives $2 \pi^{-1/2} (-1)^{n-1} H_{n-1} e^{-x^2}$ are small far out.

    By Cramér $|H_k| \le 1.0865 (2^k k!)^{1/2} e^{x^2/2}$, which leaves $e^{-x^2/2}$,
    largest at the point of the ball that is nearest to zero.
    """
    nearest = jnp.maximum(_ends(jnp.abs(c), radius)[0], 0.0)
    value, error = exp(-0.5 * jnp.minimum(nearest, 37.0) ** 2 * (1.0 - 8 * unit))
    decayed = value + error

    def over_ball(n: int) -> Point:
        if n == 0:
            return jnp.ones_like(c)
        size = 1.2261 * math.sqrt(2.0 ** (n - 1) / n / math.factorial(n))
        return jnp.fmin(erf_suprema[n], size * decayed)

    local = _mean_value(
        erf_coefficients(c, order + 1),
        radius,
        order,
        over_ball(order + 1),
        over_ball(order + 2),
    )
    return _checked(jnp.fmin(over_ball(order), local), c, radius)


def tanh_remainder(c: Point, radius: Point, order: int) -> Point:
    r"""Every derivative is $1 - \tanh^2$ times a bounded polynomial in tanh.

    Over a ball, $1 - \tanh^2$ grows by at most $e^{2r}$.
    """
    coefficients = tanh_coefficients(c, order + 1)
    # e^{2r} <= 1 + 2r + 4r^2 while 2r <= 1.79.
    growth = jnp.where(
        radius <= 0.89, 1.0 + 2.0 * radius + 4.0 * radius * radius, jnp.inf
    )
    decayed = (coefficients[1][0] + tanh_errors[1]) * growth * (1.0 + 16 * unit)

    def over_ball(n: int) -> Point:
        if n == 0:
            return jnp.ones_like(c)
        return jnp.fmin(tanh_suprema[n], tanh_relative_suprema[n] * decayed)

    local = _mean_value(
        coefficients, radius, order, over_ball(order + 1), over_ball(order + 2)
    )
    return _checked(jnp.fmin(over_ball(order), local), c, radius)


def logistic_remainder(c: Point, radius: Point, order: int) -> Point:
    r"""From $\sigma(x) = (1 + \tanh(x / 2)) / 2$."""
    if order > 0:
        halved = tanh_remainder(0.5 * c, 0.5 * radius, order)
        return _checked(halved * 0.5 ** (order + 1), c, radius)
    one, two = (jnp.full_like(c, tanh_suprema[n] * 0.5 ** (n + 1)) for n in (1, 2))
    local = _mean_value(logistic_coefficients(c, 1), radius, order, one, two)
    return _checked(jnp.fmin(1.0, local), c, radius)


def softplus_remainder(c: Point, radius: Point, order: int) -> Point:
    """The derivative of softplus is the logistic function."""
    if order > 0:
        slope = logistic_remainder(c, radius, order - 1) * (1 / order)
        return _checked(slope, c, radius)
    value, error = softplus_coefficients(c, 0)[0]
    return _checked(value + error + radius, c, radius)


def _ends(c: Point, radius: Point) -> tuple[Point, Point]:
    """Return floats that enclose `[c - radius, c + radius]`."""
    slack = 4 * unit * (jnp.abs(c) + radius)
    return (c - radius) - slack, (c + radius) + (slack + tiny)


def exp_remainder(c: Point, radius: Point, order: int) -> Point:
    """The supremum is at the upper end."""
    value, error = exp(_ends(c, radius)[1])
    return _checked((value + error) * _inverse_factorial(order), c, radius)


def log_remainder(c: Point, radius: Point, order: int) -> Point:
    """The supremum is at the lower end; for order zero, at one of the ends."""
    low, high = _ends(c, radius)
    if order == 0:
        (lower, lower_error), (upper, upper_error) = log(low), log(high)
        sizes = jnp.abs(lower) + lower_error, jnp.abs(upper) + upper_error
        return _checked(jnp.maximum(*sizes), c, radius)
    return _checked(_power(_inverse(low), order) * (1 / order), c, radius)


def reciprocal_remainder(c: Point, radius: Point, order: int) -> Point:
    """The supremum is at the end nearer to zero."""
    nearer = _ends(jnp.abs(c), radius)[0]
    return _checked(_power(_inverse(nearer), order + 1), c, radius)


def sqrt_remainder(c: Point, radius: Point, order: int) -> Point:
    """The supremum is at the lower end; for order zero, at the upper one."""
    low, high = _ends(c, radius)
    inverse = _inverse(low)
    if order == 0:
        value, error = sqrt(high)
        inside = jnp.where(inverse <= largest, value + error, jnp.inf)
        return _checked(inside, c, radius)
    bound = jnp.sqrt(inverse) * _power(inverse, order - 1) * abs(half_binomial(order))
    return _checked(bound, c, radius)


def _inverse(low: Point) -> Point:
    """Bound `1 / low` from above; infinite unless `low` is a positive normal number."""
    valid = (low >= smallest) & (low <= largest)
    upward = (1.0 + 8 * unit) / jnp.where(valid, low, 1.0) + tiny
    return jnp.where(valid, upward, jnp.inf)


def _power(x: Point, order: int) -> Point:
    """Return `x^order`, relative error `order * unit`."""
    power = jnp.ones_like(x)
    for _ in range(order):
        power = power * x
    return power
