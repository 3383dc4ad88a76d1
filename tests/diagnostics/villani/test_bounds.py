"""The inequalities of docs/theory/villani.md against brute force and known values."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from certax.diagnostics import OperatorLoss, PowerRegularizer, frobenius
from certax.diagnostics._villani._activations import (
    activation,
    tanh_polynomial,
    tanh_reach,
    tanh_supremum,
)
from certax.diagnostics._villani._curved import curvature, growth_value
from certax.diagnostics._villani._rays import least_temperature, sampled
from certax.diagnostics._villani._theorem import (
    confirmed,
    growth_radius,
    lower_bound,
)


def _operator(order, sigma="tanh", seed=0):
    generator = np.random.default_rng(seed)
    return OperatorLoss(
        generator.standard_normal((2, 3)),
        generator.uniform(-1, 1, (3, 1)),
        generator.standard_normal((2, 3)),
        widths=(2, 2),
        operator={(order,): -1.0, (0,): 0.5},
        sigma=sigma,
    )


def _balls(theta):
    return [arb(float(entry)) for entry in theta]


def _upper(powers, alpha, omega):
    return sum(float(c.upper()) * alpha**i * omega**j for (i, j), c in powers.items())


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_bounds_of_tanh_hold_and_are_nearly_attained(order):
    z = np.linspace(-8, 8, 200001)
    values = activation("tanh").derivatives(z, order, np)[order]
    for bound, found in (
        (tanh_supremum(order), np.abs(values).max()),
        (tanh_reach(order), np.abs(z * values).max()),
    ):
        assert found <= float(bound.lower()) * (1 + 1e-12)
        assert float(bound.upper()) <= 1.15 * found


def test_derivatives_of_tanh_are_the_known_polynomials():
    assert tanh_polynomial(1) == (1, 0, -1)
    assert tanh_polynomial(2) == (0, -2, 0, 2)


@pytest.mark.parametrize("name", ["tanh", "logistic", "sin"])
def test_derivatives_are_those_of_the_function(name):
    found = activation(name)
    z, h = np.linspace(-2, 2, 9), 1e-5
    for order in range(4):
        up, down = (found.derivatives(z + t, order, np)[order] for t in (h, -h))
        slope = found.derivatives(z, order + 1, np)[order + 1]
        assert np.allclose((up - down) / (2 * h), slope, atol=1e-8)


def test_gradient_and_laplacian_are_exact_on_a_polynomial():
    # f = x³ y + (x - 2 y)² / 4 at (3, 1/2).
    function = lambda t, xp: t[0] ** 3 * t[1] + (t[0] - 2 * t[1]) ** 2 / 4
    found = curvature(function, [arb(3), arb(0.5)])
    x, y = Fraction(3), Fraction(1, 2)
    exact = x**3 * y + (x - 2 * y) ** 2 / 4
    slopes = 3 * x**2 * y + (x - 2 * y) / 2, x**3 - (x - 2 * y)
    bend = 6 * x * y + Fraction(1, 2) + 2
    assert found.value.contains(float(exact)) and found.laplacian.contains(float(bend))
    assert all(found.gradient[0, i].contains(float(s)) for i, s in enumerate(slopes))
    assert found.laplacian.rad() < 1e-30


def test_enclosures_follow_elementary_functions():
    functions = {
        "tanh": lambda t, xp: xp.sum(xp.tanh(t * t)),
        "exp": lambda t, xp: xp.sum(xp.exp(-t) / (2.0 + t * t)),
        "sin": lambda t, xp: xp.sum(xp.sin(t) * xp.cos(t)),
        "log": lambda t, xp: xp.log(3.0 + t @ t),
    }
    theta, h = np.array([0.3, -0.7]), 1e-3
    for name, function in functions.items():
        found = curvature(function, _balls(theta))
        value = lambda x: float(function(x, np))
        steps = [h * unit for unit in np.eye(2)]
        ends = [(value(theta + d), value(theta - d)) for d in steps]
        slopes = [(up - down) / (2 * h) for up, down in ends]
        bend = sum(up + down - 2 * value(theta) for up, down in ends) / h**2
        gradient = [float(found.gradient[0, i]) for i in range(2)]
        assert np.allclose(gradient, slopes, atol=1e-5), name
        assert np.isclose(float(found.laplacian), bend, atol=1e-4), name


@pytest.mark.parametrize("sigma", ["tanh", "logistic", "sin"])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_lemma_1_bounds_the_derivatives_everywhere(random_loss, sigma, order):
    loss = random_loss(order, sigma=sigma, fields=1 + order % 2)
    _lemma_holds(loss, loss.outer_size, 25)


@pytest.mark.parametrize("sigma", ["tanh", "sin"])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_lemma_2_bounds_the_derivatives_everywhere(sigma, order):
    loss = _operator(order, sigma)
    _lemma_holds(loss, loss.outer_size, 25)


def _lemma_holds(loss, outer, trials):
    bounds, generator = loss.bounds(), np.random.default_rng(1)
    assert bounds.parameters == loss.size
    tightest = 0.0
    for trial in range(trials):
        scale = 10.0 ** generator.uniform(-2, 2, 2)
        theta = generator.standard_normal(loss.size)
        theta[:outer] *= scale[0]
        theta[outer:] *= scale[1]
        if trial % 3 == 0:  # where the gates bend
            theta[outer:] *= 0.01
        found = curvature(loss, _balls(theta))
        gradient = np.array([float(found.gradient[0, i]) for i in range(loss.size)])
        alpha, omega = np.linalg.norm(theta[:outer]), np.linalg.norm(theta[outer:])
        laplacian = float(found.laplacian)
        most = _upper(bounds.laplacian, alpha, omega)
        assert laplacian <= most * (1 + 1e-9)
        tightest = max(tightest, laplacian / most)
        slack = 1e-9 * (1 + np.abs(gradient * theta).sum())
        assert theta[:outer] @ gradient[:outer] >= -float(bounds.defect) - slack
        least = -_upper(bounds.radial, alpha, omega)
        assert theta[outer:] @ gradient[outer:] >= least * (1 + 1e-9) - slack
    assert tightest > 1e-6


@pytest.mark.parametrize("make", ["single", "operator", "outer"])
def test_theorem_1_holds_beyond_its_radius(random_loss, make):
    if make == "operator":
        loss, added = _operator(1), PowerRegularizer("0.5", 3)
    elif make == "outer":
        loss, added = random_loss(2, trained="outer"), frobenius("0.5")
    else:
        loss, added = random_loss(2), PowerRegularizer("0.5", 3)
    bounds, s = loss.bounds(), arb(1)
    radius, split = growth_radius(bounds, added, s)
    whole = lambda t, xp: loss(t, xp) + added(t, xp)
    generator = np.random.default_rng(2)
    directions = list(generator.standard_normal((8, loss.size)))
    directions += [ray.at(radius) for ray in loss.rays()]
    for direction in directions:
        for grown in (1.0, 1.5, 8.0):
            size = radius * grown
            theta = direction * (size * (1 + 1e-12) / np.linalg.norm(direction))
            value = growth_value(curvature(whole, _balls(theta)), s)
            floor = lower_bound(bounds, added, s, split, size)
            assert value > floor > 0


def test_a_radius_or_a_power_that_is_too_small_is_refused(random_loss):
    bounds, added, s = random_loss(2).bounds(), PowerRegularizer("0.5", 3), arb(1)
    radius, split = growth_radius(bounds, added, s)
    assert confirmed(bounds, added, s, split, radius)
    assert confirmed(bounds, added, s, split, 10 * radius)
    assert not confirmed(bounds, added, s, split, 0.9 * radius)
    for power in (1, 2):
        less = PowerRegularizer("1e6", power)
        assert growth_radius(bounds, less, s) is None
        assert not confirmed(bounds, less, s, split, 1e9)


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_the_border_is_order_plus_two_from_both_sides(random_loss, order):
    loss = random_loss(order)
    bounds, (ray,) = loss.bounds(), loss.rays()
    for power in (1, 2, 3):
        added = PowerRegularizer("0.1", power)
        proof = growth_radius(bounds, added, arb(1))
        refuted = least_temperature(ray, arb(1) / 10, power)
        assert (proof is not None) == (2 * power > order + 2)
        assert (refuted is not None) == (2 * power <= order + 2)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_border_of_deeponets_is_order_plus_three(order):
    loss = _operator(order)
    bounds, (ray,) = loss.bounds(), loss.rays()
    for power in (1, 2, 3):
        proof = growth_radius(bounds, PowerRegularizer("0.1", power), arb(1))
        refuted = least_temperature(ray, arb(1) / 10, power)
        assert (proof is not None) == (2 * power > order + 3)
        assert (refuted is not None) == (2 * power <= order + 3)


@pytest.mark.parametrize("power", [1, 2])
def test_theorem_2_is_what_enclosures_see(random_loss, power):
    loss, added = random_loss(2), PowerRegularizer("0.1", power)
    (ray,) = loss.rays()
    threshold = least_temperature(ray, arb(1) / 10, power)
    whole = lambda t, xp: loss(t, xp) + added(t, xp)
    s = max(2 * float(threshold.upper()), 1e-3)
    found = sampled(whole, ray, arb(s), (2.0**12, 2.0**13, 2.0**14))
    powers = [
        np.log2(b.upper / a.upper) for a, b in zip(found, found[1:], strict=False)
    ]
    assert all(sample.upper < 0 for sample in found)
    assert np.allclose(powers, 6, atol=0.05)  # as rho^(2k + 2)
    losses = sampled(loss, ray, arb(s), (4.0, 2.0**14))
    assert np.isclose(losses[0].value_upper, losses[1].value_lower, rtol=1e-12)


def test_the_threshold_of_theorem_2_is_sharp_where_powers_tie(random_loss):
    loss, added = random_loss(2), PowerRegularizer("0.1", 2)
    (ray,) = loss.rays()
    whole = lambda t, xp: loss(t, xp) + added(t, xp)
    threshold = float(least_temperature(ray, arb(1) / 10, 2).upper())
    far = (2.0**16,)
    (hot,) = sampled(whole, ray, arb(1.05 * threshold), far)
    assert hot.upper < 0
    (cold,) = sampled(whole, ray, arb(threshold / 4), far)
    assert cold.lower > 0
