"""Condition numbers where they are known, and what is said about them."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import closed_form

import certax as cx
from certax.diagnostics import OperatorConditioning

POISSON = cx.Problem(
    domain=cx.Box(x=(0, 1)),
    residual=lambda u: u.xx + 1,
    conditions=(cx.Dirichlet("x", 0),),
)


def _sines(powers):
    """û = sum of `a_k k^power sin(k pi x)`, for one power for each k."""

    def form(x, pi, *weights):
        return sum(
            weight * float(k) ** power * jnp.sin(k * pi * x)
            for k, (weight, power) in enumerate(zip(weights, powers, strict=True), 1)
        )

    names = {f"a{k}": 1.0 for k in range(len(powers))}
    return closed_form(POISSON, form, **names)


@pytest.mark.parametrize("modes", [2, 5])
def test_sines_are_conditioned_as_their_fourth_power_until_scaled(modes):
    plain = cx.conditioning(_sines([0.0] * modes))
    assert plain.modes == modes
    assert np.isclose(plain.fit_condition_number, 1, rtol=1e-2)
    assert np.isclose(plain.condition_number, modes**4, rtol=2e-2)
    assert np.isclose(plain.damped_condition_number, 1, rtol=1e-3)
    scaled = cx.conditioning(_sines([-2.0] * modes))
    assert np.isclose(scaled.condition_number, 1, rtol=1e-2)


def test_soft_conditions_are_terms_and_their_imbalance_is_told():
    hard = cx.conditioning(_sines([0.0] * 3))
    assert hard.traces.shape == (1,) and "balancing" not in str(hard)
    soft = cx.conditioning(_sines([0.0] * 3), hard=False)
    assert soft.traces.shape == (3,) and "training.balancing=ntk" in str(soft)


def _told(operator, fit, traces=(1.0,), weights=4):
    return str(
        OperatorConditioning(
            np.array(operator), np.array(fit), np.array(traces), weights
        )
    )


def test_what_is_said_follows_from_the_numbers():
    assert "First-order" in _told([2.0, 1.0], [2.0, 1.0])
    assert "1e+04 times worse" in _told([1e4, 1.0], [1.0, 1.0])
    assert "The net and not the operator" in _told([1e4, 1.0], [1e4, 1.0])
    assert "Fourier features" in _told([2.0, 1.0], [2.0, 1.0], weights=40)
    assert "20 times apart" in _told([2.0, 1.0], [2.0, 1.0], traces=(1.0, 20.0))


def test_modes_without_effect_are_left_out():
    found = OperatorConditioning(
        np.array([1.0, 0.5, 0.0]), np.array([1.0, 0.9, 1e-9]), np.ones(1), 3
    )
    assert found.modes == 2 and found.condition_number == 2
    silent = OperatorConditioning(np.zeros(3), np.zeros(3), np.zeros(1), 3)
    assert silent.modes == 1 and silent.condition_number == 1


def test_unknown_coefficients_are_weights_too():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, k: k * u.xx + 1,
        conditions=(cx.Dirichlet("x", 0),),
        unknowns={"k": 2},
    )
    made = closed_form(problem, lambda x, pi, a: a * jnp.sin(pi * x), a=1.0)
    found = cx.conditioning(replace(made, unknowns={"k": 3.0}))
    # By the weight a and by the number whose double is k the residual changes along
    # one and the same function.
    ratio = (2 / 3) ** 2
    assert found.weights == 2
    expected = 9 * np.pi**4 * (1 + ratio) / 2
    assert np.isclose(found.operator[0], expected, rtol=1e-2)
