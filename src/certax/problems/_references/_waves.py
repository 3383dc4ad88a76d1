"""Waves whose solution is an elementary function."""

import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference
from ._sinpi import cospi, sinpi


def wave() -> Reference:
    """u_tt = u_xx, u(x, 0) = sin(pi x), u_t(x, 0) = 0, u = 0 on the walls of [0, 1].

    u(x, t) = sin(pi x) cos(pi t), measured for t in [0, 10].
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("wave", axes, x=(0.0, 1.0), t=(0.0, 10.0))
        x, t = axes
        return (np.multiply.outer(sinpi(x), cospi(t)),)

    return Reference(
        name="wave",
        method=(
            "Closed form; measured against a Legendre-Galerkin discretization in space "
            "whose oscillators are solved one by one."
        ),
        accuracy=1e-13,
        evaluate=evaluate,
    )


def klein_gordon() -> Reference:
    """u_tt = u_xx - u, u(x, 0) = cos x, u_t(x, 0) = sqrt(2) sin x, periodic in x.

    u(x, t) = cos(x - sqrt(2) t), measured for x in [0, 2 pi] and t in [0, 10].
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("klein-gordon", axes, x=(0.0, 2 * math.pi), t=(0.0, 10.0))
        x, t = axes
        return (np.cos(np.subtract.outer(x, math.sqrt(2) * t)),)

    return Reference(
        name="klein-gordon",
        method=(
            "Closed form; measured against Fourier collocation in space with the "
            "matrix exponential of the first-order system in time."
        ),
        accuracy=1e-13,
        evaluate=evaluate,
    )


def schrodinger() -> Reference:
    """i w_t + w_xx / 2 = 0, w(x, 0) = (exp(ix) + exp(2ix)) / 2, periodic in x.

    w(x, t) = (exp(i (x - t / 2)) + exp(i (2 x - 2 t))) / 2; the fields are its parts.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("schrodinger", axes, x=(0.0, 2 * math.pi), t=(0.0, 10.0))
        x, t = axes
        slow, fast = np.subtract.outer(x, t / 2), np.subtract.outer(2 * x, 2 * t)
        return (np.cos(slow) + np.cos(fast)) / 2, (np.sin(slow) + np.sin(fast)) / 2

    return Reference(
        name="schrodinger",
        method=(
            "Closed form; measured against Fourier collocation in space with the "
            "matrix exponential in time."
        ),
        accuracy=2e-13,
        evaluate=evaluate,
    )


def nonlinear_schrodinger() -> Reference:
    """i w_t + w_xx / 2 + |w|^2 w = 0, w(x, 0) = exp(ix) / 2, periodic in x.

    w(x, t) = exp(i (x - t / 4)) / 2; the fields are its parts.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("nonlinear-schrodinger", axes, x=(0.0, 2 * math.pi), t=(0.0, 10.0))
        x, t = axes
        phase = np.subtract.outer(x, t / 4)
        return np.cos(phase) / 2, np.sin(phase) / 2

    return Reference(
        name="nonlinear-schrodinger",
        method=(
            "Closed form; measured against Fourier collocation in space with the "
            "Runge-Kutta method DOP853 at a relative tolerance of 1e-13 in time."
        ),
        accuracy=1e-14,
        evaluate=evaluate,
    )
