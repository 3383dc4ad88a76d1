"""Polynomials on the unit square: Legendre series, their combinations that vanish at
the ends, and weighted inner products of products of them.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np
from numpy.polynomial import legendre

Orders = tuple[int, int]


def free(count: int) -> np.ndarray:
    """All polynomials: the unit matrix, one column for each Legendre polynomial."""
    return np.eye(count)


def pinned(count: int) -> np.ndarray:
    """Legendre coefficients, one column for each function with value zero at the ends.

    L_k - L_(k+2).
    """
    k = np.arange(count)
    found = np.zeros((count + 2, count))
    found[k, k], found[k + 2, k] = 1.0, -1.0
    return found


def clamped(count: int) -> np.ndarray:
    """The same, with the first derivative zero too.

    L_k - 2 (2k + 5) / (2k + 7) L_(k+2) + (2k + 3) / (2k + 7) L_(k+4), from

    ```bibtex
    @article{shen1994efficient,
      title = {Efficient Spectral-{Galerkin} Method {I}. Direct Solvers of Second- and
               Fourth-Order Equations Using {Legendre} Polynomials},
      author = {Shen, Jie},
      journal = {SIAM Journal on Scientific Computing},
      volume = {15},
      pages = {1489--1505},
      year = {1994},
    }
    ```
    """
    k = np.arange(count)
    found = np.zeros((count + 4, count))
    found[k, k] = 1.0
    found[k + 2, k] = -2.0 * (2 * k + 5) / (2 * k + 7)
    found[k + 4, k] = (2 * k + 3) / (2 * k + 7)
    return found


@final
@dataclass(frozen=True, eq=False)
class Square:
    """Functions Σ c_jk φ_j(x) φ_k(y) on [0, 1]^2.

    **Attributes:**

    - `basis`: Legendre coefficients of φ, shape `(degrees, functions)`.
    - `nodes`: number of Gauss points along each side.
    """

    basis: np.ndarray
    nodes: int

    @property
    def size(self) -> int:
        return self.basis.shape[1]

    @cached_property
    def points(self) -> np.ndarray:
        return (legendre.leggauss(self.nodes)[0] + 1.0) / 2.0

    @cached_property
    def weights(self) -> np.ndarray:
        """Of the quadrature on the square, shape `(nodes, nodes)`."""
        one = legendre.leggauss(self.nodes)[1] / 2.0
        return np.multiply.outer(one, one)

    def at(self, x: np.ndarray, order: int) -> np.ndarray:
        """The derivative of φ at points of [0, 1]: shape `(points, functions)`."""
        series = self.basis
        if order:
            series = legendre.legder(series, order, scl=2.0)
        return legendre.legvander(2.0 * x - 1.0, len(series) - 1) @ series

    @cached_property
    def _at_points(self) -> list[np.ndarray]:
        return [self.at(self.points, order) for order in range(4)]

    def evaluate(self, c: np.ndarray, orders: Orders, *axes: np.ndarray) -> np.ndarray:
        """A derivative of the function with coefficients `c`, at the quadrature's
        points if no axes are given.
        """
        if not axes:
            left, right = (self._at_points[order] for order in orders)
        else:
            left, right = (self.at(x, n) for x, n in zip(axes, orders, strict=True))
        return left @ c @ right.T

    def load(self, density: np.ndarray, orders: Orders) -> np.ndarray:
        """∫ density D^orders(φ_j φ_k), shape `(size, size)`."""
        left, right = (self._at_points[order] for order in orders)
        return left.T @ (self.weights * density) @ right

    def form(self, density: np.ndarray, rows: Orders, columns: Orders) -> np.ndarray:
        """∫ density D^rows(φ_j φ_k) D^columns(φ_l φ_m), a matrix of jk and lm."""
        n, d = self.size, self._at_points
        weighted = self.weights * density
        along = np.einsum("xj,xl->xjl", d[rows[0]], d[columns[0]]).reshape(-1, n * n)
        across = np.einsum("yk,ym->ykm", d[rows[1]], d[columns[1]]).reshape(-1, n * n)
        found = (along.T @ weighted @ across).reshape(n, n, n, n)
        return found.transpose(0, 2, 1, 3).reshape(n * n, n * n)
