"""Sub- and supersolutions: true, sharp, and refused where comparison fails."""

import math

import examples
import numpy as np
import pytest
from examples import axis, initial, problem
from flint import arb
from material import Builder, constant_program
from proofs import number, prove, refused

from certax_checker.theorems.comparison_ode import advance


def derived(folder, made, net, levels=(9,), degree=7, tube="0.1"):
    return prove(folder, made, net, "comparison-ode", levels=levels, degree=degree,
                 parameters={"tube": tube})  # fmt: skip


def wavy(epsilon, turns, shift=0.0):
    """The logistic function plus epsilon sin(turns pi t) plus a shift."""
    b = Builder()
    t, e, n = b.coordinate("t"), b.weight("epsilon", ()), b.constant(f"{turns}.0")
    away = b.weight("shift", ())
    wave = b.mul(e, b.sinpi(b.mul(n, t)))
    program = b.program(y=b.add(b.add(b.logistic(t), wave), away))
    return program, {"epsilon": np.array(epsilon), "shift": np.array(shift)}


@pytest.mark.parametrize("epsilon", [1e-9, 1e-4, -1e-2])
def test_an_error_of_one_sign_is_bounded_sharply(tmp_path, epsilon):
    made = examples.logistic()
    error = abs(epsilon) * 2 * math.tanh(2)
    net, tube = examples.logistic_candidate(epsilon), f"{1.2 * error:.15f}"
    report = derived(tmp_path, made, net, tube=tube)
    assert error <= number(report) <= 1.1 * error + 1e-12


@pytest.mark.parametrize("turns", [3, 20, 60])
@pytest.mark.parametrize("epsilon", [1e-6, -1e-3])
def test_residuals_of_both_signs_cancel(tmp_path, epsilon, turns):
    made = examples.logistic()
    tube = f"{4 * abs(epsilon):.15f}"
    report = derived(tmp_path, made, wavy(epsilon, turns), levels=(11,), tube=tube)
    assert abs(epsilon) <= number(report) <= 1.5 * abs(epsilon)
    # The other theorem charges the absolute value of the residual.
    other = prove(tmp_path, made, wavy(epsilon, turns), "ode-tube", levels=(11,),
                  parameters={"logarithmic_norm": "2", "tube": "0.9"})  # fmt: skip
    assert not other["accepted"] or number(other) > number(report)


@pytest.mark.parametrize("shift", [1e-3, -1e-3])
def test_a_signed_initial_error_is_carried_on(tmp_path, shift):
    made = examples.logistic()
    report = derived(tmp_path, made, wavy(0.0, 1, shift))
    assert abs(shift) <= number(report) <= 2 * abs(shift)
    assert "evaluated: in [" in str(report["hypotheses"])


def test_it_holds_for_growing_equations(tmp_path):
    """y' = 3 y from 1: errors grow by e^6 until t = 2."""
    b = Builder()
    y, slope, rate = b.derivative("y", 0), b.derivative("y", 1), b.constant("3")
    residual = b.program(_0=b.sub(slope, b.mul(rate, y)))
    start = initial(constant_program(y="1"))
    made = problem([axis("t", "0", "2")], residual, [start], ("y",))
    b = Builder()
    t, e, rate = b.coordinate("t"), b.weight("epsilon", ()), b.constant("3")
    exact = b.exp(b.mul(rate, t))
    net = b.program(y=b.add(exact, b.mul(e, exact))), {"epsilon": np.array(1e-6)}
    report = derived(tmp_path, made, net)
    assert 1e-6 * math.exp(6) <= number(report) <= 1.1e-6 * math.exp(6)


def test_the_tube_must_not_be_left(tmp_path):
    made = examples.logistic()
    bound = number(derived(tmp_path, made, examples.logistic_candidate(1e-3)))
    assert refused(
        derived(tmp_path, made, examples.logistic_candidate(1e-3),
                tube=f"{bound * 0.5:.9f}"),
        "tube", "leaves the tube",
    )  # fmt: skip


def rooted(root):
    """y' = 2 sqrt(|y|) from 0, which t^2 and 0 both solve."""
    b = Builder()
    y, slope, two = b.derivative("y", 0), b.derivative("y", 1), b.constant("2")
    residual = b.program(_0=b.sub(slope, b.mul(two, root(b, y))))
    start = initial(constant_program(y="0"))
    return problem([axis("t", "0", "1")], residual, [start], ("y",))


@pytest.mark.parametrize("kind", ["absolute value", "bare root"])
def test_a_right_side_that_is_not_lipschitz_is_refused(tmp_path, kind):
    """The subsolution t^2 is not below the solution 0: comparison is false here."""
    roots = {
        "absolute value": lambda b, y: b.sqrt(b.add(b.max0(y), b.max0(b.neg(y)))),
        "bare root": lambda b, y: b.sqrt(y),
    }
    b = Builder()
    t, e = b.coordinate("t"), b.weight("epsilon", ())
    net = b.program(y=b.mul(e, b.ipow(t, extra=2))), {"epsilon": np.array(1.0)}
    report = derived(tmp_path, rooted(roots[kind]), net, levels=(3,))
    assert not report["accepted"]
    if kind == "absolute value":
        assert refused(report, "smooth", "max0")


def test_what_is_no_single_explicit_equation_is_refused(tmp_path):
    net = examples.logistic_candidate(1e-4)
    made = examples.logistic(rate="2")
    assert refused(
        derived(tmp_path, made, net), "equation", "solved for the derivative"
    )
    b = Builder()
    y, slope = b.derivative("y", 0), b.derivative("y", 1)
    made = examples.logistic()
    made["residual"] = b.program(_0=b.sub(slope, b.mul(y, b.tanh(slope))))
    assert refused(
        derived(tmp_path, made, net), "equation", "solved for the derivative"
    )
    b = Builder()
    y, one = b.derivative("y", 0), b.constant("1")
    made["residual"] = b.program(_0=b.mul(y, b.sub(y, one)))
    assert refused(
        derived(tmp_path, made, net), "equation", "solved for the derivative"
    )


@pytest.mark.parametrize("seed", range(40))
def test_no_admissible_error_gets_above(seed):
    """Against Euler's method for e' = m e + r with extreme and random m and r."""
    generator = np.random.default_rng(seed)
    slow, fast = sorted(generator.uniform(-5, 5, 2))
    push, start = generator.normal(), generator.normal()
    step, steps = generator.uniform(0.01, 2.0), 4000
    top = advance(arb(start), slow, fast, push, arb(step))
    for kind in range(6):
        e, h = start, step / steps
        switch = generator.uniform(slow, fast, 40)
        for i in range(steps):
            if kind == 0:
                m = fast if e > 0 else slow
            elif kind < 4:
                m = (fast, slow, 0.5 * (slow + fast))[kind - 1]
            else:
                m = switch[i * 40 // steps]
            r = push if kind < 5 else push - abs(switch[i * 40 // steps])
            # The exact step of the equation with constant coefficients.
            factor = math.exp(m * h)
            e = factor * e + r * (h if m == 0 else (factor - 1) / m)
        assert arb(e) <= top + arb(1e-9) * (1 + abs(top))
        if kind == 0 and step < 0.2:
            # And what is admissible comes near, to second order.
            assert top <= arb(e) + arb(40 * step**2 * (1 + abs(push) + abs(start)))


def test_what_overflows_is_no_bound(tmp_path):
    """y' = 1e150 y from 1, and the net 1 + 1e10 t: the error is e^(1e150) at the end.

    The mean residual times the rate overflows, and an infinity times another is NaN.
    """
    b = Builder()
    y, slope, rate = b.derivative("y", 0), b.derivative("y", 1), b.constant("1e150")
    residual = b.program(_0=b.sub(slope, b.mul(rate, y)))
    start = initial(constant_program(y="1"))
    made = problem([axis("t", "0", "1")], residual, [start], ("y",))
    b = Builder()
    t, one, steep = b.coordinate("t"), b.constant("1"), b.constant("1e10")
    net = b.program(y=b.add(one, b.mul(steep, t))), {}
    report = derived(tmp_path, made, net, levels=(0,), degree=3, tube="1e170")
    assert refused(report, "tube", "leaves the tube")
    assert not advance(arb(0), 1e150, 1e150, math.inf, arb(1)) < 1e300
