"""Langevin Monte Carlo against laws that are known exactly or by quadrature."""

import numpy as np
import pytest
from nets import derivatives, kinds, smooth_kinds
from scipy.linalg import eigh_tridiagonal

from certax import CertaxError
from certax.certificates._trainability import (
    ShallowNet,
    isoperimetry,
    landscape,
    langevin_guarantee,
)
from certax.certificates._trainability._balls import above
from certax.certificates._trainability._langevin import excess_risk, start_divergence


def gaussian():
    """A net whose output does not matter: the target is N(0, s/(2 lambda))."""
    return landscape(ShallowNet([0.0], "tanh", [[1.0, 0.0]], [0.5]), "0.5")


def divergence(variance, wanted, dimension):
    ratio = variance / wanted
    return dimension / 2 * (ratio - 1 - np.log(ratio))


def test_the_plan_on_a_gaussian_target():
    """Every step's divergence is known, and below the theorem's bound."""
    found, s = gaussian(), 1.0
    plan = langevin_guarantee(found, s, 0.02)
    kappa, step = 2 * 0.5 / s, plan["step"]
    assert plan["sobolev"] == pytest.approx(1 / kappa)
    start = variance = 9.0 / kappa
    first = divergence(start, 1 / kappa, 2)
    many = int(np.log(2 * first / 0.02) * plan["sobolev"] / step) + 1
    floor = 8 * step * 2 * kappa**2 * plan["sobolev"]
    for k in range(1, many + 1):
        variance = (1 - step * kappa) ** 2 * variance + 2 * step
        bound = np.exp(-step * k / plan["sobolev"]) * first + floor
        assert divergence(variance, 1 / kappa, 2) <= bound * (1 + 1e-12)
    assert divergence(variance, 1 / kappa, 2) <= 0.02


def test_stationary_moments_on_a_gaussian_target():
    found = gaussian()
    step, kappa = langevin_guarantee(found, 1.0, 1.0)["step"], 1.0
    rng, chains = np.random.default_rng(0), 4000
    weights = rng.normal(size=(chains, 1, 2)) * np.sqrt(0.5 / 0.5)
    net, samples = found.net, []
    for k in range(300):
        weights = weights - step * 2 * 0.5 * weights
        weights = weights + np.sqrt(2 * step) * rng.normal(size=weights.shape)
        if k >= 100 and k % 100 == 99:
            samples.append(weights.copy())
    assert np.allclose(derivatives(net, weights[0], 0.5)[1], 0.5 * weights[0])
    last = samples[-1].reshape(-1)
    exact = 1 / (kappa * (1 - step * kappa / 2))
    assert abs(last.mean()) <= 3 * np.sqrt(exact / last.size)
    deviation = exact * np.sqrt(2 / last.size)
    assert abs((last**2).mean() - exact) <= 3 * deviation


def on_a_grid(net, weight, s):
    """The Gibbs measure of one weight, its loss, and its Poincaré constant."""
    spread = np.sqrt(s / (2 * weight))
    w = np.linspace(-9 * spread - 5, 9 * spread + 5, 1201)
    values = np.array([derivatives(net, v.reshape(1, 1), weight)[0] for v in w])
    potential = 2 / s * (values - values.min())
    # Beyond, neither measure has mass that a float can hold.
    kept = potential < 400
    w, values, potential = w[kept], values[kept], potential[kept]
    # The generator, made symmetric; its first eigenvalue but 0 is 1 / C_P.
    half, many = np.exp(np.diff(potential) / 2), len(w)
    diagonal = (np.append(1 / half, 0) + np.append(0, half)) / (w[1] - w[0]) ** 2
    beside = np.full(many - 1, -1 / (w[1] - w[0]) ** 2)
    gap = eigh_tridiagonal(diagonal, beside, select="i", select_range=(0, 1))[0][1]
    return w, values, potential, 1 / gap


@pytest.mark.parametrize("kind", kinds)
def test_constants_and_excess_against_quadrature(kind):
    outer = {"sigmoid": 5.0, "tanh": 2.0, "softplus": 1.5}[kind[0]]
    net = ShallowNet([outer], kind[0], [[1.0], [-0.7]], [1.0, 1.0], kind[1])
    for weight, s in ((0.05, 0.5), (0.05, 2.0), (2.0, 0.5)):
        found = landscape(net, weight)
        w, values, potential, truth = on_a_grid(net, weight, s)
        constants = isoperimetry(found, s)
        for constant in (*constants.sobolev.values(), *constants.poincare.values()):
            assert truth <= above(constant) * 1.001
        exponent = weight / s * w**2
        first, density = np.exp(-exponent), np.exp(-potential)
        offset = np.log(density.sum()) - np.log(first.sum())
        divergence = first @ (potential - exponent) / first.sum() + offset
        bound = start_divergence(found, constants.temperature)
        assert divergence <= above(bound) * 1.001
        excess = excess_risk(found, constants.temperature)
        if excess is not None:
            mean = density @ values / density.sum()
            assert mean - values.min() <= above(excess) * 1.001


@pytest.mark.parametrize("kind", smooth_kinds)
def test_plans_say_what_binds_and_whether_they_say_anything(kind):
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-1, 1, size=(20, 2)) / 1.5, np.sign(rng.normal(size=20))
    net = ShallowNet(np.full(10, 0.1), kind[0], x, y, kind[1])
    plan = langevin_guarantee(landscape(net, "0.2"), 1.0, 0.1)
    assert "strong convexity" in plan.constants["sobolev"].meaning
    assert plan.vacuous and plan.reason
    assert "Villani machinery is not needed" in plan.statement
    assert "vacuous: yes" in str(plan)
    statuses = {h.name: h.status for h in plan.hypotheses}
    assert statuses["rate"] == "cited" and statuses["arithmetic"] == "assumed"


def test_a_plan_that_says_something():
    """One strong point in one dimension, a low temperature, a convex loss."""
    net = ShallowNet([1.0], "tanh", [[1.0]], [3.0])
    plan = langevin_guarantee(landscape(net, "4"), 1e-3, 1e-4)
    assert not plan.vacuous and not plan.reason
    assert plan["loss_gap"] < 0.1 < net.mean_loss([net.outer_balls[0] * 0])


def test_refusals():
    found = gaussian()
    largest = langevin_guarantee(found, 1.0, 0.1)["step"]
    with pytest.raises(CertaxError, match="unproved=True"):
        langevin_guarantee(found, 1.0, 0.1, step=1.01 * largest)
    free = langevin_guarantee(found, 1.0, 0.1, step=1.01 * largest, unproved=True)
    assert free.verdict == "unproved"
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(CertaxError, match="`temperature`"):
            langevin_guarantee(found, wrong, 0.1)
    net = ShallowNet([1.0], "softplus", [[1.0]], [3.0])
    none = langevin_guarantee(landscape(net, 1.0), 1.0, 0.1)
    assert none.verdict == "does not apply" and "no global smoothness" in none.reason
