r"""Sine and cosine, of $x$ and of $\pi x$, with proved error."""

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float64

from ._kernels import (
    Result,
    float64_array,
    guarded,
    horner,
    largest,
    last_bits,
    nearest_integer,
    tiny,
    unit,
)

# sin(r) = r + r^3 p(r^2) and cos(r) = 1 - r^2 / 2 + r^4 q(r^2) for |r| <= pi / 4, with
# errors at most 0.18 unit |r| and 0.01 unit.
_sine_polynomial = (
    -0.16666666666666666,
    0.008333333333330948,
    -0.00019841269836758574,
    2.755731610255242e-06,
    -2.5051131844999998e-08,
    1.591812929460525e-10,
)
_cosine_polynomial = (
    0.041666666666666664,
    -0.0013888888888887398,
    2.480158729876569e-05,
    -2.755731727172978e-07,
    2.087614626840093e-09,
    -1.1382632425358213e-11,
)
# pi / 2 in three parts of 33, 32 and 53 bits: the first two times |k| < 2^20 are exact.
_half_pi_high = 1.5707963267341256
_half_pi_middle = 6.077100506303966e-11
_half_pi_low = 2.0222662487959506e-21

_largest_argument = 2.0**20


def _turned(
    k: Float64[Array, "..."], r: Float64[Array, "..."]
) -> tuple[Float64[Array, "..."], Float64[Array, "..."]]:
    r"""Return the sine and the cosine of $r + k \pi / 2$ for $|r| \le \pi / 4$."""
    z = r * r
    sine = r + (r * z) * horner(z, _sine_polynomial)
    cosine = (1.0 - 0.5 * z) + (z * z) * horner(z, _cosine_polynomial)
    quarter = last_bits(k)
    swapped = (quarter & 1) != 0
    first = jnp.where(swapped, cosine, sine)
    second = jnp.where(swapped, sine, cosine)
    return (
        jnp.where((quarter & 2) != 0, -first, first),
        jnp.where(((quarter + 1) & 2) != 0, -second, second),
    )


def sine_cosine(x: ArrayLike) -> tuple[Result, Result]:
    r"""Return what `sin` and `cos` return, for the price of one reduction."""
    x = float64_array(x)
    size = jnp.abs(x)
    valid = size <= _largest_argument
    x = jnp.where(valid, x, 0.0)
    k = nearest_integer(x * 0.6366197723675814)
    r = ((x - k * _half_pi_high) - k * _half_pi_middle) - k * _half_pi_low
    sine, cosine = _turned(k, r)
    sine_error = 10 * unit * jnp.minimum(size, 1.0) + tiny
    cosine_error = jnp.full_like(x, 8 * unit)
    return guarded(sine, sine_error, valid), guarded(cosine, cosine_error, valid)


def sinpi_cospi(x: ArrayLike) -> tuple[Result, Result]:
    r"""Return what `sinpi` and `cospi` return, for the price of one reduction."""
    x = float64_array(x)
    size = jnp.abs(x)
    valid = size <= largest
    # Floats from 2^53 on are even integers: the argument zero gives the same values.
    x = jnp.where(size < 2.0**53, x, 0.0)
    remainder = x - 2.0 * nearest_integer(0.5 * x)
    k = nearest_integer(2.0 * remainder)
    sine, cosine = _turned(k, (remainder - 0.5 * k) * 3.141592653589793)
    return (
        guarded(sine, 12 * unit * jnp.abs(sine) + tiny, valid),
        guarded(cosine, 12 * unit * jnp.abs(cosine) + tiny, valid),
    )


def sin(x: ArrayLike) -> Result:
    r"""Return `(value, error)` with $|\text{value} - \sin x| \le \text{error}$, proved.

    **Arguments:**

    - `x`: float64 array, taken as exact, in radians. Supported for `|x| <= 2^20`.

    **Returns:** two arrays shaped like `x`; `error` is
    `10 * unit * min(|x|, 1) + 2^-1000`, or infinity outside the support. **Raises**
    `CertaxError` unless `x` is float64.
    """
    return sine_cosine(x)[0]


def cos(x: ArrayLike) -> Result:
    r"""Return `(value, error)` with $|\text{value} - \cos x| \le \text{error}$, proved.

    **Arguments:**

    - `x`: float64 array, taken as exact, in radians. Supported for `|x| <= 2^20`.

    **Returns:** two arrays shaped like `x`; `error` is `8 * unit`, or infinity outside
    the support. **Raises** `CertaxError` unless `x` is float64.
    """
    return sine_cosine(x)[1]


def sinpi(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $\sin \pi x$ with the error proved.

    The reduction is exact, so the value at a multiple of 1/2 is exactly 0, 1 or -1.

    **Arguments:**

    - `x`: float64 array, taken as exact, in half turns. Supported for every finite `x`.

    **Returns:** two arrays shaped like `x`; `error` is `12 * unit * |value| + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    return sinpi_cospi(x)[0]


def cospi(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $\cos \pi x$ with the error proved.

    The reduction is exact, so the value at a multiple of 1/2 is exactly 0, 1 or -1.

    **Arguments:**

    - `x`: float64 array, taken as exact, in half turns. Supported for every finite `x`.

    **Returns:** two arrays shaped like `x`; `error` is `12 * unit * |value| + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    return sinpi_cospi(x)[1]
