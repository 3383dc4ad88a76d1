r"""Taylor coefficients $f^{(j)}(c) / j!$ of elementary functions, with proved error.

Each function takes `c` (float64, taken as exact) and an order and returns a list of
`(coefficient, error)` for $j = 0, \dots,$ `order`. Where `c` is outside the support of
the function, the error is infinite. Proofs: `docs/theory/elementary.md`, section 9.
"""

import math

import jax.numpy as jnp
from jaxtyping import Array, Float64

from ._elementary import log, reciprocal, sqrt
from ._error_function import erf, gaussian, two_over_root_pi
from ._exponential import exp, softplus, tanh
from ._kernels import Result, guarded, largest, smallest, tiny, unit
from ._trigonometric import sine_cosine, sinpi_cospi

highest_order = 17
"""One more than the mean value bound of the highest remainder needs."""

Point = Float64[Array, "..."]

# Upper bounds of |tanh^(n)(x)| / n! over the real line, of the same divided by
# 1 - tanh(x)^2, and of |erf^(n)(x)| / n!, proved by subdivision in
# tests/bounds/test_activations.py.
tanh_suprema = (
    *(1.0, 1.0, 0.38491, 0.33334, 0.17025, 0.13334, 0.072593, 0.053969, 0.030351),
    *(0.02187, 0.012559, 0.0088634, 0.0051657, 0.0035922, 0.0021169, 0.0014559),
    *(0.00086536, 0.00059004),
)
tanh_relative_suprema = (
    *(math.inf, 1.0, 1.0, 0.66668, 0.33334, 0.13334, 0.080666, 0.053969, 0.032384),
    *(0.02187, 0.013125, 0.0088634, 0.0053338, 0.0035922, 0.0021691, 0.0014559),
    *(0.00088207, 0.00059004),
)
erf_suprema = (
    *(1.0, 1.1284, 0.48395, 0.37614, 0.18354, 0.11284, 0.05127, 0.026867, 0.011253),
    *(0.0052241, 0.0020299, 0.00085485, 0.0003106, 0.00012056, 4.1248e-05),
    *(1.4926e-05, 4.838e-06, 1.6463e-06),
)


def _tanh_errors() -> tuple[float, ...]:
    """Bound the error that the recurrence of `tanh` carries along, for every `c`."""
    errors = [16.1 * unit]
    for j in range(highest_order):
        pairs = range(j + 1)
        size = sum(tanh_suprema[i] * tanh_suprema[j - i] for i in pairs)
        carried = sum((2 * tanh_suprema[i] + errors[i]) * errors[j - i] for i in pairs)
        rounded = (2.0 if j == 0 else j + 4.0) * unit * size
        total = (carried + rounded) / (j + 1) + 3 * unit * tanh_suprema[j + 1]
        errors.append(1.001 * total)
    return tuple(errors)


tanh_errors = _tanh_errors()


def tanh_coefficients(c: Point, order: int) -> list[Result]:
    """From `f' = 1 - f^2`: `(j + 1) a_{j+1} = [j = 0] - sum_i a_i a_{j-i}`."""
    value, error = tanh(c)
    valid = jnp.isfinite(error)
    a = [value]
    for j in range(order):
        total = 1.0 - value * value if j == 0 else -_convolution(a, j) * (1 / (j + 1))
        a.append(total)
    rest = [
        guarded(a[j], jnp.full_like(c, tanh_errors[j]), valid)
        for j in range(1, order + 1)
    ]
    return [(value, error), *rest]


def _convolution(a: list[Point], j: int) -> Point:
    """Return `sum_{i=0}^{j} a_i a_{j-i}`."""
    total = a[0] * a[j]
    for i in range(1, (j + 1) // 2):
        total = total + a[i] * a[j - i]
    return 2.0 * total + a[j // 2] * a[j // 2] if j % 2 == 0 else 2.0 * total


def logistic_coefficients(c: Point, order: int) -> list[Result]:
    r"""From $\sigma(x) = (1 + \tanh(x / 2)) / 2$, whose scalings are exact."""
    halves = tanh_coefficients(0.5 * c, order)
    value, error = halves[0]
    valid = jnp.isfinite(error)
    first = guarded(0.5 + 0.5 * value, 0.5 * error + 2 * unit, valid)
    scales = [0.5 ** (j + 1) for j in range(order + 1)]
    rest = [(a * s, e * s) for (a, e), s in zip(halves, scales, strict=True)]
    return [first, *rest[1:]]


def softplus_coefficients(c: Point, order: int) -> list[Result]:
    """The derivative of softplus is the logistic function."""
    if order == 0:
        return [softplus(c)]
    slopes = logistic_coefficients(c, order - 1)
    rest = []
    for j, (a, e) in enumerate(slopes, 1):
        size = 1.0 if j == 1 else tanh_suprema[j - 1] * 0.5**j
        rest.append((a * (1 / j), (e + 4 * unit * size) * (1.001 / j)))
    return [softplus(c), *rest]


def exp_coefficients(c: Point, order: int) -> list[Result]:
    value, error = exp(c)
    valid = jnp.isfinite(error)
    a = [value * (1 / math.factorial(j)) for j in range(1, order + 1)]
    return [(value, error), *(guarded(v, 16 * unit * v + tiny, valid) for v in a)]


def _turning(first: Result, second: Result, rates: list[float]) -> list[Result]:
    """Coefficients `rates[j]` times `first, second, -first, -second, ...`."""
    valid = jnp.isfinite(first[1])
    found = [first]
    for j, rate in enumerate(rates[1:], 1):
        value = (first, second)[j % 2][0] * (rate if j % 4 < 2 else -rate)
        error = jnp.full_like(value, (16 + 4 * j) * unit * rate)
        found.append(guarded(value, error, valid))
    return found


def _rates(base: float, order: int) -> list[float]:
    """Return `base^j / j!`, with relative error at most `2.4 * j * unit`."""
    rates = [1.0]
    for j in range(1, order + 1):
        rates.append(rates[-1] * base / j)
    return rates


def sin_coefficients(c: Point, order: int) -> list[Result]:
    sine, cosine = sine_cosine(c)
    return _turning(sine, cosine, _rates(1.0, order))


def cos_coefficients(c: Point, order: int) -> list[Result]:
    sine, cosine = sine_cosine(c)
    return _turning(cosine, (-sine[0], sine[1]), _rates(1.0, order))


def sinpi_coefficients(c: Point, order: int) -> list[Result]:
    sine, cosine = sinpi_cospi(c)
    return _turning(sine, cosine, _rates(math.pi, order))


def cospi_coefficients(c: Point, order: int) -> list[Result]:
    sine, cosine = sinpi_cospi(c)
    return _turning(cosine, (-sine[0], sine[1]), _rates(math.pi, order))


def log_coefficients(c: Point, order: int) -> list[Result]:
    r"""$a_j = (-1)^{j-1} c^{-j} / j$."""
    inverse, inverse_error = reciprocal(jnp.where(c > 0.0, c, jnp.nan))
    valid = jnp.isfinite(inverse_error)
    found, power = [log(c)], jnp.ones_like(c)
    for j in range(1, order + 1):
        power = power * inverse
        value = power * ((-1.0) ** (j - 1) / j)
        found.append(_relative(value, 4 * j + 4, valid))
    return found


def reciprocal_coefficients(c: Point, order: int) -> list[Result]:
    r"""$a_j = (-1)^j c^{-j-1}$."""
    inverse, error = reciprocal(c)
    valid = jnp.isfinite(error)
    found, value = [(inverse, error)], inverse
    for j in range(1, order + 1):
        value = -value * inverse
        found.append(_relative(value, 4 * j + 8, valid))
    return found


def sqrt_coefficients(c: Point, order: int) -> list[Result]:
    r"""$a_j = \binom{1/2}{j} c^{1/2 - j}$, as $c^{-1/2} (c^{-1/2})^{2(j-1)}$."""
    valid = (c >= smallest) & (c <= largest)
    root = sqrt(c)
    # The select keeps XLA from using its own reciprocal square root.
    inverse_root = 1.0 / jnp.where(valid, root[0], 1.0)
    inverse = inverse_root * inverse_root
    found, power = [root], inverse_root
    for j in range(1, order + 1):
        power = power if j == 1 else power * inverse
        found.append(_relative(power * half_binomial(j), 12 * j + 4, valid))
    return found


def half_binomial(j: int) -> float:
    r"""Return $\binom{1/2}{j}$; exact in float64 for `j <= 17`."""
    return math.prod(1 - 2 * i for i in range(j)) / (2**j * math.factorial(j))


def _relative(value: Point, units: int, valid: Array) -> Result:
    return guarded(value, units * unit * jnp.abs(value) + tiny, valid)


def erf_coefficients(c: Point, order: int) -> list[Result]:
    r"""From $g' = -2 x g$ for $g = 2 \pi^{-1/2} e^{-x^2}$, the derivative of erf.

    The error is a multiple of the Taylor coefficients of $g(x) e^{2|x|t + t^2}$, which
    majorize those of $g$.
    """
    value, error = erf(c)
    valid = jnp.isfinite(error)
    x = jnp.clip(jnp.where(valid, c, 0.0), -26.6, 26.6)
    size = jnp.abs(x)
    b = [two_over_root_pi * gaussian(x)]
    majorant = [b[0]]
    for j in range(order - 1):
        scale = 2.0 / (j + 1)
        b.append(-scale * (x * b[j] + (b[j - 1] if j else 0.0)))
        majorant.append(scale * (size * majorant[j] + (majorant[j - 1] if j else 0.0)))
    found = [(value, error)]
    for j in range(order):
        units = (x * x + (12.0 + 8.0 * j)) * (1.01 * unit / (j + 1))
        found.append(guarded(b[j] * (1 / (j + 1)), units * majorant[j] + 1e-280, valid))
    return found
