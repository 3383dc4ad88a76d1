"""Conditions that are not built in: trained, measured, and told apart from data."""

import numpy as np
import pytest

import certax as cx
from certax._api._measure import condition_defects
from certax._core import Configuration

small = Configuration.model_validate(
    {"network": {"width": 8, "depth": 1}, "training": {"points": 100}}
)


@pytest.fixture(scope="module")
def mixed():
    """u'' = -1 on [0, 1] with u(0) = 0 and u'(1) = 0."""
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u: u.xx + 1,
        conditions=(cx.Dirichlet("x", 0, "lower"), cx.Neumann("x", 0, "upper")),
    )
    return cx.solve(problem, configuration=small, max_steps=40)


def test_a_neumann_condition_is_learnt(mixed):
    x = np.linspace(0, 1, 101)
    assert np.max(np.abs(mixed(x=x) - (x - x**2 / 2))) < 1e-4
    assert mixed(x=0.0) == 0


def test_what_is_left_of_each_condition_is_measured(mixed):
    defects = condition_defects(mixed)
    assert defects["at the lower end of x"] == 0
    slope = abs(float(mixed.u.x(x=1.0)))
    assert defects["at the upper end of x"] == pytest.approx(slope, rel=1e-12)
    assert 0 < slope < 1e-3


def test_only_the_residual_is_certified(mixed):
    certificate = cx.certify(mixed)
    assert certificate.proved and certificate.claim == "residual"
    reason = cx.certify(mixed, claim="solution").reason
    assert "a condition at the upper end of x is an equation there, not data" in reason
