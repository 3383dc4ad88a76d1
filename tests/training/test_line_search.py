"""Accepted steps satisfy the Wolfe conditions; the rest is refused."""

import numpy as np
from hypothesis import given, strategies as st

from certax.training._line_search import wolfe_search


def _search(function, slope, start=0.0, **keywords):
    weights = np.array([start])
    both = lambda w: (float(function(w[0])), np.array([float(slope(w[0]))]))
    value, gradient = both(weights)
    return wolfe_search(both, weights, value, gradient, -gradient, **keywords)


@given(
    start=st.floats(-10, 10),
    scale=st.floats(1e-3, 1e3),
    wave=st.floats(0, 2),
    length=st.floats(1e-4, 1e4),
)
def test_wolfe_conditions_hold(start, scale, wave, length):
    function = lambda x: scale * (0.5 * x * x + wave * np.cos(3 * x))
    slope = lambda x: scale * (x - 3 * wave * np.sin(3 * x))
    trial = _search(function, slope, start, length=length)
    descent = -(slope(start) ** 2)
    if trial is None:
        # Nothing to gain from rounding to rounding.
        assert abs(slope(start)) <= 1e-6 * scale
        return
    rounding = 1e-14 * abs(function(start))
    assert trial.value <= function(start) + 1e-4 * trial.length * descent + rounding
    assert trial.slope >= 0.9 * descent
    assert trial.weights[0] == start - trial.length * slope(start)


def test_no_step_uphill():
    weights, gradient = np.array([1.0]), np.array([1.0])
    both = lambda w: (float(w[0]), np.array([1.0]))
    assert wolfe_search(both, weights, 1.0, gradient, np.array([1.0])) is None
    assert wolfe_search(both, weights, 1.0, gradient, np.array([np.nan])) is None


def test_trials_that_are_not_finite_are_too_long():
    function = lambda x: x - 2 * np.sqrt(x) if x > 0 else np.nan
    slope = lambda x: 1 - 1 / np.sqrt(x) if x > 0 else np.nan
    with np.errstate(invalid="ignore"):
        trial = _search(function, slope, 4.0, length=100.0)
    assert trial is not None and trial.value < function(4.0)


def test_unbounded_descent_gives_up():
    assert _search(lambda x: x, lambda x: 1.0, max_trials=8) is None
