"""RMSProp and Adam arrive within the numbers of steps that are proved, and not within
one that was published wrongly.
"""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import certax as cx
from certax import training as ct

pytestmark = pytest.mark.usefixtures("x64")


def first_hit(method, gradient, start, accuracy, steps):
    """The number of the first iterate, from one, with a gradient of at most ε."""

    def one(carry, _):
        w, state = carry
        g = gradient(w)
        changes, state = method.update(g, state, w)
        return (w + changes, state), jnp.linalg.norm(g)

    carry = start, method.init(start)
    norms = np.asarray(jax.jit(lambda c: jax.lax.scan(one, c, length=steps))(carry)[1])
    hits = np.flatnonzero(norms <= accuracy)
    return int(hits[0]) + 1 if hits.size else None, float(norms.max())


@pytest.mark.parametrize(
    "sigma, accuracy, known", [(10.0, 5.0, 29), (100.0, 10.0, 3598)]
)
def test_the_published_number_of_steps_of_adam_is_too_small(sigma, accuracy, known):
    start = jnp.array([sigma])
    method = ct.deterministic_adam(1.0, sigma, accuracy, step="shorter")
    hit, largest = first_hit(method, lambda w: w, start, accuracy, known + 10)
    assert largest <= sigma
    gap = sigma**2 / 2
    after_one = start + method.update(start, method.init(start))[0]
    published = 9 * sigma**2 * float(after_one[0] ** 2 / 2) / accuracy**6
    plan = ct.plan_adam(1.0, sigma, gap, accuracy, step="shorter")
    assert hit is not None and abs(hit - known) <= 1
    assert published < hit <= plan.steps


@pytest.mark.parametrize("step", ["shorter", "longer"])
def test_adam_arrives_in_time_on_cosines(step):
    rng = np.random.default_rng(1)
    for _ in range(3):
        slopes = jnp.asarray(rng.uniform(0.3, 1.0, 3))
        start = jnp.asarray(rng.uniform(1, 2.5, 3))
        gradient = lambda w: slopes * jnp.sin(w)
        sigma, gap = float(jnp.linalg.norm(slopes)), float(2 * slopes.sum())
        smoothness, accuracy = float(slopes.max()), 0.5 * sigma
        plan = ct.plan_adam(smoothness, sigma, gap, accuracy, step)
        method = ct.deterministic_adam(smoothness, sigma, accuracy, step=step)
        hit, _ = first_hit(method, gradient, start, accuracy, int(plan.steps))
        assert hit is not None and hit <= plan.steps


def test_the_longer_step_is_proved_faster():
    for accuracy in (0.1, 1.0, 5.0):
        long, short = (
            ct.plan_adam(1.0, 10.0, 50.0, accuracy, s) for s in ("longer", "shorter")
        )
        assert long.steps < short.steps


@pytest.mark.parametrize("decay, xi", [(0.9, 1e-2), (0.99, 1.0)])
def test_deterministic_rmsprop_arrives_in_time(decay, xi):
    rng = np.random.default_rng(2)
    for _ in range(3):
        slopes = jnp.asarray(rng.uniform(0.3, 1.0, 3))
        start = jnp.asarray(rng.uniform(1, 2.5, 3))
        gradient = lambda w: slopes * jnp.sin(w)
        sigma, gap = float(jnp.linalg.norm(slopes)), float(2 * slopes.sum())
        args = float(slopes.max()), sigma, gap, 0.3
        plan = ct.plan_rmsprop(*args, decay=decay, xi=xi)
        method = ct.analyzed_rmsprop(plan.learning_rate, decay, xi)
        hit, _ = first_hit(method, gradient, start, 0.3, int(plan.steps) + 1)
        assert hit is not None and hit <= plan.steps


def test_constant_rmsprop_reaches_its_mean_square():
    """Gradients u · ∇f with u ≥ 0 of mean one: κ = 1, up to σ = 2 max |∇f|."""
    gradient = lambda w: jnp.sin(w)
    sigma, accuracy, decay, xi = 2 * np.sqrt(2), 0.8, 0.9, 1.0
    plan = ct.plan_stochastic_rmsprop(1.0, sigma, 4.0, accuracy, decay=decay, xi=xi)
    steps = int(np.ceil(plan.steps))
    method = ct.analyzed_rmsprop(plan.learning_rate, decay, xi)

    def run(key):
        start = jnp.array([2.0, 1.0])

        def one(carry, key):
            w, state = carry
            g = gradient(w)
            noisy = g * jax.random.uniform(key, (), maxval=2.0)
            changes, state = method.update(noisy, state)
            return (w + changes, state), g @ g

        keys = jax.random.split(key, steps)
        return jax.lax.scan(one, (start, method.init(start)), keys)[1]

    means = jax.vmap(run)(jax.random.split(jax.random.key(0), 8)).mean(axis=0)
    assert float(means.min()) <= accuracy**2


def test_disagreeing_gradients_are_refused_with_the_limit():
    with pytest.raises(cx.CertaxError, match="not below") as caught:
        ct.plan_stochastic_rmsprop(1.0, 1.0, 1.0, 0.1, moment_ratio=3.0, xi=0.1)
    assert caught.value.value == 3.0
    allowed = ct.plan_stochastic_rmsprop(1.0, 1.0, 1.0, 0.1, moment_ratio=1.1, xi=0.1)
    signs = ct.plan_stochastic_rmsprop(1.0, 1.0, 1.0, 0.1, xi=0.1)
    assert allowed.steps > signs.steps
    formula = 2 * (1 + 0.1) / (0.1 * 0.1) / 0.1**4
    assert signs.steps == pytest.approx(formula)


def test_the_moment_ratio():
    agreeing = np.array([[1.0, -2.0, 0.0], [3.0, -1.0, 0.0]])
    assert ct.moment_ratio(agreeing) == 1.0
    assert ct.moment_ratio(np.array([[1.0], [3.0], [-1.0]])) == pytest.approx(5 / 3)
    assert ct.moment_ratio(np.array([[1.0], [-1.0]])) == np.inf


def test_the_small_number_of_rmsprop_is_inside_the_average():
    """v is optax's plus (1 − bᵗ) ξ."""
    gradients = np.random.default_rng(0).normal(size=(5, 3))
    method = ct.analyzed_rmsprop(1.0, 0.9, 0.5)
    theirs = optax.scale_by_rms(0.9, eps=0.0)
    state, other = method.init(jnp.zeros(3)), theirs.init(jnp.zeros(3))
    for t, g in enumerate(gradients, 1):
        _, state = method.update(jnp.asarray(g), state)
        _, other = theirs.update(jnp.asarray(g), other)
        wanted = other.nu + (1 - 0.9**t) * 0.5
        np.testing.assert_allclose(state.squares, wanted, rtol=1e-12)


def test_adam_without_correction_of_bias():
    """The moments are optax's; the step takes them as they are."""
    gradients = np.random.default_rng(0).normal(size=(4, 3))
    method = ct.analyzed_adam(0.1, 0.9, 0.99, 1e-2)
    state = method.init(jnp.zeros(3))
    theirs = optax.scale_by_adam(0.9, 0.99, eps=0.0)
    other = theirs.init(jnp.zeros(3))
    for g in gradients:
        change, state = method.update(jnp.asarray(g), state)
        _, other = theirs.update(jnp.asarray(g), other)
        wanted = -0.1 * other.mu / (np.sqrt(other.nu) + 1e-2)
        np.testing.assert_allclose(change, wanted, rtol=1e-12)


def test_nesterov_is_as_compared():
    method = ct.nesterov(0.1, 0.9)
    state, v = method.init(jnp.zeros(2)), np.zeros(2)
    for g in np.random.default_rng(0).normal(size=(4, 2)):
        change, state = method.update(jnp.asarray(g), state)
        v = 0.9 * v + g
        np.testing.assert_allclose(change, -0.1 * (g + 0.9 * v), rtol=1e-12)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ct.analyzed_rmsprop(0.1, decay=1.0),
        lambda: ct.analyzed_rmsprop(0.1, xi=0.0),
        lambda: ct.analyzed_adam(0.1, b1=-0.1),
        lambda: ct.analyzed_adam(0.1, xi=-1.0),
        lambda: ct.nesterov(0.1, momentum=1.0),
        lambda: ct.deterministic_adam(0.0, 1.0, 0.1),
        lambda: ct.deterministic_adam(1.0, float("nan"), 0.1),
        lambda: ct.plan_adam(1.0, 1.0, -1.0, 0.1),
        lambda: ct.plan_rmsprop(1.0, 1.0, 1.0, 0.0),
        lambda: ct.plan_stochastic_rmsprop(1.0, 1.0, 1.0, 0.1, moment_ratio=0.5),
    ],
)
def test_settings_without_a_theorem_are_refused(make):
    with pytest.raises(cx.CertaxError) as caught:
        make()
    assert caught.value.remedy.startswith("Give a")
