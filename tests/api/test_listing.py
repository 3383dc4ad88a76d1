"""A run's summary lists what `certify` found since."""

import json

import pytest

from certax import _api
from certax._core import Configuration
from certax.problems import zoo_entry
from certax.reports import read_summary

small = Configuration.model_validate({"network": {"width": 6, "depth": 1}})


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run whose net is certified afterwards, by one theorem and in one norm."""
    folder = tmp_path_factory.mktemp("runs") / "logistic"
    _api.run(
        zoo_entry("logistic").problem,
        name="logistic",
        configuration=small,
        seed=0,
        out=folder,
        max_steps=60,
        certify=False,
    )
    solution = _api.load(folder)
    for options in ({"theorem": "ode-tube"}, {"claim": "residual"}):
        found = _api.certify(solution, out=folder, **options)
        _api.list_certificates(solution, (found,), None, folder)
    return folder


def listed(folder):
    return [(c.theorem, c.file) for c in read_summary(folder).certificates]


def test_a_new_certificate_takes_the_place_of_the_one_it_overwrites(finished):
    residual = ("", "certificate-residual-Linf.json")
    assert listed(finished) == [("ode-tube", "certificate.json"), residual]
    solution, before = _api.load(finished), read_summary(finished).certificates[0]
    options = {"theorem": "ode-tube", "evaluation": "float32"}
    found = _api.certify(solution, out=finished, **options)
    (entry,) = _api.list_certificates(solution, (found,), None, finished)
    assert listed(finished) == [("ode-tube", "certificate.json"), residual]
    after = read_summary(finished).certificates[0]
    assert after.evaluation == entry["evaluation"] == "float32"
    assert before.evaluation == "real" and before.verdict == "proved"
    assert after.verdict == "proved under assumptions"
    numbers = [float.fromhex(c.bound_hex or "") for c in (before, after)]
    assert numbers[0] < numbers[1]
    bound = json.loads((finished / "certificate.json").read_text())["bound"]
    assert after.bound == bound


def test_an_attempt_that_proves_nothing_does_not_hide_a_proof(finished):
    solution, before = _api.load(finished), listed(finished)
    found = _api.certify(solution, theorem="l1-contraction")
    assert not found.bound
    _api.list_certificates(solution, (found,), None, finished)
    after = listed(finished)
    assert after[: len(before)] == before
    assert after[len(before) :] == [("l1-contraction", None)]


def test_elsewhere_nothing_is_listed(finished, tmp_path):
    solution = _api.load(finished)
    found = _api.certify(solution, claim="range", out=tmp_path)
    (entry,) = _api.list_certificates(solution, (found,), None, tmp_path)
    assert entry["file"] == "certificate-range-u.json"
    assert not (tmp_path / "summary.json").exists()
