"""RMSProp and Adam meet their accuracy within the proved number of steps."""

import numpy as np
import pytest
from nets import derivatives, random_net, smooth_kinds

from certax import CertaxError
from certax.certificates._trainability import (
    TrainingRun,
    adam_guarantee,
    rmsprop_guarantee,
    stochastic_rmsprop_guarantee,
)


def adam(x, accuracy, found, decay=0.999, most=20_000):
    """The first step whose gradient is short, on x²/2."""
    m = v = 0.0
    momentum = found["momentum"]
    for t in range(1, most):
        g = x
        if abs(g) <= accuracy:
            return t
        m = momentum * m + (1 - momentum) * g
        v = decay * v + (1 - decay) * g * g
        step = found["step_scale"] * g * g / (1 - momentum**t) ** 2
        x = x - step * m / (np.sqrt(v) + found["offset"])
    return most


@pytest.mark.parametrize(
    ("sigma", "accuracy", "hit"), [(10.0, 5.0, 29), (100.0, 10.0, 3598)]
)
def test_the_recalled_count_of_adam_is_false_and_this_one_holds(sigma, accuracy, hit):
    """Counterexamples to 9 L σ² D / ε⁶, by the parabola."""
    gap = sigma**2 / 2
    found = adam_guarantee(1, sigma, gap, accuracy, printed=True)
    assert 9 * sigma**2 * gap / accuracy**6 < hit
    assert abs(adam(sigma, accuracy, found) - hit) <= 1
    assert hit <= found["iterations"]
    better = adam_guarantee(1, sigma, gap, accuracy)
    assert adam(sigma, accuracy, better) <= min(better["iterations"], hit)
    assert better["iterations"] < found["iterations"]


@pytest.mark.parametrize("seed", range(6))
def test_counts_on_cosines(seed):
    """f = Σ aᵢ (1 − cos wᵢ x): smooth, not convex, with bounded gradients."""
    rng = np.random.default_rng(seed)
    a, w = rng.uniform(0.2, 2, size=4), rng.uniform(0.3, 3, size=4)
    x, offset, decay = rng.uniform(0.5, 1.5, size=4) / w, 0.1, 0.9
    gradient = lambda x: a * w * np.sin(w * x)
    bend, sigma = np.max(a * w**2), np.linalg.norm(a * w)
    gap = np.sum(a * (1 - np.cos(w * x)))
    found = rmsprop_guarantee(bend, sigma, gap, 0.05, offset, decay)
    v, count = 0.0, 0
    while np.linalg.norm(g := gradient(x)) > 0.05:
        v = decay * v + (1 - decay) * (g**2 + offset)
        x = x - found["step"] * g / np.sqrt(v)
        count += 1
    assert 0 < count <= found["iterations"]


@pytest.mark.parametrize("kappa", [1.0, 1.02])
def test_noisy_rmsprop_on_a_parabola(kappa):
    """An oracle whose sign may be wrong, as often as κ allows."""
    rng, runs, offset, decay, sigma = np.random.default_rng(0), 400, 4.0, 0.5, 2.0
    found = stochastic_rmsprop_guarantee(
        1, sigma, 0.5, 0.3, offset, decay, moment=kappa
    )
    wrong = (kappa - 1) / (2 * kappa)
    x, v, least = np.ones(runs), 0.0, np.inf
    for _ in range(int(found["iterations"])):
        least = min(least, np.mean(x**2))
        if least <= 0.3**2:
            break
        g = kappa * x * np.where(rng.uniform(size=runs) < wrong, -1, 1)
        assert np.abs(g).max() <= sigma
        v = decay * v + (1 - decay) * (g**2 + offset)
        x = x - found["step"] * g / np.sqrt(v)
    assert least <= 0.3**2
    assert "rarely true" in found.hypotheses[1].detail


def test_the_moment_condition_may_fail():
    found = stochastic_rmsprop_guarantee(1, 1, 1, 0.1, 0.01, moment=3)
    assert found.verdict == "does not apply"


def test_vacuous_and_refusals():
    assert rmsprop_guarantee(1, 0.1, 1, 0.2, 1).vacuous
    assert adam_guarantee(1, 10, 1, 1e-4).vacuous
    for change in ({"decay": 1}, {"decay": 1.1}, {"offset": 0}, {"accuracy": -1}):
        arguments = {
            **dict(smoothness=1, gradient_bound=1, gap=1, accuracy=0.1, offset=1),
            **change,
        }
        with pytest.raises(CertaxError):
            rmsprop_guarantee(**arguments)
    with pytest.raises(CertaxError, match="at least 1"):
        stochastic_rmsprop_guarantee(1, 1, 1, 0.1, 1, moment=0.5)


@pytest.mark.parametrize("algorithm", ["rmsprop", "adam"])
@pytest.mark.parametrize("kind", smooth_kinds)
def test_training_runs_of_shallow_nets(algorithm, kind):
    net, weight = random_net(5, *kind), 0.1
    start = np.random.default_rng(0).normal(size=(net.width, 2))
    accuracy = 0.01 * np.linalg.norm(derivatives(net, start, weight)[1])
    options = {"accuracy": accuracy} | ({"offset": 1} if algorithm == "rmsprop" else {})
    found = TrainingRun(net, algorithm, options, weight, start).guarantee()
    assert {h.status for h in found.hypotheses} == {"checked"}
    weights, m, v, losses, decay = start, 0.0, 0.0, [], 0.999
    for t in range(1, 2000):
        loss, g, _ = derivatives(net, weights, weight)
        losses.append(loss)
        if np.linalg.norm(g) <= accuracy:
            assert t - 1 <= found["iterations"]
            break
        if algorithm == "rmsprop":
            v = decay * v + (1 - decay) * (g**2 + 1)
            weights = weights - found["step"] * g / np.sqrt(v)
            continue
        m = found["momentum"] * m + (1 - found["momentum"]) * g
        v = decay * v + (1 - decay) * g**2
        step = found["step_scale"] * np.sum(g**2) / (1 - found["momentum"] ** t) ** 2
        weights = weights - step * m / (np.sqrt(v) + found["offset"])
    assert len(losses) > 2 and (np.diff(losses) <= 1e-12).all()
