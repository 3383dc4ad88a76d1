"""Exponential Runge-Kutta steps for c' = L c + N(c, t) with L diagonal."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

_TERMS = 17  # of the series for |z| <= 1: the first one left out is below 1/20!


def phi_functions(z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    r"""phi_1, phi_2, phi_3 at real or complex z whose real part is not large.

    phi_k(z) = sum over n >= 0 of z^n / (n + k)!. The recurrence
    phi_{k+1}(z) = (phi_k(z) - 1/k!) / z cancels near zero, so the series is summed
    there and the recurrence run downwards.
    """
    small = np.abs(z) < 1.0
    near = np.where(small, z, 0.0)
    near_3 = np.zeros_like(z)
    for n in reversed(range(_TERMS)):
        near_3 = near_3 * near + 1.0 / math.factorial(n + 3)
    near_2 = 0.5 + near * near_3
    near_1 = 1.0 + near * near_2
    far = np.where(small, -1.0, z)
    far_1 = np.expm1(far) / far
    far_2 = (far_1 - 1.0) / far
    far_3 = (far_2 - 0.5) / far
    return (
        np.where(small, near_1, far_1),
        np.where(small, near_2, far_2),
        np.where(small, near_3, far_3),
    )


@dataclass(frozen=True)
class StepWeights:
    """What a step of ETDRK4 needs to know of L and of its length."""

    length: float
    decay: np.ndarray
    half_decay: np.ndarray
    half_first: np.ndarray
    start: np.ndarray
    middle: np.ndarray
    end: np.ndarray

    @staticmethod
    def of(linear: np.ndarray, length: float) -> "StepWeights":
        half = length / 2
        first, second, third = phi_functions(length * linear)
        return StepWeights(
            length=length,
            decay=np.exp(length * linear),
            half_decay=np.exp(half * linear),
            half_first=half * phi_functions(half * linear)[0],
            start=first - 3.0 * second + 4.0 * third,
            middle=2.0 * second - 4.0 * third,
            end=4.0 * third - second,
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

    - `linear`: the diagonal of L, real or complex, of the shape of c.
    - `nonlinear`: N, taking coefficients and the time.
    - `coefficients`: c at `time`.
    - `time`: the beginning of the step.
    - `length`: of the step.

    **Returns:** c at `time + length`.

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
    return weighted_step(StepWeights.of(linear, length), nonlinear, coefficients, time)


def weighted_step(
    weights: StepWeights,
    nonlinear: Callable[[np.ndarray, float], np.ndarray],
    coefficients: np.ndarray,
    time: float,
) -> np.ndarray:
    """`exponential_step` with weights that many steps share."""
    length, half = weights.length, weights.length / 2
    start = nonlinear(coefficients, time)
    stage = weights.half_decay * coefficients + weights.half_first * start
    middle = nonlinear(stage, time + half)
    corrected = nonlinear(
        weights.half_decay * coefficients + weights.half_first * middle, time + half
    )
    end = nonlinear(
        weights.half_decay * stage + weights.half_first * (2.0 * corrected - start),
        time + length,
    )
    return weights.decay * coefficients + length * (
        weights.start * start
        + weights.middle * (middle + corrected)
        + weights.end * end
    )
