r"""Exponential, hyperbolic tangent, logistic function and softplus, with proved error.

All four rest on $e^{2h} = 2^k (1 + t) / (1 - t)$ with $t = \tanh w$, $|w|$ at most
$\log(2) / 4$: one short odd polynomial and one division.
"""

import jax.numpy as jnp
from jax import lax
from jaxtyping import ArrayLike

from ._kernels import (
    Result,
    artanh,
    float64_array,
    guarded,
    largest,
    log_two_high,
    log_two_low,
    power_of_two,
    split_exponential,
    tiny,
    unit,
)


def exp(x: ArrayLike) -> Result:
    r"""Return `(value, error)` with $|\text{value} - e^x| \le \text{error}$, proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for finite `x <= 709.78`.

    **Returns:** two arrays shaped like `x`; `error` is `12 * unit * value + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    valid = (jnp.abs(x) <= largest) & (x <= 709.78)
    k, t = split_exponential(0.5 * lax.clamp(-708.0, x, 709.78))
    # One factor of two is kept apart: 2^1024 is not a float64.
    value = (2.0 * (1.0 + t) / (1.0 - t)) * power_of_two(k - 1.0)
    return guarded(value, 12 * unit * value + tiny, valid)


def tanh(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $\tanh x$ with the error proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for every finite `x`.

    **Returns:** two arrays shaped like `x`; `error` is `16 * unit * |value| + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    # Beyond 20 the function differs from its value there by less than unit / 10.
    k, t = split_exponential(lax.clamp(-20.0, x, 20.0))
    scale = power_of_two(k)
    below, above = scale - 1.0, scale + 1.0
    value = (below + above * t) / (above + below * t)
    error = 16 * unit * jnp.abs(value) + tiny
    return guarded(value, error, jnp.abs(x) <= largest)


def logistic(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $1 / (1 + e^{-x})$ with the error proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for every finite `x`.

    **Returns:** two arrays shaped like `x`; `error` is `14 * unit * value + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    k, t = split_exponential(0.5 * lax.clamp(-708.0, x, 40.0))
    scaled = power_of_two(k) * (1.0 + t)
    value = scaled / (scaled + (1.0 - t))
    return guarded(value, 14 * unit * value + tiny, jnp.abs(x) <= largest)


def softplus(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $\log(1 + e^x)$ with the error proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for every finite `x`.

    **Returns:** two arrays shaped like `x`; `error` is `30 * unit * value + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    # max(x, 0) + log(1 + y) with y = e^{-|x|} = n / d; if y exceeds sqrt(2) - 1, log(2)
    # is taken out so that the argument of artanh stays below 3 - 2 sqrt(2).
    k, t = split_exponential(-0.5 * lax.clamp(0.0, jnp.abs(x), 708.0))
    n, d = power_of_two(k) * (1.0 + t), 1.0 - t
    halved = n > 0.41421356237309503 * d
    ratio = jnp.where(halved, n - d, n) / jnp.where(halved, n + 3.0 * d, n + 2.0 * d)
    low = jnp.where(halved, log_two_low, 0.0)
    high = jnp.where(halved, log_two_high, 0.0)
    value = jnp.maximum(x, 0.0) + (high + (low + 2.0 * artanh(ratio)))
    return guarded(value, 30 * unit * value + tiny, jnp.abs(x) <= largest)
