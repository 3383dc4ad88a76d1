"""Optimizers compared on a task that takes a moment."""

import dataclasses
import math

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from certax.papers import comparisons as cs
from certax.papers.adaptive import _methods as adaptive
from certax.papers.adaptive._curvature import gradient_norm_and_least_eigenvalue
from certax.papers.architectures import TiedAutoencoder, Vgg, build
from certax.papers.clipping import _methods as clipping
from certax.papers.comparisons import Method, Task, compare, mean_score, train
from certax.papers.datasets import Dataset, Labeled


def _stripes():
    """Images of horizontal or vertical stripes, with noise."""
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 96).astype(np.int32)
    rows = np.repeat((np.arange(4) % 2)[:, None], 4, axis=1)
    clean = np.where(labels[:, None, None], rows, rows.T)
    images = (200 * clean + random.integers(0, 50, (96, 4, 4))).astype(np.uint8)
    every = Labeled(images[:, None], labels)
    return Dataset(
        every.part(0, 64), every.part(64, 80), every.part(80, None), 2, 255.0
    )


@pytest.fixture(scope="module")
def task():
    return Task(
        "stripes",
        _stripes,
        lambda key: build(Vgg, 1, 4, (), (8,), 2, key=key),
        cs.cross_entropy,
        cs.correct,
        batch=16,
        epochs=6,
        milestones=(0.5,),
    )


def _sgd(rate):
    return optax.sgd(rate)


def test_the_best_setting_is_chosen_and_nan_never(task):
    method = Method("sgd", "SGD", _sgd, tuple({"rate": r} for r in (1e12, 1e-9, 0.3)))
    outcome = compare(task, method, (1, 2), 7)
    assert outcome.chosen == {"rate": 0.3}
    assert outcome.mean > 0.9 and outcome.loss < 0.5
    worse = train(task, method, {"rate": 1e-9}, 1)
    assert worse.loss > outcome.loss
    again = train(task, method, {"rate": 0.3}, 1)
    assert eqx.tree_equal(again.net, outcome.runs[0].net)
    assert not eqx.tree_equal(again.net, outcome.runs[1].net)


def test_a_loss_that_is_no_number_ends_the_run(task):
    wild = train(task, Method("sgd", "", _sgd, ()), {"rate": 1e30}, 0)
    assert math.isnan(wild.loss)


def test_the_rate_falls_at_milestones(task):
    """Falling from the start by a tenth is the same as a tenth of the rate."""
    falls = Method("sgd", "SGD", _sgd, ())
    early = dataclasses.replace(task, milestones=(0.0,), epochs=2)
    tenth = dataclasses.replace(task, milestones=(), epochs=2)
    a = train(early, falls, {"rate": 0.1}, 3)
    b = train(tenth, falls, {"rate": 0.1 * 0.1}, 3)
    assert a.loss == pytest.approx(b.loss, rel=1e-6)
    stays = dataclasses.replace(falls, decays=False)
    c = train(early, stays, {"rate": 0.1}, 3)
    d = train(tenth, falls, {"rate": 0.1}, 3)
    assert c.loss == d.loss != a.loss


def test_scores_do_not_depend_on_how_they_are_batched(task, monkeypatch):
    trained = train(dataclasses.replace(task, epochs=0), clipping.method("sgd", []),
                    {"rate": 1.0}, 0)  # fmt: skip
    whole = mean_score(task, trained, task.data.test)
    monkeypatch.setattr("certax.papers.comparisons._train._judged_at_once", 8)
    assert mean_score(task, trained, task.data.test) == pytest.approx(whole)


def test_every_method_makes_a_step(task):
    short = dataclasses.replace(task, epochs=1)
    every = adaptive.methods((1e-3,), (0.1,))
    every += clipping.tuned([(0.1, 1.0)], 1e-3, (0.1,), (1e-3,))
    for method in every:
        trained = train(short, method, method.grid[0], 0)
        assert math.isfinite(trained.loss), method.key
        leaves = jax.tree.leaves(eqx.filter(trained.net, eqx.is_inexact_array))
        assert {leaf.dtype for leaf in leaves} == {jnp.dtype("float32")}, method.key


def test_gclip_is_sgd_clipped_by_global_norm(task):
    short = dataclasses.replace(task, epochs=2)
    ours = train(short, clipping.method("gclip", []),
                 {"rate": 0.3, "threshold": 0.2}, 0)  # fmt: skip
    chained = lambda rate: optax.chain(optax.clip_by_global_norm(0.2), optax.sgd(rate))
    other = train(short, Method("", "", chained, ()), {"rate": 0.3}, 0)
    assert ours.loss == pytest.approx(other.loss, rel=1e-5)
    floored = train(short, clipping.method("delta-gclip", []),
                    {"rate": 0.3, "threshold": 1e-6, "floor": 0.5}, 0)  # fmt: skip
    half = train(short, clipping.method("sgd", []), {"rate": 0.15}, 0)
    assert floored.loss == pytest.approx(half.loss, rel=1e-5)
    state = floored.optimizer_state
    assert int(state.floored) == int(state.count) == 8


def test_the_least_eigenvalue_is_that_of_the_hessian(task, x64):
    small = dataclasses.replace(
        task,
        build=lambda key: build(TiedAutoencoder, (16, 2), key=key),
        losses=cs.reconstruction,
        epochs=1,
    )
    trained = train(small, clipping.method("sgd", []), {"rate": 0.01}, 0)
    slope, least = gradient_norm_and_least_eigenvalue(small, trained, small.data.train)
    flat, back = jax.flatten_util.ravel_pytree(
        eqx.filter(trained.net, eqx.is_inexact_array)
    )
    x = jnp.asarray(small.data.train.inputs, jnp.float32) / 255

    def loss(flat):
        net = eqx.combine(back(flat), trained.net)
        outputs = jax.vmap(lambda image: net(image, trained.state)[0])(x)
        return jnp.mean(cs.reconstruction(outputs, x, None))

    wanted = np.linalg.eigvalsh(np.asarray(jax.hessian(loss)(flat), np.float64))
    assert least == pytest.approx(wanted[0], abs=0.02 * np.abs(wanted).max())
    assert slope == pytest.approx(
        float(jnp.linalg.norm(jax.grad(loss)(flat))), rel=1e-3
    )


def test_augmented_images_are_parts_of_the_image():
    images = jax.random.uniform(jax.random.key(0), (8, 2, 12, 12)) + 1
    assert jnp.array_equal(cs.flips_and_crops(images, None), images)
    moved = cs.flips_and_crops(images, jax.random.key(1))
    assert moved.shape == images.shape and not jnp.array_equal(moved, images)
    old = set(np.asarray(images).ravel()) | {0.0}
    assert set(np.asarray(moved).ravel()) <= old
    prepare = cs.resized_crops(24)
    still = prepare(images, None)
    assert still.shape == (8, 2, 24, 24)
    assert jnp.allclose(jnp.mean(still), jnp.mean(images), rtol=1e-2)
    drawn = prepare(images, jax.random.key(2))
    assert drawn.shape == still.shape and not jnp.array_equal(drawn[0], drawn[1])
    assert jnp.min(drawn) >= 0.99 and jnp.max(drawn) <= 2.01


def test_the_evidence_bound_of_a_perfect_code_is_zero():
    x = jnp.ones((3, 1, 2, 2))
    zero = jnp.zeros((3, 5))
    assert jnp.all(cs.evidence_bound((jnp.ones((3, 4)), zero, zero), x, None) == 0)
    off = cs.evidence_bound((jnp.ones((3, 4)), zero + 1, zero), x, None)
    assert jnp.allclose(off, 2.5)
