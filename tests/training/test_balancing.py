"""Terms get equal weight in the sense each method means, at fixed steps."""

import jax.numpy as jnp
import numpy as np
import pytest
from small_problems import decay, initial_weights, two_terms

from certax import CertaxError
from certax.training import (
    GradientNormBalancing,
    KernelTraceBalancing,
    LevenbergMarquardt,
    Phase,
    Recipe,
    RelativeBalancing,
    ResidualLoss,
    batch,
    sobol_points,
    train,
)

METHODS = {
    "gradient-norm": GradientNormBalancing(every=3, inertia=0.5),
    "ntk": KernelTraceBalancing(every=3, inertia=0.5),
    "relobralo": RelativeBalancing(every=3, inertia=0.5),
}


def lopsided(weights, points):
    return two_terms(weights, points) * jnp.array([1.0, 100.0])


def _data():
    return batch(sobol_points(64, 2, seed=0, step=0), chunk_size=16)


def test_terms_are_taken_apart():
    loss, weights, data = ResidualLoss(lopsided), initial_weights(), _data()
    values, gradients = (
        loss.term_values(weights, data),
        loss.term_gradients(weights, data),
    )
    value, gradient = loss.value_and_gradient(weights, data)
    assert np.isclose(values.sum(), value, rtol=1e-12)
    assert np.allclose(gradients.sum(axis=0), gradient, rtol=1e-9)
    balanced = data._replace(balance=np.array([0.5, 2.0]))
    assert np.isclose(loss.value(weights, balanced), values @ [0.5, 2.0], rtol=1e-12)
    traces = loss.squared_jacobian(weights, data).sum(axis=1)
    rows = np.concatenate(loss.jacobian(weights, data).jacobians).reshape(64, 2, -1)
    assert np.allclose(traces, (rows**2).sum(axis=(0, 2)), rtol=1e-12)


def test_gradients_and_traces_are_evened_out():
    loss, weights, data = ResidualLoss(lopsided), initial_weights(), _data()
    factors = GradientNormBalancing().init(loss, weights, data).factors
    norms = np.linalg.norm(loss.term_gradients(weights, data), axis=1)
    assert np.isclose(*(factors * norms), rtol=1e-9) and np.isclose(factors.mean(), 1)
    factors = KernelTraceBalancing().init(loss, weights, data).factors
    traces = loss.squared_jacobian(weights, data).sum(axis=1)
    assert np.isclose(*(factors * traces), rtol=1e-9)


def test_the_term_that_fell_least_gets_more():
    loss, weights, data = ResidualLoss(lopsided), initial_weights(), _data()
    method = RelativeBalancing()
    state = method.init(loss, weights, data)
    values = state.memory[0]
    assert np.array_equal(state.factors, [1, 1])
    state = state._replace(memory=(10 * values, values * np.array([1.0, 3.0])))
    after = method.update(loss, weights, data, state, seed=0, step=1)
    assert after.factors[0] > after.factors[1]
    assert np.array_equal(after.memory[1], values)
    again = method.update(loss, weights, data, state, seed=0, step=1)
    assert np.array_equal(again.factors, after.factors)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_useless_numbers_give_equal_factors(method):
    silent = lambda weights, points: 0 * points[:, :2]
    state = method.init(ResidualLoss(silent), np.zeros(3), _data())
    assert np.array_equal(state.factors, [1, 1])


@pytest.mark.parametrize("name", METHODS)
def test_a_resumed_balanced_run_is_the_run(name, tmp_path):
    phase = Phase("only", LevenbergMarquardt(), None, 40, redraw_every=4)
    recipe = Recipe(
        *("test", (phase,), (8,)), chunk_size=16, fresh_points=16,
        balancing=METHODS[name],
    )  # fmt: skip

    def go(steps, **keywords):
        return train(
            *(lopsided, initial_weights(), 2),
            recipe=recipe,
            seed=0,
            max_steps=steps,
            **keywords,
        )

    path = tmp_path / "state"
    go(5, checkpoint=path)
    resumed = go(9, checkpoint=path, resume=True)
    assert resumed.weights.tobytes() == go(9).weights.tobytes()
    unbalanced = Recipe("test", (phase,), (8,), chunk_size=16, fresh_points=16)
    plain = train(
        *(lopsided, initial_weights(), 2), recipe=unbalanced, seed=0, max_steps=9
    )
    assert not np.array_equal(plain.weights, resumed.weights)


def test_one_term_cannot_be_balanced():
    phase = Phase("only", LevenbergMarquardt(), None, 8)
    recipe = Recipe("test", (phase,), (8,), balancing=GradientNormBalancing())
    with pytest.raises(CertaxError, match="one term") as error:
        train(decay, initial_weights(), 1, recipe=recipe, seed=0, max_steps=1)
    assert error.value.exit_code == 2
