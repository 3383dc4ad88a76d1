"""Levenberg-Marquardt solves least squares, and the acceleration follows valleys."""

import jax.numpy as jnp
import numpy as np
from small_problems import decay, initial_weights

from certax.training import LevenbergMarquardt, ResidualLoss, batch, sobol_points


def _run(method, loss, weights, data, steps):
    state = method.init(loss, weights, data)
    for _ in range(steps):
        state, info = method.update(loss, state, data)
    return state, info


def _data(number=64):
    return batch(sobol_points(number, 1, seed=0, step=0))


def test_linear_least_squares_takes_a_few_steps():
    powers = np.arange(4)

    def residual(weights, points):
        return points**powers @ weights[:, None] - jnp.exp(points)

    data = _data()
    state, _ = _run(LevenbergMarquardt(), ResidualLoss(residual), np.ones(4), data, 30)
    x = data.points.reshape(-1)
    expected = np.linalg.lstsq(x[:, None] ** powers, np.exp(x), rcond=None)[0]
    assert np.allclose(state.weights, expected, atol=1e-6)


def test_loss_falls_and_the_equation_is_solved():
    loss, data, method = ResidualLoss(decay), _data(), LevenbergMarquardt()
    state = method.init(loss, initial_weights(), data)
    for _ in range(100):
        value = state.value
        state, info = method.update(loss, state, data)
        assert state.value < value or info.stalled
    assert state.value < 1e-11


def test_acceleration_follows_curved_valleys():
    loss, data, ratios = ResidualLoss(decay), _data(), []
    for seed in range(4):
        weights = initial_weights(seed)
        bent, _ = _run(LevenbergMarquardt(), loss, weights, data, 40)
        plain = LevenbergMarquardt(accelerated=False)
        straight, _ = _run(plain, loss, weights, data, 40)
        ratios.append(bent.value / straight.value)
    assert np.exp(np.mean(np.log(ratios))) < 0.1


def test_a_minimum_is_reported_as_stalled():
    loss = ResidualLoss(lambda weights, points: 0 * points + weights - 1)
    method, data = LevenbergMarquardt(), _data(4)
    state, info = _run(method, loss, np.ones(1), data, 1)
    assert info.stalled and "No step lowers the loss" in info.note
    assert np.array_equal(state.weights, np.ones(1))


def test_a_singular_jacobian_is_damped():
    # Two weights that act as one.
    residual = lambda weights, points: 0 * points + (weights[0] + weights[1] - 2)
    state, _ = _run(
        LevenbergMarquardt(), ResidualLoss(residual), np.zeros(2), _data(4), 25
    )
    assert np.allclose(state.weights, 1.0, atol=1e-6)
