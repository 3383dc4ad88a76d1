"""GLM-Tron and Neuro-Tron recover, at the proved rate and down to the proved floor."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import certax as cx
from certax import training as ct


def runs(method, labels, points, starts, steps, adversary=None, predict=None):
    """The weights after the last steps of many independent runs, from fresh points."""

    def one(carry, key):
        w, state = carry
        a, b = jax.random.split(key)
        x = points(a)
        y = labels(x)
        if adversary is not None:
            y = adversary.poison(b, x, y, predict(w, x))
        changes, state = method.update(None, state, w, inputs=x, labels=y)
        return (optax.apply_updates(w, changes), state), None

    def run(key, w):
        keys = jax.random.split(key, steps)
        return jax.lax.scan(one, (w, method.init(w)), keys)[0][0]

    keys = jax.random.split(jax.random.key(0), len(starts))
    return jax.jit(jax.vmap(run))(keys, starts)


@pytest.mark.parametrize("b", [1, 4, 16])
def test_the_factor_of_glm_tron_is_exact_for_gaussian_points(b):
    """1 − λ₁²/c within 10 per cent, over the mean of 2000 runs."""
    n, steps = 10, {1: 40, 4: 15, 16: 6}[b]
    least, largest = 0.5, (n + 2) / (2 * b) + (1 - 1 / b) / 4
    target = jnp.eye(n)[0]
    found = runs(
        ct.glm_tron(least / largest),
        lambda x: jnp.maximum(0, x @ target),
        lambda key: jax.random.normal(key, (b, n)),
        jnp.tile(-target, (2000, 1)),
        steps,
    )
    squares = np.sum((np.asarray(found) - target) ** 2, axis=1)
    fitted = (squares.mean() / 4) ** (1 / steps)
    assert abs(fitted / (1 - least**2 / largest) - 1) < 0.1
    # A tenth of the exponent too, which says more where the factor is close to one.
    assert abs(np.log(fitted) / np.log(1 - least**2 / largest) - 1) < 0.1


adversaries = {
    "oblivious": lambda **known: ct.ObliviousAdversary(**known),
    "alternating": lambda **known: ct.AlternatingAdversary(**known),
    "sign": lambda **known: ct.SignCorrelatedAdversary(
        **known, direction=np.eye(6)[1].astype(np.float32)
    ),
    "adaptive": lambda **known: ct.AdaptiveAdversary(**known),
}


@pytest.mark.parametrize("kind", adversaries)
def test_glm_tron_stays_under_its_floor(kind):
    n, b, eta, steps = 6, 16, 0.02, 1200
    target = jnp.array([3.0, 0, 0, 0, 0, 0])
    chance = lambda x: 0.3 * (jnp.abs(x[:, 0]) > 0.5)
    sample = jax.random.normal(jax.random.key(1), (20000, n))
    errors = []
    for bound in (0.125, 0.25):
        adversary = adversaries[kind](bound=bound, probability=chance)
        found = runs(
            ct.glm_tron(eta, noise_bound=bound),
            lambda x: jnp.maximum(0, x @ target),
            lambda key: jax.random.normal(key, (b, n)),
            jnp.zeros((4, n)),
            steps,
            adversary,
            lambda w, x: jnp.maximum(0, x @ w),
        )
        errors.append(float(np.sqrt(np.mean(np.sum((found - target) ** 2, axis=1)))))
        recovery = ct.recovery_of_gate(sample, target, adversary, eta)
        assert 0 < errors[-1] <= recovery.bound(3.0, steps)
        line = recovery.beside(errors[-1])
        assert f"{errors[-1]:.3g}" in line and f"floor {recovery.floor:.3g}" in line
    assert 1.6 < errors[1] / errors[0] < 2.5


def net_of(key, r=4, n=8, k=5):
    """Ā with orthonormal rows, the matrices in pairs around it, as published."""
    mean, other = jax.random.normal(key, (2, r, n))
    mean = jnp.linalg.qr(mean.T)[0].T
    shifts = jnp.array([-2.0, -1.0, 0.0, 1.0, 2.0])[:k]
    return ct.SensingNet(mean + shifts[:, None, None] * other, slope=0.1)


def test_neuro_tron_recovers_and_its_error_is_linear_in_the_poisoning():
    b, steps = 256, 1500
    net = net_of(jax.random.key(4))
    target = jax.random.normal(jax.random.key(5), (4,))
    sample = jax.random.normal(jax.random.key(1), (20000, 8))
    clean = ct.ObliviousAdversary(bound=0.0)
    with pytest.raises(cx.CertaxError, match="learning rate") as caught:
        ct.recovery_of_net(sample, net, clean, 1.0, batch=b)
    eta = float(caught.value.remedy.split()[1])
    errors, floors = [], []
    for bound in (0.0, 0.25, 1.0):
        adversary = ct.SignCorrelatedAdversary(
            bound=bound, probability=0.2, direction=np.eye(8)[0].astype(np.float32)
        )
        found = runs(
            ct.neuro_tron(eta, net),
            lambda x: net(target, x),
            lambda key: jax.random.normal(key, (b, 8)),
            jnp.ones((2, 4)),
            steps,
            adversary,
            net,
        )
        errors.append(float(np.sqrt(np.mean(np.sum((found - target) ** 2, axis=1)))))
        recovery = ct.recovery_of_net(sample, net, adversary, eta, batch=b)
        floors.append(recovery.floor)
        assert errors[-1] <= recovery.bound(float(jnp.linalg.norm(target - 1)), steps)
    assert errors[0] < 1e-4 * errors[1] and floors[0] == 0
    slopes = np.array(errors[1:]) / [0.25, 1.0]
    assert slopes.max() / slopes.min() < 1.2
    assert floors[2] == pytest.approx(4 * floors[1])


def test_no_run_of_neuro_tron_is_stuck_where_gradient_descent_is():
    """Two hundred runs, ten each on twenty nets of rectifiers."""

    def both(key):
        a, b, c, d = jax.random.split(key, 4)
        net = ct.SensingNet(net_of(a, r=3, n=6).matrices)
        target = jax.random.normal(b, (3,))
        x = jax.random.normal(c, (24, 6))
        x = jnp.concatenate([x, -x])
        truth = net(target, x)
        h = net.mean_matrix @ (x.T @ x / len(x)) @ net.mean_matrix.T / 2
        method = ct.neuro_tron(0.25, net)
        loss = lambda w: jnp.mean((net(w, x) - truth) ** 2) / 2

        def tron(w, _):
            changes, _ = method.update(None, method.init(w), w, inputs=x, labels=truth)
            return w + changes / jnp.linalg.norm(h, 2), None

        descend = lambda w, _: (w - 0.02 * jax.grad(loss)(w), None)
        starts = 3 * jax.random.normal(d, (10, 3))

        def missed(one):
            last = jax.vmap(lambda w: jax.lax.scan(one, w, length=1500)[0])(starts)
            return jnp.linalg.norm(last - target, axis=1) / jnp.linalg.norm(target)

        return missed(tron), missed(descend)

    keys = jax.random.split(jax.random.key(0), 20)
    tron, descent = (np.asarray(x).ravel() for x in jax.jit(jax.vmap(both))(keys))
    assert tron.size == 200 and np.all(tron < 1e-2)
    share = np.mean(~(descent < 1e-2))
    assert share > 0.05, f"gradient descent was stuck in {share:.0%} of the runs"


def test_a_higher_outer_scale_lowers_the_floor():
    net = net_of(jax.random.key(4))
    sample = jax.random.normal(jax.random.key(1), (5000, 8))
    adversary = ct.ObliviousAdversary(bound=0.5, probability=0.1)
    large = ct.SensingNet(net.matrices, slope=0.1, scale=10.0)
    low = ct.recovery_of_net(sample, net, adversary, 1e-7, batch=16).floor
    high = ct.recovery_of_net(sample, large, adversary, 1e-9, batch=16).floor
    assert high == pytest.approx(low / 10, rel=0.05)


def test_adversaries_stay_in_their_class():
    x = jax.random.normal(jax.random.key(0), (1000, 6))
    y = jnp.maximum(0, x[:, 0])
    for make in adversaries.values():
        adversary = make(bound=0.5, probability=0.25)
        found = adversary.poison(jax.random.key(1), x, y, jnp.zeros(1000))
        moved = np.abs(np.asarray(found - y))
        assert moved.max() <= 0.5 + 1e-6
        share = np.mean(moved > 0)
        assert 0 < share < 0.31
    nobody = ct.ObliviousAdversary(bound=0.5, probability=0.0)
    assert np.array_equal(nobody.poison(jax.random.key(1), x, y), y)


def test_an_adversary_outside_its_class_is_refused():
    x, y = jnp.ones((4, 2)), jnp.ones(4)
    key = jax.random.key(0)
    greedy = ct.CustomAdversary(bound=0.5, function=lambda k, x, y, p: jnp.full(4, 0.6))
    with pytest.raises(cx.CertaxError, match="more than its bound"):
        greedy.poison(key, x, y)
    with pytest.raises(Exception, match="more than its bound"):
        jax.block_until_ready(jax.jit(greedy.poison)(key, x, y))
    missing = ct.CustomAdversary(bound=0.5, function=lambda *_: jnp.full(4, jnp.nan))
    with pytest.raises(cx.CertaxError, match="more than its bound"):
        missing.poison(key, x, y)
    with pytest.raises(cx.CertaxError, match=r"outside of \[0, 1\]"):
        ct.ObliviousAdversary(bound=0.5, probability=1.5)
    with pytest.raises(cx.CertaxError, match=r"outside of \[0, 1\]"):
        often = ct.ObliviousAdversary(bound=0.5, probability=lambda x: x[:, 0] + 1)
        often.poison(key, x, y)
    with pytest.raises(cx.CertaxError, match="bound θ"):
        ct.ObliviousAdversary(bound=-0.5)
    with pytest.raises(cx.CertaxError, match="labels"):
        ct.ObliviousAdversary(bound=0.5).poison(key, x, y.at[1].set(jnp.nan))


def test_bad_input_is_refused():
    w, x, y = jnp.ones(3), jnp.ones((4, 3)), jnp.ones(4)
    method = ct.glm_tron(0.1)
    state = method.init(w)
    with pytest.raises(cx.CertaxError, match=r"labels hold nan at \[2\]"):
        method.update(None, state, w, inputs=x, labels=y.at[2].set(jnp.nan))
    with pytest.raises(cx.CertaxError, match="inputs hold inf"):
        method.update(None, state, w, inputs=x.at[0, 0].set(jnp.inf), labels=y)
    with pytest.raises(cx.CertaxError, match="inputs of shape"):
        method.update(None, state, w, inputs=x, labels=y[:2])
    with pytest.raises(cx.CertaxError, match="takes points, not a gradient"):
        method.update(w, state, w)
    with pytest.raises(cx.CertaxError, match="one vector"):
        method.init({"a": w, "b": w})
    with pytest.raises(cx.CertaxError, match="noise bound"):
        ct.glm_tron(0.1, noise_bound=-1.0)
    with pytest.raises(cx.CertaxError, match="slope"):
        ct.SensingNet(jnp.ones((2, 3, 4)), slope=2.0)
    with pytest.raises(cx.CertaxError, match="mixing matrix"):
        ct.neuro_tron(0.1, ct.SensingNet(jnp.ones((2, 3, 4))), np.ones((4, 3)))
    # Under jit nothing can be refused, and nothing is hidden either.
    hidden = jax.jit(lambda y: method.update(None, state, w, inputs=x, labels=y)[0])
    assert np.isnan(hidden(y.at[2].set(jnp.nan))).all()


def test_a_gate_that_is_never_seen_clearly_has_no_guarantee():
    x = np.random.default_rng(0).normal(size=(500, 3))
    loud = ct.ObliviousAdversary(bound=10.0)
    with pytest.raises(cx.CertaxError, match="not positive"):
        ct.recovery_of_gate(x, np.array([0.1, 0, 0]), loud, 1e-3)
