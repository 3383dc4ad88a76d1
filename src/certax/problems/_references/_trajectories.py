"""Systems of ordinary differential equations without a closed form."""

import functools
import math
from collections.abc import Callable

import numpy as np

from ._axes import check_axes
from ._reference import Reference


def nine_mode_shear_flow() -> Reference:
    """The nine-mode model of shear flow at Reynolds number 400, t in [0, 20].

    With alpha = 1/2, beta = pi/2, gamma = 1, from the start of the zoo's file.
    """
    start = (1.0, 0.1, -0.1, 0.05, 0.02, 0.02, 0.05, 0.02, 0.0)
    return _reference("nine-mode-shear-flow", _shear_flow, start, 20.0, 0.05, 1e-14)


def catalysis() -> Reference:
    """c_A' = -2 (2 c_A - s_A), c_B' = -2 (c_B - s_B), s_A' = 2 c_A - s_A - 2 r,
    s_B' = c_B - s_B + r, r = s_A^2 - s_B / 2, from (1, 0, 0, 0), t in [0, 10].
    """

    def rate(_: float, u: np.ndarray) -> np.ndarray:
        ca, cb, sa, sb = u
        into_a, into_b, reaction = 2 * ca - sa, cb - sb, sa**2 - sb / 2
        return np.array(
            [-2 * into_a, -2 * into_b, into_a - 2 * reaction, into_b + reaction]
        )

    return _reference("catalysis", rate, (1.0, 0.0, 0.0, 0.0), 10.0, 0.02, 1e-14)


def _shear_flow(_: float, a: np.ndarray) -> np.ndarray:
    """The quadratic part conserves the sum of squares."""
    a1, a2, a3, a4, a5, a6, a7, a8, a9 = a
    alpha, beta, gamma, reynolds = 0.5, math.pi / 2, 1.0, 400.0
    p, q = math.hypot(alpha, gamma), math.hypot(beta, gamma)
    r = math.hypot(alpha, beta, gamma)
    six, three = math.sqrt(6), math.sqrt(1.5)
    square = np.array([alpha, beta, gamma]) ** 2
    decay = (
        np.array(
            [
                [0, 1, 0],
                [0, 4 / 3, 1],
                [0, 1, 1],
                [1, 4 / 3, 0],
                [1, 1, 0],
                [1, 4 / 3, 1],
                [1, 1, 1],
                [1, 1, 1],
                [0, 9, 0],
            ]
        )
        @ square
    )
    forcing = np.zeros(9)
    forcing[0] = square[1]
    aa, bb, cc = square
    mixed = alpha * beta * gamma
    lift, roll = three * beta * gamma / r, three * beta * gamma / q
    quadratic = [
        -lift * a6 * a8 + roll * a2 * a3,
        math.sqrt(50 / 27) * cc / p * a4 * a6
        - cc / (six * p) * a5 * a7
        - mixed / (six * p * r) * a5 * a8
        - roll * (a1 + a9) * a3,
        2 / six * mixed / (p * q) * (a4 * a7 + a5 * a6)
        + (bb * (3 * aa + cc) - 3 * cc * (aa + cc)) / (six * p * q * r) * a4 * a8,
        -alpha / six * (a1 + a9) * a5
        - 10 * aa / (3 * six * p) * a2 * a6
        - three * mixed / (p * q) * a3 * a7
        - three * aa * bb / (p * q * r) * a3 * a8,
        alpha / six * (a1 + a9) * a4
        + aa / (six * p) * a2 * a7
        - mixed / (six * p * r) * a2 * a8
        + 2 / six * mixed / (p * q) * a3 * a6,
        alpha / six * (a1 + a9) * a7
        + lift * (a1 + a9) * a8
        + 10 * (aa - cc) / (3 * six * p) * a2 * a4
        - math.sqrt(8 / 3) * mixed / (p * q) * a3 * a5,
        -alpha / six * (a1 + a9) * a6
        + (cc - aa) / (six * p) * a2 * a5
        + mixed / (six * p * q) * a3 * a4,
        2 / six * mixed / (p * r) * a2 * a5
        + cc * (3 * aa - bb + 3 * cc) / (six * p * q * r) * a3 * a4,
        roll * a2 * a3 - lift * a6 * a8,
    ]
    return (forcing - decay * a) / reynolds + np.array(quadratic)


def _reference(
    name: str,
    rate: Callable[[float, np.ndarray], np.ndarray],
    start: tuple[float, ...],
    end: float,
    step: float,
    accuracy: float,
) -> Reference:
    @functools.cache
    def interpolant():
        from scipy.integrate import solve_ivp

        found = solve_ivp(
            rate,
            (0.0, end),
            start,
            "DOP853",
            dense_output=True,
            rtol=1e-13,
            atol=1e-16,
            max_step=step,
        )
        return found.sol

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes(name, axes, t=(0.0, end))
        (t,) = axes
        if not t.size:
            return (np.empty(0),) * len(start)
        return tuple(interpolant()(t))

    return Reference(
        name=name,
        method=(
            "The Runge-Kutta method DOP853 at a relative tolerance of 1e-13 with steps "
            f"of at most {step}; measured against Chebyshev collocation."
        ),
        accuracy=accuracy,
        evaluate=evaluate,
    )
