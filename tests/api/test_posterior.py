"""The posterior of a net and of an unknown coefficient."""

import numpy as np
import pytest

import certax as cx

decay = cx.Problem(
    name="decay",
    domain=cx.Box(t=(0, 1)),
    residual=lambda y, k: y.t + k * y,
    conditions=(cx.Initial(1),),
    unknowns={"k": "1"},
)
t = np.linspace(0, 1, 20)
noise = 0.05
values = np.exp(-1.5 * t) + noise * np.random.default_rng(0).normal(size=20)
data = cx.Data({"t": t}, {"y": values})


@pytest.fixture(scope="module")
def found():
    return cx.posterior(
        decay, data=data, noise=noise, width=4, points=16, draws=200, thinning=15,
    )  # fmt: skip


def test_the_coefficient_has_the_spread_of_its_least_squares(found):
    """The equation is believed, so k is nearly that of fitting exp(−k t)."""
    k = found.unknowns["k"]
    slope = -t * np.exp(-1.5 * t)
    deviation = noise / np.linalg.norm(slope)
    fits = np.linspace(1, 2, 2001)
    best = fits[np.argmin(((np.exp(-np.outer(fits, t)) - values) ** 2).sum(axis=1))]
    assert abs(k.mean() - best) < deviation
    assert 0.7 < k.std() / deviation < 1.4


def test_the_diagnostics_are_those_of_chains_that_agree(found):
    assert found.vectors.shape[:2] == (4, 200)
    assert found.r_hat < 1.05
    assert 50 < found.effective_size <= 4 * 200 * 4
    assert 0.3 < found.acceptance < 0.9
    text = str(found)
    assert "measured, not proved" in text and "R-hat" in text and "k = 1." in text
    assert ("have not forgotten" in text) == (found.r_hat >= 1.01)


def test_draws_of_the_field_keep_the_condition_and_cover_the_truth(found):
    y = found.draws(t=np.array([0.0, 0.5, 1.0]))["y"]
    assert y.shape == (800, 3)
    assert np.all(y[:, 0] == 1)
    truth = np.exp(-1.5 * np.array([0.5, 1.0]))
    assert np.all(np.abs(y[:, 1:].mean(axis=0) - truth) < 4 * y[:, 1:].std(axis=0))
    with pytest.raises(cx.CertaxError, match="not those of the problem"):
        found.draws(x=0.0)


def test_plain_chains_are_near_the_adjusted_ones(found):
    plain = cx.posterior(
        decay, data=data, noise=noise, width=4, points=16, draws=60, thinning=20,
        method="tamed",
    )  # fmt: skip
    k, known = plain.unknowns["k"], found.unknowns["k"]
    assert plain.acceptance == 1 and plain.step_size == 0.05
    assert abs(k.mean() - known.mean()) < known.std()


@pytest.mark.parametrize(
    "wrong",
    [
        {"noise": 0.0},
        {"noise": float("nan")},
        {"equation_noise": -1.0},
        {"prior": 0.0},
        {"step_size": 0.0},
        {"chains": 1},
        {"draws": 2},
        {"method": "gibbs"},
        {"width": 100, "depth": 3},
        {"data": cx.Data({"t": t + 1}, {"y": values})},
    ],
)
def test_what_cannot_be_sampled_is_refused(wrong):
    with pytest.raises(cx.CertaxError) as caught:
        cx.posterior(decay, **{"data": data, "noise": noise, **wrong})
    assert caught.value.remedy
