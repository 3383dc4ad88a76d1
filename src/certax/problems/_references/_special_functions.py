"""Ordinary differential equations solved by special functions and by algebra."""

import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference

_collocation = "measured against Chebyshev collocation of the equation."
_runge_kutta = (
    "measured against the Runge-Kutta method DOP853 at a relative tolerance of 1e-13."
)


def duffing() -> Reference:
    r"""x' = y, y' = x - x^3, x(0) = 6/5, y(0) = 0, t in [0, 10].

    x(t) = A dn(A t / sqrt(2), m) with A = 6/5 and m = 2 (A^2 - 1) / A^2.
    """
    amplitude = 1.2
    frequency = amplitude / math.sqrt(2)
    m = 2 * (1.44 - 1) / 1.44

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        from scipy.special import ellipj

        check_axes("duffing", axes, t=(0.0, 10.0))
        sn, cn, dn, _ = ellipj(frequency * axes[0], m)
        return amplitude * dn, -amplitude * frequency * m * sn * cn

    return Reference(
        name="duffing",
        method=f"Closed form in Jacobi's elliptic functions; {_runge_kutta}",
        accuracy=5e-13,
        evaluate=evaluate,
    )


def legendre() -> Reference:
    """(1 - x^2) u'' - 2 x u' + 20 u = 0, u(-1) = u(1) = 1.

    u(x) = (35 x^4 - 30 x^2 + 3) / 8.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("legendre", axes, x=(-1.0, 1.0))
        square = axes[0] ** 2
        return ((3 + square * (35 * square - 30)) / 8,)

    return Reference(
        name="legendre",
        method=f"The Legendre polynomial of degree four; {_collocation}",
        accuracy=2e-15,
        evaluate=evaluate,
    )


def hypergeometric() -> Reference:
    """z (1 - z) w'' + (2 - 3 z) w' - w = 0, w(0) = 1, w'(0) = 1/2, on [0, 1/2].

    w(z) = -log(1 - z) / z.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("hypergeometric", axes, z=(0.0, 0.5))
        (z,) = axes
        away = np.where(z > 0, z, 1e-300)
        return (np.where(z > 0, -np.log1p(-away) / away, 1.0),)

    return Reference(
        name="hypergeometric",
        method=f"Closed form; {_collocation}",
        accuracy=5e-14,
        evaluate=evaluate,
    )


def michel_accretion() -> Reference:
    """r u' (r - 2 - 2 r u^2) + u (2 r - 7 + 2 r u^2) = 0 through r = 3, u^2 = 1/6.

    On [2, 10]. With D = 1 - 2/r + u^2 the invariants of the flow give D^3 = u^2 r^4 /
    108, a cubic for D. Two of its roots meet at the sonic point, where the inflow goes
    from one to the other: D = r^2 / 9 cos((pi + b) / 3) with
    sin(b / 2) = (r - 3) sqrt((r + 6) / (2 r^3)).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("michel-accretion", axes, r=(2.0, 10.0))
        (r,) = axes
        turn = 2 * np.arcsin((r - 3) * np.sqrt((r + 6) / (2 * r**3)))
        cosine = np.cos((math.pi + turn) / 3)
        return (2 / math.sqrt(27) * r * cosine**1.5,)

    return Reference(
        name="michel-accretion",
        method=f"Root of a cubic from the invariants of the flow; {_collocation}",
        accuracy=2e-15,
        evaluate=evaluate,
    )


def mukhanov_sasaki() -> Reference:
    """v'' + (1 - 2 / tau^2) v = 0 on [-4 pi, -1/2] from the Bunch-Davies state.

    v(tau) = exp(-i tau) (1 - i / tau) / sqrt(2); the fields are its parts and
    those of its derivative.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("mukhanov-sasaki", axes, tau=(-4 * math.pi, -0.5))
        (tau,) = axes
        wave = np.exp(-1j * tau) / math.sqrt(2)
        mode, slope = wave * (1 - 1j / tau), wave * (1j / tau**2 - 1 / tau - 1j)
        return mode.real, mode.imag, slope.real, slope.imag

    return Reference(
        name="mukhanov-sasaki",
        method=f"Closed form; {_runge_kutta}",
        accuracy=3e-12,
        evaluate=evaluate,
    )


def oscillatory_schrodinger() -> Reference:
    """u'' / 400 + x u = 0, u(1) = 1, u'(1) = 0, on [1, 2].

    u(x) = pi (Bi'(-s) Ai(-s x) - Ai'(-s) Bi(-s x)), s = 400^(1/3), and u'(x) / 20.
    """
    scale = 400 ** (1 / 3)

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        from scipy.special import airy

        check_axes("oscillatory-schrodinger", axes, x=(1.0, 2.0))
        _, ai_slope, _, bi_slope = airy(-scale)
        ai, ai_here, bi, bi_here = airy(-scale * axes[0])
        u = bi_slope * ai - ai_slope * bi
        slope = -scale * (bi_slope * ai_here - ai_slope * bi_here)
        return math.pi * u, math.pi * slope / 20

    return Reference(
        name="oscillatory-schrodinger",
        method=f"Airy functions; {_runge_kutta}",
        accuracy=3e-12,
        evaluate=evaluate,
    )


def two_color_soliton() -> Reference:
    """u'' - u + u v = 0, v'' - v + u^2 / 2 = 0 on [-6, 6].

    u = 3 / sqrt(2) sech(x / 2)^2 and v = 3/2 sech(x / 2)^2, whose values at the ends
    are the data.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("two-color-soliton", axes, x=(-6.0, 6.0))
        square = np.cosh(axes[0] / 2) ** -2
        return 3 / math.sqrt(2) * square, 1.5 * square

    return Reference(
        name="two-color-soliton",
        method=f"Closed form; {_collocation}",
        accuracy=3e-12,
        evaluate=evaluate,
    )


def vortex_sheet() -> Reference:
    """w' = 2 M - 4 M / (1 + M^2 - w), w(0) = 0, for Mach numbers M in [0, 2].

    w = 1 + M^2 - sqrt(1 + 4 M^2), here without cancellation.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("vortex-sheet", axes, mach=(0.0, 2.0))
        square = axes[0] ** 2
        return (square * (1 - 4 / (1 + np.sqrt(1 + 4 * square))),)

    return Reference(
        name="vortex-sheet",
        method=(
            "Root of the dispersion relation; measured against the Runge-Kutta method "
            "DOP853 at a relative tolerance of 1e-13, and in the jump conditions of "
            "the linearized Euler equations."
        ),
        accuracy=2e-14,
        evaluate=evaluate,
    )
