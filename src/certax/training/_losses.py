"""The mean squared residual and its derivatives, summed over small chunks.

The chunks are dealt to a fixed number of streams, one thread each, and the partial sums
are added in a fixed order, so results do not depend on which thread finishes first.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import jax
import numpy as np

from certax._core import CertaxError

from . import _terms
from ._batches import Batch, batch
from ._terms import Parameterization as Parameterization, Residual as Residual, Terms


class Linearization(NamedTuple):
    """`R(w + s) = R + J s` to first order, where `L = |R|^2`.

    - `values`, `jacobians`: the entries of `R` and the rows of `J`, one block per
        stream.
    """

    values: list[np.ndarray]
    jacobians: list[np.ndarray]

    def pull(self, blocks: list[np.ndarray]) -> np.ndarray:
        """`J^T v` for a vector `v` in blocks."""
        pairs = zip(self.jacobians, blocks, strict=True)
        return _sum([rows.T @ block for rows, block in pairs])

    @property
    def gradient(self) -> np.ndarray:
        """`J^T R`, half the gradient of `L`, shape `(p,)`."""
        return self.pull(self.values)


class ResidualLoss:
    """`L(w) = sum_i q_i sum_k b_k c_k r_k(w, x_i)^2` at points `x_i`, quadrature `q_i`,
    and balance `b_k`, one unless terms are balanced.

    Written `L = |R|^2`, where `R` has the entries `sqrt(q_i b_k c_k) r_k(w, x_i)`.

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
        self.terms = Terms(residual, term_weights, parameterization)
        self._pool = ThreadPoolExecutor(max_workers=max(1, streams - 1))

    def value(self, weights: np.ndarray, data: Batch) -> float:
        """`L(w)`."""
        return float(_sum(self._deal(_terms.value, weights, data)))

    def value_and_gradient(
        self, weights: np.ndarray, data: Batch
    ) -> tuple[float, np.ndarray]:
        """`L(w)` and its gradient, of shape `(p,)`."""
        parts = self._deal(_terms.value_and_gradient, weights, data)
        return float(_sum([part[0] for part in parts])), _sum(
            [part[1] for part in parts]
        )

    def chunk_value_and_gradient(
        self, weights: np.ndarray, data: Batch, chunk: int
    ) -> tuple[float, np.ndarray]:
        """The mean over one chunk instead of all points, and its gradient."""
        value, gradient = self._call(
            _terms.value_and_gradient, weights, *data, chunk, chunk + 1
        )
        share = data.quadrature[chunk].sum()
        return float(value / share), gradient / share

    def linearize(
        self, weights: np.ndarray, data: Batch
    ) -> tuple[Linearization, np.ndarray]:
        """The Jacobian of `R`, and `J^T J` of shape `(p, p)`; padding rows are zero."""

        def block(*arguments):
            values, rows = self._rows(*arguments)
            return values, rows, rows.T @ rows

        values, jacobians, normals = zip(
            *self._run(block, self._blocks(weights, data)), strict=True
        )
        return Linearization([*values], [*jacobians]), _sum([*normals])

    def jacobian(self, weights: np.ndarray, data: Batch) -> Linearization:
        """The Jacobian of `R` alone."""
        parts = self._run(self._rows, self._blocks(weights, data))
        return Linearization([part[0] for part in parts], [part[1] for part in parts])

    def _rows(self, *arguments) -> tuple[np.ndarray, np.ndarray]:
        values, rows = self._call(_terms.jacobian, *arguments)
        return values.reshape(-1), rows.reshape(-1, rows.shape[-1])

    def squared_jacobian(self, weights: np.ndarray, data: Batch) -> np.ndarray:
        """Sums over the points of the squares of `J`, of shape `(terms, p)`.

        Summed over the terms this is the diagonal of `J^T J`, summed over the weights
        the trace of each term's neural tangent kernel.
        """
        return _sum(self._deal(_terms.squared_jacobian, weights, data))

    def normal_product(
        self, direction: np.ndarray, weights: np.ndarray, data: Batch
    ) -> np.ndarray:
        """`J^T J direction` without any matrix."""
        calls = [
            (_terms.normal_product, direction, weights, *data, *limits)
            for limits in self._ranges(data)
        ]
        return _sum(self._run(self._call, calls))

    def pull(
        self, blocks: list[np.ndarray], weights: np.ndarray, data: Batch
    ) -> np.ndarray:
        """`J^T v` without any matrix, for `v` in the blocks of `linearize`."""
        calls = [
            (_terms.pulled, block, *rest)
            for block, rest in zip(blocks, self._blocks(weights, data), strict=True)
        ]
        return _sum(self._run(self._call, calls))

    def second_derivative(
        self, weights: np.ndarray, direction: np.ndarray, data: Batch
    ) -> list[np.ndarray]:
        """`d^2/da^2 R(w + a direction)` at `a = 0`, in the blocks of `linearize`."""

        def block(*arguments):
            return self._call(_terms.second_derivative, direction, *arguments).reshape(
                -1
            )

        return self._run(block, self._blocks(weights, data))

    def hessian(self, weights: np.ndarray, data: Batch) -> np.ndarray:
        """The Hessian of `L`, of shape `(p, p)`."""
        return _sum(self._deal(_terms.hessian, weights, data))

    def term_values(self, weights: np.ndarray, data: Batch) -> np.ndarray:
        """The mean square of each term, shape `(terms,)`, before balancing."""
        return _sum(self._deal(_terms.term_values, weights, data))

    def term_gradients(self, weights: np.ndarray, data: Batch) -> np.ndarray:
        """The gradients of `term_values`, shape `(terms, p)`."""
        return _sum(self._deal(_terms.term_gradients, weights, data))

    def number_of_terms(self, weights: np.ndarray, dimension: int) -> int:
        """How many terms the residual has; nothing is computed."""
        with jax.enable_x64(True):
            return self.terms.number(
                jax.ShapeDtypeStruct(weights.shape, np.float64),
                np.empty((1, 1, dimension)),
            )

    def norms(self, weights: np.ndarray, points: np.ndarray) -> np.ndarray:
        """`sqrt(sum_k c_k r_k(x_i)^2)` at points of shape `(n, dimension)`."""
        data = batch(points, streams=self.streams)
        parts = self._run(
            lambda *arguments: self._call(_terms.norms, *arguments).reshape(-1),
            [block[:2] for block in self._blocks(weights, data)],
        )
        return np.concatenate(parts)[: len(points)]

    def _ranges(self, data: Batch) -> list[tuple[int, int]]:
        bounds = np.linspace(0, data.chunks, self.streams + 1).round().astype(int)
        pairs = zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True)
        return [(low, high) for low, high in pairs if low < high]

    def _blocks(self, weights: np.ndarray, data: Batch) -> list[tuple]:
        return [
            (weights, data.points[low:high], data.quadrature[low:high], data.balance)
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
            return jax.tree.map(np.asarray, function(self.terms, *arguments))


def _sum(parts: list):
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
