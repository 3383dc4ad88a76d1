"""Polynomials and exact reductions shared by the elementary functions.

Every statement about rounding is proved in `docs/theory/elementary.md`, in a model that
allows what XLA does: `+ - *` within `unit` relatively or fused, `/` and square roots
within `2 * unit`, and results below `smallest` flushed to zero. XLA also folds
constants, `(x + a) + b` into `x + (a + b)` and `(x / y) / z` into `x / (y * z)`; no
expression here holds such a pattern, arguments enter through a clamp or a select, and
results leave through a select, so no rewriting reaches across a function's boundary.
"""

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, ArrayLike, Bool, Float64

from .._core import CertaxError

unit = 2.0**-53
"""Half the distance from 1 to the next float64."""

smallest = 2.0**-1022
"""The least normal float64; XLA flushes what is smaller to zero."""

largest = float(jnp.finfo("float64").max)

tiny = 2.0**-1000
"""Covers every flush to zero inside a function."""

# tanh(w) = w + w^3 q(w^2) for |w| <= log(2) / 4; error at most 0.15 unit |w|.
_tanh_polynomial = (
    -0.3333333333333328,
    0.13333333333212813,
    -0.05396825349959848,
    0.021869421825241098,
    -0.008858936176712484,
    0.003463917783379857,
)
# artanh(t) = t + t^3 q(t^2) for |t| <= 3 - 2 sqrt(2); error at most 0.05 unit |t|.
_artanh_polynomial = (
    0.3333333333333335,
    0.19999999999949752,
    0.14285714312987743,
    0.11111105567397497,
    0.09091444562633938,
    0.07665860800175746,
    0.07308224843785871,
)
# log(2) / 2 in two parts; the first has 42 bits, so its products with |k| < 2^11 are
# exact. Both are doubled exactly to give log(2).
_half_log_two_high = 0.34657359027994517
_half_log_two_low = 2.7489615093541856e-14
log_two_high = 2 * _half_log_two_high
log_two_low = 2 * _half_log_two_low

# Adding 1.5 * 2^52 puts an integer of modest size into the last bits of the sum.
_integer_bits = 1.5 * 2.0**52

Result = tuple[Float64[Array, "..."], Float64[Array, "..."]]


def float64_array(x: ArrayLike) -> Float64[Array, "..."]:
    """Return `x` as an array, or refuse anything that is not float64."""
    array = jnp.asarray(x)
    if array.dtype != jnp.float64:
        raise CertaxError(
            f"Proved elementary functions need float64, but got {array.dtype}.",
            value=str(array.dtype),
            remedy="Work inside jax.enable_x64(True) and convert with "
            "x.astype('float64').",
        )
    return array


def guarded(
    value: Float64[Array, "..."],
    error: Float64[Array, "..."],
    valid: Bool[Array, "..."],
) -> Result:
    """Return `(value, error)` where `valid`, and `(0, inf)` elsewhere."""
    return jnp.where(valid, value, 0.0), jnp.where(valid, error, jnp.inf)


def horner(
    z: Float64[Array, "..."], coefficients: tuple[float, ...]
) -> Float64[Array, "..."]:
    """Evaluate `sum_i coefficients[i] z^i`."""
    total = jnp.full_like(z, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total = total * z + coefficient
    return total


def nearest_integer(x: Float64[Array, "..."]) -> Float64[Array, "..."]:
    """Round to the nearest integer, exactly."""
    return lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN)


def last_bits(k: Float64[Array, "..."]) -> jax.Array:
    """Return an int64 that is congruent to the integer `k` modulo 2^12.

    Needs `|k| < 2^50`; then the sum below is exact.
    """
    return lax.bitcast_convert_type(k + _integer_bits, jnp.int64)


def integer_value(k: jax.Array) -> Float64[Array, "..."]:
    """Convert int64 with `|k| < 2^50` to float64, exactly."""
    magic = lax.bitcast_convert_type(jnp.float64(_integer_bits), jnp.int64)
    return lax.bitcast_convert_type(k + magic, jnp.float64) - _integer_bits


def power_of_two(k: Float64[Array, "..."]) -> Float64[Array, "..."]:
    """Return `2^k` exactly, for an integer `-1022 <= k <= 1023`."""
    # The sum's last 12 bits are the biased exponent with a zero sign in front.
    bits = lax.shift_left(last_bits(k + 1023.0), jnp.int64(52))
    return lax.bitcast_convert_type(bits, jnp.float64)


def split_exponential(
    h: Float64[Array, "..."],
) -> tuple[Float64[Array, "..."], Float64[Array, "..."]]:
    r"""Return `k, t` with $e^{2h} = 2^k (1 + t) / (1 - t)$, for `|h| <= 355`.

    With $k$ the integer nearest $2h / \log 2$ and $w = h - k \log(2) / 2$, $t$ is
    $\tanh w$ with absolute error at most $0.38$ `unit`; if `k == 0` the relative error
    is at most $1.25$ `unit`. (Theory, section 3.)
    """
    k = nearest_integer(h * 2.8853900817779268)
    w = (h - k * _half_log_two_high) - k * _half_log_two_low
    z = w * w
    return k, w + (w * z) * horner(z, _tanh_polynomial)


def artanh(t: Float64[Array, "..."]) -> Float64[Array, "..."]:
    r"""Return $\operatorname{artanh} t$ for $|t| \le 3 - 2 \sqrt 2$.

    The relative error of the evaluation is at most $1.12$ `unit`. (Theory, section 4.)
    """
    z = t * t
    return t + (t * z) * horner(z, _artanh_polynomial)
