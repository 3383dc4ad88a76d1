"""Neuro-Tron in a weighted norm: no step contracts less than is proved."""

from itertools import islice

import numpy as np
import pytest

from certax import CertaxError
from certax.certificates import neuro_tron_contraction, neuro_tron_guarantee


def pairs(seed, rows=3, inputs=6):
    """Matrices M + cC, as in the published experiments."""
    mean, other = np.random.default_rng(seed).normal(size=(2, rows, inputs))
    return np.stack([mean + c * other for c in (-2, -1, 1, 2)])


def net(matrices, leak, scale, weights, x):
    z = np.einsum("kri,...i,r->...k", matrices, x, weights)
    return scale * np.where(z > 0, z, leak * z).mean(axis=-1)


laws = {
    "normal": (1, 3, lambda rng, size: rng.normal(size=size)),
    "laplace": (2, 24, lambda rng, size: rng.laplace(size=size)),
}


@pytest.mark.parametrize("leak", [0, 0.3])
@pytest.mark.parametrize("law", laws)
@pytest.mark.parametrize("power", [0, 0.5, 1])
def test_one_step_in_the_mean(leak, law, power):
    """The mean of 6000 steps, from errors of all sizes and the worst direction."""
    variance, fourth, draw = laws[law]
    rng, matrices, scale, batch = np.random.default_rng(1), pairs(0), 2.0, 4
    known = neuro_tron_contraction(
        matrices, batch, 0.002, power=power, leak=leak, scale=scale,
        variance=variance, fourth_moment=fourth,
    )  # fmt: skip
    assert known.proved
    metric, mean = known.metric, matrices.mean(axis=0)
    x = draw(rng, (6000, batch, 6))
    slowest = np.linalg.eigh(mean @ mean.T)[1][:, 0]
    for missed in (*rng.normal(size=(3, 3)) * [[0.1], [1], [10]], slowest):
        true = rng.normal(size=3)
        gap = net(matrices, leak, scale, true, x)
        gap = gap - net(matrices, leak, scale, true + missed, x)
        move = 0.002 * np.einsum("Nb,Nbi->Ni", gap, x) / batch @ mean.T
        ahead, start = missed + move, missed @ metric @ missed
        ratios = np.einsum("Ni,ij,Nj->N", ahead, metric, ahead) / start
        error = ratios.std() / np.sqrt(len(ratios))
        assert ratios.mean() - 4 * error <= 1 - known.shrink
        growth = np.einsum("Ni,ij,Nj->N", move, metric, move) / start
        assert growth.mean() - 4 * growth.std() / 77 <= known.growth
        assert missed @ missed <= known.stretch * start * (1 + 1e-12)
    # A proof of twice as much would be refuted in the slowest direction.
    assert ratios.mean() + 4 * error > 1 - 3 * known.shrink


@pytest.mark.parametrize("centered", [True, False])
def test_the_bound_under_attack(centered):
    """From w* itself, which only the attack drives away."""
    matrices, rng, batch, steps = pairs(2), np.random.default_rng(3), 4, 300
    known = neuro_tron_contraction(matrices, batch, 0.01)
    theta, chance, runs = 0.3, 0.4, 200
    attacked = known.attacked(theta, chance, centered)
    true = rng.normal(size=3)
    weights = np.tile(true, (runs, 1))
    limits = list(islice(attacked.bounds(0.0), steps + 1))
    for limit in limits[1:]:
        x = rng.normal(size=(runs, batch, 6))
        side = (
            rng.choice([-1, 1], size=(runs, batch)) if centered else np.sign(x[..., 0])
        )
        noise = theta * side * (rng.uniform(size=(runs, batch)) < chance)
        z = np.einsum("kri,Nbi,Nr->Nbk", matrices, x, weights)
        gap = net(matrices, 0, 1, true, x) + noise - np.maximum(z, 0).mean(axis=-1)
        weights = weights + 0.01 * np.einsum("Nb,Nbi->Ni", gap, x) / batch @ (
            matrices.mean(axis=0).T
        )
        missed = weights - true
        squares = np.einsum("Ni,ij,Nj->N", missed, known.metric, missed)
        assert squares.mean() - 4 * squares.std() / np.sqrt(runs) <= limit
    reached = np.sqrt(np.mean(np.sum(missed**2, axis=1)))
    assert 0.02 * attacked.floor < reached <= attacked.floor
    assert known.attacked(2 * theta, chance, centered).floor == pytest.approx(
        2 * attacked.floor
    )
    assert known.attacked(0.0, chance, centered).floor == 0


def test_it_admits_larger_steps_than_the_euclidean_theorem():
    largest = neuro_tron_guarantee(pairs(0), 16, 1, 0.1)["step"]
    assert neuro_tron_contraction(pairs(0), 16, 20 * largest).proved


def test_what_is_refused():
    too_far = neuro_tron_contraction(pairs(0), 4, 1.0)
    assert not too_far.proved
    with pytest.raises(CertaxError, match="not proved to contract"):
        too_far.attacked(0.1, 0.5)
    with pytest.raises(CertaxError, match="No law"):
        neuro_tron_contraction(pairs(0), 4, 0.01, fourth_moment=0.5)
    with pytest.raises(CertaxError, match="fourth_moment"):
        neuro_tron_contraction(pairs(0), 4, 0.01, fourth_moment=np.inf)
    with pytest.raises(CertaxError, match="`step`"):
        neuro_tron_contraction(pairs(0), 4, -0.01)
    same = pairs(0)
    same[:, 1] = same[:, 0]
    alike = lambda: neuro_tron_contraction(same, 4, 0.01)
    try:
        assert not alike().proved
    except CertaxError as error:
        assert "full rank" in error.message


@pytest.mark.parametrize("batch", [0, -1])
def test_no_batch_contracts_nothing(batch):
    with pytest.raises(CertaxError, match="The batch is empty. Take at least 1."):
        neuro_tron_contraction(np.ones((1, 1, 2)), batch, 1e-3)


@pytest.mark.parametrize(
    ("bound", "probability"), [(-1.0, 0.5), (np.nan, 0.5), (1.0, -0.1), (1.0, 1.1)]
)
def test_what_is_no_attack_lowers_no_floor(bound, probability):
    found = neuro_tron_contraction(np.ones((1, 1, 2)), 4, 1e-3)
    assert found.proved
    with pytest.raises(CertaxError, match="Give a bound of at least 0"):
        found.attacked(bound, probability)
