"""Neumann, Robin, terminal, general and partial conditions: what they say, and how many
an equation needs."""

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import burgers, check_program, closed_form, fields_of, values_of

import certax as cx
from certax._api._objective import residual_function
from certax.certificates import matching
from certax.problems import Problem

walls = cx.Dirichlet("x", 0)


def bar(*conditions, **changes):
    """u'' = f on an interval."""
    given = {
        "domain": cx.Box(x=(0, 2)),
        "residual": lambda u: u.xx,
        "conditions": conditions,
    }
    return cx.Problem(**given | changes)


def soft(problem: Problem):
    """The conditions that are equations on faces."""
    return [c for c in problem.conditions if c.residual is not None]


def test_neumann_is_the_outward_derivative():
    lower, upper = soft(bar(cx.Neumann("x", "3"), complete=False))
    assert (lower.side, upper.side) == ("lower", "upper")
    for condition, sign in ((lower, -1), (upper, 1)):
        assert condition.residual is not None
        check_program(condition.residual)
        found = values_of(condition.residual, {"u": 0, "u.x": 5})
        assert found == {"0": sign * 5 - 3}


def test_robin_weighs_value_and_outward_derivative():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), y=(0, 1)),
        residual=lambda u: u.laplacian(),
        constants={"h": 7},
        conditions=(
            cx.Robin("x", lambda h: h, 2, lambda y: jnp.sin(y), side="lower"),
            cx.Dirichlet("x", 0, "upper"),
            cx.Periodic("y"),
        ),
    )
    (condition,) = soft(problem)
    assert condition.residual is not None
    found = values_of(condition.residual, {"u": 1.5, "u.x": 5, "y": 0.25})
    assert found["0"] == pytest.approx(7 * 1.5 - 2 * 5 - np.sin(0.25), rel=1e-15)


def test_none_leaves_a_field_free():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), y=(0, 1)),
        residual=lambda u, v, p: (
            u.laplacian() - p.x,
            v.laplacian() - p.y,
            u.x + v.y,
        ),
        conditions=(cx.Dirichlet("x", (0, 1, None)), cx.Dirichlet("y", (0, 1, None))),
    )
    assert problem.conditions[0].fields == ("u", "v")
    assert Problem.from_text(problem.text()) == problem
    with jnp_x64():
        fields = fields_of(problem)
    on_face = values_at(fields, {"x": 0.0, "y": 0.3})
    assert on_face["u"] == 0 and on_face["v"] == 1 and on_face["p"] != 0
    with pytest.raises(cx.CertaxError, match="gives no field a value"):
        bar(cx.Dirichlet("x", None))


def jnp_x64():
    import jax

    return jax.enable_x64(True)


def values_at(fields, point):
    """The fields of a program with weights drawn at random."""
    rng = np.random.default_rng(0)
    weights = {i.name: rng.normal(size=i.shape) for i in fields.of_kind("weight")}
    return values_of(fields, point | weights)


def test_a_free_field_has_no_neumann_data_either():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, v: (u.xx - v, v.xx - u),
        conditions=(cx.Neumann("x", (None, 0)), cx.Dirichlet("x", (0, None))),
    )
    for condition in soft(problem):
        assert condition.residual is not None
        assert [i.field for i in condition.residual.of_kind("derivative")] == ["v"]


def test_terminal_data_stand_at_the_upper_end():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 2)),
        residual=lambda u: u.t + u.xx,
        conditions=(cx.Terminal(lambda x: cx.sinpi(x), at=("t", 2)), walls),
    )
    assert problem.time == "t"
    assert Problem.from_text(problem.text()) == problem
    with jnp_x64():
        fields = fields_of(problem)
    end = values_at(fields, {"x": 0.25, "t": 2.0})["u"]
    assert end == pytest.approx(np.sqrt(0.5), abs=1e-15)
    assert values_at(fields, {"x": 0.25, "t": 0.0})["u"] != pytest.approx(end)
    with pytest.raises(cx.CertaxError, match="stands at 0, but the upper end .* is 2"):
        cx.Problem(
            domain=problem.domain,
            residual=lambda u: u.t + u.xx,
            conditions=(cx.Terminal(0, at=("t", 0)), walls),
        )


def test_fields_may_run_against_each_other():
    """A mean field game: the density runs forward, the value backward."""
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda m, u: (m.t - m.xx + m.x * u, u.t + m),
        conditions=(
            cx.Initial((lambda x: cx.sinpi(x), None)),
            cx.Terminal((None, 0)),
            cx.Dirichlet("x", (0, None)),
        ),
    )
    with jnp_x64():
        fields = fields_of(problem)
    assert values_at(fields, {"x": 0.5, "t": 0.0})["m"] == 1
    assert values_at(fields, {"x": 0.5, "t": 1.0})["u"] == 0


def test_any_equation_holds_on_a_face_or_inside():
    problem = bar(
        cx.Dirichlet("x", 0),
        cx.Condition("x", lambda u, x: (u.x - x, u.xxx), at="1/3"),
        complete=False,
    )
    (condition,) = soft(problem)
    assert condition.place == "at x = 1/3"
    assert condition.residual is not None and len(condition.residual.outputs) == 2
    assert Problem.from_text(problem.text()) == problem
    both = soft(bar(cx.Condition("x", lambda u: u.x), complete=False))
    assert [c.side for c in both] == ["lower", "upper"]


@pytest.mark.usefixtures("x64")
def test_equations_on_faces_are_terms_beside_hard_data():
    """û = a x² for u'' = 0 with u(0) = 0, u_n(2) = 1 and u'(1/2) = u(1/2)."""
    problem = bar(
        cx.Dirichlet("x", 0, "lower"),
        cx.Neumann("x", 1, "upper"),
        cx.Condition("x", lambda u: u.x - u, at="1/2"),
        complete=False,
    )
    made = closed_form(problem, lambda x, pi, a: a * x**2, a=3.0)
    terms = residual_function(problem, made.network, hard=True)
    (found,) = terms(jnp.array([3.0]), jnp.array([[0.5]]))
    assert np.allclose(found, [6.0, 11.0, 3.0 - 0.75], atol=1e-14)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((walls, cx.Condition("x", lambda u: u.x, at=3)), r"stands at 3; .*\[0, 2\]"),
        ((walls, cx.Condition("x", lambda u: u.x, at=0)), "stands at 0"),
        ((walls, cx.Condition("x", lambda u: u.x, "upper", 1)), "and on a side"),
        ((walls, cx.Condition("x", lambda u: u.x, "top")), "side .top."),  # pyright: ignore
        ((walls, cx.Condition("x", lambda x: x)), "does not depend on any field"),
        ((walls, cx.Condition("x", lambda v: v)), "asks for 'v'"),
        ((walls, cx.Condition("y", lambda u: u)), "names no coordinate"),
        ((walls, cx.Condition("x", lambda u: u.y)), "cannot be read"),
        ((cx.Neumann("x", (0, 0)),), "gives 2 values for 1 fields"),
        ((cx.Neumann("x", lambda x: x),), "asks for 'x'"),
        ((cx.Neumann("x", None),), "returns no equation"),
    ],
)
def test_what_makes_no_sense_is_refused(conditions, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        bar(*conditions, complete=False)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "conditions",
    [
        (walls, cx.Condition("x", lambda u: u - 1, "upper")),
        (walls, cx.Condition("x", lambda u: u**2 + 1, "lower")),
        (cx.Neumann("x", 0), cx.Neumann("x", 1, "upper")),
        (cx.Neumann("x", 1, "lower"), cx.Condition("x", lambda u: u.x, "lower")),
        (cx.Periodic("x"), cx.Neumann("x", 0)),
        (cx.Initial(0, at="x"), cx.Dirichlet("x", 0)),
        (cx.Terminal(0, at="x"), cx.Dirichlet("x", 1, "upper")),
    ],
)
def test_contradictions_are_found_also_where_counting_is_off(conditions):
    with pytest.raises(cx.CertaxError, match="contradict each other"):
        bar(*conditions, complete=False)


def test_what_follows_from_the_data_may_be_said_again():
    bar(walls, cx.Condition("x", lambda u: u.value), complete=False)


def kdv(*conditions, **changes):
    return burgers(
        residual=lambda u: u.t + 6 * u * u.x + u.xxx,
        conditions=(cx.Initial(0), *conditions),
        **changes,
    )


def test_the_third_order_asks_for_a_third_condition():
    slope = cx.Neumann("x", 0, "upper")
    with pytest.raises(cx.CertaxError, match="asks for 3 conditions, and 2 are given"):
        kdv(walls)
    with pytest.raises(cx.CertaxError, match="condition at its other end is missing"):
        kdv(cx.Dirichlet("x", 0, "upper"), slope)
    with pytest.raises(cx.CertaxError, match="admits 3 conditions, and 4 are given"):
        kdv(walls, cx.Neumann("x", 0))
    kdv(walls, slope)
    kdv(cx.Periodic("x"))
    published = kdv(walls, complete=False)
    assert Problem.from_text(published.text()) == published


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((cx.Dirichlet("x", 0, "lower"), cx.Neumann("x", 0, "upper")), ""),
        ((cx.Robin("x", 1, 1, 0),), ""),
        ((cx.Neumann("x", 0),), ""),
        ((cx.Neumann("x", 0, "lower"),), "condition at its other end"),
        ((cx.Dirichlet("x", 0, "lower"), cx.Neumann("x", 0, "lower")), "other end"),
        ((walls, cx.Neumann("x", 0, "lower")), "admits 2 conditions, and 3"),
    ],
)
def test_the_second_order_takes_two(conditions, words):
    if not words:
        bar(*conditions)
        return
    with pytest.raises(cx.CertaxError, match=words) as caught:
        bar(*conditions)
    assert "complete=False" in str(caught.value.remedy)
    bar(*conditions, complete=False)


def test_systems_are_counted_by_pairing_equations_with_fields():
    def made(*values):
        return cx.Problem(
            domain=cx.Box(t=(0, 1)),
            residual=lambda u, v: (u.tt - v, v.t + u),
            conditions=values,
        )

    made(cx.Initial((1, 0), velocity=(0, None)))
    with pytest.raises(cx.CertaxError, match="velocity is missing"):
        made(cx.Initial((1, 0)))
    with pytest.raises(cx.CertaxError, match="asks for 3 conditions, and 2"):
        made(cx.Initial((1, None), velocity=(0, None)))


def test_states_may_have_both_ends_of_time_where_costates_have_none():
    def control(*conditions):
        return cx.Problem(
            domain=cx.Box(t=(0, 1)),
            residual=lambda x, p: (x.t - p, p.t - x),
            conditions=conditions,
        )

    control(cx.Initial((0, None)), cx.Terminal((1, None)))
    with pytest.raises(cx.CertaxError, match="admits 2 conditions, and 4 are given"):
        control(cx.Initial((0, 0)), cx.Terminal((1, 1)))


@pytest.mark.parametrize("residual", [lambda u: u - 1, lambda u, x: u * x - x**2])
def test_an_equation_without_derivatives_takes_no_data(residual):
    with pytest.raises(cx.CertaxError, match="no derivative in 'x', and a condition"):
        bar(cx.Dirichlet("x", 0), residual=residual)
    bar(residual=residual)
    bar(cx.Dirichlet("x", 0), residual=residual, complete=False)


def test_an_algebraic_equation_needs_no_condition_of_its_own():
    cx.Problem(
        domain=cx.Box(t=(0, 1)),
        residual=lambda u, v: (u.t - v, v + u**3),
        conditions=(cx.Initial((1, None)),),
    )


def test_a_coordinate_without_derivatives_is_a_parameter():
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1), nu=("0.1", 1)),
        residual=lambda u, nu: u.t - nu * u.xx,
        conditions=(cx.Initial(lambda x: cx.sinpi(x)), walls),
    )
    assert problem.domain.names == ("x", "t", "nu")


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((cx.Initial(0), walls, cx.Neumann("x", 0, "upper")), "at the upper end of x"),
        ((cx.Terminal(0), walls), "runs backward"),
    ],
)
def test_no_theorem_is_tried_on_what_none_knows(conditions, words):
    problem = burgers(conditions=conditions, complete=False)
    found, reasons = matching(problem)
    assert not found and all(words in reason for reason in reasons.values())
    plain = burgers(conditions=(cx.Initial(0), walls))
    assert matching(plain)[0] and not plain.beyond_theorems
