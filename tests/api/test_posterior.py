"""Langevin posteriors: the Gaussian one is known, bands cover, trouble is told."""

from dataclasses import replace

import jax
import numpy as np
import pytest

import certax as cx
from certax._api._posterior import sample
from certax._core import Configuration

small = Configuration.model_validate(
    {"network": {"width": 5, "depth": 1}, "training": {"points": 40}}
)
noise = 0.05
decay = cx.Problem(
    name="decay",
    domain=cx.Box(t=(0, 1)),
    residual=lambda y: y.t + 3 * y / 2,
    conditions=(),
    complete=False,
)


def measurements(seed, count):
    generator = np.random.default_rng(seed)
    t = generator.uniform(size=count)
    y = np.exp(-1.5 * t) + noise * generator.normal(size=count)
    return cx.Data({"t": t}, {"y": y})


@pytest.fixture(scope="module")
def found():
    return cx.posterior(
        decay,
        data=measurements(0, 80),
        noise=noise,
        residual=0.2,
        points=32,
        draws=400,
        configuration=small,
        max_steps=20,
    )


def known(found):
    """Mean and covariance from normal equations, with features out of the solution."""
    likelihood, data = found.likelihood, found.likelihood.data
    count = len(likelihood.center)
    from certax._core import sobol_points

    inside = sobol_points(32, 1, seed=0)[:, 0]

    def at(theta, t, order):
        weights, begin = dict(found.solution.weights), 0
        for name, shape in likelihood.shapes.items():
            size = int(np.prod(shape))
            weights[name] = theta[begin : begin + size].reshape(shape)
            begin += size
        moved = replace(found.solution, weights=weights)
        return moved.evaluate({"t": t}, (order,))["y"]

    def rows(t, combine):
        zero = combine(np.zeros(count), t)
        return np.stack([combine(e, t) - zero for e in np.eye(count)], axis=1), zero

    values = lambda theta, t: at(theta, t, 0)
    wrong = lambda theta, t: at(theta, t, 1) + 1.5 * at(theta, t, 0)
    seen, level = rows(data.points["t"], values)
    bent, offset = rows(inside, wrong)
    wide = max(1.0, float(np.sqrt(np.mean(likelihood.center**2))))
    precision = seen.T @ seen / noise**2 + bent.T @ bent / 0.2**2
    precision += np.eye(count) / wide**2
    pulled = seen.T @ (data.values["y"] - level) / noise**2 - bent.T @ offset / 0.2**2
    covariance = np.linalg.inv(precision)
    return covariance @ pulled, covariance


def test_of_a_linear_problem_the_posterior_is_the_known_gaussian(found):
    mean, covariance = known(found)
    center, spread = found.gaussian
    deviations = np.sqrt(np.diag(covariance))
    assert np.max(np.abs(center - mean) / deviations) < 1e-3
    assert np.allclose(spread, covariance, rtol=1e-4, atol=1e-4 * deviations.min() ** 2)


def test_the_chains_have_its_moments(found):
    """Whitened draws: means and squares within four standard errors."""
    assert found.mixed and found.r_hat < 1.05
    assert 0.4 < found.acceptance < 0.75
    mean, covariance = known(found)
    root = np.linalg.cholesky(covariance)
    draws = found.draws.reshape(-1, len(mean)) - mean
    white = np.linalg.solve(root, draws.T)
    error = 1 / np.sqrt(found.effective_sample_size)
    assert np.max(np.abs(white.mean(axis=1))) < 4 * error
    assert np.max(np.abs((white**2).mean(axis=1) - 1)) < 4 * np.sqrt(2) * error
    assert "at most 1.05" in str(found)


def test_new_measurements_are_covered_as_often_as_said(found):
    share = found.coverage(measurements(1, 2000))["y"]
    # Given 20 held-out scores the coverage is about Beta(19, 2): above 0.68 surely.
    assert share > 0.68
    assert found.coverage(found.held_out)["y"] >= found.level
    assert found.names == ("network.layers.1.weight", "network.layers.1.bias")


class Toy:
    """Misfits without a net; `bend` makes them no longer affine."""

    def __init__(self, bend):
        generator = np.random.default_rng(0)
        self.matrix, self.bend = generator.normal(size=(9, 3)), bend
        self.right, self.center = generator.normal(size=9), np.zeros(3)

    def misfits(self):
        return lambda w: self.matrix @ (w + self.bend * w**2) - self.right


def test_plain_steps_follow_the_plan():
    toy = Toy(0.0)
    found = sample(toy, 60, 4, 200, False, 1)
    plan, (center, covariance) = found["plan"], found["gaussian"]
    assert plan.step == pytest.approx(0.1 / (16 * 3))
    assert found["step"] == plan.step and found["acceptance"] == 1
    assert np.allclose(covariance, np.linalg.inv(toy.matrix.T @ toy.matrix))
    draws = found["draws"].reshape(-1, 3) - center
    white = np.linalg.solve(np.linalg.cholesky(covariance), draws.T)
    assert abs((white**2).mean() - 1) < 0.25


def test_without_a_gaussian_there_is_no_plan():
    with pytest.raises(cx.CertaxError, match="have a plan only where the posterior"):
        sample(Toy(0.1), 2, 4, 1, False, 0)


def test_chains_that_have_not_mixed_say_so(found):
    stuck = np.broadcast_to(
        np.arange(4.0)[:, None, None], (4, 50, found.draws.shape[2])
    )
    jitter = np.random.default_rng(0).normal(size=stuck.shape)
    bad = replace(found, draws=stuck + 0.1 * jitter)
    assert not bad.mixed
    assert "have not mixed" in str(bad) and "calibrated" in str(bad)


@pytest.mark.slow
def test_a_coefficient_makes_it_no_gaussian():
    problem = cx.Problem(
        name="decay-rate",
        domain=cx.Box(t=(0, 1)),
        residual=lambda y, k: y.t + k * y,
        conditions=(cx.Initial(1),),
        unknowns={"k": "1/2"},
    )
    inverse = cx.posterior(
        problem,
        data=measurements(0, 80),
        points=32,
        draws=100,
        configuration=small,
        max_steps=25,
    )
    assert inverse.gaussian is None and inverse.plan is None
    mean, deviation = inverse.unknowns["k"]
    assert deviation > 0 and abs(mean - 1.5) < max(0.15, 4 * deviation)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"parameters": "inner"}, "no choice of parameters 'inner'"),
        ({"chains": 1}, "chains = 1 is too few"),
        ({"residual": 0.0}, "The residual is 0.0"),
        ({"noise": {"y": -1.0}}, "The noise of y is -1.0"),
        ({"prior": np.nan}, "The prior is nan"),
        ({"level": 1.0}, "level = 1.0 is not between 0 and 1"),
    ],
)
def test_bad_input_is_refused_before_training(changes, message):
    given = {"data": measurements(0, 80)} | changes
    with pytest.raises(cx.CertaxError, match=message):
        cx.posterior(decay, **given)


def test_the_metric_whitens_what_is_affine():
    from certax.training import laplace_metric

    generator = np.random.default_rng(0)
    matrix, right = generator.normal(size=(9, 4)), generator.normal(size=9)
    with jax.enable_x64(True):
        metric = laplace_metric(lambda w: matrix @ w - right, np.zeros(4))
    root = np.asarray(metric.root)
    assert np.allclose(root.T @ matrix.T @ matrix @ root, np.eye(4), atol=1e-10)
    least = np.linalg.lstsq(matrix, right, rcond=None)[0]
    assert np.allclose(metric.center, least, atol=1e-8)
