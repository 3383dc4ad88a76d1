"""Theorems along trajectories: what holds is seen to hold, what is wrong is seen."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from certax.certificates import neuro_tron_contraction
from certax.papers._inequalities import Inequality, checked, linear_fit
from certax.papers._shallow import (
    Task,
    minimizer,
    pointwise,
    regularized,
    value_and_gradient,
)
from certax.papers._shallow_theorems import (
    Constants,
    everywhere,
    fitted_exponent,
    in_a_ball,
    of_convexity,
    of_descent,
    together,
)
from certax.papers.poisoned_nets import (
    _experiments as poisoned,
    _methods,
    _runs,
    _setups,
)
from certax.papers.relu_gate import _experiments as gate
from certax.papers.relu_gate._laws import laws
from certax.papers.relu_gate._recursion import Recursion, beyond
from certax.papers.relu_gate._runs import Runs, fitted_factor


def test_margins():
    one = np.ones(3)
    assert Inequality("", one, 2 * one).margin == 0.5
    assert Inequality("", one, one).holds
    assert not Inequality("", np.array([0, 1.1]), one[:2]).holds
    assert not Inequality("", np.array([np.nan]), one[:1]).holds
    assert Inequality("", np.zeros(1), np.zeros(1)).margin == 0
    said = checked([Inequality("a", one, 2 * one), Inequality("b", 2 * one, one)])
    assert said["of"] == "b" and said["all hold"] is False
    slope, fit = linear_fit(np.arange(4.0), 2 * np.arange(4.0) + 1)
    assert slope == pytest.approx(2) and fit == pytest.approx(1)


def _path(net, weight, step, steps, seed=0, pick=None):
    """Descent in NumPy, by `pick`ed points."""
    rng = np.random.default_rng(seed)
    path = [3 * rng.normal(size=(net.width, net.inputs.shape[1]))]
    for k in range(steps):
        some = net if pick is None else pick(net, k)
        path.append(path[-1] - step * regularized(some, path[-1][None], weight)[1][0])
    return np.array(path)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_gradients_of_the_losses(activation, loss):
    net = Task(activation, loss, 3, 2, 5).net(0)
    weights = np.random.default_rng(1).normal(size=(3, 2))
    (gradient,) = value_and_gradient(net, weights[None])[1]
    for index in np.ndindex(3, 2):
        moved = np.zeros((3, 2))
        moved[index] = 1e-5
        two = value_and_gradient(net, np.stack([weights + moved, weights - moved]))[0]
        assert (two[0] - two[1]) / 2e-5 == pytest.approx(gradient[index], abs=1e-9)


@pytest.mark.parametrize("loss", ["squared", "logistic"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_theorems_along_gradient_descent(activation, loss):
    task, seed = Task(activation, loss, 4, 2, 6, outer=0.5), 1
    rho = task.landscape(seed, "1").constants["threshold"].value
    weight = f"{15 * rho:.4f}"
    net, ground = task.net(seed), task.landscape(seed, weight)
    known = Constants.of(ground.constants)
    step = 0.1 / known.beta
    path = _path(net, weight, step, 300)
    right = everywhere(net, path, weight, known)
    assert {i.name for i in right} >= {"dissipativity", "smoothness", "curvature"}
    right += of_descent(net, path, weight, step)
    least = minimizer(net, weight, path[-1])
    factor = 1 - step * ground.constants["strong_convexity"].value
    right += of_convexity(net, path, weight, factor, least)
    assert all(i.holds for i in right), [(i.name, i.margin) for i in right]
    # Fifteen times above the threshold the proved rate is nearly the true one.
    assert -np.log(factor) <= fitted_exponent(path, least) <= -1.1 * np.log(factor)
    broken = {
        "dissipativity": dataclasses.replace(known, rate=30 * known.rate),
        "smoothness": dataclasses.replace(known, beta=known.beta / 3),
        "curvature": dataclasses.replace(known, rho=-known.beta),
        "gradient": dataclasses.replace(known, slope=known.slope / 100),
        "oscillation": dataclasses.replace(known, oscillation=1e-9),
    }
    for name, constants in broken.items():
        wrong = {i.name: i.holds for i in everywhere(net, path, weight, constants)}
        assert not wrong[name] and sum(wrong.values()) == len(wrong) - 1
    faster = of_convexity(net, path, weight, factor**3, least)
    assert not any(i.holds for i in faster)
    too_long = of_descent(net, path, weight, 100 * step)
    assert not any(i.holds for i in too_long)


def test_theorems_along_stochastic_descent():
    """Two runs with the same batches, and none leaves its ball."""
    task, weight = Task("tanh", "squared", 4, 2, 6, outer=0.5), "4"
    net = task.net(0)
    rho, beta, slope = pointwise(task, 0, weight)
    assert rho < 4

    def pick(net, k):
        return dataclasses.replace(
            net, inputs=net.inputs[k % 6][None], targets=net.targets[k % 6][None]
        )

    step = 0.1 / beta
    one, other = (_path(net, weight, step, 100, s, pick) for s in (1, 2))
    factor = 1 - step * (4 - rho)
    assert together(one, other, factor).holds
    assert not together(one, other, factor**3).holds
    assert in_a_ball(one, 4.0, slope).holds
    assert not in_a_ball(one[::-1], 4.0, slope / 1e3).holds


def test_moments_of_the_laws(x64):
    dimension, w = 3, np.array([1.0, 2.0, 0.0])
    for name, law in laws.items():
        x = np.asarray(law.draw(jax.random.key(0), (40_000, dimension)))
        behind = x[x @ w > 0]
        gated = behind.T @ behind / len(x)
        assert np.allclose(gated, np.eye(3) / 2, atol=0.03), name
        lengths = np.sum(behind**2, axis=1)
        quartic = (behind.T * lengths) @ behind / len(x)
        known = law.moments(dimension, 4)
        assert float(known.gated) == 0.5
        assert np.allclose(
            quartic, float(known.quartic) * np.eye(3), rtol=0.15, atol=0.4
        )
        wanted = float(known.quartic) / 4 + 3 / 16
        assert float(known.batch) == pytest.approx(wanted)


def test_moments_beyond_a_level():
    z = np.linspace(-0.7, 12, 400_001)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    wanted = [np.trapezoid(density * z**k, z) for k in range(5)]
    assert beyond(-0.7) == pytest.approx(wanted, abs=1e-8)


def test_one_gate_follows_its_recursion(x64):
    """Also far from a small attack; a wrong constant is seen."""
    runs, step = Runs(3, 2, 8, 3000), 0.2
    exact = Recursion(3, 2, step, 0.5, 0.4)
    missed = runs.start() - np.eye(3)[0]
    squares = runs.squares(0, step, 0.5, 0.4)
    error = squares.std(axis=1) / np.sqrt(3000)
    assert np.all(
        np.abs(squares.mean(axis=1) - exact.squares(missed, 8)) <= 4 * error + 1e-12
    )
    other = Recursion(3, 2, step / 2, 0.5, 0.4).squares(missed, 8)
    assert np.any(np.abs(squares.mean(axis=1) - other) > 8 * error)
    assert exact.squares(missed, 5000)[-1] == pytest.approx(exact.floor)
    # Without attack the recursion is the theorem.
    best = gate.best_step(runs)
    factor = gate.proved(runs)["factor"]
    assert Recursion(3, 2, best).factor == pytest.approx(factor)
    clean = runs.squares(0, best)
    assert gate.in_the_mean(clean, factor)["all hold"]
    assert not gate.in_the_mean(clean, factor**2)["all hold"]
    fitted = fitted_factor(clean.mean(axis=1))
    assert gate.compared(fitted, factor)["within 10 %"]
    assert not gate.compared(fitted, factor**1.5)["within 10 %"]


def test_one_step_of_the_recursion_under_a_large_attack():
    """Also from w* itself, where only the attack moves anything."""
    rng, (d, b, step, theta, beta) = np.random.default_rng(0), (3, 2, 0.3, 0.5, 0.6)
    x = rng.normal(size=(100_000, b, d))
    noise = theta * rng.choice([-1, 1], size=x.shape[:2])
    noise = noise * (rng.uniform(size=x.shape[:2]) < beta)
    y = np.maximum(0, x[..., 0]) + noise
    matrix = Recursion(d, b, step, theta, beta).matrix()
    for missed in np.array([[0, 0, 0], [0.3, 0, 0], [0.2, -0.4, 0.1]]):
        gap = (y > theta) * (y - x @ (np.eye(d)[0] + missed))
        ahead = missed + step / b * np.einsum("Nb,Nbi->Ni", gap, x)
        seen = np.stack([ahead[:, 0] ** 2, np.sum(ahead[:, 1:] ** 2, 1), ahead[:, 0]])
        wanted = matrix @ [missed[0] ** 2, missed[1:] @ missed[1:], missed[0], 1]
        error = seen.std(axis=1) / np.sqrt(len(x))
        assert np.all(np.abs(seen.mean(axis=1) - wanted[:3]) <= 5 * error)


def test_the_published_derivative_is_that_of_the_first_point(x64):
    net, _ = _setups.reduced(_setups.published[0], 40).net(jax.random.key(0))
    x = jax.random.normal(jax.random.key(1), (5, 24))
    w, y = jnp.ones(6), jnp.zeros(5)
    one = slice(0, 1)
    assert jnp.allclose(
        _methods._gradient(net, w, x[one], y[one]),
        _methods._first_derivative(net, w, x[one], y[one]),
    )
    assert not jnp.allclose(
        _methods._gradient(net, w, x, y), _methods._first_derivative(net, w, x, y)
    )


def test_small_setups_are_proved_where_moments_exist():
    for setup in _setups.published[:3]:
        small = _setups.reduced(setup, 40)
        (known,) = _runs.contractions(small, 1, 0)
        assert known is not None and known.proved
    small = _setups.reduced(_setups.published[3], 40)
    assert _runs.contractions(small, 2, 0) == [None, None]


def test_rows_of_neuro_tron(x64):
    setup = dataclasses.replace(
        _setups.published[0], inputs=6, weights=3, gates=4, batch=4, steps=200,
        step=5e-3, bounds=(0.0, 0.5), probabilities=(0.5, 0.5),
    )  # fmt: skip
    known = _runs.contractions(setup, 3, 0)
    metrics = np.stack([c.metric for c in known])
    record = _runs.train(setup, "neuro-tron", "alternating", 3, 0, metrics)
    assert record.start == pytest.approx(_runs.starts(setup, 3, 0))
    assert record.reached.shape == (2, 3) and record.weighted.shape == (2, 3, 41)
    said = poisoned.guaranteed(setup, "alternating", record, known)
    assert said["all hold"] and said["guaranteed floor"][0] == 0
    # The same trajectories against a proof that promises too much.
    quick = [dataclasses.replace(c, shrink=10 * c.shrink) for c in known]
    assert not poisoned.guaranteed(setup, "alternating", record, quick)["all hold"]
    none = poisoned.guaranteed(setup, "alternating", record, [None] * 3)
    assert "no fourth moment" in none["all hold"]


def test_metrics_do_not_change_with_what_is_swept():
    setup = _setups.reduced(_setups.published[0], 40)
    same = dataclasses.replace(setup, key="other", bounds=(9.0,), probabilities=(1.0,))
    assert poisoned.proved(setup, 1, 0) is poisoned.proved(same, 1, 0)
    matrices = np.asarray(setup.net(_runs._key(0, 0))[0].matrices, np.float64)
    again = neuro_tron_contraction(matrices, setup.batch, setup.step)
    assert again.shrink == poisoned.proved(setup, 1, 0)[0].shrink
