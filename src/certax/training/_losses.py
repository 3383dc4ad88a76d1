"""The mean squared residual and its derivatives, summed over small chunks.

A thousand weights and a few thousand points make temporaries that leave the cache;
summing over chunks of about 500 points does the same work two to three times faster.
The chunks are dealt to a fixed number of streams, one thread each, and the partial sums
are added in a fixed order, so results do not depend on which thread finishes first.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ._batches import Batch, batch

Residual = Callable[[jax.Array, jax.Array], jax.Array]


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
    - `streams`: number of threads the chunks are dealt to. It fixes the order of
        summation, so it is part of the result and not read from the machine.
    """

    def __init__(
        self,
        residual: Residual,
        *,
        term_weights: tuple[float, ...] | None = None,
        streams: int = 2,
    ):
        if streams < 1:
            raise ValueError(f"streams must be at least 1, but is {streams}.")
        if term_weights is not None and not all(c > 0 for c in term_weights):
            raise ValueError(f"term_weights must be positive, but are {term_weights}.")
        self.streams = streams
        kernels = _Kernels(residual, term_weights)
        self._value = jax.jit(kernels.value)
        self._value_and_gradient = jax.jit(kernels.value_and_gradient)
        self._jacobian = jax.jit(kernels.jacobian)
        self._second_derivative = jax.jit(kernels.second_derivative)
        self._norms = jax.jit(kernels.norms)
        self._pool = ThreadPoolExecutor(max_workers=max(1, streams - 1))

    def value(self, weights: np.ndarray, data: Batch) -> float:
        """`L(w)`."""
        return float(_sum(self._deal(self._value, weights, data)))

    def value_and_gradient(
        self, weights: np.ndarray, data: Batch
    ) -> tuple[float, np.ndarray]:
        """`L(w)` and its gradient, of shape `(p,)`."""
        parts = self._deal(self._value_and_gradient, weights, data)
        return float(_sum([part[0] for part in parts])), _sum(
            [part[1] for part in parts]
        )

    def chunk_value_and_gradient(
        self, weights: np.ndarray, data: Batch, chunk: int
    ) -> tuple[float, np.ndarray]:
        """The mean over one chunk instead of all points, and its gradient."""
        value, gradient = _call(
            self._value_and_gradient, weights, *data, chunk, chunk + 1
        )
        share = data.quadrature[chunk].sum()
        return float(value / share), gradient / share

    def linearize(self, weights: np.ndarray, data: Batch) -> Linearization:
        """The Jacobian of `R` and its normal equations; padding rows are zero."""

        def block(weights, points, quadrature):
            values, rows = _call(self._jacobian, weights, points, quadrature)
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
            return _call(self._second_derivative, direction, *arguments).reshape(-1)

        return self._run(block, self._blocks(weights, data))

    def norms(self, weights: np.ndarray, points: np.ndarray) -> np.ndarray:
        """`sqrt(sum_k c_k r_k(x_i)^2)` at points of shape `(n, dimension)`."""
        data = batch(points, streams=self.streams)
        parts = self._run(
            lambda *arguments: _call(self._norms, *arguments).reshape(-1),
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
        return self._run(_call, calls)

    def _run(self, function: Callable, calls: list[tuple]) -> list:
        futures = [self._pool.submit(function, *call) for call in calls[1:]]
        return [function(*calls[0])] + [future.result() for future in futures]


class _Kernels:
    """The functions of one stream, to be compiled."""

    def __init__(self, residual: Residual, term_weights: tuple[float, ...] | None):
        self._residual = residual
        self._scales = None if term_weights is None else np.sqrt(term_weights)

    def scaled(self, weights, points):
        values = self._residual(weights, points)
        if values.ndim != 2 or values.shape[0] != points.shape[0]:
            raise ValueError(
                f"The residual at {points.shape[0]} points must have shape "
                f"({points.shape[0]}, terms), but has shape {values.shape}; for a "
                "single term return values[:, None]."
            )
        if values.dtype != jnp.float64:
            raise ValueError(
                f"The residual must be float64, but is {values.dtype}; look for a "
                "constant of lower precision in it."
            )
        if self._scales is None:
            return values
        if values.shape[1] != len(self._scales):
            raise ValueError(
                f"The residual has {values.shape[1]} terms, but {len(self._scales)} "
                "term_weights were given."
            )
        return values * self._scales

    def squares(self, weights, points, quadrature):
        values = self.scaled(weights, points)
        return jnp.sum(quadrature * jnp.sum(values**2, axis=1))

    def value(self, weights, points, quadrature, low, high):
        def body(i, total):
            return total + self.squares(weights, points[i], quadrature[i])

        return jax.lax.fori_loop(low, high, body, jnp.zeros(()))

    def value_and_gradient(self, weights, points, quadrature, low, high):
        both = jax.value_and_grad(self.squares)

        def body(i, total):
            value, gradient = both(weights, points[i], quadrature[i])
            return total[0] + value, total[1] + gradient

        zero = (jnp.zeros(()), jnp.zeros_like(weights))
        return jax.lax.fori_loop(low, high, body, zero)

    def jacobian(self, weights, points, quadrature):
        def of_chunk(chunk):
            points, quadrature = chunk
            # One copy of the weights for each point: the pull-back of ones is then the
            # Jacobian, and XLA writes it three times faster than per-point gradients.
            copies = jnp.broadcast_to(weights, (points.shape[0], weights.size))
            one = lambda weights, point: self.scaled(weights, point[None])[0]
            root = jnp.sqrt(quadrature)[:, None]
            rows = lambda copies: root * jax.vmap(one)(copies, points)
            values, pull = jax.vjp(rows, copies)
            blocks = [
                pull(jnp.zeros_like(values).at[:, k].set(1.0))[0]
                for k in range(values.shape[1])
            ]
            return values, jnp.stack(blocks, axis=1)

        return jax.lax.map(of_chunk, (points, quadrature))

    def second_derivative(self, direction, weights, points, quadrature):
        def of_chunk(chunk):
            points, quadrature = chunk

            def along(length):
                return self.scaled(weights + length * direction, points)

            first = lambda length: jax.jvp(along, (length,), (jnp.ones(()),))[1]
            second = jax.jvp(first, (jnp.zeros(()),), (jnp.ones(()),))[1]
            return jnp.sqrt(quadrature)[:, None] * second

        return jax.lax.map(of_chunk, (points, quadrature))

    def norms(self, weights, points):
        def of_chunk(points):
            return jnp.sqrt(jnp.sum(self.scaled(weights, points) ** 2, axis=1))

        return jax.lax.map(of_chunk, points)


def _sum(parts: list):
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _call(function: Callable, *arguments):
    # The 64-bit switch is local to a thread, so every thread sets it.
    with jax.enable_x64(True):
        return jax.tree.map(np.asarray, function(*arguments))
