"""Gradient descent and its diffusion do what their guarantees say."""

import numpy as np
import pytest
from nets import derivatives, kinds, random_net, smooth_kinds

from certax import CertaxError
from certax.certificates._trainability import (
    diffusion_guarantee,
    gradient_descent_guarantee,
    landscape,
)
from certax.certificates._trainability._balls import above


def minimum(net, weight, weights):
    """By Newton's method, which converges near the minimizer of a convex loss."""
    for _ in range(30):
        _, gradient, hessian = derivatives(net, weights, weight)
        weights = weights - np.linalg.solve(hessian, gradient.ravel()).reshape(
            weights.shape
        )
    assert np.abs(gradient).max() < 1e-10
    return derivatives(net, weights, weight)[0]


@pytest.mark.parametrize("kind", smooth_kinds)
def test_linear_rate_above_the_threshold(kind):
    for seed in (1, 5, 7):
        net = random_net(seed, *kind)
        weight = 1.3 * above(landscape(net, 1.0).threshold)
        weights = np.random.default_rng(seed).normal(size=(net.width, 2))
        found = gradient_descent_guarantee(landscape(net, weight), weights, 1e-3)
        losses = []
        for _ in range(int(found["iterations"]) + 1):
            loss, gradient, _ = derivatives(net, weights, weight)
            losses.append(loss)
            weights = weights - found["step"] * gradient
        gaps = np.array(losses) - minimum(net, weight, weights)
        assert losses[0] <= found["start_gap"] * (1 + 1e-12)
        assert (gaps[1:] <= found["factor"] * gaps[:-1] + 1e-12).all()
        assert gaps[-1] <= 1e-3
        assert found.verdict == "applies under assumptions"
        assert "not needed" in found.statement


@pytest.mark.parametrize("kind", smooth_kinds)
def test_stationarity_below_it(kind):
    net = random_net(5, *kind)
    weights = np.random.default_rng(0).normal(size=(net.width, 2))
    found = gradient_descent_guarantee(landscape(net, "1e-4"), weights, 0.05)
    assert "strong_convexity" not in found.constants
    lengths = []
    while len(lengths) < found["iterations"] and min(lengths, default=1) > 0.05:
        loss, gradient, _ = derivatives(net, weights, 1e-4)
        lengths.append(np.linalg.norm(gradient))
        new = weights - found["step"] * gradient
        fall = found["step"] / 2 * lengths[-1] ** 2
        assert derivatives(net, new, 1e-4)[0] <= loss - fall + 1e-12
        weights = new
    assert min(lengths) <= 0.05


def test_steps_above_the_admissible_one():
    net = random_net(5, "tanh", "squared")
    ground, start = landscape(net, 0.1), np.zeros((net.width, 2))
    largest = gradient_descent_guarantee(ground, start, 0.1)["step"]
    with pytest.raises(CertaxError, match=f"at most {largest!r}"):
        gradient_descent_guarantee(ground, start, 0.1, step=1.001 * largest)
    found = gradient_descent_guarantee(
        ground, start, 0.1, step=2 * largest, unproved=True
    )
    assert found.verdict == "unproved" and "iterations" not in found.constants


def test_softplus_with_the_squared_loss_has_no_admissible_step():
    net = random_net(5, "softplus", "squared")
    found = gradient_descent_guarantee(landscape(net, 1.0), np.zeros((3, 2)), 0.1)
    assert found.verdict == "does not apply" and "smoothness" in found.reason


@pytest.mark.parametrize("kind", kinds)
def test_the_diffusion_converges_for_every_regularization(kind):
    for weight in ("1e-3", "1"):
        found = diffusion_guarantee(landscape(random_net(4, *kind), weight), "0.5")
        assert found.verdict == "applies under assumptions"
        assert found.constants["critical"].relation == "as recalled"
        assert found["poincare"] > 0 and found["rate"] >= 0
        assert found.vacuous == (found["poincare"] > 1e9)
