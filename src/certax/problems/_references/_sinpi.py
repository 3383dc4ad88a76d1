"""Sine and cosine of multiples of pi, without the rounding of pi x."""

import numpy as np


def sinpi(x: np.ndarray) -> np.ndarray:
    """sin(pi x), accurate relative to its size and exactly zero at the integers.

    The remainder x - round(x) is exact; the product pi x is not.
    """
    nearest = np.round(x)
    return _sign(nearest) * np.sin(np.pi * (x - nearest))


def cospi(x: np.ndarray) -> np.ndarray:
    """cos(pi x), exactly one in modulus at the integers."""
    nearest = np.round(x)
    return _sign(nearest) * np.cos(np.pi * (x - nearest))


def _sign(nearest: np.ndarray) -> np.ndarray:
    return 1.0 - 2.0 * np.mod(nearest, 2.0)
