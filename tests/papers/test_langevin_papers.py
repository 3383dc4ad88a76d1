"""Langevin Monte Carlo and attention: what is known exactly, and small rows."""

import dataclasses
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from certax.papers import Request, papers
from certax.papers.attention import Attention, LowRank, pull_with_projection
from certax.papers.langevin import Gaussian, moments, relative_entropies, targets

pytestmark = pytest.mark.usefixtures("x64")


@pytest.mark.parametrize("name", list(targets))
@pytest.mark.parametrize("step", [0.0, 0.05, 0.3])
def test_the_covariance_is_kept_by_plain_steps(name, step):
    target = targets[name]
    precision, covariance = target.precision, target.covariance(step)
    assert np.allclose(
        np.sort(np.linalg.eigvalsh(precision)),
        np.sort(1 / np.square(target.deviations)),
    )
    moved = np.eye(len(precision)) - step * precision
    after = moved @ covariance @ moved + 2 * step * np.eye(len(precision))
    assert np.allclose(after, covariance)


def test_the_theorem_holds_on_gaussian_targets_at_every_step():
    """The exact law by iteration; the entropy falls below the accuracy in the end."""
    target = Gaussian((0.7, 1.0))
    found = relative_entropies(target, 2.0, 0.5, 8)
    values = 1 / np.square(target.deviations)
    step = values.min() / (4 * values.max() ** 2) * 0.5 / 8
    ratios, number = 4.0 * values, 0
    for part in found:
        while number < part.step_number:
            ratios = (1 - step * values) ** 2 * ratios + 2 * step * values
            number += 1
        exact = np.sum(ratios - 1 - np.log(ratios)) / 2
        assert part.relative_entropy == pytest.approx(exact, rel=1e-6)
        assert part.relative_entropy <= part.bound
        # Divergences rise with their order; 2 is above 1.
        assert part.renyi >= part.relative_entropy
    assert math.isinf(found[0].renyi) and found[-1].bound <= 0.5


def test_small_moments():
    found = moments(
        *(targets["scaled"], 0.1),
        adjusted=False, chains=40, draws=40, thinning=5, seed=0,
    )  # fmt: skip
    assert found["moments"] == 9 and found["largest deviation"] < 4.5
    assert found["relative bias, closed form"] == pytest.approx(0.25)


def test_losses_in_jax_are_those_of_the_certificate():
    from certax.papers.langevin._tasks import Task

    for loss in ("squared", "logistic"):
        task = Task("tanh", loss, 3, 2, 8, 0.5, "0.2", "1", "0.1", seed=1)
        weights = np.random.default_rng(0).normal(size=(3, 2))
        exact = float(task.net.risk(weights).mid())
        assert float(task.risk(jnp.asarray(weights))) == pytest.approx(exact)
        assert task.least <= float(task.total(task.zero))
        wild = np.random.default_rng(1).normal(size=(30, 3, 2)) * 5
        assert task.inequalities_hold(wild)


def test_a_plan_row_has_both_sides():
    from certax.papers.langevin import _experiments

    task = ("sigmoid", "logistic", 1, 1, 6, 1.0, "0.5", "0.5", "2")
    few = dataclasses.replace(
        _experiments.small, tasks=(task,), chains=8, kept=8, steps=10, compared=(0,)
    )
    rows = {e.key: e for e in _experiments.experiments(Request(), few)}
    row = next(r for key, r in rows.items() if key.startswith("plan")).compute()
    assert row["holds"] and row["inequalities hold"]
    assert row["sobolev, by"] == "strong convexity (Bakry and Émery)"
    published = _experiments.experiments(Request(as_published=True), few)
    assert not any(row.section == "entropy" for row in published)


def models():
    shared = {"examples": 5, "regularization": "0.1", "temperature": "0.5", "seed": 0}
    yield Attention(**shared, heads=2, length=3, size=2, inner=2)
    yield LowRank(**shared, rank=2, width=3, size=3)


@pytest.mark.parametrize("model", list(models()), ids=["attention", "low rank"])
def test_the_drift_inequality_from_near_and_far(model):
    keys = jax.random.split(jax.random.key(0), 60)
    weights = jax.vmap(model.weights)(keys)
    sizes = 10.0 ** jnp.linspace(-1, 1.5, 60)
    spread = lambda x: x * sizes.reshape(-1, *[1] * (x.ndim - 1))
    weights = jax.tree.map(lambda x: spread(x + 0.1), weights)
    found = np.asarray(jax.jit(jax.vmap(model.excess))(weights))
    assert np.max(found) <= 1 and np.max(found) > 0.05


def test_with_a_projection_the_pull_is_not_bounded():
    pulls = [pull_with_projection(scale) for scale in (1.0, 10.0, 100.0)]
    assert pulls[2] > 50 * pulls[1] > 1000 * pulls[0]


def test_training_rows():
    from certax.papers.attention import _experiments

    name, given = _experiments.small.models[0]
    few = dataclasses.replace(
        _experiments.small, models=((name, {**given, "examples": 4}),), chains=4,
        recorded=2, thinning=20, ascent=3, steps=5,
    )  # fmt: skip
    rows = {e.key: e for e in _experiments.experiments(Request(), few)}
    zero = next(r for k, r in rows.items() if k.endswith("w-is-0")).compute()
    assert zero["loss"] == zero["regularized loss"] > 0
    published = _experiments.experiments(Request(as_published=True), few)
    assert not any("tamed SGD" in row.method for row in published)
    assert {"2503.10428", "2605.07959"} <= set(papers)
