"""What every optimizer must do, whatever it is."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from small_problems import decay, initial_weights, sees_nothing

from certax import CertaxError
from certax.training import (
    LevenbergMarquardt,
    NaturalGradient,
    Optax,
    Outcome,
    Phase,
    Recipe,
    ResidualLoss,
    SaddleFreeNewton,
    SelfScaledBroyden,
    Size,
    _memory,
    adam,
    batch,
    gauss_newton,
    lbfgs,
    soap,
    sobol_points,
    train,
)

SHAPES = ((2, 3), (18,))
OPTIMIZERS = {
    "adam": (adam(0.05, 600, 0.01), 600),
    "soap": (soap(((2, 2),), learning_rate=0.05, decay_steps=600), 600),
    "lbfgs": (lbfgs(10), 30),
    "broyden": (SelfScaledBroyden(), 40),
    "levenberg-marquardt": (LevenbergMarquardt(), 30),
    "gauss-newton": (gauss_newton(), 30),
    "natural-gradient": (NaturalGradient(), 30),
    "natural-gradient-dual": (NaturalGradient("dual"), 30),
    "natural-gradient-momentum": (NaturalGradient(momentum=0.5), 60),
    "saddle-free": (SaddleFreeNewton(), 30),
}
ON_24 = OPTIMIZERS | {"soap": (soap(SHAPES), 0)}


def _data(number=32):
    return batch(sobol_points(number, 1, seed=0, step=0), chunk_size=16)


def _run(method, loss, weights, data, steps):
    state = method.init(loss, weights, data)
    for _ in range(steps):
        state, info = method.update(loss, state, data)
        if info.stalled:
            break
    return state


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_least_squares_reach_their_known_minimum(name):
    method, steps = OPTIMIZERS[name]
    powers = np.arange(4)

    def residual(weights, points):
        return (points[:, :1] ** powers @ weights - jnp.exp(points[:, 0]))[:, None]

    data = _data()
    loss = ResidualLoss(residual)
    x = data.points.reshape(-1)
    best = np.linalg.lstsq(x[:, None] ** powers, np.exp(x), rcond=None)[0]
    lowest, before = loss.value(best, data), loss.value(np.ones(4), data)
    state = _run(method, loss, np.ones(4), data, steps)
    found = loss.value(state.weights, data)
    # First-order methods crawl along the flat directions of this Vandermonde matrix.
    share = 3e-3 if name in ("adam", "soap") else 1e-6
    assert lowest * (1 - 1e-9) <= found <= lowest + share * (before - lowest)


@pytest.mark.parametrize("name", ON_24)
def test_the_equation_comes_nearer_and_the_state_is_a_tree_of_arrays(name):
    method, _ = ON_24[name]
    loss, data = ResidualLoss(decay), _data()
    state = _run(method, loss, initial_weights(), data, 12)
    assert loss.value(state.weights, data) < loss.value(initial_weights(), data)
    leaves = jax.tree.leaves(state)
    assert all(isinstance(leaf, np.ndarray | jax.Array) for leaf in leaves)
    again = jax.tree.unflatten(jax.tree.structure(state), leaves)
    once, _ = method.update(loss, state, data)
    twice, _ = method.update(loss, again, data)
    assert once.weights.tobytes() == twice.weights.tobytes()
    renewed = method.renew(loss, state, _data(48))
    assert renewed.weights.tobytes() == state.weights.tobytes()


def _recipe(method):
    phase = Phase("only", method, None, 32, redraw_every=4, report_every=5)
    return Recipe("test", (phase,), widths=(8,), chunk_size=16, fresh_points=16)


@pytest.mark.parametrize("name", ON_24)
def test_a_resumed_run_is_the_run(name, tmp_path):
    recipe, path = _recipe(ON_24[name][0]), tmp_path / "state"

    def go(steps, **keywords):
        weights = initial_weights()
        return train(
            decay, weights, 1, recipe=recipe, seed=0, max_steps=steps, **keywords
        )

    go(5, checkpoint=path)
    resumed = go(9, checkpoint=path, resume=True)
    assert resumed.steps == 9 and resumed.outcome is Outcome.MAX_STEPS
    assert resumed.weights.tobytes() == go(9).weights.tobytes()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_not_a_number_is_reported(name):
    recipe = _recipe(OPTIMIZERS[name][0])
    keywords = {"recipe": recipe, "seed": 0, "max_steps": 20}
    nan = lambda weights, points: jnp.nan * points + weights[0]
    result = train(nan, np.ones(4), 1, **keywords)
    assert result.outcome is Outcome.FAILED and result.steps == 0
    # Not a number as soon as the weights move.
    result = train(sees_nothing, np.zeros(4), 1, **keywords)
    assert np.isfinite(result.weights).all()
    assert result.outcome is Outcome.FAILED or result.progress.note


@pytest.mark.parametrize("name", ON_24)
def test_what_does_not_fit_is_refused_before_the_start(name, monkeypatch):
    method, _ = ON_24[name]
    size = Size(24, 32, 16, 2)
    assert method.memory(size) >= 8 * 24
    monkeypatch.setattr(_memory, "available_memory", lambda: 100)
    calls = []
    with pytest.raises(CertaxError, match="GiB of memory for 24 weights and 32") as e:
        train(
            decay,
            initial_weights(),
            1,
            recipe=_recipe(method),
            seed=0,
            max_steps=1,
            callback=lambda *seen: calls.append(seen),
        )
    assert e.value.exit_code == 3 and "training.optimizer=" in e.value.remedy
    assert not calls


def test_predicted_memory_grows_as_the_matrices_do():
    def growth(method, **larger):
        size = Size(1000, 20_000, 500, 2)
        return method.memory(size._replace(**larger)) / method.memory(size)

    assert growth(LevenbergMarquardt(), weights=10_000) > 10
    assert 3.5 < growth(SelfScaledBroyden(), weights=2000) < 4.5
    assert growth(NaturalGradient("dual"), rows=40_000) > 3
    for method in (gauss_newton(), lbfgs(), adam()):
        assert growth(method, rows=40_000) == 1
        assert growth(method, weights=2000) < 2.1


def test_saddle_free_newton_refuses_large_nets():
    with pytest.raises(CertaxError, match="at most 3000 weights.*GiB") as error:
        SaddleFreeNewton().check(Size(3001, 100, 100, 2))
    assert error.value.exit_code == 3


def test_there_is_some_memory():
    found = _memory.available_memory()
    assert found is None or found > 2**20


def test_other_transformations_can_be_used():
    import optax

    method = Optax("nadam", optax.nadam(0.02))
    loss, data = ResidualLoss(decay), _data()
    state = _run(method, loss, initial_weights(), data, 40)
    assert loss.value(state.weights, data) < loss.value(initial_weights(), data)
    assert "nadam" in repr(method) and "0x" not in repr(method)
