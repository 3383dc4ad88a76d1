"""The finder's lift: the same function that the checker forms, and where it is used."""

import numpy as np
import pytest
from helpers import check_program

import certax as cx
from certax._core import Input
from certax._core._builder import Builder
from certax.certificates._lift import missed_walls, network_of_walls, without_lift
from certax.problems import Solution, zoo_entry

WEIGHTS = {
    "a": np.random.default_rng(0).normal(size=(5, 2)),
    "b": np.random.default_rng(1).normal(size=(1, 5)),
}


def net():
    """tanh layers of x and t that meet nothing."""
    b = Builder()
    x, t = (b.input(Input(name, "coordinate")) for name in "xt")
    first, last = (
        b.input(Input(n, "weight", shape=w.shape)) for n, w in WEIGHTS.items()
    )
    hidden = b.emit("tanh", [b.emit("matvec", [first, b.emit("stack", [x, t])])])
    return b.build({"u": b.emit("index", [b.emit("matvec", [last, hidden])], 0)})


def stated(*conditions, **box):
    return cx.Problem(
        domain=cx.Box(**(box or {"x": (-1, 2), "t": (0, 1)})),
        residual=lambda u: u.t + u * u.x - u.xx,
        conditions=conditions,
        name="lifted",
    )


@pytest.mark.parametrize("ends", [(-1, 2), ("0", "2*pi")])
def test_the_lift_is_the_formula(ends):
    problem = stated(
        cx.Initial(0),
        cx.Dirichlet("x", lambda t: t, side="lower"),
        cx.Dirichlet("x", lambda t: -2 * t, side="upper"),
        x=ends,
        t=(0, 1),
    )
    program = net()
    assert missed_walls("l1-contraction", problem, program) == "x"
    lifted = without_lift(program, problem, "x")
    check_program(lifted)
    plain, other = (Solution(problem, p, WEIGHTS, {}) for p in (program, lifted))
    low, high = problem.domain.lower_floats[0], problem.domain.upper_floats[0]
    x, t = np.random.default_rng(2).uniform([low, 0], [high, 1], (30, 2)).T
    missed = plain(x=low, t=t) - t, plain(x=high, t=t) + 2 * t
    s = (x - low) / (high - low)
    wanted = plain(x=x, t=t) - missed[0] * (1 - s) - missed[1] * s
    assert np.allclose(other(x=x, t=t), wanted, atol=1e-13)
    assert np.allclose(other(x=low, t=t), t, atol=1e-13)
    assert np.allclose(other(x=high, t=t), -2 * t, atol=1e-13)
    walls = network_of_walls(program, problem, "x")
    check_program(walls)
    assert list(walls.outputs) == ["lower.u", "upper.u"]
    assert {i.name for i in walls.of_kind("coordinate")} == {"t"}


def test_where_nothing_is_lifted():
    program = net()
    data = cx.Initial(0), cx.Dirichlet("x", 0)
    assert missed_walls("l1-contraction", stated(*data), program) == "x"
    assert missed_walls("maximum-principle", stated(*data), program) is None
    around = stated(cx.Initial(0), cx.Periodic("x"))
    assert missed_walls("l1-contraction", around, program) is None
    plane = zoo_entry("poisson").problem
    assert missed_walls("l1-contraction", plane, program) is None
    hard = zoo_entry("burgers").problem
    b = Builder()
    x = b.input(Input("x", "coordinate"))
    one = b.input(Input("literal.1", "constant", value="1"))
    vanishing = b.emit("sub", [b.emit("ipow", [x], 2), one])
    assert missed_walls("l1-contraction", hard, b.build({"u": vanishing})) is None
