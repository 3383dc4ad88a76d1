"""Slow flow past a cylinder in a channel, by analytic functions."""

import functools
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.polynomial import chebyshev

from ._axes import check_axes
from ._reference import Reference

_length, _height, _radius, _center = 2.2, 0.41, 0.05, 0.2 + 0.2j
_viscosity, _speed = 1e-3, 0.3
# A corner, the direction out of it, and its number of poles: those at the outlet are
# few, because what the cylinder does to the flow has decayed there.
_corners = (
    (0j, np.exp(-0.75j * np.pi), 24),
    (_height * 1j, np.exp(0.75j * np.pi), 24),
    (_length + 0j, np.exp(-0.25j * np.pi), 14),
    (_length + _height * 1j, np.exp(0.25j * np.pi), 14),
)


def stokes() -> Reference:
    """-nu Laplace(u, v) + grad p = 0 and u_x + v_y = 0 on [0, 2.2] x [0, 0.41] without
    the disk of radius 0.05 around (0.2, 0.2), nu = 1/1000.

    u = 1.2 y (0.41 - y) / 0.41^2, v = 0 at x = 0; u = v = 0 on the walls and the disk;
    nu u_x = p, v_x = 0 at x = 2.2. NaN inside the disk.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("stokes", axes, x=(0.0, _length), y=(0.0, _height))
        x, y = np.meshgrid(*axes, indexing="ij")
        z = x + 1j * y
        outside = np.abs(z - _center) >= _radius
        found = np.full((3, *z.shape), np.nan)
        found[:, outside] = fitted(70, 20, 180)(z[outside])
        return tuple(found)

    return Reference(
        name="stokes",
        method=(
            "Goursat's formula with Chebyshev series, powers of the distance to the "
            "cylinder's center and poles beyond the corners, fitted to the boundary "
            "data by least squares; measured on other points of the boundary and by "
            "refinement."
        ),
        accuracy=3e-7,
        evaluate=evaluate,
    )


@final
@dataclass(frozen=True, eq=False)
class Flow:
    """u - iv = conj(z) f' + g' - conj(f) and p = 4 Re f', times speed and viscosity.

    f and g' are Chebyshev series, negative powers of the distance to the cylinder's
    center, a logarithm of it, and poles beyond the corners, whose distances shrink
    exponentially as in

    ```bibtex
    @article{brubeck2022lightning,
      title = {Lightning {Stokes} Solver},
      author = {Brubeck, Pablo D. and Trefethen, Lloyd N.},
      journal = {SIAM Journal on Scientific Computing},
      volume = {44},
      pages = {A1205--A1226},
      year = {2022},
    }
    ```

    **Attributes:**

    - `degree`: of the series.
    - `powers`: how many negative powers there are.
    - `f`, `g`: the coefficients of f and of g'.
    - `force`: that of the logarithm in f; its conjugate is taken off g', so that the
        velocity has one value.
    - `pressure`: a constant, at viscosity and speed one.
    """

    degree: int
    powers: int
    f: np.ndarray
    g: np.ndarray
    force: complex
    pressure: float

    def __call__(self, z: np.ndarray) -> np.ndarray:
        """Velocity and pressure at points, shape `(3, points)`."""
        chunks = np.array_split(z, 1 + z.size // 4096)
        return np.concatenate([self._at(chunk) for chunk in chunks], axis=1)

    def _at(self, z: np.ndarray) -> np.ndarray:
        basis, away = _basis(z, self.degree, self.powers, 1), z - _center
        value, slope = basis @ self.f
        value = value + self.force * np.log(np.abs(away) / _radius)
        slope = slope + self.force / away
        other = np.conj(self.force) * np.log(np.abs(away) / _radius)
        flow = z.conj() * slope + basis[0] @ self.g - other - value.conj()
        stress = _viscosity * (4 * slope.real + self.pressure)
        return _speed * np.stack([flow.real, -flow.imag, stress])


@functools.cache
def fitted(degree: int, powers: int, count: int) -> Flow:
    """The flow whose boundary data are best in the sense of least squares."""
    inlet, outlet, wall = boundary(count, 0.5)
    still = np.concatenate([inlet, wall])
    velocity, pressure, change = _columns(
        np.concatenate([still, outlet]), degree, powers
    )
    inside, end = slice(0, still.size), slice(still.size, None)
    rows = [
        np.real(velocity[inside]),
        np.imag(velocity[inside]),
        # Of the size of a velocity.
        0.1 * (np.real(change[end]) - pressure[end]),
        0.1 * np.imag(change[end]),
    ]
    matrix = np.concatenate(rows)
    data = np.zeros(len(matrix))
    up = np.imag(inlet)
    data[: inlet.size] = 4 * up * (_height - up) / _height**2
    sizes = np.linalg.norm(matrix, axis=0)
    solved = np.linalg.lstsq(matrix / sizes, data, rcond=1e-15)[0] / sizes
    f, turned, g, twisted = solved[:-3].reshape(4, -1)
    force, level = complex(*solved[-3:-1]), float(solved[-1])
    return Flow(degree, powers, f + 1j * turned, g + 1j * twisted, force, level)


def boundary(count: int, shift: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of the inlet, of the outlet, and of the walls and the cylinder together,
    dense at the corners.
    """
    share = (np.arange(count) + shift) / count
    dense = (1 + np.tanh(7 * (2 * share - 1))) / 2
    long = (1 - np.cos(np.pi * (np.arange(2 * count) + shift) / (2 * count))) / 2
    side = _length * np.concatenate([dense, long])
    circle = _center + _radius * np.exp(2j * np.pi * share)
    wall = np.concatenate([side, side + _height * 1j, circle])
    return _height * 1j * dense, _length + _height * 1j * dense, wall


def _basis(z: np.ndarray, degree: int, powers: int, order: int) -> np.ndarray:
    """Chebyshev polynomials, powers and poles: `(order + 1, points, functions)`, of
    which the first index counts derivatives; at most two.
    """
    series, step = np.eye(degree + 1), 2 / _length
    known = chebyshev.chebvander(step * z - 1 - 0.5j * step * _height, degree)
    slopes = [
        known[:, : degree + 1 - n] @ chebyshev.chebder(series, n, scl=step)
        for n in range(1, order + 1)
    ]
    parts = [np.stack([known, *slopes])]
    k = np.arange(1, powers + 1)
    ratio = (_radius / (z - _center))[:, None]
    slope, bend = -k * ratio ** (k + 1), k * (k + 1) * ratio ** (k + 2)
    parts.append(np.stack([ratio**k, slope / _radius, bend / _radius**2]))
    for corner, outward, number in _corners:
        root = np.sqrt(np.arange(1, number + 1))
        away = _height * np.exp(2.0 * (root - np.sqrt(number)))
        pole = away / (z[:, None] - (corner + outward * away))
        parts.append(np.stack([pole, -(pole**2) / away, 2 * pole**3 / away**2]))
    return np.concatenate([part[: order + 1] for part in parts], axis=-1)


def _columns(
    z: np.ndarray, degree: int, powers: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What every coefficient gives: u - iv, p, and the derivative of u - iv in x."""
    basis = _basis(z, degree, powers, 2)
    mirrored, away = z.conj()[:, None], (z - _center)[:, None]
    none, parts = np.zeros(basis.shape[1:]), []
    for unit in (1, 1j):
        f, slope, bend = unit * basis
        along = mirrored * bend + slope - slope.conj()
        parts.append((mirrored * slope - f.conj(), 4 * slope.real, along))
    parts += [(unit * basis[0], none, unit * basis[1]) for unit in (1, 1j)]
    for unit in (1 + 0j, 1j):
        turn, slope = np.conj(unit), unit / away
        flow = mirrored * slope - 2 * turn * np.log(np.abs(away) / _radius)
        along = slope - mirrored * slope / away - 2 * turn * (1 / away).real
        parts.append((flow, 4 * slope.real, along))
    one = np.ones((z.size, 1))
    parts.append((0 * one, one, 0 * one))
    velocity, pressure, change = (
        np.concatenate(kind, axis=1) for kind in zip(*parts, strict=True)
    )
    return velocity, pressure, change
