"""A line search for the Wolfe conditions, by bracketing and cubic interpolation."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Trial(NamedTuple):
    """The loss, its gradient and its slope along the direction at one step length."""

    length: float
    value: float
    slope: float
    weights: np.ndarray
    gradient: np.ndarray


def wolfe_search(
    value_and_gradient: Callable[[np.ndarray], tuple[float, np.ndarray]],
    weights: np.ndarray,
    value: float,
    gradient: np.ndarray,
    direction: np.ndarray,
    *,
    length: float = 1.0,
    sufficient_decrease: float = 1e-4,
    curvature: float = 0.9,
    max_trials: int = 30,
) -> Trial | None:
    """A step length `a` with, for `f(a) = L(w + a p)`,

        f(a) <= f(0) + c1 a f'(0)   and   f'(a) >= c2 f'(0),

    the weak Wolfe conditions, which make the curvature `y^T s` positive. Near the limit
    of rounding the first may be replaced by the approximate condition of Hager and
    Zhang, `f(a) <= f(0) (1 + 1e-14)` and `f'(a) <= (2 c1 - 1) f'(0)`. A trial that is
    not finite counts as too long.

    Returns `None` when the direction does not descend or no such step was found in
    `max_trials` evaluations.

    ??? cite "Reference"

        ```bibtex
        @article{hager2005new,
            title={A new conjugate gradient method with guaranteed descent and an
                   efficient line search},
            author={Hager, William W. and Zhang, Hongchao},
            journal={SIAM Journal on Optimization},
            volume={16}, number={1}, pages={170--192}, year={2005}}
        ```
    """
    slope = float(gradient @ direction)
    if not (math.isfinite(slope) and slope < 0):
        return None
    low = Trial(0.0, value, slope, weights, gradient)
    high: Trial | None = None
    for _ in range(max_trials):
        trial_weights = weights + length * direction
        trial_value, trial_gradient = value_and_gradient(trial_weights)
        trial = Trial(
            length,
            trial_value,
            float(trial_gradient @ direction),
            trial_weights,
            trial_gradient,
        )
        finite = math.isfinite(trial.value) and math.isfinite(trial.slope)
        decreases = finite and (
            trial.value <= value + sufficient_decrease * length * slope
            or (
                trial.value <= value + 1e-14 * abs(value)
                and trial.slope <= (2 * sufficient_decrease - 1) * slope
            )
        )
        if not decreases:
            high = trial
        elif trial.slope < curvature * slope:
            low = trial
        else:
            return trial
        length = 4.0 * low.length if high is None else _between(low, high)
    return None


def _between(low: Trial, high: Trial) -> float:
    """The minimizer of the cubic through both ends, kept inside the bracket."""
    width = high.length - low.length
    minimum = math.nan
    if math.isfinite(high.value) and math.isfinite(high.slope):
        bend = low.slope + high.slope - 3 * (high.value - low.value) / width
        square = bend * bend - low.slope * high.slope
        if square >= 0:
            root = math.sqrt(square)
            denominator = high.slope - low.slope + 2 * root
            if denominator != 0:
                minimum = high.length - width * (high.slope + root - bend) / denominator
    if not math.isfinite(minimum):
        return low.length + 0.5 * width
    margin = 0.1 * width
    return min(max(minimum, low.length + margin), high.length - margin)
