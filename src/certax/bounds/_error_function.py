"""The error function, with proved error."""

import math

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float64

from ._kernels import (
    Result,
    float64_array,
    guarded,
    horner,
    largest,
    power_of_two,
    split_exponential,
    tiny,
    unit,
)

# erf(x) = x p(x^2) for |x| <= 1; error of p at most 0.35 unit.
_central_polynomial = (
    1.1283791670955126,
    -0.37612638903183543,
    0.11283791670945006,
    -0.02686617064323777,
    0.0052239776071164225,
    -0.0008548325975389692,
    0.00012055294904839707,
    -1.492473690741966e-05,
    1.6447424703317362e-06,
    -1.6208483801871705e-07,
    1.3720064546777686e-08,
    -7.795898827002142e-10,
)
# e^{x^2} erfc(x) = q((x - 2.5) / (x + 2.5)) for 1 <= x <= 6; error at most 0.3 unit.
_tail_polynomial = (
    0.21080636406114356,
    -0.3717367339489732,
    0.251713193217456,
    -0.12503305237885554,
    0.0399225390747838,
    -0.0039937011641469865,
    -0.002642365927759658,
    0.0008759154019168855,
    0.00022837955896605412,
    -0.00012887649615317198,
    -3.417222927355298e-05,
    1.8609712314617444e-05,
    7.484801178526036e-06,
    -2.284217309434109e-06,
    -1.5625258507738845e-06,
    8.13438070923431e-08,
)


def gaussian(x: Float64[Array, "..."]) -> Float64[Array, "..."]:
    r"""Return $e^{-x^2}$ for $|x| \le 26.6$, relative error $(5.1 + x^2)$ `unit`."""
    k, t = split_exponential(-0.5 * (x * x))
    return ((1.0 + t) / (1.0 - t)) * power_of_two(k)


def erf(x: ArrayLike) -> Result:
    r"""Return `(value, error)` for $2 \pi^{-1/2} \int_0^x e^{-s^2} ds$, error proved.

    **Arguments:**

    - `x`: float64 array, taken as exact. Supported for every finite `x`.

    **Returns:** two arrays shaped like `x`; `error` is `16 * unit * |value| + 2^-1000`,
    or infinity outside the support. **Raises** `CertaxError` unless `x` is float64.
    """
    x = float64_array(x)
    size = jnp.abs(x)
    inner = jnp.minimum(size, 1.0)
    central = inner * horner(inner * inner, _central_polynomial)
    # 1 - erf(6) is less than unit / 5.
    outer = jnp.clip(size, 1.0, 6.0)
    tail = horner((outer - 2.5) / (outer + 2.5), _tail_polynomial)
    value = jnp.where(size < 1.0, central, 1.0 - gaussian(outer) * tail)
    value = jnp.where(x < 0.0, -value, value)
    return guarded(value, 16 * unit * jnp.abs(value) + tiny, size <= largest)


two_over_root_pi = 2.0 / math.sqrt(math.pi)
"""Relative error at most `3 * unit`."""
