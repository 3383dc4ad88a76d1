"""Every inequality of the landscape against exact derivatives, and along training."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from nets import (
    derivatives,
    kinds,
    names,
    random_net,
    sigma,
    smooth_kinds,
    some_weights,
)

from certax import CertaxError
from certax.certificates._trainability import ShallowNet, activation, landscape
from certax.certificates._trainability._balls import above, below

slack = 1 + 1e-9


@pytest.mark.parametrize("name", names)
def test_suprema_of_activations(name):
    given = activation(name)
    value, first, second = (
        np.abs(v) for v in sigma(name, np.linspace(-30, 30, 60_001))
    )
    reach = np.abs(np.linspace(-30, 30, 60_001)) * first
    for met, bound in (
        (first, given.slope),
        (second, given.curvature),
        (reach, given.reach),
        (value, given.bound),
    ):
        if bound is not None:
            assert below(bound) * 0.999 <= met.max() <= above(bound) * slack


@pytest.mark.parametrize("kind", kinds)
def test_derivatives_of_the_tests_and_values_of_the_balls(kind, x64):
    net = random_net(5, *kind)
    weights = np.random.default_rng(1).normal(size=(net.width, 2))
    value, gradient, hessian = derivatives(net, weights)
    functions = dict(sigmoid=jax.nn.sigmoid, tanh=jnp.tanh, softplus=jax.nn.softplus)

    def risk(weights):
        f = functions[net.activation](net.inputs @ weights.T) @ net.outer
        if net.loss == "squared":
            return jnp.mean((f - net.targets) ** 2) / 2
        return jnp.mean(jnp.logaddexp(0.0, -net.targets * f))

    size = net.parameters
    assert np.allclose(value, risk(weights), rtol=1e-12)
    assert np.allclose(gradient, jax.grad(risk)(weights), rtol=1e-9)
    assert np.allclose(hessian, jax.hessian(risk)(weights).reshape(size, size))
    exact = net.risk(weights)
    assert below(exact) <= value * slack and value <= above(exact) * slack


@pytest.mark.parametrize("kind", kinds)
def test_bounds_hold_at_random_and_adversarial_weights(kind):
    ratios = {"hessian": 0.0, "smooth": 0.0, "slope": 0.0, "spread": 0.0}
    for seed in range(60):
        net = random_net(seed, *kind)
        weight = 10.0 ** np.random.default_rng(seed).uniform(-3, 0)
        found = landscape(net, weight)
        values = []
        for weights in some_weights(seed, net):
            value, gradient, hessian = derivatives(net, weights)
            values.append(value)
            size = np.sum(weights**2)
            inner = np.sum(weights * (gradient + weight * weights))
            lower = float(found.rate) * size - above(found.defect)
            assert inner >= lower - 1e-9 * (1 + size)
            if found.threshold is not None:
                ends = np.linalg.eigvalsh(hessian)[[0, -1]]
                worst = {
                    "hessian": -ends[0] / above(found.threshold),
                    "smooth": (ends[1] + weight) / above(found.smoothness),
                    "slope": np.linalg.norm(gradient) / above(found.slope),
                }
                ratios |= {k: max(ratios[k], v) for k, v in worst.items()}
        if found.oscillation is not None:
            spread = (max(values) - min(values)) / above(found.oscillation)
            ratios["spread"] = max(ratios["spread"], spread)
    assert max(ratios.values()) <= slack
    # No bound is far from what is met, so the test can fail.
    assert (
        kind == ("softplus", "squared")
        or min(ratios[k] for k in ("hessian", "smooth", "slope")) > 0.2
    )


@pytest.mark.parametrize("kind", smooth_kinds)
def test_above_the_threshold_every_hessian_is_positive_definite(kind):
    for seed in range(20):
        net = random_net(seed, *kind)
        threshold = above(landscape(net, 1.0).threshold)
        weight = 1.01 * threshold
        found = landscape(net, weight)
        assert found.verdict == "strongly convex"
        assert "not needed" in found.advice
        for weights in some_weights(seed, net, 8):
            least = np.linalg.eigvalsh(derivatives(net, weights, weight)[2])[0]
            assert least >= below(found.strong_convexity) * (1 - 1e-9) > 0
        assert landscape(net, 0.99 * threshold).verdict == "dissipative"


@pytest.mark.parametrize("kind", kinds)
def test_dissipativity_along_gradient_descent(kind):
    net = random_net(5, *kind)
    for weight in (0.01, 0.3):
        found = landscape(net, weight)
        step = 0.01 if found.smoothness is None else 1 / above(found.smoothness)
        weights = np.random.default_rng(0).normal(size=(net.width, 2)) * 2
        for _ in range(200):
            _, gradient, _ = derivatives(net, weights, weight)
            inner, size = np.sum(weights * gradient), np.sum(weights**2)
            assert inner >= float(found.rate) * size - above(found.defect) - 1e-9
            weights = weights - step * gradient


def test_published_threshold_is_marked_as_recalled():
    net = ShallowNet(np.full(16, 0.25), "sigmoid", [[1.0, 0.0]], [1.0])
    constant = landscape(net, "0.13").constants["critical"]
    assert constant.relation == "as recalled"
    assert constant.value == pytest.approx(0.125)


def test_measured_table_of_thresholds():
    for name, width, target, value in (
        ("sigmoid", 1, 0.25, 0.120),
        ("sigmoid", 64, 1.0, 0.108),
        ("tanh", 1, 1.0, 1.54),
        ("tanh", 64, 1.0, 0.87),
    ):
        outer = np.full(width, width**-0.5)
        net = ShallowNet(outer, name, [[1.0]], [target])
        assert above(landscape(net, 1.0).threshold) == pytest.approx(value, abs=6e-3)


def test_refusals():
    good = {"outer": [1.0], "activation": "tanh", "inputs": [[1.0]], "targets": [1.0]}
    for change, said in (
        ({"inputs": [[np.nan]]}, "`inputs` is nan at"),
        ({"targets": [np.inf]}, "`targets` is inf"),
        ({"activation": "relu"}, "bounded derivatives"),
        ({"loss": "logistic", "targets": [0.0]}, "labels 1 and -1"),
        ({"targets": [1.0, 2.0]}, "1 inputs and 2 targets"),
        ({"loss": "hinge"}, "no loss 'hinge'"),
    ):
        with pytest.raises(CertaxError, match=said):
            ShallowNet(**(good | change))
    for weight in (0.0, -1.0, "0", float("nan"), float("inf"), "one"):
        with pytest.raises(CertaxError, match="to be positive"):
            landscape(ShallowNet(**good), weight)
