"""Waves that steepen or keep their shape."""

import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference

_collocation = (
    "Closed form; measured against Chebyshev collocation in space and time at once."
)
_fourier = (
    "Closed form; measured against a Fourier series on an interval so wide that its "
    "ends do not matter, with ETDRK4 in time."
)


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


def kdv_one_soliton() -> Reference:
    """u_t + u_xxx + 6 u u_x = 0 on [0, 1] x [0, 1]: u = 2 sech(x - 4 t)^2."""

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("kdv-one-soliton", axes, x=(0.0, 1.0), t=(0.0, 1.0))
        x, t = axes
        return (2 / np.cosh(np.subtract.outer(x, 4 * t)) ** 2,)

    return Reference("kdv-one-soliton", _collocation, 2e-9, evaluate)


def kdv_two_solitons(
    name: str = "kdv-two-solitons", start: float = 0.0, end: float = 0.125
) -> Reference:
    """u_t + u_xxx + 6 u u_x = 0 with 6 sech(x)^2 at t = 0, on [-5, 5] x [0, 1/8], or as
    published on [-5, 5] x [-1, 1].

    u = 12 (3 + 4 cosh(2 x - 8 t) + cosh(4 x - 64 t)) / (3 cosh(x - 28 t) +
    cosh(3 x - 36 t))^2.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, x=(-5.0, 5.0), t=(start, end))
        x, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        top = 3 + 4 * np.cosh(2 * x - 8 * t) + np.cosh(4 * x - 64 * t)
        root = 3 * np.cosh(x - 28 * t) + np.cosh(3 * x - 36 * t)
        return (12 * top / root**2,)

    return Reference(name, _fourier, 2e-10, evaluate)


def kdv_three_solitons(
    name: str = "kdv-three-solitons", start: float = 0.0, end: float = 0.05
) -> Reference:
    """u_t + u_xxx + 6 u u_x = 0 with 12 sech(x)^2 at t = 0, on [-4, 4] x [0, 1/20], or
    as published on [-4, 4] x [-1/2, 1/2].

    u = 2 (log f)_xx, f = 10 cosh(72 t) + 15 cosh(2 x - 80 t) + 6 cosh(4 x - 136 t) +
    cosh(6 x - 144 t).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, x=(-4.0, 4.0), t=(start, end))
        x, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        phases = (2 * x - 80 * t, 4 * x - 136 * t, 6 * x - 144 * t)
        even, odd = [np.cosh(p) for p in phases], [np.sinh(p) for p in phases]
        f = 10 * np.cosh(72 * t) + 15 * even[0] + 6 * even[1] + even[2]
        slope = 30 * odd[0] + 24 * odd[1] + 6 * odd[2]
        bend = 60 * even[0] + 96 * even[1] + 36 * even[2]
        return (2 * (bend / f - (slope / f) ** 2),)

    return Reference(name, _fourier, 1e-9, evaluate)
