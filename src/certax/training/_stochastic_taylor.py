"""Differential operators in many dimensions, estimated from derivatives along lines.

The derivative of order n along a vector v, `D_v^n u = d^n/ds^n u(x + s v)` at 0, costs
as much as a few values of u and no more memory than a few points, whatever the
dimension. Random vectors turn it into unbiased estimates of operators whose exact value
would take d or d^n of them.
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int, PRNGKeyArray

from certax._core import CertaxError

Function = Callable[[Float[Array, " d"]], Float[Array, ""]]
Root = Callable[[Float[Array, " d"]], Float[Array, " d"]]
most_orders = 4


def directional_derivative(
    function: Function, point: Float[Array, " d"], direction: Float[Array, " d"], order
) -> Float[Array, ""]:
    """`D_v^n u` at a point, by forward differentiation n times.

    **Raises:** `CertaxError` for an order that is not 0, 1, 2, 3 or 4.
    """
    if order not in range(most_orders + 1):
        raise CertaxError(
            f"The order of a derivative along a line is {order}.",
            value=order,
            remedy=f"Orders from 0 to {most_orders} are there.",
        )
    along = lambda length: function(point + length * direction)
    one = jnp.ones((), point.dtype)
    for _ in range(order):
        along = lambda length, of=along: jax.jvp(of, (length,), (one,))[1]
    return along(jnp.zeros((), point.dtype))


def sign_directions(
    key: PRNGKeyArray, number: int, dimension: int, dtype=jnp.float32
) -> Float[Array, "number d"]:
    """Vectors of independent random signs, for Hutchinson's estimate of a trace."""
    return jax.random.rademacher(key, (number, dimension), dtype)


def coordinate_directions(
    key: PRNGKeyArray, number: int, dimension: int, dtype=jnp.float32
) -> Float[Array, "number d"]:
    """Coordinate vectors times `sqrt(d)`, of different random coordinates.

    **Raises:** `CertaxError` for more of them than there are coordinates.
    """
    if not 1 <= number <= dimension:
        raise CertaxError(
            f"{number} of {dimension} coordinates cannot be drawn.",
            value=number,
            remedy=f"Draw between 1 and {dimension}.",
        )
    chosen = jax.random.choice(key, dimension, (number,), replace=False)
    rows = jnp.arange(number)
    size = math.sqrt(dimension)
    return jnp.zeros((number, dimension), dtype).at[rows, chosen].set(size)


def trace_estimate(
    function: Function,
    point: Float[Array, " d"],
    directions: Float[Array, "number d"],
    root: Root | None = None,
) -> Float[Array, ""]:
    """An estimate of the Laplacian, or of `tr(A(x) D^2 u(x))`: the mean of
    `D_w^2 u` over `w = A^(1/2) v`.

    Unbiased for directions with `E v v^T = I`. With H = A^(1/2) D^2 u A^(1/2) and k
    directions its variance is

        2 / k  sum_(i != j) H_ij^2                       (random signs),
        d^2 / k  (1 - k / d)  var_i(H_ii)                (coordinates, without
                                                          replacement; var over d - 1),

    so signs suit operators that are nearly diagonal, and coordinates those whose
    diagonal is even; with k = d coordinates the value is exact.

    **Arguments:**

    - `function`: u, from a point of shape `(d,)` to a number.
    - `directions`: by `sign_directions` or `coordinate_directions`.
    - `root`: `v -> A^(1/2) v` at this point; the identity by default.

    ??? cite "References"

        ```bibtex
        @article{hutchinson1990stochastic,
            title={A stochastic estimator of the trace of the influence matrix for
                   {L}aplacian smoothing splines},
            author={Hutchinson, Michael F.},
            journal={Communications in Statistics -- Simulation and Computation},
            volume={19}, number={2}, pages={433--450}, year={1990}}

        @inproceedings{shi2024stochastic,
            title={Stochastic {T}aylor derivative estimator: Efficient amortization for
                   arbitrary differential operators},
            author={Shi, Zekun and Hu, Zheyuan and Lin, Min and Kawaguchi, Kenji},
            booktitle={Advances in Neural Information Processing Systems}, year={2024}}
        ```
    """

    def along(direction):
        vector = direction if root is None else root(direction)
        return directional_derivative(function, point, vector, 2)

    return jnp.mean(jax.vmap(along)(directions))


def operator_estimate(
    function: Function,
    point: Float[Array, " d"],
    coefficients: Float[Array, " terms"],
    indices: Int[Array, "terms order"],
    *,
    number: int,
    key: PRNGKeyArray,
) -> Float[Array, ""]:
    """An unbiased estimate of `sum_m c_m D_(i_m1) ... D_(i_mn) u`, of order n up to 4.

    Each of `number` samples draws a term with probability `|c_m| / |c|_1` and one sign
    for each of its indices: for `v = sum_k s_k e_(i_k)`,

        D_(i_1) ... D_(i_n) u = E[s_1 ... s_n D_v^n u] / n!,

    because every other product of derivatives in `D_v^n u` keeps a sign of mean zero.
    Operators of several orders are sums of such estimates.

    **Arguments:**

    - `coefficients`: `c_m` at this point, not all zero.
    - `indices`: the coordinates of each term, repeated as often as it differentiates by
      them; `[[0, 0, 1, 1]]` is the fourth derivative `u_0011`.
    - `number`: of samples.
    """
    order = indices.shape[1]
    sizes = jnp.abs(coefficients)
    of_terms, of_signs = jax.random.split(key)
    terms = jax.random.categorical(of_terms, jnp.log(sizes), shape=(number,))
    signs = jax.random.rademacher(of_signs, (number, order), point.dtype)

    def sample(term, signs):
        direction = jnp.zeros_like(point).at[indices[term]].add(signs)
        found = directional_derivative(function, point, direction, order)
        return jnp.sign(coefficients[term]) * jnp.prod(signs) * found

    mean = jnp.mean(jax.vmap(sample)(terms, signs))
    return jnp.sum(sizes) * mean / math.factorial(order)
