"""The loss and its derivatives are those of the formula, however points are cut up."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, strategies as st
from small_problems import decay, initial_weights, two_terms

from certax import CertaxError
from certax.training import ResidualLoss, batch, sobol_points


@pytest.fixture(autouse=True)
def double_precision():
    with jax.enable_x64(True):
        yield


def _plain(weights, points, term_weights=(1.0, 1.0)):
    values = two_terms(weights, points)
    return jnp.mean(jnp.sum(jnp.asarray(term_weights) * values**2, axis=1))


def _points(number):
    return sobol_points(number, 2, seed=1, step=2)


@given(
    number=st.integers(1, 400),
    chunk_size=st.integers(1, 90),
    streams=st.integers(1, 3),
)
def test_batches_hold_every_point_once(number, chunk_size, streams):
    points = _points(number)
    data = batch(points, chunk_size=chunk_size, streams=streams)
    kept = data.quadrature.reshape(-1) > 0
    assert np.array_equal(data.points.reshape(-1, 2)[kept], points)
    assert data.points.shape[1] <= chunk_size
    assert data.chunks == 1 or data.chunks % streams == 0
    assert np.isclose(data.quadrature.sum(), 1, rtol=1e-13, atol=0)


def test_empty_batch_is_refused():
    with pytest.raises(CertaxError, match="at least one point"):
        batch(np.empty((0, 2)))


@pytest.mark.parametrize(("number", "streams"), [(1, 2), (113, 2), (150, 3)])
def test_value_and_gradient_do_not_depend_on_chunks(number, streams):
    weights, points = initial_weights(), _points(number)
    loss = ResidualLoss(two_terms, term_weights=(2.0, 0.5), streams=streams)
    data = batch(points, chunk_size=40, streams=streams)
    plain = jax.value_and_grad(_plain)(weights, points, (2.0, 0.5))
    value, gradient = loss.value_and_gradient(weights, data)
    assert np.isclose(value, plain[0], rtol=1e-13, atol=0)
    assert np.allclose(gradient, plain[1], rtol=1e-11, atol=1e-14)
    assert np.isclose(loss.value(weights, data), value, rtol=1e-14, atol=0)


def test_threads_do_not_change_a_bit():
    loss, weights = ResidualLoss(two_terms), initial_weights()
    data = batch(_points(400), chunk_size=50)
    value, gradient = loss.value_and_gradient(weights, data)
    for _ in range(20):
        again, gradient_again = loss.value_and_gradient(weights, data)
        assert again == value
        assert gradient_again.tobytes() == gradient.tobytes()


def test_chunk_gradients_average_to_the_gradient():
    loss, weights = ResidualLoss(two_terms), initial_weights()
    data = batch(_points(160), chunk_size=40)
    parts = [loss.chunk_value_and_gradient(weights, data, k) for k in range(4)]
    value, gradient = loss.value_and_gradient(weights, data)
    assert np.isclose(np.mean([part[0] for part in parts]), value, rtol=1e-13)
    assert np.allclose(np.mean([part[1] for part in parts], axis=0), gradient)


@pytest.mark.parametrize("number", [30, 101])
def test_linearization_is_that_of_the_residual(number):
    weights, points = initial_weights(), _points(number)
    loss = ResidualLoss(two_terms, term_weights=(3.0, 1.0))
    data = batch(points, chunk_size=30)

    def stacked(weights):
        flat = two_terms(weights, data.points.reshape(-1, 2))
        root = jnp.sqrt(data.quadrature.reshape(-1, 1)) * jnp.sqrt(jnp.array([3.0, 1]))
        return (root * flat).reshape(-1)

    linear, normal = loss.linearize(weights, data)
    jacobian = jax.jacfwd(stacked)(weights)
    assert np.allclose(np.concatenate(linear.jacobians), jacobian, atol=1e-14)
    assert np.allclose(normal, jacobian.T @ jacobian, atol=1e-13)
    assert np.allclose(
        2 * linear.gradient, loss.value_and_gradient(weights, data)[1], atol=1e-13
    )
    direction = np.random.default_rng(3).normal(size=weights.size)
    bend = loss.second_derivative(weights, direction, data)
    along = lambda length: stacked(weights + length * direction)
    expected = jax.jacfwd(jax.jacfwd(along))(0.0)
    assert np.allclose(np.concatenate(bend), expected, atol=1e-12)
    assert np.allclose(linear.pull(bend), jacobian.T @ expected, atol=1e-12)


def test_a_parameterization_changes_nothing_but_the_variables():
    """The chain rule outside of the points is that inside of the residual."""
    weights, data = initial_weights(), batch(_points(50), chunk_size=20)
    matrix = np.random.default_rng(0).normal(size=(weights.size, 3))
    formula = lambda parameters: jnp.asarray(matrix) @ jnp.sin(parameters)
    parameters = np.array([0.3, -0.2, 0.5])
    apart = ResidualLoss(two_terms, parameterization=formula)
    inside = ResidualLoss(lambda p, points: two_terms(formula(p), points))
    value, gradient = apart.value_and_gradient(parameters, data)
    other_value, other_gradient = inside.value_and_gradient(parameters, data)
    assert value == pytest.approx(other_value, rel=1e-12)
    assert np.allclose(gradient, other_gradient, 1e-10, 1e-12)
    (one, normal), (two, other_normal) = (
        loss.linearize(parameters, data) for loss in (apart, inside)
    )
    assert one.jacobians[0].shape[1] == 3
    for a, b in zip(one.jacobians, two.jacobians, strict=True):
        assert np.allclose(a, b, 1e-10, 1e-12)
    assert np.allclose(normal, other_normal, 1e-10, 1e-12)
    direction = np.array([1.0, 2.0, -1.0])
    bends = [
        loss.second_derivative(parameters, direction, data) for loss in (apart, inside)
    ]
    assert np.allclose(bends[0], bends[1], 1e-10, 1e-12)


def test_norms_are_those_of_the_residual():
    weights, points = initial_weights(), _points(1001)
    norms = ResidualLoss(two_terms, term_weights=(4.0, 1.0)).norms(weights, points)
    values = np.asarray(two_terms(weights, points)) * np.array([2.0, 1.0])
    assert np.allclose(norms, np.linalg.norm(values, axis=1), rtol=1e-13)


def test_unusable_residuals_are_refused():
    weights, data = initial_weights(), batch(np.zeros((3, 1)))
    flat = ResidualLoss(lambda weights, points: decay(weights, points)[:, 0])
    with pytest.raises(CertaxError, match=r"must have shape \(3, terms\)"):
        flat.value(weights, data)
    single = ResidualLoss(lambda w, x: decay(w, x).astype(jnp.float32))
    with pytest.raises(CertaxError, match="must be float64, but is float32"):
        single.value(weights, data)
    with pytest.raises(CertaxError, match="has 1 terms, but 2 term_weights"):
        ResidualLoss(decay, term_weights=(1.0, 1.0)).value(weights, data)
    with pytest.raises(CertaxError, match="term_weights must be positive"):
        ResidualLoss(decay, term_weights=(0.0,))
    with pytest.raises(CertaxError, match="streams must be at least 1"):
        ResidualLoss(decay, streams=0)


def test_threads_see_double_precision_where_it_is_off():
    with jax.enable_x64(False):
        value = ResidualLoss(two_terms).value(initial_weights(), batch(_points(1200)))
    assert np.isclose(value, _plain(initial_weights(), _points(1200)), rtol=1e-13)
