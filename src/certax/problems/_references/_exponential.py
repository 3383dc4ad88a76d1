"""Exponential Runge-Kutta steps for c' = L c + N(c, t) with L diagonal."""

import math
from collections.abc import Callable

import numpy as np

_TERMS = 17  # of the series for |z| <= 1: the first one left out is below 1/20!


def phi_functions(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""phi_1, phi_2, phi_3 at real z <= 0, to rounding.

    phi_k(z) = sum over n >= 0 of z^n / (n + k)!. The recurrence
    phi_{k+1}(z) = (phi_k(z) - 1/k!) / z cancels near zero, so the series is summed
    there and the recurrence run downwards.
    """
    near = np.where(z > -1.0, z, 0.0)
    near_3 = np.zeros_like(z)
    for n in reversed(range(_TERMS)):
        near_3 = near_3 * near + 1.0 / math.factorial(n + 3)
    near_2 = 0.5 + near * near_3
    near_1 = 1.0 + near * near_2
    far = np.where(z > -1.0, -1.0, z)
    far_1 = np.expm1(far) / far
    far_2 = (far_1 - 1.0) / far
    far_3 = (far_2 - 0.5) / far
    small = z > -1.0
    return (
        np.where(small, near_1, far_1),
        np.where(small, near_2, far_2),
        np.where(small, near_3, far_3),
    )


def exponential_step(
    linear: np.ndarray,
    nonlinear: Callable[[np.ndarray, float], np.ndarray],
    coefficients: np.ndarray,
    time: float,
    length: float,
) -> np.ndarray:
    """One step of ETDRK4: the linear part exact, the rest of classical order four.

    **Arguments:**

    - `linear`: the diagonal of L, real and at most zero, of shape `(n,)`.
    - `nonlinear`: N, taking coefficients and the time.
    - `coefficients`: c at `time`, of shape `(n,)`.
    - `time`: the beginning of the step.
    - `length`: of the step.

    **Returns:** c at `time + length`, of shape `(n,)`.

    ??? cite

        @article{cox2002exponential,
            title={Exponential time differencing for stiff systems},
            author={Cox, Steven M. and Matthews, Paul C.},
            journal={Journal of Computational Physics},
            volume={176},
            number={2},
            pages={430--455},
            year={2002},
        }
    """
    half = length / 2
    first, second, third = phi_functions(length * linear)
    decay = np.exp(length * linear)
    half_decay = np.exp(half * linear)
    half_first = half * phi_functions(half * linear)[0]

    start = nonlinear(coefficients, time)
    stage = half_decay * coefficients + half_first * start
    middle = nonlinear(stage, time + half)
    corrected = nonlinear(half_decay * coefficients + half_first * middle, time + half)
    end = nonlinear(
        half_decay * stage + half_first * (2.0 * corrected - start), time + length
    )
    return decay * coefficients + length * (
        (first - 3.0 * second + 4.0 * third) * start
        + (2.0 * second - 4.0 * third) * (middle + corrected)
        + (4.0 * third - second) * end
    )
