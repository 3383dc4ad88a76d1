"""Conditions: complete, consistent with each other exactly, and of the right number."""

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import burgers, check_program, values_of

import certax as cx


def with_conditions(*conditions, **changes):
    return burgers(conditions=conditions, **changes)


zero = cx.Initial(0)
walls = cx.Dirichlet("x", 0)


@pytest.mark.parametrize(
    "conditions",
    [
        (zero, walls),
        (walls, zero),
        [zero, walls],
        (zero, cx.Dirichlet("x", 0, "lower"), cx.Dirichlet("x", 0, "upper")),
        (zero, cx.Periodic("x")),
        (cx.Initial(0, at="t"), walls),
        (cx.Initial(0, at=("t", 0)), walls),
        (cx.Initial(0, at=("t", "1-1")), walls),
        (cx.Initial("0.1"), cx.Dirichlet("x", "1/10")),
        (cx.Initial(0.1), cx.Dirichlet("x", 0.1)),
        (cx.Initial(lambda x: (x + 1) / 2), cx.Dirichlet("x", 0, "lower"),
         cx.Dirichlet("x", 1, "upper")),
        (cx.Initial(lambda x: x), cx.Dirichlet("x", lambda t: jnp.exp(t), "upper"),
         cx.Dirichlet("x", lambda t: jnp.cos(t) - 2, "lower")),
        (cx.Initial(lambda x: cx.cospi(x / 2)), walls),
        (cx.Initial(lambda x: (1 - x**2) * jnp.exp(x)), walls),
        (cx.Initial(lambda: 0), walls),
        (cx.Initial(lambda x: 0), walls),
        (cx.Initial(lambda x, nu: nu * cx.sinpi(x)), walls),
    ],
)  # fmt: skip
def test_conditions_are_accepted(conditions):
    for condition in burgers(conditions=conditions).conditions:
        if condition.values is not None:
            check_program(condition.values)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((), "order 2 in 'x', and a condition is missing"),
        ((zero,), "order 2 in 'x', and a condition is missing"),
        ((walls,), "order 1 in 't', and a condition is missing"),
        (
            (zero, cx.Dirichlet("x", 0, "lower")),
            "condition at its other end is missing",
        ),
        ((zero, walls, walls), "contradict each other"),
        ((zero, walls, cx.Dirichlet("x", 0, "upper")), "contradict each other"),
        ((zero, zero, walls), "contradict each other: initial"),
        ((zero, walls, cx.Periodic("x")), "contradict each other: .*periodic"),
        ((zero, cx.Periodic("x"), cx.Periodic("x")), "contradict each other"),
        ((zero, cx.Dirichlet("t", 0), walls), "contradict each other"),
        ((zero, cx.Dirichlet("y", 0)), "names no coordinate.*coordinates are x, t"),
        ((cx.Initial(0, at="tau"), walls), "at 'tau' names no coordinate"),
        ((cx.Initial(0, at=("t", "1/2")), walls), "stands at 1/2, but the lower end"),
        ((cx.Initial(0, at=("t", 1)), walls), "stands at 1, but the lower end .* is 0"),
        ((cx.Initial((0, 1)), walls), "gives 2 values for 1 fields"),
        (
            (zero, cx.Dirichlet("boundary", 0)),
            "are x, t; the ends of one are its sides",
        ),
        ((zero, cx.Terminal(0), walls), "order 1 in 't', which admits 1 conditions"),
        ((cx.Initial(lambda x: height * x), walls), "the name 'height', which"),  # noqa: F821
        ((zero, cx.Dirichlet("x", 0, "left")), "has the side 'left'"),
        ((cx.Initial(lambda t: t), walls), "asks for 't'.*Known are nu, x"),
        ((zero, cx.Dirichlet("x", lambda x: x)), "asks for 'x'.*Known are nu, t"),
        ((cx.Initial(lambda x: None), walls), "returns None"),
        ((cx.Initial(lambda x: jnp.stack([x, x])), walls), r"an array of shape \(2,\)"),
        ((cx.Initial(lambda x: jnp.arctan(x)), walls), "primitive 'atan'"),
        ((cx.Initial(lambda x: np.sin(x)), walls), "Use jax.numpy instead"),
        ((cx.Initial(lambda x: x if x > 0 else 0), walls), "Python's if"),
        ((cx.Initial("a"), walls), "'a' is not an exact number"),
        ((cx.Initial(True), walls), "True is not a number"),
        ((cx.Initial(float("nan")), walls), "not a finite number"),
        ((cx.Initial([0]), walls), "is not a number"),
        ((zero, lambda x: 0), "is no condition"),
        (zero, r"\(Initial\(0\),\) needs its comma"),
    ],
)
def test_conditions_are_refused(conditions, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        burgers(conditions=conditions)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("initial", "wall", "difference"),
    [
        (0.1, "0.1", "1/180143985094819840"),
        ("0.1", 0, "1/10"),
        (lambda x: cx.cospi(x), 0, "-1"),
        (lambda x: jnp.sin(jnp.pi * x), 0, "sin("),
        ("pi", "3.14159265358979", "pi"),
        (0, lambda t: t + 1, "-1"),
    ],
)
def test_data_disagree_at_a_corner_exactly(initial, wall, difference):
    """Also by 6e-18: a float 0.1 is not one tenth."""
    with pytest.raises(cx.CertaxError, match="do not agree: they differ by") as caught:
        with_conditions(cx.Initial(initial), cx.Dirichlet("x", wall))
    assert difference in str(caught.value)
    assert "the initial data at the lower end of t" in str(caught.value)
    assert "the dirichlet data at the lower end of x" in str(caught.value)


def test_exact_pi_makes_the_same_corner_agree():
    with_conditions(
        cx.Initial(lambda x, pi: jnp.sin(pi * x)),
        walls,
        constants={"pi": "pi", "nu": 1},
    )


def test_data_of_two_walls_must_agree_on_their_edge():
    def plane(x_wall, y_wall):
        return cx.Problem(
            domain=cx.Box(x=(0, 1), y=(0, 1)),
            residual=lambda u: u.laplacian(),
            conditions=(cx.Dirichlet("x", x_wall), cx.Dirichlet("y", y_wall)),
        )

    plane(lambda y: y * (1 - y), 0)
    with pytest.raises(cx.CertaxError, match="upper end of y do not agree"):
        plane(lambda y: y, 0)


def test_data_must_agree_at_both_ends_of_a_periodic_coordinate():
    with pytest.raises(cx.CertaxError, match="both ends of the periodic coordinate x"):
        with_conditions(cx.Initial(lambda x: x), cx.Periodic("x"))
    with_conditions(cx.Initial(lambda x: x**2), cx.Periodic("x"))


def test_every_field_is_compared():
    def system(*initial):
        return cx.Problem(
            domain=cx.Box(x=(0, 1), t=(0, 1)),
            residual=lambda u, v: (u.t - u.xx, v.t - v.xx),
            conditions=(cx.Initial(initial), cx.Dirichlet("x", (0, "1/3"))),
        )

    made = system(0, "1/3")
    assert made.conditions[0].values is not None
    assert values_of(made.conditions[0].values, {}) == {
        "u": 0,
        "v": pytest.approx(1 / 3),
    }
    with pytest.raises(cx.CertaxError, match="For 'v', the initial data"):
        system(0, 0)


def test_first_order_equations_need_one_end_only():
    cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.t + u.x,
        conditions=(cx.Initial(0), cx.Dirichlet("x", 0, "lower")),
    )


def test_second_order_in_time_is_to_be_written_as_a_system():
    with pytest.raises(cx.CertaxError, match="a system of first order in t"):
        cx.Problem(
            domain=cx.Box(t=(0, 1)),
            residual=lambda u: u.tt + u,
            conditions=(cx.Initial(1),),
        )


def test_time_may_have_any_name():
    made = cx.Problem(
        domain=cx.Box(tau=(1, 2)),
        residual=lambda y: y.tau + y,
        conditions=(cx.Initial(1, at=("tau", 1)),),
    )
    assert made.time == "tau" and made.condition("initial", "tau") is not None
    assert made.condition("dirichlet", "tau") is None


def vibrating(*conditions, **changes):
    """A wave equation with these conditions."""
    given = {
        "domain": cx.Box(x=(0, 1), t=(0, 1)),
        "residual": lambda u: u.tt - u.xx,
        "conditions": conditions,
    }
    return cx.Problem(**given | changes)


@pytest.mark.parametrize(
    "velocity", [0, "1-1", lambda x: x * (1 - x), lambda x: cx.sinpi(x)]
)
def test_a_velocity_is_a_condition_of_its_own(velocity):
    problem = vibrating(cx.Initial(0, velocity=velocity), walls)
    found = problem.condition("velocity", "t")
    assert found is not None and found.values is not None and found.side == "lower"
    check_program(found.values)
    assert cx.Problem.from_text(problem.text()) == problem
    assert "velocity" in problem.text()


def test_walls_that_move_may_start_with_a_velocity():
    vibrating(
        cx.Initial(0, velocity=lambda x: x),
        cx.Dirichlet("x", 0, "lower"),
        cx.Dirichlet("x", lambda t: jnp.sin(t), "upper"),
    )


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((zero, walls), "the velocity is missing there.*Give Initial its velocity"),
        ((walls,), "order 2 in 't', and a condition is missing"),
        ((cx.Initial(0, velocity=1), walls), "velocity at the lower end of x.*differ"),
        ((cx.Initial(0, velocity=lambda x: x), walls), "velocity at the upper end"),
        ((cx.Initial(0, velocity=lambda t: t), walls), "asks for 't'"),
        ((cx.Initial(0, velocity=(0, 0)), walls), "gives 2 values for 1 fields"),
    ],
)
def test_velocities_that_do_not_fit_are_refused(conditions, words):
    with pytest.raises(cx.CertaxError, match=words):
        vibrating(*conditions)


def test_an_equation_of_first_order_takes_no_velocity():
    with pytest.raises(cx.CertaxError, match="velocity is given at 't'.*order 1"):
        with_conditions(cx.Initial(0, velocity=0), walls)
