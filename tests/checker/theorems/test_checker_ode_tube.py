"""Tubes around solutions of ordinary differential equations."""

import math

import examples
import numpy as np
import pytest
from examples import axis, initial, problem
from material import (
    Builder,
    constant_program,
)
from proofs import TUBE, number, prove, refused


def test_the_end_of_the_last_slab_lies_in_the_tube(tmp_path):
    candidate = examples.logistic_candidate(1e-4)

    def report(tube):
        return prove(tmp_path, examples.logistic(), candidate, "ode-tube", levels=(3,),
                     parameters={**TUBE, "tube": tube})  # fmt: skip

    bound = number(report("0.0005"))
    assert bound < 0.0005
    assert refused(report(f"{bound * 0.99:.9f}"), "tube", "leaves the tube")


@pytest.mark.parametrize("norm", ["2", "infinity"])
@pytest.mark.parametrize("epsilon", [0.0, 1e-8, -1e-5])
def test_logistic_equation(tmp_path, norm, epsilon):
    candidate = examples.logistic_candidate(epsilon)
    parameters = {**TUBE, "logarithmic_norm": norm}
    report = prove(tmp_path, examples.logistic(), candidate, "ode-tube", levels=(5,),
                   parameters=parameters)  # fmt: skip
    error = abs(epsilon) * 2 * math.tanh(2)
    assert error <= number(report) <= 1.5 * error + 1e-8


def test_system_with_its_own_order(tmp_path):
    """x' = -y, y' = x with equations in reverse order and a wrong start."""
    b = Builder()
    x, y = b.derivative("x", 0), b.derivative("y", 0)
    xt, yt = b.derivative("x", 1), b.derivative("y", 1)
    program = b.program(_0=b.sub(yt, x), _1=b.add(xt, y))
    data = initial(constant_program(x="1", y="0"))
    made = problem([axis("t", "0", "1")], program, [data], ("x", "y"))
    b = Builder()
    t, e = b.coordinate("t"), b.weight("epsilon", ())
    fields = {"x": b.add(b.cos(t), e), "y": b.sin(t)}
    candidate = b.program(**fields), {"epsilon": np.array(1e-6)}
    report = prove(tmp_path, made, candidate, "ode-tube", levels=(3,), degree=7,
                   parameters=TUBE)  # fmt: skip
    assert 1e-6 <= number(report) <= 3e-6
    maximum = prove(tmp_path, made, candidate, "ode-tube", levels=(3,), degree=7,
                    parameters={**TUBE, "logarithmic_norm": "infinity"})  # fmt: skip
    assert number(report) < number(maximum)
    assert "largest absolute component of network - (x, y)" in maximum["statement"]


@pytest.mark.parametrize(
    "made, epsilon, where, text",
    [
        (examples.logistic(), 0.1, "tube", "leaves the tube"),
        (examples.logistic(rate="2"), 1e-6, "equation", "solved for one"),
        (examples.logistic(value="0.51"), 1e-6, "tube", "leaves the tube"),
    ],
)
def test_ode_refusals(tmp_path, made, epsilon, where, text):
    candidate = examples.logistic_candidate(epsilon)
    report = prove(tmp_path, made, candidate, "ode-tube", levels=(4,), parameters=TUBE)
    assert refused(report, where, text)


def test_singular_right_hand_side_in_the_tube(tmp_path):
    """y' = 1 / y near y = 0 is refused, and not near y = 1."""

    def made(value):
        b = Builder()
        y, slope, one = b.derivative("y", 0), b.derivative("y", 1), b.constant("1")
        program = b.program(_0=b.sub(slope, b.div(one, y)))
        data = initial(constant_program(y=value))
        return problem([axis("t", "0", "0.01")], program, [data], ("y",))

    def candidate(value):
        b = Builder()
        t, start = b.coordinate("t"), b.constant(value)
        two, e = b.constant("2.0"), b.weight("epsilon", ())
        inner = b.add(b.mul(two, t), b.ipow(start, extra=2))
        return b.program(y=b.add(b.sqrt(inner), b.mul(e, t))), {"epsilon": np.zeros(())}

    good = prove(tmp_path, made("1"), candidate("1"), "ode-tube", levels=(2,),
                 parameters=TUBE)  # fmt: skip
    assert number(good) < 1e-6
    bad = prove(tmp_path, made("0.0005"), candidate("0.0005"), "ode-tube", levels=(12,),
                parameters=TUBE)  # fmt: skip
    assert not bad["accepted"] and "away from zero" in bad["reason"]


def test_derivative_inside_the_right_hand_side_is_refused(tmp_path):
    for inner in ("sin", "exp"):
        b = Builder()
        y, slope = b.derivative("y", 0), b.derivative("y", 1)
        program = b.program(_0=b.add(b.sub(slope, y), getattr(b, inner)(slope)))
        made = examples.logistic()
        made["residual"] = program
        report = prove(tmp_path, made, examples.logistic_candidate(0.0), "ode-tube",
                       levels=(2,), parameters=TUBE)  # fmt: skip
        assert refused(report, "equation", "solved for one derivative")
    b = Builder()
    y, slope, zero = b.derivative("y", 0), b.derivative("y", 1), b.constant("0")
    made["residual"] = b.program(_0=b.add(b.sub(slope, y), b.mul(zero, b.log(slope))))
    report = prove(tmp_path, made, examples.logistic_candidate(0.0), "ode-tube",
                   levels=(2,), parameters=TUBE)  # fmt: skip
    assert refused(report, "equation", "divisor, root or logarithm")
