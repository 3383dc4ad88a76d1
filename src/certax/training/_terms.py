"""The residual's terms and what one stream computes of them, compiled.

Sums run over small chunks: a thousand weights and a few thousand points make
temporaries that leave the cache, and chunks of about 500 points do the same work two to
three times faster in constant memory. Ranges of chunks are arguments, so one
compilation serves all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from certax._core import CertaxError

Residual = Callable[[jax.Array, jax.Array], jax.Array]
Parameterization = Callable[[jax.Array], jax.Array]


@dataclass(frozen=True)
class Terms:
    """The residual's terms times `sqrt(c_k)`; static, so it is compiled once."""

    residual: Residual
    term_weights: tuple[float, ...] | None
    parameterization: Parameterization | None = None

    def stored(self, parameters):
        """The weights that the residual takes."""
        if self.parameterization is None:
            return parameters
        return self.parameterization(parameters)

    def __call__(self, parameters, points):
        return self.of_stored(self.stored(parameters), points)

    def of_stored(self, weights, points):
        values = self.residual(weights, points)
        if values.ndim != 2 or values.shape[0] != points.shape[0]:
            raise CertaxError(
                f"The residual at {points.shape[0]} points must have shape "
                f"({points.shape[0]}, terms), but has shape {values.shape}; for a "
                "single term return values[:, None]."
            )
        if values.dtype != jnp.float64:
            raise CertaxError(
                f"The residual must be float64, but is {values.dtype}; look for a "
                "constant of lower precision in it."
            )
        if self.term_weights is None:
            return values
        if values.shape[1] != len(self.term_weights):
            raise CertaxError(
                f"The residual has {values.shape[1]} terms, but "
                f"{len(self.term_weights)} term_weights were given."
            )
        return values * np.sqrt(self.term_weights)

    def rooted(self, weights, points, quadrature, balance):
        """The entries of `R` at the points of a chunk, shape `(size, terms)`."""
        root = jnp.sqrt(quadrature)[:, None] * jnp.sqrt(balance)
        return root * self(weights, points)

    def squares(self, weights, points, quadrature, balance):
        squares = balance * self(weights, points) ** 2
        return jnp.sum(quadrature * jnp.sum(squares, axis=1))

    def number(self, weights, points) -> int:
        """How many terms there are; `points` has shape `(chunks, size, dimension)`."""
        return jax.eval_shape(self, weights, points[0]).shape[1]


@jax.jit(static_argnums=0)
def value(terms: Terms, weights, points, quadrature, balance, low, high):
    def body(i, total):
        return total + terms.squares(weights, points[i], quadrature[i], balance)

    return jax.lax.fori_loop(low, high, body, jnp.zeros(()))


@jax.jit(static_argnums=0)
def value_and_gradient(terms: Terms, weights, points, quadrature, balance, low, high):
    def body(i, total):
        value, gradient = jax.value_and_grad(terms.squares)(
            weights, points[i], quadrature[i], balance
        )
        return total[0] + value, total[1] + gradient

    zero = (jnp.zeros(()), jnp.zeros_like(weights))
    return jax.lax.fori_loop(low, high, body, zero)


def differentiable_value(terms: Terms, points, quadrature, balance):
    """`w -> L(w)` over all chunks, to differentiate inside a compiled function."""

    def both(weights, points, quadrature, balance):
        number = points.shape[0]
        return value_and_gradient(
            terms, weights, points, quadrature, balance, 0, number
        )

    @jax.custom_vjp
    def of(weights, points, quadrature, balance):
        return both(weights, points, quadrature, balance)[0]

    def backward(gradient, change):
        return (change * gradient, None, None, None)

    of.defvjp(both, backward)
    return lambda weights: of(weights, points, quadrature, balance)


@jax.jit(static_argnums=0)
def jacobian(terms: Terms, parameters, points, quadrature, balance):
    weights = terms.stored(parameters)

    def of_chunk(chunk):
        points, quadrature = chunk
        return _chunk_jacobian(terms, weights, points, quadrature, balance)

    values, rows = jax.lax.map(of_chunk, (points, quadrature))
    return values, _chained(terms, parameters, rows)


def _chained(terms: Terms, parameters, rows):
    """Derivatives by the weights times those of the weights by the parameters."""
    if terms.parameterization is None:
        return rows
    return rows @ jax.jacfwd(terms.parameterization)(parameters)


def _chunk_jacobian(terms: Terms, weights, points, quadrature, balance):
    # One copy of the weights for each point: the pull-back of ones is then the
    # Jacobian, and XLA writes it three times faster than per-point gradients.
    copies = jnp.broadcast_to(weights, (points.shape[0], weights.size))
    one = lambda weights, point: terms.of_stored(weights, point[None])[0]
    root = jnp.sqrt(quadrature)[:, None] * jnp.sqrt(balance)
    values, pull = jax.vjp(lambda copies: root * jax.vmap(one)(copies, points), copies)
    blocks = [
        pull(jnp.zeros_like(values).at[:, k].set(1.0))[0]
        for k in range(values.shape[1])
    ]
    return values, jnp.stack(blocks, axis=1)


@jax.jit(static_argnums=0)
def squared_jacobian(terms: Terms, parameters, points, quadrature, balance, low, high):
    """Sums of the squares of `J` over the points: shape `(terms, p)`."""
    weights = terms.stored(parameters)

    def body(i, total):
        _, rows = _chunk_jacobian(terms, weights, points[i], quadrature[i], balance)
        return total + jnp.sum(_chained(terms, parameters, rows) ** 2, axis=0)

    number = terms.number(parameters, points)
    return jax.lax.fori_loop(low, high, body, jnp.zeros((number, parameters.size)))


@jax.jit(static_argnums=0)
def normal_product(
    terms: Terms, direction, weights, points, quadrature, balance, low, high
):
    """`J^T J direction`."""

    def body(i, total):
        rooted = lambda w: terms.rooted(w, points[i], quadrature[i], balance)
        _, change = jax.jvp(rooted, (weights,), (direction,))
        return total + jax.vjp(rooted, weights)[1](change)[0]

    return jax.lax.fori_loop(low, high, body, jnp.zeros_like(weights))


@jax.jit(static_argnums=0)
def pulled(terms: Terms, block, weights, points, quadrature, balance):
    """`J^T block` for the entries that belong to the points."""

    def body(total, chunk):
        block, points, quadrature = chunk
        rooted = lambda w: terms.rooted(w, points, quadrature, balance)
        return total + jax.vjp(rooted, weights)[1](block)[0], None

    block = block.reshape(*points.shape[:2], -1)
    zero = jnp.zeros_like(weights)
    return jax.lax.scan(body, zero, (block, points, quadrature))[0]


@jax.jit(static_argnums=0)
def second_derivative(terms: Terms, direction, weights, points, quadrature, balance):
    def of_chunk(chunk):
        along = lambda length: terms.rooted(weights + length * direction, *chunk)
        first = lambda length: jax.jvp(along, (length,), (jnp.ones(()),))[1]
        return jax.jvp(first, (jnp.zeros(()),), (jnp.ones(()),))[1]

    balances = jnp.broadcast_to(balance, (points.shape[0], *balance.shape))
    return jax.lax.map(of_chunk, (points, quadrature, balances))


@jax.jit(static_argnums=0)
def hessian(terms: Terms, weights, points, quadrature, balance, low, high):
    """The Hessian of `L`, shape `(p, p)`, 32 columns at a time."""

    def body(i, total):
        gradient = jax.grad(terms.squares)
        column = lambda direction: jax.jvp(
            lambda w: gradient(w, points[i], quadrature[i], balance),
            (weights,),
            (direction,),
        )[1]
        return total + jax.lax.map(column, eye, batch_size=32)

    eye = jnp.eye(weights.size)
    return jax.lax.fori_loop(low, high, body, jnp.zeros_like(eye))


@jax.jit(static_argnums=0)
def term_values(terms: Terms, weights, points, quadrature, balance, low, high):
    """The mean square of each term, shape `(terms,)`; `balance` is left out."""

    def body(i, total):
        return total + quadrature[i] @ terms(weights, points[i]) ** 2

    return jax.lax.fori_loop(low, high, body, jnp.zeros(terms.number(weights, points)))


@jax.jit(static_argnums=0)
def term_gradients(terms: Terms, weights, points, quadrature, balance, low, high):
    """The gradients of `term_values`, shape `(terms, p)`."""

    def body(i, total):
        values = lambda w: quadrature[i] @ terms(w, points[i]) ** 2
        return total + jax.jacrev(values)(weights)

    number = terms.number(weights, points)
    return jax.lax.fori_loop(low, high, body, jnp.zeros((number, weights.size)))


@jax.jit(static_argnums=0)
def norms(terms: Terms, weights, points):
    norm = lambda points: jnp.sqrt(jnp.sum(terms(weights, points) ** 2, axis=1))
    return jax.lax.map(norm, points)
