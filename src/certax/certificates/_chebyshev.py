"""Tensor Chebyshev polynomials on a box: as matrices of values, and as a program."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.polynomial import chebyshev

from .._core import AbstractShape, Input, Program
from .._core._builder import Builder

MultiIndex = tuple[int, ...]


@dataclass(frozen=True)
class Polynomials:
    """Products over the axes of T_0, ..., T_degree in coordinates from −1 to 1, each
    times (x − lower)(upper − x) where they are to vanish on the walls.

    **Attributes:**

    - `domain`: the box.
    - `degree`: the highest degree in each coordinate.
    - `vanishing`: whether they vanish on all walls.
    """

    domain: AbstractShape
    degree: int
    vanishing: bool

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.degree + 1,) * self.domain.dimension

    def values(self, points: np.ndarray, orders: MultiIndex) -> np.ndarray:
        """A derivative of all polynomials, shape `(points, polynomials)`, at points of
        shape `(n, d)`.
        """
        lower, upper = self.domain.lower_floats, self.domain.upper_floats
        factors = []
        for i, order in enumerate(orders):
            half = 0.5 * (upper[i] - lower[i])
            unit = (points[:, i] - lower[i]) / half - 1.0
            wall = [half**2 / 2, 0.0, -(half**2) / 2] if self.vanishing else [1.0]
            columns = [
                chebyshev.chebval(
                    unit, chebyshev.chebder(chebyshev.chebmul(wall, unit_k), order)
                )
                / half**order
                for unit_k in np.eye(self.degree + 1)
            ]
            factors.append(np.stack(columns, axis=1))
        return reduce(_rowwise, factors)


def _rowwise(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a[:, :, None] * b[:, None, :]).reshape(len(a), -1)


def nodes(domain: AbstractShape, count: int) -> np.ndarray:
    """Products of `count` Chebyshev points, inside of the box, shape `(n, d)`."""
    line = 0.5 + 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / count)
    mesh = np.meshgrid(*[line] * domain.dimension, indexing="ij")
    return domain.physical(np.stack(mesh, -1).reshape(-1, domain.dimension))


def write_program(
    sums: Mapping[str, tuple[Polynomials, np.ndarray]], domain: AbstractShape
) -> tuple[Program, dict[str, np.ndarray]]:
    """The program of some sums of polynomials, and its weights.

    **Arguments:**

    - `sums`: for each output the polynomials and their coefficients.
    """
    builder = Builder()
    axes = [_axis(builder, domain, i) for i in range(domain.dimension)]
    weights: dict[str, np.ndarray] = {}
    outputs = {}
    for name, (polynomials, coefficients) in sums.items():
        table = coefficients.reshape(polynomials.shape)
        value = _sum(builder, axes, name, table, weights)
        if polynomials.vanishing:
            for axis in axes:
                value = builder.emit("mul", (axis.wall, value))
        outputs[name] = value
    return builder.build(outputs), weights


@dataclass(frozen=True)
class _Axis:
    unit: int
    wall: int


def _axis(builder: Builder, domain: AbstractShape, i: int) -> _Axis:
    """2 (x − lower) / (upper − lower) − 1, and (x − lower)(upper − x), both exact."""
    name, low, high = domain.names[i], domain.lower[i], domain.upper[i]

    def constant(what: str, value: str) -> int:
        return builder.input(Input(f"barrier.{what}.{name}", "constant", value=value))

    x = builder.input(Input(name, "coordinate"))
    lower, upper = constant("lower", low), constant("upper", high)
    scale = constant("scale", f"2/(({high})-({low}))")
    one = constant("one", "1")
    below, above = builder.emit("sub", (x, lower)), builder.emit("sub", (upper, x))
    unit = builder.emit("sub", (builder.emit("mul", (scale, below)), one))
    return _Axis(unit, builder.emit("mul", (below, above)))


def _sum(builder: Builder, axes, name: str, table: np.ndarray, weights) -> int:
    """Σ c_ij... T_i(x) T_j(y) ...: a matrix times the last axis' vector, and so on."""

    def weight(what: str, array: np.ndarray) -> int:
        key = f"{name}.{what}"
        weights[key] = np.ascontiguousarray(array, np.float64)
        return builder.input(Input(key, "weight", shape=array.shape))

    *others, last = [_powers(builder, axis.unit, table.shape[0]) for axis in axes]
    if not others:
        return builder.emit("dot", (weight("coefficients", table), last))
    rows = others[0]
    if len(others) > 1:
        # Every product of two entries, picked by matrices of zeros and ones.
        count = table.shape[0]
        pick, ones = np.eye(count), np.ones((count, 1))
        first = builder.emit("matvec", (weight("first", np.kron(pick, ones)), rows))
        second = builder.emit(
            "matvec", (weight("second", np.kron(ones, pick)), others[1])
        )
        rows = builder.emit("mul", (first, second))
    matrix = weight("coefficients", table.reshape(-1, table.shape[-1]))
    return builder.emit("dot", (rows, builder.emit("matvec", (matrix, last))))


def _powers(builder: Builder, unit: int, count: int) -> int:
    """T_0, ..., T_(count − 1) as a vector; doubling keeps rounding errors small."""
    one = builder.input(Input("barrier.unity", "constant", value="1"))
    two = builder.input(Input("barrier.two", "constant", value="2"))
    made = [one, unit]
    for k in range(2, count):
        product = builder.emit("mul", (made[k // 2], made[k - k // 2]))
        doubled = builder.emit("mul", (two, product))
        made.append(builder.emit("sub", (doubled, made[k % 2])))
    return builder.emit("stack", made[:count])
