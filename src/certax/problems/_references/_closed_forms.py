"""Problems whose solution is an elementary function."""

import functools
import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference
from ._sinpi import cospi, sinpi

_names = {1: "x", 2: "xy", 3: "xyz", 5: "vwxyz"}


def heat() -> Reference:
    """u_t = u_xx / 4, u(x, 0) = sin(pi x), u(0, t) = u(1, t) = 0 on [0, 1] x [0, 1].

    u(x, t) = exp(-pi^2 t / 4) sin(pi x).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("heat", axes, x=(0.0, 1.0), t=(0.0, 1.0))
        x, t = axes
        return (np.multiply.outer(sinpi(x), np.exp(-(np.pi**2) / 4 * t)),)

    return Reference(
        name="heat",
        method=(
            "Closed form; measured against a Legendre-Galerkin discretization in space "
            "whose system of ordinary differential equations is solved by its "
            "eigenvectors."
        ),
        accuracy=1e-14,
        evaluate=evaluate,
    )


def poisson(dimension: int) -> Reference:
    """-Laplace u = d pi^2 sin(pi x_1) ... sin(pi x_d) on [0, 1]^d, u = 0 on the walls.

    u(x) = sin(pi x_1) ... sin(pi x_d).

    **Raises:** `ValueError` if `dimension` is not 1, 2, 3 or 5.
    """
    if dimension not in _names:
        raise ValueError(
            "The reference for Poisson's equation is measured in dimensions 1, 2, 3 "
            f"and 5, but was asked for in dimension {dimension}."
        )
    name = f"poisson-{dimension}d"
    coordinates = _names[dimension]

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, **{c: (0.0, 1.0) for c in coordinates})
        return (functools.reduce(np.multiply.outer, map(sinpi, axes)),)

    return Reference(
        name=name,
        method=(
            "Closed form; measured against a Legendre-Galerkin solution of the "
            "equation, by diagonalization in every coordinate."
        ),
        accuracy=1e-14 if dimension <= 3 else 5e-13,
        evaluate=evaluate,
    )


def bratu() -> Reference:
    """-u'' = exp(u), u(0) = u(1) = 0 on [0, 1], the smaller of its two solutions.

    u(x) = 2 log(cosh(θ/4) / cosh((x - 1/2) θ/2)), θ = √2 cosh(θ/4).
    """
    theta = 0.0
    for _ in range(60):  # The smaller root attracts, by a factor of 0.14 a step.
        theta = math.sqrt(2.0) * math.cosh(theta / 4)

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("bratu", axes, x=(0.0, 1.0))
        (x,) = axes
        quotient = math.cosh(theta / 4) / np.cosh((x - 0.5) * theta / 2)
        return (2 * np.log(quotient),)

    return Reference(
        name="bratu",
        method=(
            "Closed form; measured against Chebyshev collocation with Newton's method."
        ),
        accuracy=1e-14,
        evaluate=evaluate,
    )


def advection() -> Reference:
    """u_t + u_x = 0, u(x, 0) = sin x, periodic in x, on [0, 2 pi] x [0, 10].

    u(x, t) = sin(x - t).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("advection", axes, x=(0.0, 2 * math.pi), t=(0.0, 10.0))
        x, t = axes
        return (np.sin(np.subtract.outer(x, t)),)

    return Reference(
        name="advection",
        method=(
            "Closed form; measured against Fourier collocation in space with the "
            "matrix exponential in time."
        ),
        accuracy=5e-14,
        evaluate=evaluate,
    )


def hamilton_jacobi() -> Reference:
    """u_t + u_x^2 / 2 = u_xx / 10, u(x, 0) = -log(2 + cos(pi x)) / 5, periodic in x, on
    [-1, 1] x [0, 1].

    u(x, t) = -log(2 + exp(-pi^2 t / 10) cos(pi x)) / 5, by the transformation of Cole
    and Hopf.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("hamilton-jacobi", axes, x=(-1.0, 1.0), t=(0.0, 1.0))
        x, t = axes
        wave = np.multiply.outer(cospi(x), np.exp(-(np.pi**2) / 10 * t))
        return (-np.log(2.0 + wave) / 5,)

    return Reference(
        name="hamilton-jacobi",
        method=(
            "Closed form; measured against Fourier collocation in space with the "
            "Runge-Kutta method DOP853 in time."
        ),
        accuracy=2e-15,
        evaluate=evaluate,
    )


def logistic() -> Reference:
    """u' = u (1 - u), u(0) = 1/10, for t in [0, 10].

    u(t) = 1 / (1 + 9 exp(-t)).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("logistic", axes, t=(0.0, 10.0))
        (t,) = axes
        return (1.0 / (1.0 + 9.0 * np.exp(-t)),)

    return Reference(
        name="logistic",
        method=(
            "Closed form; measured against the Runge-Kutta method DOP853 at a relative "
            "tolerance of 1e-13, with steps of at most 0.05."
        ),
        accuracy=2e-15,
        evaluate=evaluate,
    )
