"""The Taylor-Green vortex."""

import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference

_circle = (0.0, 2 * math.pi)


def taylor_green() -> Reference:
    """The Navier-Stokes equations on [0, 2 pi]^2 x [0, 1] at viscosity 1/10.

    u = sin x cos y F, v = -cos x sin y F, p = (cos 2x + cos 2y) F^2 / 4,
    F = exp(-t / 5).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("taylor-green", axes, x=_circle, y=_circle, t=(0.0, 1.0))
        x, y, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        decay = np.exp(-t / 5)
        return (
            np.sin(x) * np.cos(y) * decay,
            -np.cos(x) * np.sin(y) * decay,
            (np.cos(2 * x) + np.cos(2 * y)) * decay**2 / 4,
        )

    return Reference(
        name="taylor-green",
        method=(
            "Closed form; measured against a Fourier solution of the vorticity "
            "equation with the Runge-Kutta method DOP853 in time."
        ),
        accuracy=1e-13,
        evaluate=evaluate,
    )


def taylor_green_stream() -> Reference:
    """Its stream function sin x sin y exp(-t / 5)."""

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("taylor-green-stream", axes, x=_circle, y=_circle, t=(0.0, 1.0))
        x, y, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        return (np.sin(x) * np.sin(y) * np.exp(-t / 5),)

    return Reference(
        name="taylor-green-stream",
        method=(
            "Closed form; measured against Fourier collocation in space with the "
            "Runge-Kutta method DOP853 in time."
        ),
        accuracy=1e-14,
        evaluate=evaluate,
    )
