"""The flow in a square cavity under a lid, by Newton's method."""

import functools
import math

import numpy as np

from ._axes import check_axes
from ._galerkin import Square, clamped, free
from ._reference import Reference

_unit = (0.0, 1.0)
# Newton's method goes from one Reynolds number to the next with few functions, which
# are among those of the last steps.
_ratio, _few = 2.0, 24


def cavity() -> Reference:
    """The steady Navier-Stokes equations on [0, 1]^2 at Reynolds number 100.

    The stream function is a polynomial that meets all data exactly, so the velocity has
    no divergence; the vorticity equation holds in the sense of Galerkin. The pressure's
    gradient is projected. Its mean is zero.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("cavity", axes, x=_unit, y=_unit)
        return cavity_flow(100.0, 40, *axes)

    return Reference(
        name="cavity",
        method=(
            "Legendre-Galerkin for the stream function with 40 x 40 functions and "
            "Newton's method, the pressure up to a constant; measured by refinement "
            "and against Chebyshev collocation of velocity and pressure."
        ),
        accuracy=2e-5,
        evaluate=evaluate,
    )


def cavity_flow(
    reynolds: float, size: int, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Velocity and pressure on a tensor grid."""
    streams, c, pressures, p = _solved(reynolds, size)
    found = _stream(streams, c, (0, 1), x, y), -_stream(streams, c, (1, 0), x, y)
    return *found, pressures.evaluate(p, (0, 0), x, y)


def _lid(x: np.ndarray, order: int) -> np.ndarray:
    """16 x^2 (1 - x)^2 and its derivatives."""
    polynomial = np.polynomial.Polynomial([0.0, 0.0, 16.0, -32.0, 16.0])
    return polynomial.deriv(order)(x) if order else polynomial(x)


def _lift(y: np.ndarray, order: int) -> np.ndarray:
    """y^3 - y^2: zero with its slope at 0, and zero with the slope one at 1."""
    polynomial = np.polynomial.Polynomial([0.0, 0.0, -1.0, 1.0])
    return polynomial.deriv(order)(y) if order else polynomial(y)


def _stream(
    square: Square, c: np.ndarray, orders: tuple[int, int], *axes: np.ndarray
) -> np.ndarray:
    """A derivative of the stream function, the lid's part included."""
    x, y = axes or (square.points, square.points)
    lifted = np.multiply.outer(_lid(x, orders[0]), _lift(y, orders[1]))
    return lifted + square.evaluate(c, orders, *axes)


@functools.lru_cache(maxsize=4)
def _solved(
    reynolds: float, size: int
) -> tuple[Square, np.ndarray, Square, np.ndarray]:
    few = min(size, _few)
    start, reached = np.zeros((few, few)), min(reynolds, 100.0)
    while True:
        start = _newton(_square(few), reached, start)
        if reached == reynolds:
            break
        reached = min(reynolds, _ratio * reached)
    square = _square(size)
    c = _newton(square, reynolds, np.pad(start, (0, size - few)))
    pressures = Square(free(size + 4), square.nodes)
    return square, c, pressures, _pressure(pressures, square, c, reynolds)


def _square(size: int) -> Square:
    return Square(clamped(size), math.ceil(1.5 * (size + 4)))


def _newton(square: Square, reynolds: float, c: np.ndarray) -> np.ndarray:
    """Solves ∫ Δψ (Δφ / Re + ψ_y φ_x - ψ_x φ_y) = 0 for all φ."""
    nu, one = 1.0 / reynolds, np.ones_like(square.weights)
    second = (2, 0), (0, 2)
    viscous = sum(nu * square.form(one, a, b) for a in second for b in second)
    for _ in range(30):
        at = functools.partial(_stream, square, c)
        bend, along, across = at((2, 0)) + at((0, 2)), at((0, 1)), -at((1, 0))
        wrong = sum(nu * square.load(bend, a) for a in second)
        wrong += square.load(bend * along, (1, 0)) + square.load(bend * across, (0, 1))
        turned = square.form(bend, (1, 0), (0, 1))
        slope = viscous + turned - turned.T
        for b in second:
            slope += square.form(along, (1, 0), b) + square.form(across, (0, 1), b)
        step = np.linalg.solve(slope, wrong.ravel()).reshape(c.shape)
        c = c - step
        if np.abs(step).max() <= 1e-12:
            return c
    raise ArithmeticError(f"Newton's method does not converge at Re = {reynolds}.")


def _pressure(
    pressures: Square, square: Square, c: np.ndarray, reynolds: float
) -> np.ndarray:
    """The polynomial whose gradient is nearest to Δu / Re - (u . grad) u."""
    at = functools.partial(_stream, square, c)
    u, v = at((0, 1)), -at((1, 0))
    force = (
        (at((2, 1)) + at((0, 3))) / reynolds - u * at((1, 1)) - v * at((0, 2)),
        -(at((3, 0)) + at((1, 2))) / reynolds + u * at((2, 0)) + v * at((1, 1)),
    )
    load = pressures.load(force[0], (1, 0)) + pressures.load(force[1], (0, 1))
    # The quadrature's matrices in one coordinate; the constant is left out.
    root = np.sqrt(np.sqrt(np.diag(square.weights)))[:, None]
    mass, stiff = (
        (m * root**2).T @ m for m in (pressures.at(pressures.points, n) for n in (0, 1))
    )
    scale = 1.0 / np.sqrt(np.diag(mass))
    values, modes = np.linalg.eigh(stiff * np.multiply.outer(scale, scale))
    modes = scale[:, None] * modes
    spectrum = np.add.outer(values, values)
    spectrum[0, 0] = math.inf
    return modes @ (modes.T @ load @ modes / spectrum) @ modes.T
