"""Adam is optax's, on one chunk after the other."""

import jax
import numpy as np
import optax
from small_problems import decay, initial_weights

from certax.training import ResidualLoss, adam, batch, sobol_points


def test_steps_are_those_of_optax_on_the_chunks_in_turn():
    loss = ResidualLoss(decay)
    data = batch(sobol_points(90, 1, seed=0, step=0), chunk_size=30, streams=1)
    assert data.chunks == 3
    method = adam(learning_rate=0.02, decay_steps=6, final_ratio=0.5)
    state = method.init(loss, initial_weights(), data)
    weights = initial_weights()
    with jax.enable_x64(True):
        plain = optax.adam(optax.cosine_decay_schedule(0.02, 6, 0.5))
        moments = plain.init(weights)
        for step in range(7):
            state, _ = method.update(loss, state, data)
            value, gradient = loss.chunk_value_and_gradient(weights, data, step % 3)
            changes, moments = plain.update(gradient, moments)
            weights = weights + np.asarray(changes)
            assert np.isclose(state.value, value, rtol=1e-12)
            assert np.allclose(state.weights, weights, rtol=1e-12)


def test_loss_falls():
    loss = ResidualLoss(decay)
    data = batch(sobol_points(64, 1, seed=0, step=0))
    method = adam(learning_rate=0.02, decay_steps=200)
    state = method.init(loss, initial_weights(), data)
    before = loss.value(state.weights, data)
    for _ in range(200):
        state, _ = method.update(loss, state, data)
    assert loss.value(state.weights, data) < 1e-2 * before
