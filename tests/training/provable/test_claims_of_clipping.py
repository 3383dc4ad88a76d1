"""δ-GClip does what its theorem says, and refuses what it does not cover."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import certax as cx
from certax import training as ct


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("floor", [1e-2, 0.1, 1.0])
@pytest.mark.parametrize("by_groups", [False, True])
def test_linear_rate_and_ball_on_a_loss_that_is_not_convex(floor, by_groups):
    """With F the linear map J w plus a small sine, J 4 × 9: |∇L|² ≥ 2μL everywhere."""
    rng = np.random.default_rng(0)
    base, _ = np.linalg.qr(rng.normal(size=(9, 4)))
    matrix = jnp.asarray((base * [1.0, 1.3, 1.7, 2.0]).T)
    target = jnp.asarray(5 * rng.normal(size=4))
    bend = lambda z: z + 0.4 * jnp.sin(z)
    missed = lambda w: bend(matrix @ jnp.concatenate([w["a"], w["b"]])) - target
    loss = lambda w: jnp.sum(missed(w) ** 2) / 2
    # The slope of the bend is in [0.6, 1.4], its second derivative at most 0.4.
    mu = 0.6**2
    start = {"a": jnp.zeros(5), "b": jnp.zeros(4)}
    first = float(loss(start))
    beta = 4 * (1.4**2 + 0.4 * np.sqrt(2 * first))
    labels = (lambda w: {"a": 0, "b": 1}) if by_groups else None
    method = ct.delta_gclip(1 / beta, threshold=0.05, floor=floor, groups=labels)
    radius = 2 * np.sqrt(2 * first / mu)
    if by_groups:
        radius *= (1 + floor) / (2 * np.sqrt(floor))

    def one(carry, _):
        weights, state = carry
        changes, state = method.update(jax.grad(loss)(weights), state)
        weights = optax.apply_updates(weights, changes)
        return (weights, state), (loss(weights), optax.tree.norm(weights))

    (_, state), (losses, distances) = jax.lax.scan(
        one, (start, method.init(start)), length=400
    )
    bound = first * (1 - floor * mu / beta) ** np.arange(1, 401)
    assert np.all(np.asarray(losses) <= bound * (1 + 1e-9) + 1e-25)
    assert np.all(np.asarray(distances) <= radius)
    assert 0 < int(state.floored) <= 400 or floor < 0.05


def test_steps_of_both_kinds():
    gradient = {"w": jnp.array([3.0, 4.0])}
    change = lambda method: method.update(gradient, method.init(gradient))
    found, state = change(ct.delta_gclip(0.5, threshold=1.0, floor=0.4))
    np.testing.assert_allclose(found["w"], [-0.6, -0.8], rtol=1e-6)
    assert int(state.floored) == 1
    found, state = change(ct.delta_gclip(0.5, threshold=1.0, floor=0.1))
    np.testing.assert_allclose(found["w"], [-0.3, -0.4], rtol=1e-6)
    assert int(state.floored) == 0
    full, _ = change(ct.delta_gclip(0.5, threshold=1.0, floor=1.0))
    np.testing.assert_allclose(full["w"], [-1.5, -2.0], rtol=1e-6)


def test_plain_clipping_is_that_of_optax():
    gradient = {"w": jnp.array([3.0, 4.0]), "b": jnp.array(12.0)}
    ours = ct.gclip(0.5, threshold=2.0)
    theirs = optax.chain(optax.clip_by_global_norm(2.0), optax.sgd(0.5))
    a, _ = ours.update(gradient, ours.init(gradient))
    b, _ = theirs.update(gradient, theirs.init(gradient))
    np.testing.assert_allclose(a["w"], b["w"], rtol=1e-6)
    np.testing.assert_allclose(a["b"], b["b"], rtol=1e-6)


def test_a_zero_gradient_moves_nothing():
    for method in (ct.delta_gclip(1.0, 1.0, 0.1), ct.gclip(1.0, 1.0)):
        zero = {"w": jnp.zeros(3)}
        changes, state = method.update(zero, method.init(zero))
        assert np.all(np.asarray(changes["w"]) == 0) and int(state.floored) == 0


def test_groups_have_norms_of_their_own():
    gradient = {"a": jnp.array([3.0, 4.0]), "b": jnp.array([0.3])}
    groups = lambda w: {"a": "long", "b": "short"}
    method = ct.gclip(1.0, threshold=1.0, groups=groups)
    changes, _ = method.update(gradient, method.init(gradient))
    np.testing.assert_allclose(changes["a"], [-0.6, -0.8], rtol=1e-6)
    np.testing.assert_allclose(changes["b"], [-0.3], rtol=1e-6)
    wrong = ct.gclip(1.0, threshold=1.0, groups=lambda w: {"a": 0})
    with pytest.raises(cx.CertaxError, match="another structure"):
        wrong.update(gradient, wrong.init(gradient))


def test_decoupled_steps_look_at_the_other_batch():
    gradient, other = {"w": jnp.array([0.3])}, {"w": jnp.array([10.0])}
    method = ct.delta_gclip(1.0, threshold=1.0, floor=0.01, decoupled=True)
    changes, _ = method.update(gradient, method.init(gradient), independent=other)
    np.testing.assert_allclose(changes["w"], [-0.03], rtol=1e-5)
    with pytest.raises(cx.CertaxError, match="independent"):
        method.update(gradient, method.init(gradient))


@pytest.mark.usefixtures("x64")
@pytest.mark.parametrize("decoupled", [False, True])
def test_stochastic_floors(decoupled):
    """f = |w|²/2 with gradients of error θ: θ²/δ, decoupled βηθ²/δ, plus the start."""
    eta, delta, theta, steps = 0.05, 0.2, 1.0, 4000
    method = ct.delta_gclip(eta, 0.5, delta, decoupled=decoupled)

    def one(carry, key):
        weights, state = carry
        a, b = theta / np.sqrt(2) * jax.random.normal(key, (2, 2))
        changes, state = method.update(weights + a, state, independent=weights + b)
        return (weights + changes, state), weights @ weights

    start = jnp.array([3.0, -2.0])
    keys = jax.random.split(jax.random.key(0), steps)
    _, squares = jax.lax.scan(one, (start, method.init(start)), keys)
    mean = float(jnp.mean(squares))
    begin = 2 * float(start @ start) / 2 / (eta * delta * steps)
    noise = eta * theta**2 / delta if decoupled else theta**2 / delta
    assert mean <= begin + noise


@pytest.mark.parametrize("floor", [0.0, -0.1, 1.5, float("nan")])
def test_a_floor_outside_its_interval_is_refused(floor):
    with pytest.raises(cx.CertaxError, match=r"δ .* outside of \(0, 1\]") as caught:
        ct.delta_gclip(0.1, 1.0, floor)
    assert "Give a floor" in caught.value.remedy


@pytest.mark.parametrize("threshold", [0.0, -1.0, float("nan")])
def test_a_threshold_that_is_not_positive_is_refused(threshold):
    with pytest.raises(cx.CertaxError, match="threshold"):
        ct.gclip(0.1, threshold)
