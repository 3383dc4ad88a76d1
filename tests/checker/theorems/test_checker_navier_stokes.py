"""Two-dimensional flow: known errors are bounded, and what must be refused."""

import math

import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic, problem
from material import Builder, constant_program, uniform_tree
from proofs import number, prove, refused

ZERO = constant_program(u="0")
ORDERS = {
    "xxt": (2, 0, 1), "yyt": (0, 2, 1), "x": (1, 0, 0), "y": (0, 1, 0),
    "xxx": (3, 0, 0), "xyy": (1, 2, 0), "xxy": (2, 1, 0), "yyy": (0, 3, 0),
    "xxxx": (4, 0, 0), "xxyy": (2, 2, 0), "yyyy": (0, 4, 0), "": (0, 0, 0),
    "t": (0, 0, 1), "xx": (2, 0, 0),
}  # fmt: skip


def velocity(folder, made, candidate, **options):
    """Derives, and has the certificate verified."""
    options = {"levels": (4, 4, 1), "degree": 7, "norm": "H1"} | options
    options.setdefault("parameters", {"slabs": 2})
    return prove(folder, made, candidate, "navier-stokes", **options)


def vortices(change=None, viscosity="0.1", sign=1, turn=1, conditions=None,
             ends=("0", "2*pi"), forcing=None):  # fmt: skip
    """D2 u_t + u_y D2 u_x - u_x D2 u_y - nu D4 u = 0 on a torus, t in [0, 1/2]."""
    b = Builder()
    coordinates = [b.coordinate("y")] if forcing else []
    d = {name: b.derivative("u", *orders) for name, orders in ORDERS.items()}
    nu, two = b.constant(viscosity), b.constant("2")
    made = b.add(d["xxt"], d["yyt"])
    along = b.mul(d["y"], b.add(d["xxx"], d["xyy"]))
    across = b.mul(d["x"], b.add(d["xxy"], d["yyy"]))
    carried = b.sub(along, across)
    made = b.add(made, carried) if turn > 0 else b.sub(made, carried)
    plates = b.add(d["xxxx"], b.add(b.mul(two, d["xxyy"]), d["yyyy"]))
    made = b.sub(made, b.mul(nu, plates))
    made = forcing(b, made, *coordinates) if forcing else made
    made = change(b, d, made) if change else made
    program = b.program(_0=made if sign > 0 else b.neg(made))
    axes = [axis("x", *ends), axis("y", "0", "2*pi"), axis("t", "0", "1/2")]
    default = [initial(shape()), periodic("x"), periodic("y")]
    return problem(axes, program, conditions or default)


def shape(factor=None):
    """sin x sin y, the Taylor-Green vortex."""
    b = Builder()
    x, y = b.coordinate("x"), b.coordinate("y")
    return b.program(u=b.mul(b.sin(x), b.sin(y)))


def candidate(epsilon, time=True, decay="-0.2", kind="sin"):
    """exp(-2 nu t) sin x sin y, plus epsilon t sin 2x, or without the t."""
    b = Builder()
    x, y, t = (b.coordinate(name) for name in "xyt")
    rate, two, e = b.constant(decay), b.constant("2"), b.weight("epsilon", ())
    exact = b.mul(b.exp(b.mul(rate, t)), b.mul(b.sin(x), b.sin(y)))
    wrong = b.mul(e, b.sin(b.mul(two, x)) if kind == "sin" else x)
    wrong = b.mul(wrong, t) if time else wrong
    return b.program(u=b.add(exact, wrong)), {"epsilon": np.array(epsilon)}


@pytest.mark.parametrize("sign, turn", [(1, 1), (-1, 1), (1, -1)])
def test_vortices(tmp_path, sign, turn):
    """The error of the velocity is t epsilon ||2 cos 2x||."""
    report = velocity(tmp_path, vortices(sign=sign, turn=turn), candidate(1e-3))
    error = 0.5e-3 * 2 * math.sqrt(2) * math.pi
    assert error <= number(report) <= 8 * error
    assert report["verdict"] == "proved" and report["norm"] == "H1"
    assert "the velocity, which is the gradient of u" in report["statement"]


def test_initial_gradient_counts(tmp_path):
    report = velocity(tmp_path, vortices(), candidate(1e-3, time=False))
    assert refused(report, "initial defect", "give a tree `initial`")
    report = velocity(tmp_path, vortices(), candidate(1e-3, time=False),
                      start=uniform_tree([2, 2], 5))  # fmt: skip
    error = 1e-3 * 2 * math.sqrt(2) * math.pi
    assert error <= number(report) and float(report["curve"][0]) >= error


def test_forcing_rests_on_an_assumption(tmp_path):
    """Kolmogorov's forcing; only its mean would contradict a solution."""

    def forcing(b, made, y):
        return b.sub(made, b.sin(y))

    report = velocity(tmp_path, vortices(forcing=forcing), candidate(1e-3))
    assert report["verdict"] == "proved under assumptions"
    assert "mean zero" in report["statement"]


def test_a_drifting_constant_is_no_error_of_the_velocity(tmp_path):
    """The stream function is free up to a function of time."""
    b = Builder()
    x, y, t = (b.coordinate(name) for name in "xyt")
    rate, e = b.constant("-0.2"), b.weight("epsilon", ())
    exact = b.mul(b.exp(b.mul(rate, t)), b.mul(b.sin(x), b.sin(y)))
    made = b.program(u=b.add(exact, b.mul(e, t))), {"epsilon": np.array(1.0)}
    report = velocity(tmp_path, vortices(), made)
    assert number(report) <= 1e-2


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda b, d, made: b.add(made, d["t"]), "it is not"),
        (lambda b, d, made: b.add(made, d["xx"]), "it is not"),
        (lambda b, d, made: b.add(made, d[""]), "it is not"),
        (lambda b, d, made: b.add(made, d["xxt"]), "coefficient 1 or -1"),
        (lambda b, d, made: b.add(made, d["xxyy"]), "it is not"),
        (lambda b, d, made: b.add(made, b.mul(d["y"], d["xxx"])), "its own velocity"),
        (lambda b, d, made: b.add(made, b.mul(d["x"], d["yyy"])), "it is not"),
        (lambda b, d, made: b.add(made, b.mul(d["x"], d["xxx"])), "it is not"),
    ],
)
def test_other_equations_are_refused(tmp_path, change, words):
    report = velocity(tmp_path, vortices(change), candidate(1e-3), degree=3)
    assert refused(report, "equation", words)


@pytest.mark.parametrize("viscosity", ["0", "-0.1"])
def test_viscosity_is_positive(tmp_path, viscosity):
    report = velocity(tmp_path, vortices(viscosity=viscosity), candidate(1e-3),
                      degree=3)  # fmt: skip
    assert refused(report, "equation", "nu is not")


def test_walls_are_refused(tmp_path):
    """Data for the stream function alone let the flow slip: the velocity is free."""
    conditions = [initial(shape()), dirichlet("x"), periodic("y")]
    made = vortices(conditions=conditions)
    report = velocity(tmp_path, made, candidate(1e-3), degree=3)
    assert refused(report, "walls", "not periodic")


def test_a_flow_through_the_seam_is_refused(tmp_path):
    """u = (1, 0) against rest: r = 0 and no decay; its stream function is y."""
    report = velocity(tmp_path, vortices(), candidate(1e-3, kind="x"), degree=3)
    assert refused(report, "walls", "corner or jump")


def test_a_residual_that_underflows_is_not_lost(tmp_path):
    """A torus of side 1e-25 for a time of 1e140, pushed by 1e-140 sin(2 pi x / side).

    The flow at rest is wrong by the time, times 1e-140, times side^2 / (2 pi sqrt 2).
    """
    b = Builder()
    x, push, turns = b.coordinate("x"), b.constant("1e-140"), b.constant("2e25")
    d = {name: b.derivative("u", *orders) for name, orders in ORDERS.items()}
    nu, two = b.constant("1e-400"), b.constant("2")
    made = b.add(d["xxt"], d["yyt"])
    carried = b.sub(b.mul(d["y"], b.add(d["xxx"], d["xyy"])),
                    b.mul(d["x"], b.add(d["xxy"], d["yyy"])))  # fmt: skip
    plates = b.add(d["xxxx"], b.add(b.mul(two, d["xxyy"]), d["yyyy"]))
    made = b.sub(b.add(made, carried), b.mul(nu, plates))
    made = b.sub(made, b.mul(push, b.sinpi(b.mul(turns, x))))
    axes = [axis("x", "0", "1e-25"), axis("y", "0", "1e-25"), axis("t", "0", "1e140")]
    conditions = [initial(ZERO), periodic("x"), periodic("y")]
    made = problem(axes, b.program(_0=made), conditions)
    rest = constant_program(u="0"), {}
    report = velocity(tmp_path, made, rest, levels=(0, 0, 0), parameters={"slabs": 1})
    assert number(report) >= 1e-140 * 1e-50 * 1e140 / (2 * math.pi * math.sqrt(2))
