"""Seepage by Darcy's law."""

import functools

import numpy as np

from ._axes import check_axes
from ._galerkin import Square, pinned
from ._reference import Reference
from ._sinpi import sinpi

_unit = (0.0, 1.0)


def darcy() -> Reference:
    """-div(a grad u) = 10 sin(pi x) sin(pi y) on [0, 1]^2, u = 0 on the boundary.

    a = exp(sin(2 pi x) sin(2 pi y)).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("darcy", axes, x=_unit, y=_unit)
        square, c = solved(36)
        return (square.evaluate(c, (0, 0), *axes),)

    return Reference(
        name="darcy",
        method=(
            "Legendre-Galerkin with 36 x 36 functions; measured against Chebyshev "
            "collocation, and by refinement."
        ),
        accuracy=1e-10,
        evaluate=evaluate,
    )


@functools.lru_cache(maxsize=4)
def solved(size: int) -> tuple[Square, np.ndarray]:
    square = Square(pinned(size), 2 * size)
    x = square.points
    permeability = np.exp(np.multiply.outer(sinpi(2 * x), sinpi(2 * x)))
    well = 10 * np.multiply.outer(sinpi(x), sinpi(x))
    matrix = square.form(permeability, (1, 0), (1, 0))
    matrix += square.form(permeability, (0, 1), (0, 1))
    load = square.load(well, (0, 0))
    return square, np.linalg.solve(matrix, load.ravel()).reshape(load.shape)
