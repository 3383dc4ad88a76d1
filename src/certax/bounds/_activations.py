"""Taylor expansions of elementary functions, by name, for Taylor models."""

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, ArrayLike, Float64

from .._core import CertaxError
from . import _taylor_coefficients as coefficients, _taylor_remainders as remainders
from ._elementary import log, reciprocal, sqrt
from ._error_function import erf
from ._exponential import exp, logistic, softplus, tanh
from ._kernels import Result, float64_array
from ._trigonometric import cos, cospi, sin, sinpi

Taylor = Callable[[ArrayLike, int], list[Result]]
Remainder = Callable[[ArrayLike, ArrayLike, int], Float64[Array, "..."]]

highest_taylor_order = 14
highest_remainder_order = 15


@dataclass(frozen=True)
class Activation:
    """A function of one variable with everything a Taylor model asks of it.

    - `value`: maps `x` to `(f(x), error)`.
    - `coefficients`: maps `(c, order)` to pairs of Taylor coefficients and errors.
    - `remainder`: maps `(c, radius, order)` to a bound of `sup |f^(order)| / order!`.
    """

    value: Callable[[ArrayLike], Result]
    coefficients: Callable[[Array, int], list[Result]]
    remainder: Callable[[Array, Array, int], Array]


_activations = {
    name: Activation(
        value,
        getattr(coefficients, f"{name}_coefficients"),
        getattr(remainders, f"{name}_remainder"),
    )
    for name, value in {
        "cos": cos,
        "cospi": cospi,
        "erf": erf,
        "exp": exp,
        "log": log,
        "logistic": logistic,
        "reciprocal": reciprocal,
        "sin": sin,
        "sinpi": sinpi,
        "softplus": softplus,
        "sqrt": sqrt,
        "tanh": tanh,
    }.items()
}


def activation(name: str) -> Activation:
    """Look up an activation by the name it has in programs.

    **Raises:** `CertaxError` if there is no such function.
    """
    if name not in _activations:
        raise CertaxError(
            f"There is no proved Taylor expansion of {name!r}.",
            value=name,
            remedy=f"Use one of {', '.join(_activations)}.",
        )
    return _activations[name]


def taylor(name: str) -> Taylor:
    r"""Return the function that expands the activation `name`.

    The result maps `(c, order)` to a list of `(a_j, e_j)`, arrays shaped like `c`, with
    $|a_j - f^{(j)}(c) / j!| \le e_j$ proved for $j = 0, \dots,$ `order`; `e_j` is
    infinite where `c` is outside the support of the function.

    **Arguments:**

    - `name`: one of `cos`, `cospi`, `erf`, `exp`, `log`, `logistic`, `reciprocal`,
        `sin`, `sinpi`, `softplus`, `sqrt`, `tanh`.

    **Raises:** `CertaxError` for another name, an order outside 0 to 14, or a `c` that
    is not float64.
    """
    expand = activation(name).coefficients

    def expanded(c: ArrayLike, order: int) -> list[Result]:
        _check_order(order, highest_taylor_order, "Taylor coefficients")
        return expand(float64_array(c), order)

    return expanded


def remainder(name: str) -> Remainder:
    r"""Return the function that bounds the derivatives of the activation `name`.

    The result maps `(c, radius, order)` to an upper bound of
    $\sup_{|x - c| \le r} |f^{(n)}(x)| / n!$, $n$ the order, proved and rounded upward;
    infinity where the ball leaves the domain of the function.

    **Arguments:**

    - `name`: as for `taylor`.

    **Raises:** `CertaxError` for another name, an order outside 0 to 15, or arguments
    that are not float64.
    """
    bound = activation(name).remainder

    def bounded(c: ArrayLike, radius: ArrayLike, order: int) -> Float64[Array, "..."]:
        _check_order(order, highest_remainder_order, "Remainders")
        c, radius = jnp.broadcast_arrays(float64_array(c), float64_array(radius))
        return bound(c, radius, order)

    return bounded


def _check_order(order: int, highest: int, what: str) -> None:
    if not 0 <= order <= highest:
        raise CertaxError(
            f"{what} are available for orders 0 to {highest}, but got {order}.",
            value=order,
            remedy="Lower the degree of the Taylor models or the order of derivatives.",
        )
