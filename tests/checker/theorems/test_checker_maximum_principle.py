"""The maximum principle, and what it shares with the L1 contraction."""

import math

import examples
import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic, problem, wave
from material import (
    Builder,
    constant_program,
    uniform_tree,
)
from proofs import number, prove, refused


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1e-4, 0.1])
def test_heat_error_is_bounded_in_the_maximum(tmp_path, epsilon):
    candidate = examples.heat_candidate(epsilon)
    report = prove(tmp_path, examples.heat(), candidate, "maximum-principle")
    error = epsilon / 8
    assert error <= number(report) <= 3 * error + 1e-7


def test_initial_defect_is_added(tmp_path):
    candidate = examples.heat_candidate(1e-3, bump="none")
    for theorem, norm, size in (
        ("maximum-principle", "Linf", 1e-3 / 4),
        ("l1-contraction", "L1", 1e-3 / 6),
    ):
        report = prove(tmp_path, examples.heat(), candidate, theorem, norm=norm)
        assert refused(report, "initial defect", "give a tree `initial`")
        report = prove(tmp_path, examples.heat(), candidate, theorem, norm=norm,
                       start=uniform_tree([3], 3))  # fmt: skip
        assert size <= number(report)
        assert float(report["curve"][0]) >= size


def test_superfluous_initial_tree_is_refused(tmp_path):
    report = prove(tmp_path, examples.heat(), examples.heat_candidate(1e-3),
                   "maximum-principle", start=uniform_tree([3], 3))  # fmt: skip
    assert refused(report, "initial defect", "zero by substitution")


def test_growing_linear_reaction(tmp_path):
    """e' = e + r with e = epsilon sin(pi x) (e^t - 1) x rate: the growth counts."""

    def extra(b, d, c):
        return b.mul(c, d(0, 0))

    made = examples.heat(extra, ("-0.1*pi^2-2",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    two = b.constant("2")
    u = b.mul(b.exp(b.mul(two, t)), b.sinpi(x))
    program = b.program(u=b.add(u, b.mul(e, b.mul(t, b.sinpi(x)))))
    candidate = program, {"epsilon": np.array(1e-3)}
    report = prove(tmp_path, made, candidate, "maximum-principle", degree=6)
    assert 0.5e-3 <= number(report) <= 4e-3
    decaying = examples.heat(extra, ("2-0.1*pi^2",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    rate = b.constant("-2")
    u = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    program = b.program(u=b.add(u, b.mul(e, b.mul(t, b.sinpi(x)))))
    other = prove(tmp_path, decaying, (program, {"epsilon": np.array(1e-3)}),
                  "maximum-principle", degree=6)  # fmt: skip
    assert 0.5e-3 <= number(other) < number(report)


def test_cubic_reaction_against_a_steady_state(tmp_path):
    """u = 1 solves the Allen-Cahn equation; the candidate is 1 + epsilon t."""

    def extra(b, d, five):
        return b.mul(five, b.sub(b.ipow(d(0, 0), extra=3), d(0, 0)))

    one = constant_program(u="1")
    made = examples.heat(extra, ("5",), [initial(one), periodic("x")])
    b = Builder()
    t, e, unit = b.coordinate("t"), b.weight("epsilon", ()), b.constant("1")
    candidate = b.program(u=b.add(unit, b.mul(e, t))), {"epsilon": np.array(1e-3)}
    report = prove(tmp_path, made, candidate, "maximum-principle")
    assert 0.5e-3 <= number(report) <= 8e-3
    assert report["verdict"] == "proved"


@pytest.mark.parametrize("c1, c2, c3", [(-5, 0, 5), (-2, 1, 1), (1, -3, 2)])
def test_growth_of_a_cubic_reaction(tmp_path, c1, c2, c3):
    """Near the steady state 1 the rate is that of the tangent, in a narrow tube."""

    def extra(b, d, *c):
        terms = [b.mul(c[0], d(0, 0))]
        terms += [b.mul(c[n - 1], b.ipow(d(0, 0), extra=n)) for n in (2, 3)]
        return b.add(b.add(terms[0], terms[1]), terms[2])

    numbers = [f"{n}.0" if n >= 0 else f"{n}" for n in (c1, c2, c3)]
    one = constant_program(u="1")
    made = examples.heat(extra, numbers, [initial(one), periodic("x")])
    b = Builder()
    t, e, unit = b.coordinate("t"), b.weight("epsilon", ()), b.constant("1")
    epsilon = 1e-6
    candidate = b.program(u=b.add(unit, b.mul(e, t))), {"epsilon": np.array(epsilon)}
    report = prove(tmp_path, made, candidate, "maximum-principle", levels=(0, 3))
    error, step, slope = 0.0, 1 / 16, c1 + 2 * c2 + 3 * c3
    kappa = -slope
    for k in range(8):
        rho = epsilon * (1 + max(slope * (k + 1) * step, slope * k * step))
        error = math.exp(kappa * step) * error + rho * math.expm1(kappa * step) / kappa
    assert 0.999 * error <= number(report) <= 1.05 * error


def test_corner_data_that_disagree_are_refused(tmp_path):
    """The candidate fits the walls; the initial data do not fit them."""
    made = examples.heat(data=wave(function="cospi"))
    for theorem, norm in (("l1-contraction", "L1"), ("maximum-principle", "Linf")):
        candidate = examples.heat_candidate(1e-3)
        report = prove(tmp_path, made, candidate, theorem, norm=norm,
                       start=uniform_tree([3], 3))  # fmt: skip
        assert refused(report, "data", "differ")


def test_corner_of_the_network_is_refused(tmp_path):
    """max0 with an enclosure strictly on one side of zero is refused all the same."""
    b = Builder()
    x, t, rate = b.coordinate("x"), b.coordinate("t"), b.constant("-0.1*pi^2")
    e, one = b.weight("epsilon", ()), b.constant("1")
    exact = b.mul(b.exp(b.mul(rate, t)), b.sinpi(x))
    bump = b.mul(b.mul(b.mul(x, b.sub(one, x)), t), b.max0(b.add(x, one)))
    program = b.program(u=b.add(exact, b.mul(e, bump)))
    report = prove(tmp_path, examples.heat(), (program, {"epsilon": np.array(0.1)}),
                   "maximum-principle")  # fmt: skip
    assert refused(report, "smooth", "max0")


def test_corner_of_the_data_is_refused_or_enclosed(tmp_path):
    """Initial data with a corner at the periodic seam, on a smooth periodic net: they
    are continuous, so for the maximum principle it counts only how far the net is.
    """
    b = Builder()
    x, two = b.coordinate("x"), b.constant("2")
    corner = b.program(u=b.mul(x, b.sub(two, x)))

    def build(b, d):
        return b.sub(d(0, 1), d(2, 0))

    axes = [axis("x", "0", "2"), axis("t", "0", "1")]
    conditions = [initial(corner), periodic("x")]
    made = problem(axes, examples.residual(2, build), conditions)
    candidate = examples.transport_candidate(1e-3)
    start = uniform_tree([3], 3)
    report = prove(tmp_path, made, candidate, "l1-contraction", norm="L1", start=start)
    assert refused(report, "data", "corner or jump")
    report = prove(
        tmp_path, made, candidate, "maximum-principle", norm="Linf", start=start
    )
    assert number(report) >= 1.0


def test_periodic_continuation_of_a_hard_constraint_is_refused(tmp_path):
    """u0 + t N with a corner in u0 keeps the corner: x^2 cos(pi x) on [-1, 1]."""

    def cubic(b, d, five):
        return b.mul(five, b.sub(b.ipow(d(0, 0), extra=3), d(0, 0)))

    b = Builder()
    x = b.coordinate("x")
    datum = b.program(u=b.mul(b.ipow(x, extra=2), b.cospi(x)))
    made = examples.heat(cubic, ("5",), [initial(datum), periodic("x")])
    made["coordinates"][0] = axis("x", "-1", "1")
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    start = b.mul(b.ipow(x, extra=2), b.cospi(x))
    program = b.program(u=b.add(start, b.mul(e, b.mul(t, b.sinpi(x)))))
    report = prove(tmp_path, made, (program, {"epsilon": np.array(1.0)}),
                   "maximum-principle")  # fmt: skip
    assert refused(report, "walls", "not periodic in x (a corner or jump at the seam)")


@pytest.mark.parametrize(
    "extra, constants, text",
    [
        (lambda b, d, c: b.mul(c, b.mul(d(0, 0), d(2, 0))), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, b.ipow(d(1, 0), extra=2)), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(b.sin(d(0, 0)), d(1, 0)), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, b.exp(d(0, 0))), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, d(0, 2)), ("1",), "no polynomial"),
        (lambda b, d, c: b.mul(c, d(2, 0)), ("1",), "in front"),
        (lambda b, d, c: b.mul(c, d(2, 0)), ("0.1",), "no second derivative"),
        (lambda b, d, c: b.div(c, d(0, 0)), ("1",), "divisor, root"),
        (lambda b, d, c: b.mul(c, b.div(c, d(0, 0))), ("0",), "divisor, root"),
    ],
)
def test_maximum_principle_refuses_equations(tmp_path, extra, constants, text):
    made = examples.heat(extra, constants)
    report = prove(tmp_path, made, examples.heat_candidate(1e-3), "maximum-principle")
    assert refused(report, "equation", text)


def test_missing_diffusion_is_an_assumption(tmp_path):
    b = Builder()
    table = [b.derivative("u", *o) for o in ((0, 0, 1), (2, 0, 0))]
    program = b.program(_0=b.sub(*table))
    axes = [axis("x", "0", "1"), axis("y", "0", "1"), axis("t", "0", "1")]
    conditions = [initial(constant_program(u="0")), dirichlet("x"), dirichlet("y")]
    b = Builder()
    xs = [b.coordinate(n) for n in "xyt"]
    one, e = b.constant("1"), b.weight("epsilon", ())
    made = b.mul(e, xs[2])
    for x in xs[:2]:
        made = b.mul(made, b.mul(x, b.sub(one, x)))
    report = prove(tmp_path, problem(axes, program, conditions),
                   (b.program(u=made), {"epsilon": np.array(1e-3)}),
                   "maximum-principle", levels=(1, 1, 1))  # fmt: skip
    assert report["verdict"] == "proved under assumptions"
    assert "Proved under assumptions: " in report["statement"]
    assert "Assumed: " in report["statement"]
    assert 1e-3 / 16 <= number(report)
