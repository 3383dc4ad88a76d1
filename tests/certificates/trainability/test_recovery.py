"""GLM-Tron and Neuro-Tron recover the true weights as fast as is proved."""

import numpy as np
import pytest

from certax import CertaxError
from certax.certificates._trainability import (
    gaussian_gate,
    glm_tron_guarantee,
    neuro_tron_guarantee,
)


def glm_tron(found, batch, count, theta=0.0, chance=0.0, runs=400, dimension=10):
    """The mean squared distance after every step, over many runs; ‖w*‖ = 1."""
    rng = np.random.default_rng(0)
    true = np.eye(dimension)[0]
    weights, squares = np.zeros((runs, dimension)), [1.0]
    for _ in range(count):
        x = rng.normal(size=(runs, batch, dimension))
        attacked = rng.uniform(size=(runs, batch)) < chance
        # Signs that follow the input, against which means are no help.
        noise = theta * np.sign(x[..., 0]) * attacked
        y = np.maximum(x @ true, 0) + noise
        gap = y - np.einsum("rbd,rd->rb", x, weights)
        move = np.einsum("rb,rbd->rd", (y > theta) * gap, x) / batch
        weights = weights + found["step"] * 0.999999 * move
        squares.append(np.mean(np.sum((weights - true) ** 2, axis=1)))
    return np.array(squares)


@pytest.mark.parametrize(
    ("batch", "factor"), [(1, 0.9583), (4, 0.8519), (16, 0.5897), (64, 0.2644)]
)
def test_the_rate_without_attack_is_exact(batch, factor):
    moments = gaussian_gate(10, batch)
    best = float(moments.gated / moments.batch)
    found = glm_tron_guarantee(moments, 1, 1e-1, step=best)
    assert found["factor"] == pytest.approx(factor, abs=1e-4)
    count = {1: 40, 4: 30, 16: 8, 64: 4}[batch]
    squares = glm_tron({"step": best}, batch, count)
    measured = (squares[-1] / squares[0]) ** (1 / count)
    assert measured == pytest.approx(factor, rel=0.1)
    # Markov at 90 per cent of the runs.
    assert found["iterations"] == np.ceil(np.log(0.1 * 0.01) / np.log(found["factor"]))


@pytest.mark.parametrize("theta", [0.1, 0.25])
@pytest.mark.parametrize("chance", [0.1, 0.5])
def test_the_floor_under_attack_holds(theta, chance):
    moments = gaussian_gate(10, 16, bound=theta)
    found = glm_tron_guarantee(moments, 1, 3, bound=theta, probability=chance)
    squares = glm_tron(found, 16, 300, theta, chance, runs=100)
    steps = np.arange(301)
    bound = found["factor"] ** steps + found["floor"] ** 2
    assert (squares <= bound * (1 + 1e-9)).all()
    # The attack is felt: the distance stays at a good part of the floor.
    assert squares[-1] ** 0.5 >= 0.02 * found["floor"]


def test_the_floor_is_linear_in_the_attack():
    floors = [
        glm_tron_guarantee(
            gaussian_gate(10, 16), 1, 9, bound=theta, probability="0.01"
        )["floor"]
        for theta in ("0.5", "1", "2")
    ]
    assert floors == pytest.approx([floors[0], 2 * floors[0], 4 * floors[0]])


def test_what_the_floor_does_not_admit():
    moments = gaussian_gate(10, 16, bound=1)
    found = glm_tron_guarantee(moments, 1, 1e-3, bound=1, probability=1)
    assert found.vacuous and "floor" in found.reason
    assert "iterations" not in found.constants and found["least_accuracy"] > 1e-3


def neuro(seed, gates=4, rows=3, inputs=6, spread=0.2):
    rng = np.random.default_rng(seed)
    mean = rng.normal(size=(rows, inputs))
    half = rng.normal(size=(gates // 2, rows, inputs)) * spread
    return np.concatenate([mean + half, mean - half])


@pytest.mark.parametrize("leak", [0, 0.3])
@pytest.mark.parametrize("law", ["normal", "laplace", "uniform"])
def test_neuro_tron_recovers(leak, law):
    sensing, rng, batch, scale = neuro(1), np.random.default_rng(2), 8, 2.0
    variance, fourth = {"normal": (1, 3), "laplace": (2, 24), "uniform": (1, 1.8)}[law]
    theta, chance, runs = 0.1, 0.2, 60
    found = neuro_tron_guarantee(
        sensing, batch, 2, 2, leak=leak, scale=scale, variance=variance,
        fourth_moment=fourth, bound=theta, probability=chance,
    )  # fmt: skip
    true = rng.normal(size=3)
    weights, mean = np.zeros((runs, 3)), sensing.mean(axis=0)
    draw = {
        "normal": lambda size: rng.normal(size=size),
        "laplace": lambda size: rng.laplace(size=size),
        "uniform": lambda size: rng.uniform(-1, 1, size=size) * np.sqrt(3),
    }[law]

    def net(w, projected):
        z = np.einsum("rbki,ri->rbk", projected, w)
        return scale * np.where(z > 0, z, leak * z).mean(axis=-1)

    bound = start = true @ true
    for _ in range(150):
        x = draw((runs, batch, 6))
        projected = np.einsum("kij,rbj->rbki", sensing, x)
        noise = theta * np.sign(x[..., 0]) * (rng.uniform(size=(runs, batch)) < chance)
        gap = net(np.tile(true, (runs, 1)), projected) + noise - net(weights, projected)
        move = np.einsum("rb,rbj->rj", gap, x) / batch @ mean.T
        weights = weights + found["step"] * move
        bound *= found["factor"]
        error = np.mean(np.sum((weights - true) ** 2, axis=1))
        assert error <= (bound + found["floor"] ** 2) * (1 + 1e-9)
    assert error < start


def test_a_larger_scale_counters_the_attack():
    floors = [
        neuro_tron_guarantee(neuro(1), 8, 1, 9, scale=q, bound=1)["floor"]
        for q in (1, 10)
    ]
    assert floors[1] == pytest.approx(floors[0] / 10)


def test_refusals():
    largest = neuro_tron_guarantee(neuro(1), 8, 1, 0.1)["step"]
    for call, said in (
        (lambda: neuro_tron_guarantee(neuro(1), 8, 1, 0.1, 1.1 * largest), "at most"),
        (lambda: neuro_tron_guarantee(neuro(1), 8, 1, 0.1, leak=2), "`leak`"),
        (lambda: neuro_tron_guarantee(neuro(1), 0, 1, 0.1), "batch"),
        (
            lambda: neuro_tron_guarantee(neuro(1), 8, 1, 0.1, fourth_moment=0.5),
            "No law",
        ),
        (
            lambda: neuro_tron_guarantee(neuro(1), 8, 1, 0.1, fourth_moment=np.inf),
            "fourth_moment",
        ),
        (lambda: neuro_tron_guarantee(neuro(1) * np.nan, 8, 1, 0.1), "nan"),
        (lambda: glm_tron_guarantee(gaussian_gate(3, 1), 1, 1, step=9), "at most"),
        (lambda: glm_tron_guarantee(gaussian_gate(3, 1), 1, 1, bound=-1), "`bound`"),
        (
            lambda: glm_tron_guarantee(gaussian_gate(3, 1), 1, 1, confidence=1),
            "certainty",
        ),
        (
            lambda: glm_tron_guarantee(gaussian_gate(3, 1), 1, 1, probability=2),
            "`probability`",
        ),
        (lambda: gaussian_gate(0, 1), "Dimension 0"),
    ):
        with pytest.raises(CertaxError, match=said):
            call()
    wrong = neuro_tron_guarantee(neuro(1), 8, 1, 0.1, mixing=-neuro(1).mean(axis=0))
    assert wrong.verdict == "does not apply"
