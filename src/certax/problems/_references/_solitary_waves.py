"""Waves that steepen or keep their shape."""

import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference


def benjamin_bona_mahony() -> Reference:
    """u_t + u_x + 3 u^2 u_x = u_xxt on [-5, 5] x [0, 1], the data those of
    u = sqrt(2) sech((x - 2 t) / sqrt(2)).
    """
    root = math.sqrt(2)

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("benjamin-bona-mahony", axes, x=(-5.0, 5.0), t=(0.0, 1.0))
        x, t = axes
        return (root / np.cosh(np.subtract.outer(x, 2 * t) / root),)

    return Reference(
        name="benjamin-bona-mahony",
        method=(
            "Closed form; measured against Chebyshev collocation in space with the "
            "Runge-Kutta method DOP853 in time."
        ),
        accuracy=3e-12,
        evaluate=evaluate,
    )


def murnaghan_wave() -> Reference:
    r"""u_tt = (1 + a u_x) u_xx with a = -13, u(x, 0) = sin(x) / 50, periodic in x.

    On [0, 2 pi] x [0, 2]. With c(e) = sqrt(1 + a e) and C its integral from 0, the
    datum u_t = -C(u_x) makes a simple wave: the strain e is constant on the lines
    x = y + c(e) t, e = cos(y) / 50, and along them u grows by (e c(e) - C(e)) t.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("murnaghan-wave", axes, x=(0.0, 2 * math.pi), t=(0.0, 2.0))
        x, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        y = x - t
        for _ in range(8):  # Newton's method; the slope is at least a half
            strain = np.cos(y) / 50
            speed = np.sqrt(1 - 13 * strain)
            slope = 1 + t * 13 * np.sin(y) / (100 * speed)
            y = y - (y + speed * t - x) / slope
        strain = np.cos(y) / 50
        speed = np.sqrt(1 - 13 * strain)
        invariant = 2 * (1 - speed**3) / 39
        return (np.sin(y) / 50 + (strain * speed - invariant) * t,)

    return Reference(
        name="murnaghan-wave",
        method=(
            "Simple wave by its characteristics; measured against Fourier collocation "
            "in space with the Runge-Kutta method DOP853 in time."
        ),
        accuracy=1e-13,
        evaluate=evaluate,
    )
