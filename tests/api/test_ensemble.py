"""Ensembles: bands that held-out measurements calibrate, and what is refused."""

import numpy as np
import pytest

import certax as cx
from certax._api._ensemble import _calibrated
from certax._core import Configuration

small = Configuration.model_validate(
    {"network": {"width": 6, "depth": 1}, "training": {"points": 60}}
)
decay = cx.Problem(
    name="decay",
    domain=cx.Box(t=(0, 1)),
    residual=lambda y, k: y.t + k * y,
    conditions=(cx.Initial(1),),
    unknowns={"k": "1/2"},
)
generator = np.random.default_rng(0)
t = generator.uniform(size=80)
measured = cx.Data({"t": t}, {"y": np.exp(-1.5 * t) + 0.02 * generator.normal(size=80)})


@pytest.fixture(scope="module")
def found():
    return cx.ensemble(
        decay, 2, data=measured, level=0.8, configuration=small, max_steps=25
    )


def test_the_truth_is_near_and_new_measurements_are_covered(found):
    mean, deviation = found.unknowns["k"]
    assert abs(mean - 1.5) < 0.1 and deviation > 0
    fresh = np.random.default_rng(1)
    at = fresh.uniform(size=2000)
    new = np.exp(-1.5 * at) + 0.02 * fresh.normal(size=2000)
    share = found.coverage(cx.Data({"t": at}, {"y": new}))["y"]
    # Given 20 held-out scores the coverage is about Beta(17, 4): above 0.6 surely.
    assert share > 0.6
    lower, upper = found.band(t=at)["y"]
    assert np.mean((lower < np.exp(-1.5 * at)) & (np.exp(-1.5 * at) < upper)) > share


def test_the_held_out_measurements_are_covered_as_often_as_said(found):
    assert found.coverage(found.held_out)["y"] >= found.level
    assert len(found.held_out) == 20 and found.noise["y"] < 0.04


def test_the_factor_is_the_score_of_the_rank(found):
    """The band is just wide enough for the score of that rank."""
    rest = cx.Data({"t": t}, {"y": measured.values["y"]})
    few = _calibrated(found.members, 0.5, 10, rest, found.held_out)
    assert few.coverage(found.held_out)["y"] == 0.5
    assert few.factors["y"] < found.factors["y"]


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"members": 1}, "An ensemble of 1 is not possible"),
        ({"level": 1.0}, "level = 1.0 is not between 0 and 1"),
        ({"held_out": 0.0}, "held_out = 0.0 is not between"),
        ({"level": 0.99}, "need 99 held-out measurements, and 0.25 of 80 are 20"),
    ],
)
def test_bad_input_is_refused_before_training(changes, message):
    with pytest.raises(cx.CertaxError, match=message):
        cx.ensemble(decay, **({"data": measured} | changes))


def test_nothing_but_the_named_verbs_is_public():
    assert "ensemble" in cx._verbs
    with pytest.raises(AttributeError, match="ensembles"):
        getattr(cx, "ensembles")  # noqa: B009
