"""Certificates of networks as floating-point numbers evaluate them."""

import json

import examples
import numpy as np
import pytest
from arithmetics import evaluate, net_of, single_points
from material import (
    call,
    certificate_from,
    derive,
    network_program,
    random_weights,
    uniform_tree,
    verify,
    write_draft,
)

RULES = {"format": "float32", "ulps": 8}


def heat_certificate(folder, evaluation=RULES, norm="Linf", theorem=None, **options):
    """exp(-0.1 pi^2 t) sin(pi x) + 1e-4 x (1 - x) t, proved with an evaluation."""
    theorem = theorem or {"Linf": "maximum-principle", "L1": "l1-contraction",
                          "L2": "energy"}[norm]  # fmt: skip
    options = {"parameters": {"slabs": 4}} | options
    draft = write_draft(
        folder, examples.heat(), *examples.heat_candidate(1e-4),
        uniform_tree((3, 3), 5), theorem=theorem, norm=norm, evaluation=evaluation,
        **options,
    )  # fmt: skip
    return draft, derive(draft)


@pytest.mark.parametrize("norm", ["Linf", "L1", "L2"])
def test_the_rounding_is_added_to_the_error(tmp_path, norm):
    real = heat_certificate(tmp_path, None, norm)[1]
    draft, report = heat_certificate(tmp_path, RULES, norm)
    numbers = [float.fromhex(r["bound"]["hex"]) for r in (real, report)]
    assert 1e-7 < numbers[1] - numbers[0] < 1e-4
    assert real["verdict"] == "proved"
    assert report["verdict"] == "proved under assumptions"
    pairs = zip(real["curve"], report["curve"], strict=True)
    assert all(float(one) < float(two) for one, two in pairs)
    statement = report["statement"]
    pointwise = "wherever all coordinates are float32 numbers, at every point"
    for words in (
        "any order",
        pointwise if norm == "Linf" else "exact arithmetic",
        "Assumed: elementary functions are evaluated within 8 units",
    ):
        assert words in statement
    assert verify(certificate_from(draft, report))["accepted"]


def test_a_claim_without_the_rounding_is_rejected(tmp_path):
    real = heat_certificate(tmp_path, None)[1]
    draft, report = heat_certificate(tmp_path)
    small, large = (r["bound"]["decimal"] for r in (real, report))
    words = report["statement"].replace(f"at most {large}", f"at most {small}")
    forged = certificate_from(draft, report, bound=small, statement=words)
    assert "exceeds the claimed" in verify(forged)["reason"]
    curve = [*report["curve"][:-1], real["curve"][-1]]
    assert (
        "in the curve" in verify(certificate_from(draft, report, curve=curve))["reason"]
    )


def test_words_about_another_evaluation_are_rejected(tmp_path):
    draft, report = heat_certificate(tmp_path)
    said = report["statement"]
    for change in (
        {"statement": said.replace("within 8 units", "within 1 units")},
        {"evaluation": {"format": "float64", "ulps": 8}},
        {"evaluation": {"format": "float32", "ulps": 1}},
        {"evaluation": {"format": "float32", "ulps": 9}},
        {"statement": said.replace("float32", "float64")},
        {"verdict": "proved"},
    ):
        assert not verify(certificate_from(draft, report, **change))["accepted"]
    value = json.loads(draft.read_text())
    del value["evaluation"]
    draft.write_text(json.dumps(value))
    plain = verify(certificate_from(draft, report))
    assert plain["reason"] == "the verdict is 'proved' and no other"


@pytest.mark.parametrize("evaluation", [
    {}, {"format": "float16", "ulps": 8}, {"format": "real", "ulps": 8},
    {"format": "float32"}, {"format": "float32", "ulps": 0}, "float32", None, 8,
    {"format": "float32", "ulps": "8"}, {"format": ["float32"], "ulps": 8},
    {"format": "float32", "ulps": 8, "fast": True},
])  # fmt: skip
def test_malformed_evaluations(tmp_path, evaluation):
    draft, _ = heat_certificate(tmp_path)
    value = json.loads(draft.read_text())
    value["evaluation"] = evaluation
    draft.write_text(json.dumps(value))
    assert call("derive", draft)[0] == 2


@pytest.mark.parametrize("options", [
    {"claim": "residual", "norm": "Linf"},
    {"claim": "lipschitz", "norm": "l2", "parameters": {"fields": ["u"]}},
    {"claim": "range", "norm": "range",
     "parameters": {"field": "u", "orders": [1, 0]}},
])  # fmt: skip
def test_claims_about_derivatives_have_no_evaluation(tmp_path, options):
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(1e-4),
        uniform_tree((2, 2), 4), evaluation=RULES, **options,
    )  # fmt: skip
    status, output = call("derive", draft)
    assert status == 2 and "no derivatives" in output


def test_a_range_is_widened(tmp_path):
    """Of a net with a corner and without elementary functions: nothing is assumed."""
    network, shapes = network_program(
        ["x", "t"], (16, 16, 16), lambda b, net, *_: net, activation="max0"
    )
    weights = random_weights(shapes, 1)
    ends = []
    for evaluation in (None, RULES):
        draft = write_draft(
            tmp_path, examples.burgers(), network, weights, uniform_tree((3, 3), 3),
            evaluation=evaluation, claim="range", norm="range",
            parameters={"field": "u", "orders": [0, 0]},
        )  # fmt: skip
        report = derive(draft)
        assert report["verdict"] == "proved"
        ends.append([float(end) for end in report["interval"]])
    (low, high), (lower, higher) = ends
    assert lower < low < high < higher and higher - high < 1e-3
    made = certificate_from(draft, report, interval=report["interval"])
    assert verify(made)["accepted"]
    values = evaluate(net_of(network, weights), single_points(), np.float32)
    assert lower <= values.min() and values.max() <= higher
    forged = certificate_from(draft, report, interval=[str(low), str(high)])
    assert "not within the claimed" in verify(forged)["reason"]
