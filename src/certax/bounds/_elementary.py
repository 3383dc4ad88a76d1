"""Logarithm, square root and reciprocal, with proved error."""

import jax.numpy as jnp
from jax import lax
from jaxtyping import ArrayLike

from ._kernels import (
    Result,
    artanh,
    float64_array,
    guarded,
    integer_value,
    largest,
    log_two_high,
    log_two_low,
    smallest,
    tiny,
    unit,
)

# The bits of the float64 next to 1 / sqrt(2), and of a biased exponent of one.
_root_half_bits = 0x3FE6A09E667F3BCD
_exponent_one_bits = 1023 << 52
_negative_zero_bits = -(1 << 63)


def log(x: ArrayLike) -> Result:
    r"""Return `(value, error)` with $|\text{value} - \log x| \le \text{error}$, proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for finite `x >= 2^-1022`.

    **Returns:** two arrays shaped like `x`; `error` is `16 * unit * |value| + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    valid = (x >= smallest) & (x <= largest)
    bits = lax.bitcast_convert_type(jnp.where(valid, x, 1.0), jnp.int64)
    # x = 2^e m with m between 1 / sqrt(2) and sqrt(2), by integer arithmetic alone.
    shifted = bits + (_exponent_one_bits - _root_half_bits)
    e = lax.shift_right_logical(shifted, jnp.int64(52)) - 1023
    m = lax.bitcast_convert_type(bits - lax.shift_left(e, jnp.int64(52)), jnp.float64)
    exponent = integer_value(e)
    small = 2.0 * artanh((m - 1.0) / (m + 1.0))
    value = exponent * log_two_high + (exponent * log_two_low + small)
    return guarded(value, 16 * unit * jnp.abs(value) + tiny, valid)


def sqrt(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $\sqrt x$ with the error proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for finite `x >= 0`.

    **Returns:** two arrays shaped like `x`; `error` is `4 * unit * value`, `2^-510` for
    `x < 2^-1022` (flushed to zero by XLA), or infinity outside the support. **Raises**
    `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    # By the bits, since a comparison takes a negative subnormal number for zero.
    bits = lax.bitcast_convert_type(x, jnp.int64)
    negative = (bits < 0) & (bits != _negative_zero_bits)
    value = jnp.sqrt(jnp.where(x >= smallest, x, 0.0))
    error = jnp.where(x >= smallest, 4 * unit * value, 2.0**-510)
    return guarded(value, error, ~negative & (x <= largest))


def reciprocal(x: ArrayLike) -> Result:
    r"""Return `(value, error)` with $|\text{value} - 1 / x| \le \text{error}$, proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for finite `|x| >= 2^-1022`.

    **Returns:** two arrays shaped like `x`; `error` is `8 * unit * |value| + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    size = jnp.abs(x)
    valid = (size >= smallest) & (size <= largest)
    value = 1.0 / jnp.where(valid, x, 1.0)
    return guarded(value, 8 * unit * jnp.abs(value) + tiny, valid)
