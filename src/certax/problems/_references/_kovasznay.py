"""Kovasznay's flow."""

import math

import numpy as np

from ._axes import check_axes
from ._reference import Reference
from ._sinpi import cospi, sinpi


def kovasznay() -> Reference:
    """The steady Navier-Stokes equations on [-1/2, 1] x [-1/2, 3/2] at Re = 40.

    u = 1 - exp(c x) cos(2 pi y), v = c / (2 pi) exp(c x) sin(2 pi y),
    p = -exp(2 c x) / 2 up to a constant, c = 20 - sqrt(400 + 4 pi^2).
    """
    rate = 20 - math.sqrt(400 + 4 * math.pi**2)

    def evaluate(*axes: np.ndarray) -> tuple[np.ndarray, ...]:
        check_axes("kovasznay", axes, x=(-0.5, 1.0), y=(-0.5, 1.5))
        x, y = axes
        decay = np.exp(rate * x)
        return (
            1 - np.multiply.outer(decay, cospi(2 * y)),
            rate / (2 * math.pi) * np.multiply.outer(decay, sinpi(2 * y)),
            np.multiply.outer(-(decay**2) / 2, np.ones_like(y)),
        )

    return Reference(
        name="kovasznay",
        method=(
            "Closed form, the pressure up to a constant; measured against Chebyshev "
            "collocation."
        ),
        accuracy=2e-13,
        evaluate=evaluate,
    )
