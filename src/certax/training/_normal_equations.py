"""Solving `(J^T J + mu I) v = right`: by Cholesky's method, or without a matrix."""

import abc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.sparse.linalg import LinearOperator, cg

from ._batches import Batch
from ._losses import Linearization, ResidualLoss
from ._memory import Size, matrix_bytes

Solve = Callable[[np.ndarray], np.ndarray]


class AbstractNormalEquations(abc.ABC):
    """The Gauss-Newton model `|R + J v|^2` at one place, for any damping.

    - `gradient`: `J^T R`, shape `(p,)`.
    - `mean_diagonal`: of `J^T J`.
    """

    gradient: np.ndarray
    mean_diagonal: float

    @abc.abstractmethod
    def solver(self, damping: float) -> Solve | None:
        """Solves with `J^T J + damping I`; `None` where rounding forbids it."""

    @abc.abstractmethod
    def product(self, direction: np.ndarray) -> np.ndarray:
        """`J^T J direction`."""

    @abc.abstractmethod
    def pull(self, blocks: list[np.ndarray]) -> np.ndarray:
        """`J^T v` for `v` in the blocks of `ResidualLoss.linearize`."""


class AbstractNormalSolver(abc.ABC):
    """A way to solve normal equations."""

    @abc.abstractmethod
    def at(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> AbstractNormalEquations:
        """The equations at these weights."""

    @abc.abstractmethod
    def memory(self, size: Size) -> int:
        """Bytes that it needs, about."""


@dataclass(frozen=True)
class Cholesky(AbstractNormalSolver):
    """The matrix itself, factorized: `n p^2 + p^3 / 3` operations."""

    def at(self, loss, weights, data):
        return _Dense(*loss.linearize(weights, data))

    def memory(self, size):
        square = (size.weights, size.weights)
        squares = [square] * (size.streams + 2)
        return matrix_bytes((size.rows, size.weights), *squares)


@dataclass(frozen=True)
class ConjugateGradients(AbstractNormalSolver):
    """Products `J^T (J v)` only, preconditioned by the diagonal.

    Memory grows with the weights and not with the points. A solve ends when the
    residual has fallen by `tolerance`, or after `max_iterations` products; the
    unfinished solution descends too.
    """

    tolerance: float = 1e-3
    max_iterations: int = 200

    def at(self, loss, weights, data):
        return _MatrixFree(self, loss, weights, data)

    def memory(self, size):
        chunks = [(size.chunk_rows, size.weights)] * (2 * size.streams)
        return matrix_bytes((20, size.weights), *chunks)


class _Dense(AbstractNormalEquations):
    def __init__(self, linear: Linearization, normal: np.ndarray):
        self.linear, self.normal = linear, normal
        self.gradient = linear.gradient
        self.mean_diagonal = float(np.trace(normal)) / len(normal)

    def solver(self, damping):
        return damped_solver(self.normal, damping)

    def product(self, direction):
        return self.normal @ direction

    def pull(self, blocks):
        return self.linear.pull(blocks)


class _MatrixFree(AbstractNormalEquations):
    def __init__(self, method: ConjugateGradients, loss, weights, data):
        self.method, self.loss, self.weights, self.data = method, loss, weights, data
        self.gradient = loss.value_and_gradient(weights, data)[1] / 2
        self.diagonal = loss.squared_jacobian(weights, data).sum(axis=0)
        self.mean_diagonal = float(self.diagonal.mean())

    def solver(self, damping):
        if not damping > 0:
            return None
        number = self.weights.size
        matrix = _Operator(number, lambda v: self.product(v) + damping * v)
        inverse = 1 / (self.diagonal + damping)
        preconditioner = _Operator(number, lambda v: inverse * v)

        def solve(right):
            return cg(
                matrix,
                right,
                rtol=self.method.tolerance,
                maxiter=self.method.max_iterations,
                M=preconditioner,
            )[0]

        return solve

    def product(self, direction):
        return self.loss.normal_product(direction.reshape(-1), self.weights, self.data)

    def pull(self, blocks):
        return self.loss.pull(blocks, self.weights, self.data)


class _Operator(LinearOperator):
    def __init__(self, number: int, apply: Solve):
        super().__init__(np.float64, (number, number))
        self.apply = apply

    def _matvec(self, x):
        return self.apply(x)


def damped_solver(normal: np.ndarray, damping: float) -> Solve | None:
    """Solves with a symmetric matrix plus `damping I`, if that is positive definite."""
    # The transpose of a symmetric matrix is itself, in the order LAPACK wants.
    damped = normal.T.copy(order="F")
    damped[np.diag_indices_from(damped)] += damping
    try:
        factor = linalg.cho_factor(
            damped, lower=True, overwrite_a=True, check_finite=False
        )
    except linalg.LinAlgError:
        return None
    return lambda right: linalg.cho_solve(factor, right, check_finite=False)
