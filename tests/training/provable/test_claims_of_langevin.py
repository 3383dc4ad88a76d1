"""Chains have the measure they should have, and the diagnostics their known values."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax import training as ct

pytestmark = pytest.mark.usefixtures("x64")
scales = np.array([0.5, 1.0, 2.0])
gaussian = lambda w: jnp.sum((w["a"] / scales) ** 2) / 2


def moments(kernel, draws=150, thinning=10, chains=200, spread=scales):
    """Of the chains' second halves, with standard errors from the chains' own means."""
    starts = {"a": spread * jax.random.normal(jax.random.key(0), (chains, 3))}
    found = ct.sample_chains(
        kernel, jax.random.key(1), starts, draws=draws, thinning=thinning
    )
    kept = np.asarray(found.positions["a"])[:, draws // 2 :]
    pairs = []
    for power in (1, 2):
        means = (kept**power).mean(axis=1)
        pairs.append((means.mean(axis=0), means.std(axis=0, ddof=1) / np.sqrt(chains)))
    return pairs, found


def test_stationary_moments_of_langevin_on_a_gaussian():
    """Plain steps have the variance σ² / (1 − h/(2σ²)), known exactly."""
    h = 0.1
    (mean, square), found = moments(ct.langevin(gaussian, h))
    assert np.all(np.abs(mean[0]) < 3 * mean[1])
    known = scales**2 / (1 - h / (2 * scales**2))
    assert np.all(np.abs(square[0] - known) < 3 * square[1])
    # The bias is seen, so the test above would see a wrong size of the noise as well.
    assert np.abs(square[0] - scales**2)[0] > 5 * square[1][0]
    assert np.all(np.asarray(found.acceptance) == 1)


def test_the_adjusted_kernel_is_exact_at_large_steps():
    (mean, square), found = moments(ct.metropolis_adjusted_langevin(gaussian, 0.35))
    assert np.all(np.abs(mean[0]) < 3 * mean[1])
    assert np.all(np.abs(square[0] - scales**2) < 3 * square[1])
    assert 0.3 < float(found.acceptance.mean()) < 0.95


def test_the_adjusted_kernel_is_exact_where_plain_steps_are_biased():
    """exp(−w⁴): its second moment is Γ(3/4) / Γ(1/4)."""
    from scipy.special import gamma

    quartic = lambda w: jnp.sum(w["a"] ** 4)
    spread = 0.5 * np.ones(3)
    kernel = ct.metropolis_adjusted_langevin(quartic, 0.15)
    pairs, _ = moments(kernel, spread=spread, chains=600)
    mean, error = pairs[1]
    assert np.all(np.abs(mean - gamma(0.75) / gamma(0.25)) < 3 * error)


def test_detailed_balance_of_the_adjusted_kernel():
    """Acceptance is min(1, r), r the ratio of densities with both proposals."""
    potential = lambda w: jnp.sum(jnp.cosh(w))
    h = 0.3
    kernel = ct.metropolis_adjusted_langevin(potential, h)
    state = kernel.init(jnp.array([0.4, -1.2]))
    log_density = lambda to, at: -jnp.sum((to - at + h * jnp.sinh(at)) ** 2) / (4 * h)
    for seed in range(20):
        key = jax.random.key(seed)
        after, info = kernel.step(key, state)
        if not info.is_accepted:
            assert np.array_equal(after.position, state.position)
            continue
        w, z = state.position, after.position
        ratio = potential(w) - potential(z) + log_density(w, z) - log_density(z, w)
        wanted = min(1.0, float(jnp.exp(ratio)))
        assert float(info.acceptance_rate) == pytest.approx(wanted, rel=1e-9)
        state = after


def test_where_the_potential_is_no_number_nothing_is_accepted():
    barrier = lambda w: jnp.sum(w) - jnp.sum(jnp.log(w))
    kernel = ct.metropolis_adjusted_langevin(barrier, 0.5)
    found = ct.sample_chains(
        kernel, jax.random.key(0), jnp.full((20, 1), 0.1), draws=200
    )
    assert np.all(np.asarray(found.positions) > 0)
    assert 0 < float(found.acceptance.mean()) < 1


def test_tamed_steps_stay_where_plain_ones_explode():
    quartic = lambda w: jnp.sum(w**4)
    ends = {}
    for name in ("langevin", "tamed_langevin"):
        kernel = getattr(ct, name)(quartic, 0.05)
        found = ct.sample_chains(
            kernel, jax.random.key(0), jnp.full((10, 2), 20.0), draws=100
        )
        ends[name] = np.asarray(found.positions)[:, -1]
    assert not np.isfinite(ends["langevin"]).all()
    assert np.abs(ends["tamed_langevin"]).max() < 5


def test_tamed_steps_are_plain_ones_in_the_limit():
    key = jax.random.key(3)
    potential = lambda w: jnp.sum(w**4)
    distances = []
    for h in (1e-3, 1e-4):
        a, b = (make(potential, h) for make in (ct.langevin, ct.tamed_langevin))
        w = jnp.array([1.0, -2.0])
        distances.append(
            float(
                jnp.linalg.norm(
                    a.step(key, a.init(w))[0].position
                    - b.step(key, b.init(w))[0].position
                )
            )
        )
    assert 1.8 < np.log10(distances[0] / distances[1]) < 2.05


def test_the_start_is_the_gaussian_of_the_penalty():
    weights = {"w": jnp.zeros((200, 300)), "b": None}
    drawn = ct.gibbs_start(jax.random.key(0), weights, 0.3, 0.13)
    assert drawn["b"] is None
    deviation = np.sqrt(0.3 / 0.26)
    assert float(drawn["w"].std()) == pytest.approx(deviation, rel=0.02)


def test_the_start_has_the_entropy_that_is_claimed():
    """Without a loss the Gibbs measure is the start itself: the potential's mean is
    D/2.
    """
    potential = ct.gibbs_potential(lambda w: 0.0, 0.3, 0.13)
    keys = jax.random.split(jax.random.key(0), 4000)
    draw = lambda key: potential(ct.gibbs_start(key, jnp.zeros(10), 0.3, 0.13))
    values = np.asarray(jax.vmap(draw)(keys))
    assert abs(values.mean() - 5) < 3 * values.std() / np.sqrt(4000)


def test_the_diffusion_has_the_stationary_variance():
    """Of the Ornstein–Uhlenbeck process dW = −λW dt + √s dB: s / 2λ, and on the way
    there e^{−2λt} of what the start has too much.
    """
    s, rate = 0.4, 0.8
    loss = ct.regularized(lambda w: 0.0, rate)

    def run(key):
        path = ct.sgd_diffusion(
            *(loss, {"w": jnp.full((8,), 2.0)}), temperature=s, end=3.0, step=0.02,
            key=key, saves=3,
        )  # fmt: skip
        return path.weights["w"]

    found = np.asarray(jax.vmap(run)(jax.random.split(jax.random.key(0), 200)))
    for k, time in enumerate((1.0, 2.0, 3.0)):
        values = found[:, k].ravel()
        wanted = 2 * np.exp(-rate * time)
        spread = s / (2 * rate) * (1 - np.exp(-2 * rate * time))
        assert abs(values.mean() - wanted) < 3 * values.std() / 40 + 0.02
        assert abs(values.var() / spread - 1) < 3 * np.sqrt(2 / 1600) + 0.02


def test_the_stationary_law_of_sgd_regularization():
    """Gradient steps on L̃ contract where λ is above the threshold of convexity."""
    x = jax.random.normal(jax.random.key(0), (50, 2))
    y = jnp.tanh(x[:, 0])
    loss = lambda w: jnp.mean((jnp.tanh(x @ w.T).sum(axis=1) / 4 - y) ** 2) / 2
    method = ct.regularized_sgd(0.05, 1.5)
    a, b = jax.random.normal(jax.random.key(1), (2, 4, 2))
    state = method.init(a)
    for _ in range(100):
        a, b = (w + method.update(jax.grad(loss)(w), state, w)[0] for w in (a, b))
    assert float(jnp.linalg.norm(a - b)) < 1e-2
    total = ct.regularized(loss, 1.5)
    slope, _ = method.update(jax.grad(loss)(b), state, b)
    np.testing.assert_allclose(slope, -0.05 * jax.grad(total)(b), rtol=1e-10)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9, -0.5])
def test_effective_sizes_of_autoregressions(correlation):
    """S (1 − ρ) / (1 + ρ), and R-hat near one."""
    rng = np.random.default_rng(0)
    chains, n = 8, 4000
    noise = rng.normal(size=(n, chains)) * np.sqrt(1 - correlation**2)
    values = np.empty((n, chains))
    values[0] = rng.normal(size=chains)
    for t in range(1, n):
        values[t] = correlation * values[t - 1] + noise[t]
    draws = values.T
    wanted = chains * n * (1 - correlation) / (1 + correlation)
    assert ct.effective_sample_size(draws) == pytest.approx(wanted, rel=0.12)
    assert 0.999 < ct.split_r_hat(draws) < 1.01
    apart = draws + np.arange(chains)[:, None]
    assert ct.split_r_hat(apart) > 1.5
    assert ct.effective_sample_size(apart) < 100
    wide = draws * np.linspace(1, 4, chains)[:, None]
    assert ct.split_r_hat(wide) > 1.1


def test_diagnostics_of_several_quantities_and_of_none():
    rng = np.random.default_rng(1)
    draws = rng.normal(size=(4, 100, 2, 3))
    draws[..., 1, 2] = 5.0
    for found in (ct.split_r_hat(draws), ct.effective_sample_size(draws)):
        assert found.shape == (2, 3)
        assert np.isnan(found[1, 2]) and np.isfinite(found[0]).all()
    for bad in (np.ones(5), np.ones((2, 3)), np.full((2, 10), np.nan)):
        with pytest.raises(cx.CertaxError, match="cannot be judged"):
            ct.split_r_hat(bad)


def test_chains_go_on_where_they_were():
    kernel = ct.langevin(gaussian, 0.1)
    starts = {"a": jnp.ones((3, 3))}
    first = ct.sample_chains(kernel, jax.random.key(0), starts, draws=5)
    again = ct.sample_chains(
        kernel, jax.random.key(1), None, draws=5, states=first.states
    )
    assert np.all(np.asarray(again.states.count) == 10)
    with pytest.raises(cx.CertaxError, match="0 draws"):
        ct.sample_chains(kernel, jax.random.key(0), starts, draws=0)


@pytest.mark.parametrize("value", [0.0, -0.1, float("nan")])
def test_a_penalty_that_is_none_is_refused(value):
    for make in (
        lambda: ct.regularized_sgd(0.1, value),
        lambda: ct.regularized(gaussian, value),
        lambda: ct.gibbs_potential(gaussian, 1.0, value),
        lambda: ct.gibbs_start(jax.random.key(0), jnp.ones(2), 1.0, value),
    ):
        with pytest.raises(cx.CertaxError, match="regularization"):
            make()
    with pytest.raises(cx.CertaxError, match="temperature"):
        ct.gibbs_potential(gaussian, value, 0.1)
