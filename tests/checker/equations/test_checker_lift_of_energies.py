"""Lifted wall defects in the mean square and in waves."""

import json

import examples
import numpy as np
import pytest
from examples import ZERO, axis, dirichlet, initial, problem
from lifting import WALLS, chord, drifting, prove_lifted, zero_burgers
from material import (
    Builder,
    certificate_from,
    derive,
    uniform_tree,
    verify,
    write_draft,
)
from proofs import SLABS, number, refused


def string(shape, epsilon):
    """u_tt = u_xx / 4, at rest at zero, against epsilon times a shape."""

    def build(b, d, speed):
        return b.sub(d(0, 2), b.mul(speed, d(2, 0)))

    rest = {"kind": "velocity", "coordinate": "t", "values": ZERO}
    stated = problem(
        [axis("x", "0", "2"), axis("t", "0", "1")],
        examples.residual(2, build, ("0.25",)),
        [initial(ZERO), rest, dirichlet("x")],
    )
    b = Builder()
    x, t, e, one = (b.coordinate("x"), b.coordinate("t"), b.weight("e", ()),
                    b.constant("1"))  # fmt: skip
    program = b.program(u=b.mul(e, shape(b, x, t, one)))
    return stated, (program, {"e": np.array(epsilon)})


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2])
def test_the_energy_of_the_heat_equation_with_a_drifting_network(tmp_path, epsilon):
    """The drift epsilon t is all lift; its L2 norm on [0, 1] is epsilon / 2 at last."""
    report = prove_lifted(
        tmp_path, examples.heat(), drifting(epsilon), "energy", "L2", degree=7
    )
    assert epsilon / 2 <= number(report) <= epsilon / 2 * 1.01 + 1e-6
    (walls,) = [h for h in report["hypotheses"] if h["name"] == "walls"]
    assert "lift" in walls["detail"]


def test_the_counterexample_in_the_mean_square(tmp_path):
    """1 - x/2 against zero on [-1, 1]: between 3/2 and 1/2 in length, and all lift."""
    report = prove_lifted(tmp_path, zero_burgers(), chord(), "energy", "L2")
    true = np.sqrt(2 * (1.5**2 + 1.5 * 0.5 + 0.5**2) / 3)
    assert true <= number(report) <= true * (1 + 1e-6)


@pytest.mark.parametrize("theorem, norm, size", [
    ("wave", "L2", np.sqrt(2)), ("wave-supremum", "Linf", 1.0),
])  # fmt: skip
@pytest.mark.parametrize("epsilon", [1e-5, 0.3])
def test_a_string_whose_ends_are_moved(tmp_path, theorem, norm, size, epsilon):
    """epsilon t^3 is all lift, so its norm is the bound."""
    stated, net = string(lambda b, x, t, one: b.ipow(t, extra=3), epsilon)
    report = prove_lifted(tmp_path, stated, net, theorem, norm)
    assert epsilon * size <= number(report) <= epsilon * size * (1 + 1e-6)


@pytest.mark.parametrize("theorem, norm", [("wave", "L2"), ("wave-supremum", "Linf")])
def test_what_the_lift_accelerates_is_in_the_residual(tmp_path, theorem, norm):
    """epsilon t^3 x^2: v = epsilon t^3 (x^2 - 2 x), and no solution is at rest."""
    epsilon = 1e-2
    stated, net = string(
        lambda b, x, t, one: b.mul(b.ipow(t, extra=3), b.ipow(x, extra=2)), epsilon
    )
    report = prove_lifted(tmp_path, stated, net, theorem, norm)
    x = (np.arange(2000) + 0.5) / 1000
    error = 4 * epsilon if norm == "Linf" else epsilon * np.sqrt(2 * (x**4).mean())
    assert error <= number(report) <= 10 * error
    refusal = prove_lifted(tmp_path, stated, net, theorem, norm, walls=None)
    assert refused(refusal, "walls", "not equal to the data")


def test_a_velocity_that_the_lift_changes_is_a_defect(tmp_path):
    """epsilon t on the walls starts with a velocity that the data do not have."""
    stated, net = string(lambda b, x, t, one: b.mul(t, x), 1e-2)
    report = prove_lifted(tmp_path, stated, net, "wave", "L2")
    # v = 0, so all of it is lift.
    assert number(report) >= 1e-2 * np.sqrt(8 / 3)
    stated, net = string(lambda b, x, t, one: b.mul(t, b.ipow(x, extra=2)), 1e-2)
    report = prove_lifted(tmp_path, stated, net, "wave", "L2")
    assert refused(report, "initial defect", "give a tree `initial`")
    report = prove_lifted(
        tmp_path, stated, net, "wave", "L2", start=uniform_tree([4], 4)
    )
    assert number(report) >= 1e-2 * np.sqrt(2 * 16 / 5)


@pytest.mark.parametrize("theorem, norm", [("energy", "L2"), ("wave", "L2")])
def test_only_one_space_coordinate_is_lifted(tmp_path, theorem, norm):
    second = theorem == "wave"

    def build(b, d):
        rate = d(0, 0, 2) if second else d(0, 0, 1)
        return b.sub(b.sub(rate, d(2, 0, 0)), d(0, 2, 0))

    rest = [{"kind": "velocity", "coordinate": "t", "values": ZERO}] if second else []
    stated = problem(
        [axis(n, "0", "1") for n in "xyt"], examples.residual(3, build),
        [initial(ZERO), *rest, dirichlet("x"), dirichlet("y")],
    )  # fmt: skip
    b = Builder()
    net = b.program(u=b.mul(b.weight("e", ()), b.coordinate("t"))), {"e": np.array(1.0)}
    report = prove_lifted(
        tmp_path, stated, net, theorem, norm, levels=(1, 1, 1),
        walls=uniform_tree((1, 1), 2),
    )  # fmt: skip
    assert refused(report, "walls", "a single space coordinate")


@pytest.mark.parametrize("theorem, norm", [("energy", "L2"), ("wave-supremum", "Linf")])
def test_a_bound_without_the_lift_is_rejected(tmp_path, theorem, norm):
    stated, net = string(lambda b, x, t, one: b.ipow(t, extra=3), 1e-2)
    if theorem == "energy":
        stated, net = examples.heat(), drifting(1e-2)
    draft = write_draft(
        tmp_path, stated, *net, uniform_tree((4, 4), 7), walls=WALLS, theorem=theorem,
        norm=norm, parameters=SLABS,
    )  # fmt: skip
    report = derive(draft)
    bound = report["bound"]["decimal"]
    low = f"{0.9 * float(bound):.2e}".replace("e-0", "e-")
    words = report["statement"].replace(f"at most {bound}", f"at most {low}")
    forged = certificate_from(draft, report, bound=low, statement=words)
    assert "exceeds the claimed" in verify(forged)["reason"]
    value = json.loads(draft.read_text())
    del value["trees"]["walls"]
    draft.write_text(json.dumps(value))
    assert "not equal to the data" in verify(certificate_from(draft, report))["reason"]
