"""Hard constraints: û equals its data exactly, whatever the weights are."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from helpers import ansatz_of, check_program, fields_of, some_names
from hypothesis import given, settings, strategies as st

import certax as cx
from certax._core import _normal_form as nf
from certax.certificates._boundary import meets
from certax.certificates._velocity import moves
from certax.problems import Problem, faces, zoo_entry

pytestmark = pytest.mark.usefixtures("x64")

boxed = [n for n in some_names if isinstance(zoo_entry(n).problem.domain, cx.Box)]


def check_data(problem: Problem, seed: int = 0) -> None:
    """û minus the data is the zero polynomial on every face; û is opaque inside."""
    fields = fields_of(problem, seed)
    check_program(fields)
    found = faces(problem.conditions)
    assert found
    for name, side, condition in found:
        whole = set(condition.fields) == set(problem.fields)
        assert meets(fields, problem, condition, side) == whole, (name, side)
    inside = nf.interpret(fields, {n: nf.number(7) for n in problem.domain.names})
    assert all(value is None for value in inside.values())


@pytest.mark.parametrize("name", boxed)
def test_every_problem_of_the_zoo_is_met_exactly(name):
    check_data(zoo_entry(name).problem)


rationals = st.fractions(-9, 9, max_denominator=20)
ends = st.tuples(
    rationals.map(str), st.sampled_from(["1", "1/3", "pi", "sqrt(2)", "0.1"])
).map(lambda pair: (pair[0], f"{pair[0]}+{pair[1]}"))
times = st.sampled_from(
    [
        lambda c, t: c * t,
        lambda c, t: c * jnp.sin(t),
        lambda c, t: c * t**2 + t,
        lambda c, t: c * jnp.exp(t) - c,
        lambda c, t: c * cx.sinpi(t) * jnp.tanh(t),
    ]
)


@given(ends, st.tuples(rationals, rationals), st.tuples(times, times))
@settings(max_examples=25)
def test_walls_that_move_are_met_exactly(interval, corners, functions):
    """u₀ is linear between the walls' first values; both walls move on their own."""
    start = [f"({c})" for c in corners]

    def wall(side):
        f = functions[side]
        return lambda t, low, high: (low, high)[side] + f(high, t)

    def initial(x, low, high, a, b):
        return low + (high - low) * (x - a) / (b - a)

    problem = cx.Problem(
        domain=cx.Box(x=interval, t=(0, 1)),
        residual=lambda u: u.t - u.xx,
        constants={"low": start[0], "high": start[1]}
        | {"a": f"({interval[0]})", "b": f"({interval[1]})"},
        conditions=(
            cx.Initial(initial),
            cx.Dirichlet("x", wall(0), "lower"),
            cx.Dirichlet("x", wall(1), "upper"),
        ),
    )
    check_data(problem)


@given(rationals, st.sampled_from(["lower", "upper"]), times, st.booleans())
@settings(max_examples=20)
def test_one_wall_is_enough(value, side, function, initial_first):
    conditions = [
        cx.Initial(lambda x, c: c + (x**2 - 1)),
        cx.Dirichlet("x", lambda t, c: c + function(c, t), side),
    ]
    problem = cx.Problem(
        domain=cx.Box(x=(-1, 1), t=(0, 2)),
        residual=lambda u: u.t + u.x,
        constants={"c": value},
        conditions=conditions if initial_first else conditions[::-1],
    )
    check_data(problem)
    net = ansatz_of(problem)
    free = jnp.asarray(1.0 if side == "lower" else -1.0)
    one, other = (ansatz_of(problem, s)(free, jnp.asarray(1.0))[0] for s in (1, 2))
    assert one != other, "the other wall is not bound to anything"
    assert net.constraint is not None


@given(st.lists(rationals, min_size=4, max_size=4), st.integers(2, 3))
@settings(max_examples=12)
def test_data_on_all_sides_of_a_square_and_a_cube_are_met_exactly(c, dimension):
    """Data that are the traces of one polynomial, so they agree on all edges."""
    names = "xyz"[:dimension]
    constants = dict(zip("abef", c, strict=True))

    def of(*given):
        *point, a, b, e, f = given
        x, y, z = [*point, point[0]][:3]
        return a * x * y + b * x * z**2 + e * y + f

    def trace(name, end):
        rest = [n for n in names if n != name]
        arguments = ", ".join([*rest, *"abef"])
        body = ", ".join("end" if n == name else n for n in names)
        source = f"lambda {arguments}: of({body}, a, b, e, f)"
        return eval(source, {"of": of, "end": jnp.asarray(end, jnp.float64)})

    with jax.enable_x64(True):
        conditions = [
            cx.Dirichlet(n, trace(n, end), side)
            for n in names
            for side, end in (("lower", 0), ("upper", 2))
        ]
        problem = cx.Problem(
            domain=cx.Box(**{n: (0, 2) for n in names}),
            residual=lambda u: u.laplacian(),
            constants=constants,
            conditions=conditions,
        )
    check_data(problem)


def test_data_of_a_wall_and_of_a_periodic_coordinate_live_together():
    problem = cx.Problem(
        domain=cx.Box(x=(0, "sqrt(2)"), y=(0, 1), t=(0, 1)),
        residual=lambda u: u.t - u.xx - u.yy,
        constants={"length": "sqrt(2)"},
        conditions=(
            cx.Initial(lambda x, y, length: cx.sinpi(2 * x / length) * y),
            cx.Periodic("x"),
            cx.Dirichlet("y", 0, "lower"),
            cx.Dirichlet("y", lambda x, t, length: cx.sinpi(2 * x / length), "upper"),
        ),
    )
    check_data(problem)


def test_every_field_of_a_system_gets_its_own_data():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u, v: (u.t - u.xx - v, v.t - v.xx + u),
        conditions=(
            cx.Initial((lambda x: cx.sinpi(x), "1/3")),
            cx.Dirichlet("x", (0, "1/3")),
        ),
    )
    check_data(problem)


def test_data_that_only_floats_can_tell_apart_are_not_met():
    problem = zoo_entry("logistic").problem
    other = cx.Problem(
        domain=cx.Box(t=(0, 10)),
        residual=lambda u: u.t - u * (1 - u),
        conditions=(cx.Initial(0.1),),
    )
    (condition,) = other.conditions
    assert not meets(fields_of(problem), other, condition, "lower")
    assert meets(fields_of(other), other, condition, "lower")


@pytest.mark.parametrize("name", boxed)
def test_a_soft_net_does_not_meet_its_data(name):
    problem = zoo_entry(name).problem
    fields = fields_of(problem, hard=False)
    for _, side, condition in faces(problem.conditions):
        assert not meets(fields, problem, condition, side)


@pytest.mark.parametrize("name", boxed)
def test_the_distance_vanishes_on_data_simply_and_nowhere_else(name):
    """A double zero would force ∂û to equal ∂g on the wall, so û could not converge."""
    problem = zoo_entry(name).problem
    constraint = ansatz_of(problem).constraint
    assert constraint is not None
    domain = problem.domain

    def distance(point):
        at = dict(zip(domain.names, point, strict=True))
        return constraint.distance(at, problem.fields[0])

    middle = jnp.asarray(domain.physical(np.full(domain.dimension, 0.5)))
    # Both ends give 4 s (1 - s), one end s: of size one inside.
    once = sum(c.side != "both" for c in problem.conditions if c.values is not None)
    assert float(distance(middle)) == pytest.approx(0.5**once)
    for coordinate, side, _ in faces(problem.conditions):
        axis = domain.names.index(coordinate)
        ends = domain.lower_floats if side == "lower" else domain.upper_floats
        on_face = middle.at[axis].set(ends[axis])
        assert distance(on_face) == 0
        slope = float(jax.grad(distance)(on_face)[axis])
        bend = float(jax.hessian(distance)(on_face)[axis, axis])
        # Where a velocity is given too, û itself must not move from the data.
        twice = problem.condition("velocity", coordinate) is not None
        assert abs(bend if twice else slope) > 0.01
        assert not twice or slope == 0


def test_the_extension_uses_data_only(getkey):
    problem = zoo_entry("burgers").problem
    constraint = ansatz_of(problem).constraint
    assert constraint is not None
    point = {"x": jnp.asarray(0.3), "t": jnp.asarray(0.4)}
    found = float(constraint.extension(point)["u"])
    assert found == pytest.approx(-np.sin(0.3 * np.pi), rel=1e-14)


@given(rationals, rationals, st.sampled_from(["0", "-1/3", "pi"]), st.booleans())
@settings(max_examples=15)
def test_velocities_are_met_exactly(height, speed, start, wall_moves):
    """Whatever the weights are, û = u₀ + s v₀ + O(s²), with walls that move along."""
    upper = lambda t, a, c, v: c + v * (t - a) + (t - a) ** 2
    conditions = (
        cx.Initial(lambda x, c: c * x, velocity=lambda x, v: v * x),
        cx.Dirichlet("x", 0, "lower"),
        cx.Dirichlet("x", upper, "upper"),
    )
    if not wall_moves:
        conditions = (
            cx.Initial(lambda x: cx.sinpi(x), velocity=lambda x, v: v * cx.sinpi(x)),
            cx.Dirichlet("x", 0),
        )
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(start, f"{start}+1")),
        residual=lambda u: u.tt - u.xx,
        constants={"c": f"({height})", "v": f"({speed})", "a": start},
        conditions=conditions,
    )
    check_data(problem)
    assert moves(fields_of(problem), problem)


def test_a_soft_net_does_not_move_with_the_data():
    problem = zoo_entry("wave").problem
    assert not moves(fields_of(problem, hard=False), problem)
