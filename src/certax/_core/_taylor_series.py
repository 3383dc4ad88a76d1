"""Taylor coefficients f^(k)(z)/k! of the elementary functions of programs, in floats.

Each follows from the differential equation of its function (tanh' = 1 - tanh², and so
on), so that a function is evaluated once for all of its coefficients.
"""

import math
from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array

from ._programs import unary

Coefficients = list[Array]
Series = Callable[[Array, int], Coefficients]


def _first(name: str, z: Array) -> Coefficients:
    return [unary[name](z)]


def _square(c: Coefficients, k: int) -> Array:
    """The coefficient of order k of the square."""
    return sum((c[i] * c[k - i] for i in range(1, k + 1)), start=c[0] * c[k])


def _tanh(z: Array, count: int) -> Coefficients:
    c = _first("tanh", z)
    for k in range(count):
        c.append((float(k == 0) - _square(c, k)) * (1 / (k + 1)))
    return c


def _logistic(z: Array, count: int) -> Coefficients:
    c = _first("logistic", z)
    for k in range(count):
        c.append((c[k] - _square(c, k)) * (1 / (k + 1)))
    return c


def _softplus(z: Array, count: int) -> Coefficients:
    slopes = _logistic(z, count - 1) if count else []
    return _first("softplus", z) + [s * (1 / (k + 1)) for k, s in enumerate(slopes)]


def _exp(z: Array, count: int) -> Coefficients:
    c = _first("exp", z)
    return [c[0] * (1 / math.factorial(k)) for k in range(count + 1)]


def _log(z: Array, count: int) -> Coefficients:
    c = _first("log", z)
    for k in range(count):
        c.append(c[k] * (-k / (k + 1)) / z if k else 1 / z)
    return c


def _sqrt(z: Array, count: int) -> Coefficients:
    c = _first("sqrt", z)
    for k in range(count):
        # At zero the slope is infinite and not 0 / 0.
        c.append(c[k] * ((0.5 - k) / (k + 1)) / z if k else 0.5 / c[0])
    return c


def _erf(z: Array, count: int) -> Coefficients:
    c, slopes = _first("erf", z), [2 / math.sqrt(math.pi) * jnp.exp(-(z**2))]
    for k in range(count):
        c.append(slopes[k] * (1 / (k + 1)))
        below = slopes[k - 1] if k else 0.0
        slopes.append((z * slopes[k] + below) * (-2 / (k + 1)))
    return c


def _max0(z: Array, count: int) -> Coefficients:
    # Half of either slope at the kink, as JAX has it.
    return [*_first("max0", z), jnp.heaviside(z, 0.5)][: count + 1]


def _wave(first: str, second: str, signs: tuple[float, ...], rate: float) -> Series:
    """A function whose derivatives are ± itself and ± its partner in turn."""

    def coefficients(z: Array, count: int) -> Coefficients:
        values = _first(first, z) + (_first(second, z) if count else [])
        return [
            values[k % 2] * (signs[k % 4] * rate**k / math.factorial(k))
            for k in range(count + 1)
        ]

    return coefficients


_sine, _cosine = (1.0, 1.0, -1.0, -1.0), (1.0, -1.0, -1.0, 1.0)
series: dict[str, Series] = {
    "tanh": _tanh,
    "logistic": _logistic,
    "softplus": _softplus,
    "exp": _exp,
    "log": _log,
    "sqrt": _sqrt,
    "erf": _erf,
    "max0": _max0,
    "sin": _wave("sin", "cos", _sine, 1.0),
    "cos": _wave("cos", "sin", _cosine, 1.0),
    "sinpi": _wave("sinpi", "cospi", _sine, math.pi),
    "cospi": _wave("cospi", "sinpi", _cosine, math.pi),
}


def power_series(exponent: int, z: Array, count: int) -> Coefficients:
    """Of z to a positive integer power."""
    return [
        z ** (exponent - k) * float(math.comb(exponent, k))
        for k in range(min(count, exponent) + 1)
    ]
