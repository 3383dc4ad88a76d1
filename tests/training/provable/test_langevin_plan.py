"""The plan of Langevin Monte Carlo keeps its promise, and refuses impossible starts."""

import math

import pytest

from certax import CertaxError
from certax.training import plan_langevin


@pytest.mark.parametrize("start", [0.0, 0.01, 3.0, 1e4])
@pytest.mark.parametrize("accuracy", [1e-3, 0.1, 50.0])
def test_the_bound_is_the_accuracy_after_the_steps_of_the_plan(start, accuracy):
    plan = plan_langevin(2.0, 3.0, dimension=5, start=start, accuracy=accuracy)
    assert plan.entropy(plan.steps) <= accuracy * (1 + 1e-12)
    assert plan.entropy(0) >= start


@pytest.mark.parametrize("start", [-1.0, math.inf, math.nan])
def test_an_impossible_start_has_no_plan(start):
    with pytest.raises(CertaxError, match="start is .*at least 0"):
        plan_langevin(1.0, 1.0, dimension=3, start=start, accuracy=0.1)
