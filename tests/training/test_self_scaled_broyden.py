"""The update is a quasi-Newton update, and the method minimizes."""

import jax
import jax.numpy as jnp
import numpy as np
from hypothesis import given, settings, strategies as st
from small_problems import decay, initial_weights

from certax.training import ResidualLoss, SelfScaledBroyden, batch, sobol_points
from certax.training._self_scaled_broyden import _broyden_update


def _data(number=64, step=0):
    return batch(sobol_points(number, 1, seed=0, step=step))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**30), first=st.booleans())
def test_update_is_positive_definite_and_fits_the_step(seed, first):
    random = np.random.default_rng(seed)
    n = 6
    root = random.normal(size=(n, n))
    inverse_hessian = root @ root.T + 1e-3 * np.eye(n)
    hessian_root = random.normal(size=(n, n))
    hessian = hessian_root @ hessian_root.T + 1e-3 * np.eye(n)
    gradient = random.normal(size=n)
    length = np.exp(random.normal())
    s = -length * inverse_hessian @ gradient
    y = hessian @ s
    with jax.enable_x64(True):
        new = np.asarray(
            _broyden_update(inverse_hessian, s, y, length, gradient, first)
        )
    size = np.linalg.norm(new)
    assert np.allclose(new @ y, s, rtol=1e-6, atol=1e-9 * size * np.linalg.norm(y))
    assert np.allclose(new, new.T, rtol=0, atol=1e-12 * size)
    assert np.linalg.eigvalsh((new + new.T) / 2).min() > -1e-12 * size


def test_negative_curvature_leaves_the_matrix():
    with jax.enable_x64(True):
        eye, s = np.eye(3), np.array([1.0, 0, 0])
        assert np.array_equal(_broyden_update(eye, s, -s, 1.0, -s, False), eye)


def test_quadratic_is_minimized_in_about_as_many_steps_as_weights():
    scales = np.geomspace(1, 100, 10)
    loss = ResidualLoss(
        lambda weights, points: jnp.broadcast_to(
            scales * (weights - 1), (points.shape[0], 10)
        )
    )
    method, data = SelfScaledBroyden(), _data(4)
    state = method.init(loss, np.zeros(10), data)
    for _ in range(60):
        state, _ = method.update(loss, state, data)
    assert np.allclose(state.weights, 1, atol=1e-6)


def test_loss_never_rises_and_the_equation_is_solved():
    loss, data, method = ResidualLoss(decay), _data(), SelfScaledBroyden()
    state = method.init(loss, initial_weights(), data)
    for _ in range(150):
        value = state.value
        state, _ = method.update(loss, state, data)
        assert state.value <= value * (1 + 1e-13)
    assert state.value < 1e-9


def test_update_does_not_touch_its_argument():
    loss, data, method = ResidualLoss(decay), _data(), SelfScaledBroyden()
    state = method.init(loss, initial_weights(), data)
    state, _ = method.update(loss, state, data)
    before = [np.array(leaf) for leaf in state]
    once, _ = method.update(loss, state, data)
    twice, _ = method.update(loss, state, data)
    assert all(np.array_equal(a, b) for a, b in zip(before, state, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(once, twice, strict=True))


def test_redrawn_points_keep_the_inverse_hessian():
    loss, method = ResidualLoss(decay), SelfScaledBroyden()
    state = method.init(loss, initial_weights(), _data())
    for _ in range(5):
        state, _ = method.update(loss, state, _data())
    other = _data(step=1)
    renewed = method.renew(loss, state, other)
    value, gradient = loss.value_and_gradient(state.weights, other)
    assert renewed.inverse_hessian is state.inverse_hessian
    assert renewed.value == value and renewed.value != state.value
    assert np.array_equal(renewed.gradient, gradient)


def test_a_failed_line_search_resets_and_says_so():
    loss, data, method = ResidualLoss(decay), _data(), SelfScaledBroyden()
    state = method.init(loss, initial_weights(), data)
    state, _ = method.update(loss, state, data)
    uphill = state._replace(inverse_hessian=-np.eye(state.weights.size))
    state, info = method.update(loss, uphill, data)
    assert "inverse Hessian was reset" in info.note and not info.stalled
    assert np.array_equal(state.inverse_hessian, np.eye(state.weights.size))
    assert np.array_equal(state.weights, uphill.weights)
    _, info = method.update(loss, state, data)
    assert info.note == ""


def test_a_minimum_is_reported_as_stalled():
    loss = ResidualLoss(lambda weights, points: 0 * points + weights)
    method, data = SelfScaledBroyden(), _data(4)
    state = method.init(loss, np.zeros(1), data)
    state, info = method.update(loss, state, data)
    assert info.stalled and "No step along the gradient" in info.note
