"""Closed forms on disks and annuli, and the Poisson equation on an L-shape."""

import functools
import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference

_unit = {"x": (-1.0, 1.0), "y": (-1.0, 1.0)}


def poisson_disk() -> Reference:
    """-Laplace u = (3 + 4 x + x^2 + y^2) exp(x), u = 0 on the unit circle.

    u = (1 - x^2 - y^2) exp(x). NaN outside of the disk.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("poisson-disk", axes, **_unit)
        x, y = np.meshgrid(*axes, indexing="ij")
        square = x**2 + y**2
        return (np.where(square <= 1.0, (1.0 - square) * np.exp(x), np.nan),)

    return Reference(
        name="poisson-disk",
        method="Closed form; measured against Chebyshev differentiation.",
        accuracy=1e-15,
        evaluate=evaluate,
    )


def poisson_annulus() -> Reference:
    """-Laplace u = 4 between the circles of radius 1/2 and 1, u = 0 on both.

    u = 1 - r^2 + 3 log(r) / (4 log 2). NaN outside of the annulus.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("poisson-annulus", axes, **_unit)
        x, y = np.meshgrid(*axes, indexing="ij")
        radius = np.hypot(x, y)
        inside = (radius >= 0.5) & (radius <= 1.0)
        value = 1.0 - radius**2 + 0.75 * np.log(np.maximum(radius, 0.5)) / math.log(2.0)
        return (np.where(inside, value, np.nan),)

    return Reference(
        name="poisson-annulus",
        method="Closed form; measured against radial Chebyshev collocation.",
        accuracy=1e-15,
        evaluate=evaluate,
    )


def eikonal() -> Reference:
    """|grad u| = 1 between the circles of radius 1/2 and 1, u = 0 and u = 1/2 on them.

    u = r - 1/2. NaN outside of the annulus.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("eikonal", axes, **_unit)
        radius = np.hypot(*np.meshgrid(*axes, indexing="ij"))
        inside = (radius >= 0.5) & (radius <= 1.0)
        return (np.where(inside, radius - 0.5, np.nan),)

    return Reference(
        name="eikonal",
        method="Closed form; measured against Chebyshev differentiation.",
        accuracy=1e-15,
        evaluate=evaluate,
    )


def heat_disk() -> Reference:
    """u_t - Laplace u = (3 + x^2 + y^2) exp(-t) on the unit disk and [0, 1], u = 0 on
    the circle, u(x, y, 0) = 1 - x^2 - y^2.

    u = (1 - x^2 - y^2) exp(-t). NaN outside of the disk.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("heat-disk", axes, **_unit, t=(0.0, 1.0))
        x, y, t = np.meshgrid(*axes, indexing="ij")
        square = x**2 + y**2
        return (np.where(square <= 1.0, (1.0 - square) * np.exp(-t), np.nan),)

    return Reference(
        name="heat-disk",
        method="Closed form; measured against Chebyshev differentiation.",
        accuracy=1e-15,
        evaluate=evaluate,
    )


def poisson_l_shape() -> Reference:
    """-Laplace u = 1 on [-1, 1]^2 without [0, 1] x [-1, 0], u = 0 on the boundary.

    A particular solution plus harmonic functions, fitted to the boundary values by
    least squares. Among them are r^(2k/3) sin(2kθ/3) at the reentrant corner, whose
    first one leads, and r^2 (log r sin 2φ + φ cos 2φ) at the other corners, where the
    boundary values and the equation disagree. NaN outside of the domain.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("poisson-l-shape", axes, **_unit)
        x, y = np.meshgrid(*axes, indexing="ij")
        outside = (x > 0.0) & (y < 0.0)
        found = np.full(x.shape, np.nan)
        found[~outside] = l_shape_solution(x[~outside], y[~outside])
        return (found,)

    return Reference(
        name="poisson-l-shape",
        method=(
            "Singular and smooth harmonic functions fitted to the boundary values; the "
            "largest misfit there bounds the error, by the maximum principle, and is "
            "measured."
        ),
        accuracy=2e-12,
        evaluate=evaluate,
    )


_terms = 34
# The right-angled corners, and the direction of the edge with the region on its left.
_corners = (
    (1.0 + 1.0j, math.pi),
    (-1.0 + 1.0j, 1.5 * math.pi),
    (-1.0 - 1.0j, 0.0),
    (-1.0j, 0.5 * math.pi),
    (1.0 + 0.0j, 0.5 * math.pi),
)
_loop = (0.0j, 1.0 + 0.0j, 1.0 + 1.0j, -1.0 + 1.0j, -1.0 - 1.0j, -1.0j)


def l_shape_solution(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The values at points of the L-shape, arrays of one shape."""
    found = np.empty(x.size)
    for first in range(0, x.size, 8192):
        part = slice(first, first + 8192)
        here = x.ravel()[part], y.ravel()[part]
        found[part] = _particular(*here) + _harmonic(*here) @ _coefficients()
    return found.reshape(x.shape)


def l_shape_boundary(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points on all six edges, at the given shares of each."""
    ends = zip(_loop, _loop[1:] + _loop[:1], strict=True)
    points = np.concatenate([a + (b - a) * shares for a, b in ends])
    return points.real, points.imag


def corner_strength() -> float:
    """The factor of r^(2/3) sin(2θ/3), the stress intensity of the corner."""
    return float(_coefficients()[0]) / 2.0 ** (1.0 / 3.0)


def _polar(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Radius, and angle in [0, 3π/2], at the reentrant corner."""
    angle = np.arctan2(y, x) % (2.0 * math.pi)
    # Rounding below the edge θ = 0.
    angle = np.where(angle > 1.75 * math.pi, angle - 2.0 * math.pi, angle)
    return np.hypot(x, y), angle


def _corner_function(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """The imaginary part of z^2 log z."""
    logarithm = np.log(np.where(radius > 0.0, radius, 1.0))
    waves = logarithm * np.sin(2.0 * angle) + angle * np.cos(2.0 * angle)
    return radius**2 * waves


def _particular(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Solves the equation, and vanishes on both edges of the reentrant corner."""
    return -(y**2) / 2.0 - _corner_function(*_polar(x, y)) / (3.0 * math.pi)


def _harmonic(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Harmonic functions at points, shape `(n, functions)`."""
    radius, angle = _polar(x, y)
    columns = []
    for k in range(1, _terms + 1):
        power = 2.0 * k / 3.0
        columns.append((radius / math.sqrt(2.0)) ** power * np.sin(power * angle))
    for corner, turn in _corners:
        local = (x + 1j * y - corner) * np.exp(-1j * turn)
        columns.append(_corner_function(np.abs(local), np.angle(local)))
    for k in range(_terms + 1):
        power = ((x + 1j * y) / 1.5) ** k
        columns += [power.real, power.imag] if k else [power.real]
    return np.stack(columns, axis=-1)


@functools.cache
def _coefficients() -> np.ndarray:
    turns = 0.5 * (1.0 - np.cos(math.pi * (np.arange(150) + 0.5) / 150))
    near = 10.0 ** -np.linspace(1.0, 8.0, 37)
    at = l_shape_boundary(np.concatenate([turns, near, 1.0 - near]))
    matrix = _harmonic(*at)
    sizes = np.linalg.norm(matrix, axis=0)
    fitted = np.linalg.lstsq(matrix / sizes, -_particular(*at), rcond=1e-15)[0]
    return fitted / sizes
