"""The lift of wall defects: what it must bound, and where it is refused."""

import json

import examples
import numpy as np
import pytest
from examples import ZERO, axis, dirichlet, initial, periodic
from lifting import WALLS, chord, drifting, growing, prove_lifted, zero_burgers
from material import (
    Builder,
    call,
    certificate_from,
    constant_program,
    derive,
    uniform_tree,
    verify,
    write_draft,
)
from proofs import SLABS, number, refused


def test_a_wall_defect_is_refused_without_its_tree(tmp_path):
    report = prove_lifted(tmp_path, zero_burgers(), chord(), walls=None)
    assert refused(report, "walls", "not equal to the data on the lower end of x")


def test_the_counterexample_is_bounded_by_its_true_error(tmp_path):
    """All of 1 - x/2 is lift, and its integral over [-1, 1] is 2."""
    report = prove_lifted(tmp_path, zero_burgers(), chord())
    assert 2.0 <= number(report) <= 2.0 * (1 + 1e-6)
    assert all(float(v) >= 2.0 for v in report["curve"])
    (walls,) = [h for h in report["hypotheses"] if h["name"] == "walls"]
    assert walls["status"] == "checked" and "lift" in walls["detail"]


def test_less_than_the_lift_cannot_be_claimed(tmp_path):
    """With all hashes right, a bound below what is derived is rejected."""
    draft = write_draft(
        tmp_path, zero_burgers(), *chord(), uniform_tree((2, 2), 4), walls=WALLS,
        theorem="l1-contraction", norm="L1", parameters=SLABS,
    )  # fmt: skip
    report = derive(draft)
    forged = report["statement"].replace(report["bound"]["decimal"], "1.99")
    low = certificate_from(draft, report, bound="1.99", statement=forged)
    assert "exceeds the claimed" in verify(low)["reason"]
    words = report["statement"].replace(report["bound"]["decimal"], "2.1")
    weaker = certificate_from(draft, report, bound="2.1", statement=words)
    assert verify(weaker)["accepted"]
    low = ["1.9", *report["curve"][1:]]
    assert not verify(certificate_from(draft, report, curve=low))["accepted"]


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2, 1.0])
def test_a_linear_defect_is_bounded_sharply(tmp_path, epsilon):
    slanted = growing(epsilon, lambda b, x, one: b.add(one, x))
    report = prove_lifted(tmp_path, zero_burgers(), slanted)
    # At t = 1 the true error is the integral of epsilon (1 + x), which is 2 epsilon.
    assert 2 * epsilon <= number(report) <= 2 * epsilon * (1 + 1e-6) + 1e-9


@pytest.mark.parametrize("epsilon", [1e-3, 0.1, 2.0])
def test_the_residual_is_that_of_the_lifted_network(tmp_path, epsilon):
    """epsilon t x^2 with zero data: v = epsilon t (x^2 - 1) has another residual."""
    candidate = growing(epsilon, lambda b, x, one: b.mul(one, b.ipow(x, extra=2)))
    bound = number(
        prove_lifted(tmp_path, zero_burgers(), candidate, levels=(5, 5), degree=6)
    )
    x, t = np.meshgrid((np.arange(800) + 0.5) / 400 - 1, (np.arange(400) + 0.5) / 400)
    v, v_x = epsilon * t * (x**2 - 1), 2 * epsilon * t * x
    lifted = epsilon * (x**2 - 1) + v * v_x - 0.1 * 2 * epsilon * t
    plain = epsilon * x**2 + epsilon * t * x**2 * v_x - 0.1 * 2 * epsilon * t
    right, wrong = (2 * np.abs(r).mean() + 2 * epsilon for r in (lifted, plain))
    assert abs(right - wrong) > 0.1 * epsilon
    assert 0.999 * right <= bound <= 1.05 * right
    assert bound >= 2 * epsilon / 3  # the true error at t = 1


def test_the_heat_equation_with_a_drifting_network(tmp_path):
    """exp(-0.1 pi^2 t) sin(pi x) + epsilon t: the drift is all lift, on one unit."""
    epsilon = 1e-2
    report = prove_lifted(tmp_path, examples.heat(), drifting(epsilon), degree=7)
    assert epsilon / 2 <= number(report) <= epsilon / 2 * 1.01 + 1e-6


def test_one_missed_wall_is_enough(tmp_path):
    slanted = growing(1e-2, lambda b, x, one: b.add(one, x))
    assert refused(
        prove_lifted(tmp_path, zero_burgers(), slanted, walls=None),
        "walls",
        "upper end",
    )


def test_a_tree_that_is_not_needed_is_refused(tmp_path):
    candidate = examples.heat_candidate(1e-3)
    report = prove_lifted(tmp_path, examples.heat(), candidate)
    assert refused(report, "walls", "equals the data on the walls")


@pytest.mark.parametrize(
    "conditions",
    [
        [initial(ZERO), periodic("x")],
        [initial(ZERO), dirichlet("x", "lower")],
        [initial(ZERO)],
        [initial(ZERO), dirichlet("x", "lower"), periodic("x")],
    ],
)
def test_the_lift_needs_data_on_both_walls(tmp_path, conditions):
    report = prove_lifted(tmp_path, examples.burgers("0.1", conditions), chord())
    assert refused(report, "walls", "no Dirichlet data on both ends")


def test_corners_of_the_data_are_still_looked_after(tmp_path):
    """The network may miss the data; the data themselves must fit together."""
    data = [initial(ZERO), dirichlet("x", values=constant_program(u="1"))]
    report = prove_lifted(
        tmp_path, examples.burgers("0.1", data), chord(), start=uniform_tree([3], 4)
    )
    assert refused(report, "data", "the data differ at")


def test_only_a_theorem_that_lifts_takes_the_tree(tmp_path):
    draft = write_draft(
        tmp_path, zero_burgers(), *chord(), uniform_tree((1, 1), 3), walls=WALLS,
        theorem="maximum-principle", norm="Linf", parameters=SLABS,
    )  # fmt: skip
    assert "takes no tree `walls`" in derive_any(draft)["reason"]
    draft = write_draft(
        tmp_path, zero_burgers(), *chord(), uniform_tree((1, 1), 3), walls=WALLS,
        claim="residual", norm="L1",
    )  # fmt: skip
    assert "no theorem" in derive_any(draft)["reason"]


def derive_any(draft):
    """What `derive` prints, whatever its exit code."""
    _, output = call("derive", draft)
    return json.loads(output)


def test_a_length_that_does_not_cancel_exactly_is_refused(tmp_path):
    """(1 + pi) / (1 + pi) is not seen to be 1, so nothing is claimed."""
    stated = zero_burgers()
    stated["coordinates"][0] = axis("x", "0", "1+pi")
    report = prove_lifted(tmp_path, stated, chord())
    assert refused(report, "walls", "not equal to the data")


def test_the_walls_bound_is_taken_over_all_times(tmp_path):
    """A defect that is large only at the end must count: epsilon t^8."""
    b = Builder()
    t, e = b.coordinate("t"), b.weight("e", ())
    program = b.program(u=b.mul(e, b.ipow(t, extra=8)))
    report = prove_lifted(
        tmp_path, zero_burgers(), (program, {"e": np.array(1e-2)}),
        walls=uniform_tree([0], 9), degree=9,
    )  # fmt: skip
    assert 2e-2 <= number(report) <= 2.01e-2


@pytest.mark.parametrize("claim, norm, parameters", [
    ("range", "range", {"field": "u", "orders": [0, 0]}),
    ("lipschitz", "l2", {"fields": ["u"]}),
])  # fmt: skip
def test_a_claim_about_the_network_takes_no_walls(tmp_path, claim, norm, parameters):
    draft = write_draft(
        tmp_path, examples.burgers(), *examples.burgers_net(), uniform_tree((1, 1), 3),
        walls=bytes([3]), claim=claim, norm=norm, parameters=parameters,
    )  # fmt: skip
    status, output = call("derive", draft)
    assert status == 2 and "no theorem and one tree" in output
