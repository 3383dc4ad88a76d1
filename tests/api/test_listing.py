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
    folder = tmp_path_factory.mktemp("runs") / "logistic"
    problem = zoo_entry("logistic").problem
    _api.run(
        problem,
        name="logistic",
        configuration=small,
        seed=0,
        out=folder,
        max_steps=20,
    )
    return folder


def listed(folder):
    return [(c.theorem, c.file) for c in read_summary(folder).certificates]


def test_a_new_certificate_takes_the_place_of_the_one_it_overwrites(finished):
    before = listed(finished)
    main = dict(before)[(read_summary(finished).certificates[0]).theorem]
    assert main == "certificate.json"
    solution = _api.load(finished)
    found = _api.certify(
        solution, out=finished, theorem="ode-tube", evaluation="float32"
    )
    entries = _api.list_certificates(solution, (found,), None, finished)
    after = read_summary(finished).certificates
    assert [c.model_dump(mode="json")["bound"] for c in after[:1]] == [found.bound]
    assert after[0].evaluation == "float32" == entries[0]["evaluation"]
    assert after[0].measured is not None and after[0].ratio == entries[0]["ratio"]
    files = [file for _, file in listed(finished) if file]
    assert len(files) == len(set(files)) and files[0] == "certificate.json"
    assert ("", "certificate-residual-Linf.json") in listed(finished)
    bound = json.loads((finished / "certificate.json").read_text())["bound"]
    assert after[0].bound == bound


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
