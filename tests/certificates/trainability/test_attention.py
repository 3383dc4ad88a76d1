"""The drift of attention and of low-rank adaptation, by automatic differentiation."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from nets import random_net, sigma
from scipy.special import softmax

from certax import CertaxError
from certax.certificates._trainability import attention_guarantee, lora_guarantee


def attention_loss(query, key, value, tokens, targets):
    """The loss of weights of shapes (heads, dimension, ·)."""
    scores = jnp.einsum("ntd,hde,hfe,nuf->nhtu", tokens, query, key, tokens)
    mixed = jax.nn.softmax(scores / np.sqrt(query.shape[-1]), axis=-1)
    out = jnp.einsum("nhtu,nud,hdv->ntv", mixed, tokens, value)
    return jnp.mean(jnp.sum((out - targets) ** 2, axis=(1, 2))) / 2


@pytest.mark.parametrize("heads", [1, 3])
def test_the_drift_of_attention(heads, x64):
    rng, length, dimension, keys, values = np.random.default_rng(0), 4, 3, 2, 2
    worst, weight, s = 0.0, 0.1, 0.5
    gradient = jax.jit(jax.grad(attention_loss, (0, 1, 2)))
    for _ in range(8):
        tokens = rng.normal(size=(2, length, dimension))
        targets = rng.normal(size=(2, length, values)) * rng.choice([0.1, 3])
        found = attention_guarantee(tokens, targets, keys, weight, s, heads=heads)
        ratio = 1 + found["pull"] / weight
        for scale in (0.1, 1.0, 3.0, 10.0):
            q, k = rng.normal(size=(2, heads, dimension, keys)) * scale
            v = rng.normal(size=(heads, dimension, values)) * rng.choice([1, scale])
            gq, gk, gv = gradient(q, k, v, tokens, targets)
            inner = float(jnp.sum(q * gq) + jnp.sum(k * gk))
            limit = found["pull"] * (1 + np.sum(v**2))
            worst = max(worst, abs(inner) / limit)
            lowest = -np.mean(np.sum(targets**2, axis=(1, 2))) / 4
            assert float(jnp.sum(v * gv)) >= lowest - 1e-9
            # AQ ≤ c − (2 lambda / s) Q, with the Laplacian of Q exactly.
            keyed = np.sum(q**2) + np.sum(k**2)
            value = np.sum(v**2)
            laplacian = 2 * ratio * v.size + q.size + k.size
            pulled = 2 * ratio * (float(jnp.sum(v * gv)) + weight * value)
            pulled += inner + weight * keyed
            drift = laplacian - 2 / s * pulled
            lyapunov = 1 + ratio * value + keyed / 2
            assert drift <= found["drift"] - 2 * weight / s * lyapunov + 1e-6
    assert 1e-4 < worst <= 1


def test_covariance_of_scores():
    """|Cov_p(s, v)| ≤ 2 ln T max |v| for p = softmax(s), which the drift rests on."""
    rng, worst = np.random.default_rng(0), 0.0
    for length in (2, 4, 16, 64):
        for gap in np.linspace(0, 12, 25):
            for ones in (1, length // 2):
                s = np.where(np.arange(length) < ones, gap, 0.0)
                p = softmax(s)
                v = np.sign(s - p @ s)
                covariance = p @ (s * v) - (p @ s) * (p @ v)
                worst = max(worst, abs(covariance) / (2 * np.log(length)))
        s = rng.normal(size=(200, length)) * 10.0 ** rng.uniform(-1, 2, size=(200, 1))
        p = softmax(s, axis=1)
        v = rng.uniform(-1, 1, size=s.shape)
        mean = np.sum(p * s, axis=1) * np.sum(p * v, axis=1)
        covariance = np.abs(np.sum(p * s * v, axis=1) - mean)
        worst = max(worst, covariance.max() / (2 * np.log(length)))
    assert 0.2 < worst <= 1


def test_a_trained_projection_is_refused_since_the_proof_fails():
    """The pull grows like ‖Wv‖² ‖Wo‖², not like their sum: 3264 at the scale 100."""
    tokens, targets = np.ones((1, 2, 1)), np.ones((1, 2, 1))
    for projection in ("trained", "frozen"):
        with pytest.raises(CertaxError, match="not covered"):
            attention_guarantee(tokens, targets, 1, 1, 1, projection=projection)
    ratios = []
    for scale in (1.0, 10.0, 100.0):
        # f = p·x with scores u, values v and projection o, all one number each.
        x, u = np.array([1.0, -1.0]), 0.5
        p = softmax(u * x)
        f = (p @ x) * scale * scale
        slope = (p @ (x * x) - (p @ x) ** 2) * scale * scale
        ratios.append(abs(u * f * slope) / (1 + 2 * scale**2))
    assert ratios[2] > 50 * ratios[1] > 1000 * ratios[0]


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_low_rank_adaptation_is_dissipative(name):
    rng, worst = np.random.default_rng(0), -np.inf
    for seed in range(30):
        net = random_net(seed, name, "squared")
        base = rng.normal(size=(net.width, 2)) * rng.choice([0.1, 3])
        found = lora_guarantee(net, base, 1, "0.1", "1")
        for _ in range(20):
            left = rng.normal(size=(net.width, 1)) * 10.0 ** rng.uniform(-1, 1)
            right = rng.normal(size=(1, 2)) * 10.0 ** rng.uniform(-1, 1)
            moved = left @ right
            value, first, _ = sigma(name, net.inputs @ (base + moved).T)
            gaps = value @ net.outer - net.targets
            inner = np.einsum(
                "i,ij,ij->", gaps, first * net.outer, net.inputs @ moved.T
            )
            # Both factors see the gradient of their product.
            inner = 2 * inner / len(gaps)
            worst = max(worst, -inner / found["defect"])
    assert 0.05 < worst <= 1


def test_low_rank_constants_do_not_know_the_rank():
    net = random_net(5, "tanh", "squared")
    base = np.zeros((net.width, 2))
    one, two = (lora_guarantee(net, base, rank, "0.5", "8") for rank in (1, 2))
    assert one.constants == two.constants
    assert "not globally smooth" in one.statement
    cold = lora_guarantee(net, base, 1, "0.5", "0.01")
    assert cold.vacuous and "of no use" in cold.reason


def test_refusals():
    for name, loss in (("softplus", "squared"), ("tanh", "logistic")):
        net = random_net(5, name, loss)
        with pytest.raises(CertaxError, match="low-rank adaptation does not cover"):
            lora_guarantee(net, np.zeros((net.width, 2)), 1, 1, 1)
    net = random_net(5, "tanh", "squared")
    with pytest.raises(CertaxError, match="rank"):
        lora_guarantee(net, np.zeros((net.width, 2)), 0, 1, 1)
    data = np.ones((1, 2, 1))
    for tokens, weight in ((data[:, :1], 1), (data * np.nan, 1), (data, 0)):
        with pytest.raises(CertaxError):
            attention_guarantee(tokens, data[:, : tokens.shape[1]], 1, weight, 1)
