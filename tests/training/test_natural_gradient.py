"""Both forms are one step, and for the residual's energy it is Gauss and Newton's."""

import numpy as np
import pytest
from small_problems import initial_weights, two_terms

from certax.training import NaturalGradient, ResidualLoss, batch, sobol_points


def _problem(number):
    points = sobol_points(number, 2, seed=0, step=0)
    return ResidualLoss(two_terms), batch(points, chunk_size=8)


@pytest.mark.parametrize("momentum", [0.0, 0.7])
@pytest.mark.parametrize("number", [5, 30])
def test_primal_and_dual_steps_are_the_same(number, momentum):
    loss, data = _problem(number)
    found = []
    for form in ("primal", "dual"):
        method = NaturalGradient(form, damping=1e-3, momentum=momentum)
        state = method.init(loss, initial_weights(), data)
        state = state._replace(direction=0.1 * initial_weights(1))
        found.append(method.update(loss, state, data)[0])
    primal, dual = found
    assert np.allclose(primal.weights, dual.weights, rtol=1e-6, atol=1e-8)
    assert np.allclose(primal.direction, dual.direction, rtol=1e-6, atol=1e-8)


def test_without_damping_it_is_the_least_squares_step():
    loss, data = _problem(40)
    method = NaturalGradient(damping=1e-12)
    state = method.init(loss, initial_weights(), data)
    after, _ = method.update(loss, state, data)
    linear = loss.jacobian(initial_weights(), data)
    rows, values = np.concatenate(linear.jacobians), np.concatenate(linear.values)
    step = np.linalg.lstsq(rows, -values, rcond=None)[0]
    left, least = (np.linalg.norm(values + rows @ d) for d in (after.direction, step))
    assert least <= left * (1 + 1e-9) and left <= 1.01 * least


def test_the_loss_falls_at_every_step():
    loss, data = _problem(60)
    method = NaturalGradient(momentum=0.9)
    state = method.init(loss, initial_weights(), data)
    for _ in range(10):
        value = state.value
        state, info = method.update(loss, state, data)
        assert state.value < value or info.stalled


def test_rounding_is_met_with_more_damping():
    # Two rows that are equal: without damping J J^T has no Cholesky factor.
    loss = ResidualLoss(lambda weights, points: 0 * points + weights[:1] * 3.0 - 1)
    data = batch(np.full((4, 1), 0.5), chunk_size=8)
    method = NaturalGradient("dual", damping=1e-300)
    state = method.init(loss, np.zeros(3), data)
    after, info = method.update(loss, state, data)
    assert not info.stalled and after.value < 1e-9
