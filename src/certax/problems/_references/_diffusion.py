"""Diffusion, waves and steady states with solutions in closed form."""

import functools
import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference
from ._sinpi import cospi, sinpi

_lines = (
    "measured against Chebyshev collocation in space with the Runge-Kutta method "
    "DOP853 in time."
)
_coordinates = ("x", "y", "z", "w")
_heat = {2: 1e-12, 3: 2e-12, 4: 1e-10}  # the accuracy by dimension


def heat_in(dimension: int) -> Reference:
    """u_t = Laplace(u) / 4 on [0, 1]^d x [0, 1] from a product of sines, 0 on walls.

    u(x, t) = exp(-d pi^2 t / 4) sin(pi x_1) ... sin(pi x_d).
    """
    name = f"heat-{dimension}d"

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        walls = {c: (0.0, 1.0) for c in _coordinates[:dimension]}
        check_axes(name, axes, **walls, t=(0.0, 1.0))
        *space, t = axes
        decay = np.exp(-dimension * np.pi**2 / 4 * t)
        factors = [*map(sinpi, space), decay]
        return (functools.reduce(np.multiply.outer, factors),)

    return Reference(name, f"Closed form; {_lines}", _heat[dimension], evaluate)


def helmholtz() -> Reference:
    """Laplace(u) + u = (1 - 17 pi^2) sin(pi x) sin(4 pi y) on [-1, 1]^2, 0 on walls.

    u(x, y) = sin(pi x) sin(4 pi y).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("helmholtz", axes, x=(-1.0, 1.0), y=(-1.0, 1.0))
        x, y = axes
        return (np.multiply.outer(sinpi(x), sinpi(4 * y)),)

    method = "Closed form; measured against Chebyshev collocation."
    return Reference("helmholtz", method, 5e-14, evaluate)


def wave_two_modes() -> Reference:
    """u_tt = 4 u_xx, u(x, 0) = sin(pi x) + sin(4 pi x) / 2, u_t = 0, u = 0 on walls.

    u(x, t) = sin(pi x) cos(2 pi t) + sin(4 pi x) cos(8 pi t) / 2, t in [0, 1].
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("wave-two-modes", axes, x=(0.0, 1.0), t=(0.0, 1.0))
        x, t = axes
        slow = np.multiply.outer(sinpi(x), cospi(2 * t))
        return (slow + np.multiply.outer(sinpi(4 * x), cospi(8 * t)) / 2,)

    return Reference("wave-two-modes", f"Closed form; {_lines}", 1e-11, evaluate)


def advection_80() -> Reference:
    """u_t + 80 u_x = 0, u(x, 0) = sin x, periodic on [0, 2 pi]: u = sin(x - 80 t)."""

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("advection-80", axes, x=(0.0, 2 * math.pi), t=(0.0, 1.0))
        x, t = axes
        return (np.sin(np.subtract.outer(x, 80 * t)),)

    method = (
        "Closed form; measured against Fourier collocation in space with the "
        "Runge-Kutta method DOP853 in time."
    )
    return Reference("advection-80", method, 2e-11, evaluate)


def mixing_flow() -> Reference:
    """u_t - w y u_x + w x u_y = 0, w = tanh(r) / (0.385 r cosh(r)^2), r^2 = x^2 + y^2.

    On [1, 3] x [-1, 1] x [0, 2]: u = -tanh(y cos(w t) / 2 - x sin(w t) / 2).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("mixing-flow", axes, x=(1.0, 3.0), y=(-1.0, 1.0), t=(0.0, 2.0))
        x, y, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        r = np.hypot(x, y)
        angle = np.tanh(r) / (0.385 * r * np.cosh(r) ** 2) * t
        return (-np.tanh(y / 2 * np.cos(angle) - x / 2 * np.sin(angle)),)

    method = (
        "Closed form; measured against characteristics by the Runge-Kutta method "
        "DOP853."
    )
    return Reference("mixing-flow", method, 1e-13, evaluate)


def nonlinear_diffusion() -> Reference:
    """u_t = (|grad u|^2 + u Laplace(u)) / 20 on [-1, 1]^2 x [0, 1].

    u = 3 / sqrt(a) - (x^2 + y^2) / a with a = 1 + 2 t / 5.
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        square = (-1.0, 1.0)
        check_axes("nonlinear-diffusion", axes, x=square, y=square, t=(0.0, 1.0))
        x, y, t = np.meshgrid(*axes, indexing="ij", sparse=True)
        age = 1 + 2 * t / 5
        return (3 / np.sqrt(age) - (x**2 + y**2) / age,)

    return Reference("nonlinear-diffusion", f"Closed form; {_lines}", 1e-12, evaluate)


def black_scholes() -> Reference:
    """v_tau = 2/25 s^2 v_ss + (s v_s - v) / 20, a call of strike one, on [1/2, 2].

    v = s N(h) - exp(-tau / 20) N(h - 2/5 sqrt(tau)), where N is the distribution
    function of the normal distribution and h = (log(s) + 13/100 tau) / (2/5 sqrt(tau)).
    """

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        from scipy.special import ndtr

        check_axes("black-scholes", axes, s=(0.5, 2.0), tau=(0.25, 1.0))
        s, tau = np.meshgrid(*axes, indexing="ij", sparse=True)
        spread = 0.4 * np.sqrt(tau)
        high = (np.log(s) + 0.13 * tau) / spread
        return (s * ndtr(high) - np.exp(-tau / 20) * ndtr(high - spread),)

    method = (
        "Closed form; measured against Chebyshev collocation in space with the method "
        "LSODA in time."
    )
    return Reference("black-scholes", method, 3e-12, evaluate)
