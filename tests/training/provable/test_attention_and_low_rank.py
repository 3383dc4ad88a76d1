"""The nets whose training is proved by Lyapunov functions."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

import certax as cx
from certax import training as ct

pytestmark = pytest.mark.usefixtures("x64")


def single_head(net, head, x):
    """Token by token, as it is written."""
    q, k, v = (np.asarray(m[head]) for m in (net.query, net.key, net.value))
    outputs = []
    for token in x:
        scores = np.array([token @ q @ k.T @ other for other in x]) / np.sqrt(
            q.shape[1]
        )
        shares = np.exp(scores - scores.max())
        outputs.append((shares / shares.sum()) @ x @ v)
    return np.array(outputs)


def test_attention_is_the_sum_of_its_heads():
    net = ct.AttentionRegression(3, 2, inner=4, heads=2, key=jax.random.key(0))
    x = np.random.default_rng(0).normal(size=(5, 3))
    wanted = single_head(net, 0, x) + single_head(net, 1, x)
    np.testing.assert_allclose(net(jnp.asarray(x)), wanted, rtol=1e-10)


def losses():
    """Penalized losses of both nets, as functions of what is trained."""
    x = jax.random.normal(jax.random.key(1), (6, 4, 3))
    y = jnp.tanh(x[:, :, :1])
    attention = ct.AttentionRegression(3, 1, inner=2, heads=2, key=jax.random.key(0))
    of_attention = lambda net: ct.squared_loss(jax.vmap(net)(x), y)
    inner = jax.random.normal(jax.random.key(2), (5, 3))
    net = ct.LowRankNet(inner, jnp.ones(5) / 5)
    points = x.reshape(-1, 3)
    labels = jnp.sin(points[:, 0])
    of_factors = lambda factors: ct.squared_loss(net(factors, points), labels)
    return {
        "attention": (of_attention, attention),
        "low rank": (of_factors, net.factors(2, key=jax.random.key(3))),
    }


@pytest.mark.parametrize("name", ["attention", "low rank"])
def test_tamed_descent_lowers_the_penalized_loss_from_near_and_far(name):
    loss, start = losses()[name]
    total = ct.regularized(loss, 0.01)
    method = ct.tamed_gradient_descent(0.05)

    @jax.jit
    def run(weights):
        def one(carry, _):
            weights, state = carry
            changes, state = method.update(jax.grad(total)(weights), state)
            return (optax.apply_updates(weights, changes), state), None

        carry = weights, method.init(weights)
        return jax.lax.scan(one, carry, length=300)[0][0]

    for scale in (1.0, 20.0):
        weights = jax.tree.map(lambda leaf: scale * leaf, start)
        assert total(run(weights)) < 0.9 * total(weights)


@pytest.mark.parametrize("name", ["attention", "low rank"])
def test_tamed_chains_stay_finite_from_far_away(name):
    loss, start = losses()[name]
    step_size = 0.02 if name == "attention" else 0.1
    kernel = ct.tamed_langevin(ct.gibbs_potential(loss, 1.0, 0.1), step_size)
    far = jax.tree.map(lambda leaf: 30 * jnp.stack([leaf] * 3), start)
    found = ct.sample_chains(kernel, jax.random.key(0), far, draws=200)
    energies = np.asarray(found.energies)
    assert np.isfinite(energies).all()
    assert energies[:, -50:].mean() < 0.3 * energies[:, 0].mean()


def test_the_penalty_and_the_noise_reach_the_factors_only():
    loss, start = losses()["low rank"]
    assert sum(leaf.size for leaf in jax.tree.leaves(start)) == 2 * (5 + 3)
    inner = jax.random.normal(jax.random.key(2), (5, 3))
    net = ct.LowRankNet(inner, jnp.ones(5) / 5)
    x = jax.random.normal(jax.random.key(4), (7, 3))
    wanted = jnp.tanh(x @ inner.T) @ (jnp.ones(5) / 5)
    np.testing.assert_allclose(net(start, x), wanted, rtol=1e-12)
    moved = ct.LowRankFactors(jnp.ones((5, 2)), start.right)
    full = inner + moved.left @ moved.right
    np.testing.assert_allclose(
        net(moved, x), jnp.tanh(x @ full.T) @ (jnp.ones(5) / 5), rtol=1e-12
    )


def test_dissipativity_of_low_rank_factors():
    """⟨(A, B), ∇L⟩ ≥ −2 |a|₁ mean(|y| + F)(c + max |w₀ · x|), F = |a|₁, on the loss."""
    rng = np.random.default_rng(0)
    inner, outer = rng.normal(size=(5, 3)), rng.normal(size=5)
    x, y = rng.normal(size=(20, 3)), rng.normal(size=20)
    net = ct.LowRankNet(inner, outer)
    loss = lambda f: ct.squared_loss(net(f, jnp.asarray(x)), jnp.asarray(y))
    size = np.abs(outer).sum()
    reach = 0.4477433 + np.abs(x @ inner.T).max(axis=1)
    bound = 2 * size * np.mean((np.abs(y) + size) * reach)
    gradient = jax.jit(jax.grad(loss))
    for scale in (0.1, 1.0, 10.0, 100.0):
        factors = ct.LowRankFactors(
            jnp.asarray(scale * rng.normal(size=(5, 2))),
            jnp.asarray(scale * rng.normal(size=(2, 3))),
        )
        assert optax.tree.vdot(factors, gradient(factors)) >= -bound


def test_what_makes_no_net_is_refused():
    key = jax.random.key(0)
    with pytest.raises(cx.CertaxError, match="sizes of one"):
        ct.AttentionRegression(3, 1, inner=0, key=key)
    with pytest.raises(cx.CertaxError, match="make no net"):
        ct.LowRankNet(jnp.ones((5, 3)), jnp.ones(3))
    with pytest.raises(cx.CertaxError, match="rank 4"):
        ct.LowRankNet(jnp.ones((5, 3)), jnp.ones(5)).factors(4, key=key)
    with pytest.raises(cx.CertaxError, match="labels hold nan"):
        ct.squared_loss(jnp.ones(3), jnp.array([1.0, jnp.nan, 0.0]))
    with pytest.raises(cx.CertaxError, match="do not fit"):
        ct.squared_loss(jnp.ones(3), jnp.ones((3, 1)))
