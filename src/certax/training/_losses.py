"""The mean squared residual and its derivatives, summed over small chunks.

A thousand weights and a few thousand points make temporaries that leave the cache;
summing over chunks of about 500 points does the same work two to three times faster.
The chunks are dealt to a fixed number of streams, one thread each, and the partial sums
are added in a fixed order, so results do not depend on which thread finishes first.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from certax._core import CertaxError

from ._batches import Batch, batch

Residual = Callable[[jax.Array, jax.Array], jax.Array]
Parameterization = Callable[[jax.Array], jax.Array]


class Linearization(NamedTuple):
    """`R(w + s) = R + J s` to first order, where `L = |R|^2`.

    - `jacobians`: the rows of `J`, one block per stream.
    - `gradient`: `J^T R`, half the gradient of `L`, shape `(p,)`.
    - `normal`: `J^T J`, shape `(p, p)`.
    """

    jacobians: list[np.ndarray]
    gradient: np.ndarray
    normal: np.ndarray

    def pull(self, blocks: list[np.ndarray]) -> np.ndarray:
        """`J^T v` for a vector `v` in blocks."""
        pairs = zip(self.jacobians, blocks, strict=True)
        return _sum([rows.T @ block for rows, block in pairs])


class ResidualLoss:
    """`L(w) = sum_i q_i sum_k c_k r_k(w, x_i)^2` for points `x_i`, quadrature `q_i`.

    Written `L = |R|^2`, where `R` has the entries `sqrt(q_i c_k) r_k(w, x_i)`.

    **Arguments:**

    - `residual`: `(weights of shape (p,), points of shape (n, dimension))` to an array
        of shape `(n, terms)`; pure JAX, each row a function of its own point. Take
        `weights` apart with `ravel_pytree` or `jnp.split`: slices make the Jacobian
        several times slower.
    - `term_weights`: `c_k`, one positive number per term; ones by default.
    - `parameterization`: what is trained, if not the weights themselves: a pure JAX
        function from parameters of shape `(p,)` to the weights that `residual` takes.
        Its derivative is formed once a step, not once a point.
    - `streams`: number of threads the chunks are dealt to. It fixes the order of
        summation, so it is part of the result and not read from the machine.
    """

    def __init__(
        self,
        residual: Residual,
        *,
        term_weights: tuple[float, ...] | None = None,
        parameterization: Parameterization | None = None,
        streams: int = 2,
    ):
        if streams < 1:
            raise CertaxError(f"streams must be at least 1, but is {streams}.")
        if term_weights is not None and not all(c > 0 for c in term_weights):
            raise CertaxError(f"term_weights must be positive, but are {term_weights}.")
        self.streams = streams
        self._terms = _Terms(residual, term_weights, parameterization)
        self._pool = ThreadPoolExecutor(max_workers=max(1, streams - 1))

    def value(self, weights: np.ndarray, data: Batch) -> float:
        """`L(w)`."""
        return float(_sum(self._deal(_value, weights, data)))

    def value_and_gradient(
        self, weights: np.ndarray, data: Batch
    ) -> tuple[float, np.ndarray]:
        """`L(w)` and its gradient, of shape `(p,)`."""
        parts = self._deal(_value_and_gradient, weights, data)
        return float(_sum([part[0] for part in parts])), _sum(
            [part[1] for part in parts]
        )

    def chunk_value_and_gradient(
        self, weights: np.ndarray, data: Batch, chunk: int
    ) -> tuple[float, np.ndarray]:
        """The mean over one chunk instead of all points, and its gradient."""
        value, gradient = self._call(
            _value_and_gradient, weights, *data, chunk, chunk + 1
        )
        share = data.quadrature[chunk].sum()
        return float(value / share), gradient / share

    def linearize(self, weights: np.ndarray, data: Batch) -> Linearization:
        """The Jacobian of `R` and its normal equations; padding rows are zero."""

        def block(*arguments):
            values, rows = self._call(_jacobian, *arguments)
            rows = rows.reshape(-1, rows.shape[-1])
            return rows, rows.T @ values.reshape(-1), rows.T @ rows

        parts = self._run(block, self._blocks(weights, data))
        return Linearization(
            [part[0] for part in parts],
            _sum([part[1] for part in parts]),
            _sum([part[2] for part in parts]),
        )

    def second_derivative(
        self, weights: np.ndarray, direction: np.ndarray, data: Batch
    ) -> list[np.ndarray]:
        """`d^2/da^2 R(w + a direction)` at `a = 0`, in the blocks of `linearize`."""

        def block(*arguments):
            return self._call(_second_derivative, direction, *arguments).reshape(-1)

        return self._run(block, self._blocks(weights, data))

    def norms(self, weights: np.ndarray, points: np.ndarray) -> np.ndarray:
        """`sqrt(sum_k c_k r_k(x_i)^2)` at points of shape `(n, dimension)`."""
        data = batch(points, streams=self.streams)
        parts = self._run(
            lambda *arguments: self._call(_norms, *arguments).reshape(-1),
            [block[:2] for block in self._blocks(weights, data)],
        )
        return np.concatenate(parts)[: len(points)]

    def _ranges(self, data: Batch) -> list[tuple[int, int]]:
        bounds = np.linspace(0, data.chunks, self.streams + 1).round().astype(int)
        pairs = zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        return [(low, high) for low, high in pairs if low < high]

    def _blocks(self, weights: np.ndarray, data: Batch) -> list[tuple]:
        return [
            (weights, data.points[low:high], data.quadrature[low:high])
            for low, high in self._ranges(data)
        ]

    def _deal(self, function: Callable, weights: np.ndarray, data: Batch) -> list:
        # Whole arrays and ranges: one compilation serves every range.
        calls = [(function, weights, *data, *limits) for limits in self._ranges(data)]
        return self._run(self._call, calls)

    def _run(self, function: Callable, calls: list[tuple]) -> list:
        futures = [self._pool.submit(function, *call) for call in calls[1:]]
        return [function(*calls[0])] + [future.result() for future in futures]

    def _call(self, function: Callable, *arguments):
        # The 64-bit switch is local to a thread, so every thread sets it.
        with jax.enable_x64(True):
            return jax.tree.map(np.asarray, function(self._terms, *arguments))


@dataclass(frozen=True)
class _Terms:
    """The residual's terms times `sqrt(c_k)`; static, so it is compiled once."""

    residual: Residual
    term_weights: tuple[float, ...] | None
    parameterization: Parameterization | None

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

    def squares(self, weights, points, quadrature):
        return jnp.sum(quadrature * jnp.sum(self(weights, points) ** 2, axis=1))


# What one stream does, compiled. Ranges are arguments, so each serves all of them.


@jax.jit(static_argnums=0)
def _value(terms: _Terms, weights, points, quadrature, low, high):
    def body(i, total):
        return total + terms.squares(weights, points[i], quadrature[i])

    return jax.lax.fori_loop(low, high, body, jnp.zeros(()))


@jax.jit(static_argnums=0)
def _value_and_gradient(terms: _Terms, weights, points, quadrature, low, high):
    def body(i, total):
        value, gradient = jax.value_and_grad(terms.squares)(
            weights, points[i], quadrature[i]
        )
        return total[0] + value, total[1] + gradient

    zero = (jnp.zeros(()), jnp.zeros_like(weights))
    return jax.lax.fori_loop(low, high, body, zero)


@jax.jit(static_argnums=0)
def _jacobian(terms: _Terms, parameters, points, quadrature):
    weights = terms.stored(parameters)

    def of_chunk(chunk):
        points, quadrature = chunk
        # One copy of the weights for each point: the pull-back of ones is then the
        # Jacobian, and XLA writes it three times faster than per-point gradients.
        copies = jnp.broadcast_to(weights, (points.shape[0], weights.size))
        one = lambda weights, point: terms.of_stored(weights, point[None])[0]
        root = jnp.sqrt(quadrature)[:, None]
        values, pull = jax.vjp(
            lambda copies: root * jax.vmap(one)(copies, points), copies
        )
        blocks = [
            pull(jnp.zeros_like(values).at[:, k].set(1.0))[0]
            for k in range(values.shape[1])
        ]
        return values, jnp.stack(blocks, axis=1)

    values, rows = jax.lax.map(of_chunk, (points, quadrature))
    if terms.parameterization is not None:
        rows = rows @ jax.jacfwd(terms.parameterization)(parameters)
    return values, rows


@jax.jit(static_argnums=0)
def _second_derivative(terms: _Terms, direction, weights, points, quadrature):
    def of_chunk(chunk):
        points, quadrature = chunk
        along = lambda length: terms(weights + length * direction, points)
        first = lambda length: jax.jvp(along, (length,), (jnp.ones(()),))[1]
        second = jax.jvp(first, (jnp.zeros(()),), (jnp.ones(()),))[1]
        return jnp.sqrt(quadrature)[:, None] * second

    return jax.lax.map(of_chunk, (points, quadrature))


@jax.jit(static_argnums=0)
def _norms(terms: _Terms, weights, points):
    norm = lambda points: jnp.sqrt(jnp.sum(terms(weights, points) ** 2, axis=1))
    return jax.lax.map(norm, points)


def _sum(parts: list):
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
