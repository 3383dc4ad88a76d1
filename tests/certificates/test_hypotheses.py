"""Hypotheses that are easily forgotten, each with the refusal it must cause."""

import jax
import jax.numpy as jnp
import pytest
from equations import in_plane, in_time
from helpers import ansatz_of, closed_form, fields_of, solution_of

import certax as cx
from certax.certificates import certify_solution
from certax.certificates._boundary import is_periodic, meets
from certax.certificates._certify import Search, theorems
from certax.certificates._hypotheses import (
    initial_defect,
    initial_is_exact,
    periodic_data,
    seam,
    smooth,
    time,
    wall,
)
from certax.problems import Problem, names, zoo_entry

by_name = {theorem.name: theorem for theorem in theorems}
both = ("lower", "upper")


def hypotheses(name: str, problem: Problem, fields) -> dict[str, str]:
    """What became of each hypothesis; the worst where one occurs twice."""
    order = ("checked", "cited", "assumed", "failed")
    found: dict[str, str] = {}
    for h in by_name[name].hypotheses(problem, fields):
        found[h.name] = max(h.status, found.get(h.name, "checked"), key=order.index)
    return found


def periodic(initial, residual=lambda u: u.t + u.x, domain=None) -> Problem:
    """Transport on a circle."""
    return Problem(
        domain=domain or cx.Box(x=(-1, 1), t=(0, 1)),
        residual=residual,
        conditions=(cx.Initial(initial), cx.Periodic("x")),
    )


sound = {
    "burgers": "l1-contraction",
    "hamilton-jacobi": "hamilton-jacobi",
    "heat": "maximum-principle",
    "allen-cahn-smooth": "maximum-principle",
    "advection": "transport",
    "poisson": "barrier",
    "poisson-3d": "barrier",
    "logistic": "ode-tube",
    "pendulum": "ode-tube",
}


@pytest.mark.parametrize("name", sound)
def test_hard_nets_of_the_zoo_satisfy_all_hypotheses(name):
    problem = zoo_entry(name).problem
    found = hypotheses(sound[name], problem, fields_of(problem))
    assert set(found.values()) <= {"checked", "cited"}
    assert found["equation"] == found["smooth"] == "checked"


@pytest.mark.parametrize("name", ["heat", "poisson"])
def test_walls_a_comparison_takes_soft_nets(name):
    """What they miss is bounded."""
    problem = zoo_entry(name).problem
    found = hypotheses(sound[name], problem, fields_of(problem, hard=False))
    assert found["walls"] == "checked"


@pytest.mark.parametrize("name", ["burgers"])
def test_walls_a_soft_net_does_not_equal_the_data(name):
    """û = 1 − x/2 against u = 0 makes the L¹ norm grow: the theorem would be false."""
    problem = zoo_entry(name).problem
    fields = fields_of(problem, hard=False)
    assert hypotheses(sound[name], problem, fields)["walls"] == "failed"
    found = wall(fields, problem, "x", both)
    assert "does not agree exactly with the data at the lower end of x" in found.detail


def test_walls_a_net_that_misses_one_wall_by_a_rounding_is_refused():
    problem = in_time(lambda u: u.t - u.xx)
    near = closed_form(problem, lambda x, t, pi: t * (1 + x) * (0.1 * x - 0.1 + 1e-17))
    found = wall(near.network, problem, "x", both)
    assert found.status == "failed" and "upper end of x" in found.detail


def test_walls_data_must_be_there_on_both_sides():
    problem = Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.t + u.x,
        conditions=(cx.Initial(0), cx.Dirichlet("x", 0, "lower")),
    )
    found = wall(fields_of(problem), problem, "x", both)
    assert found.status == "failed" and "no data at the upper end" in found.detail
    assert wall(fields_of(problem), problem, "x", ("lower",)).status == "checked"


@pytest.mark.parametrize(
    ("speed", "side", "status"),
    [
        ("1", "lower", "checked"),
        ("1", "upper", "failed"),
        ("1", "both", "failed"),
        ("-1", "upper", "checked"),
        ("-1", "lower", "failed"),
        ("sqrt(2)-1", "lower", "checked"),
        ("1-sqrt(2)", "lower", "failed"),
        ("sqrt(2)^2-2", "lower", "failed"),
    ],
)
def test_walls_transport_has_data_where_characteristics_enter(speed, side, status):
    problem = Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u, a: u.t + a * u.x,
        constants={"a": speed},
        conditions=(cx.Initial(0), cx.Dirichlet("x", 0, side)),
    )
    fields = fields_of(problem)
    assert hypotheses("transport", problem, fields)["walls"] == status


def test_walls_a_barrier_needs_walls_everywhere():
    problem = Problem(
        domain=cx.Box(x=(-1, 1), y=(0, 1)),
        residual=lambda u: u.xx + u.yy,
        conditions=(cx.Periodic("x"), cx.Dirichlet("y", 0)),
    )
    assert hypotheses("barrier", problem, fields_of(problem))["walls"] == "failed"


def test_seam_allen_cahn_fails_for_the_corner_of_its_data():
    """û = u₀ + t N would keep the corner of x² cos πx and solve another problem."""
    problem = zoo_entry("allen-cahn").problem
    solution = solution_of(problem, ansatz_of(problem))
    found = certify_solution(solution, Search())
    assert found.verdict == "not applicable" and not found.bound and not found.files
    assert found.theorem == "maximum-principle"
    assert "walls: the net is not periodic in x" in found.reason
    assert "jumps at the seam (a corner there would" in found.reason
    failed = {h.name for h in found.hypotheses if h.status == "failed"}
    assert failed == {"walls"}


def test_seam_a_net_of_x_itself_is_not_periodic():
    problem = periodic(0)
    line = Problem(
        domain=problem.domain,
        residual=lambda u: u.t + u.x,
        conditions=(cx.Initial(0), cx.Dirichlet("x", 0, "lower")),
    )
    fields = fields_of(line)
    assert not is_periodic(fields, problem, "x")
    found = seam(fields, problem, "x")
    assert found.status == "failed" and "derivative jumps at the seam" in found.detail
    assert hypotheses("transport", problem, fields)["walls"] == "failed"


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x, t, pi: cx.sinpi(x) * t, True),
        (lambda x, t, pi: cx.cospi(2 * x - t), True),
        (lambda x, t, pi: jnp.sin(pi * x + t), True),
        (lambda x, t, pi: jnp.exp(cx.sinpi(3 * x)) / (2 + cx.cospi(x)), True),
        (lambda x, t, pi: jnp.tanh(cx.sinpi((x - 7) / 1)), True),
        (lambda x, t, pi: x - x + t, True),
        (lambda x, t, pi: t, True),
        (lambda x, t, pi: cx.sinpi(x / 2), False),
        (lambda x, t, pi: cx.sinpi(1.5 * x), False),
        (lambda x, t, pi: jnp.sin(x), False),
        (lambda x, t, pi: jnp.sin(3.14159 * x), False),
        (lambda x, t, pi: cx.sinpi(x * t), False),
        (lambda x, t, pi: cx.sinpi(x**2), False),
        (lambda x, t, pi: x**2, False),
        (lambda x, t, pi: (x**2 - 1) ** 2, False),
        (lambda x, t, pi: x, False),
        (lambda x, t, pi: jnp.exp(x), False),
    ],
)
def test_seam_periodicity_is_followed_through_the_program(function, expected):
    """(x² − 1)² has equal values and slopes at ±1, and jumps in a later derivative."""
    problem = periodic(0)
    network = closed_form(problem, function).network
    assert is_periodic(network, problem, "x") is expected


@pytest.mark.parametrize("length", ["2", "2*pi", "1/3", "sqrt(2)", "pi+1", "0.3"])
def test_seam_every_length_of_the_circle_is_a_period_of_the_net(length):
    problem = periodic(0, domain=cx.Box(x=(1, f"1+{length}"), t=(0, 1)))
    assert is_periodic(fields_of(problem), problem, "x")


def test_smooth_a_kink_is_refused():
    problem = in_time(lambda u: u.t - u.xx)
    kinked = closed_form(problem, lambda x, t, pi: t * (1 - x**2) * jax.nn.relu(x))
    found = smooth(kinked.network)
    assert found.status == "failed" and "kink" in found.detail
    result = certify_solution(kinked, Search())
    assert result.verdict == "not applicable" and "smooth" in result.reason


def test_data_initial_values_with_a_corner_at_the_seam_are_refused():
    problem = periodic(lambda x: x**2)
    found = periodic_data(problem, "x")
    assert found.status == "failed" and "a corner or a jump at the seam" in found.detail
    assert periodic_data(periodic(lambda x: cx.cospi(x)), "x").status == "checked"


def test_data_a_source_that_is_not_periodic_is_refused():
    problem = periodic(0, residual=lambda u, x: u.t + u.x - x**2)
    found = periodic_data(problem, "x")
    assert found.status == "failed" and "coefficients are not periodic" in found.detail
    smooth_source = periodic(0, residual=lambda u, x: u.t + u.x - cx.sinpi(x))
    assert periodic_data(smooth_source, "x").status == "checked"


def test_data_that_disagree_cannot_even_be_stated():
    with pytest.raises(cx.CertaxError, match="do not agree"):
        in_time(lambda u: u.t - u.xx, cx.Initial(1), cx.Dirichlet("x", 0))


def test_initial_defect_is_zero_by_substitution_or_to_be_enclosed():
    problem = zoo_entry("heat").problem
    exact, soft = fields_of(problem), fields_of(problem, hard=False)
    assert initial_is_exact(exact, problem) and not initial_is_exact(soft, problem)
    assert "zero by substitution" in initial_defect(exact, problem).detail
    assert "enclosed on the tree" in initial_defect(soft, problem).detail
    logistic = zoo_entry("logistic").problem
    condition = logistic.conditions[0]
    float_tenth = closed_form(logistic, lambda t, pi: 0.1 + t)
    assert not meets(float_tenth.network, logistic, condition, "lower")


def test_time_needs_an_initial_condition():
    assert time(in_plane(lambda u: u.xx + u.yy)).status == "failed"
    assert time(zoo_entry("heat").problem).status == "checked"


def test_solution_is_assumed_where_nothing_diffuses():
    """u_t − u_xx + u_y = 0 with data on the outflow wall has no solution in general."""
    problem = Problem(
        domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
        residual=lambda u: u.t - u.xx + u.y,
        conditions=(cx.Initial(0), cx.Dirichlet("x", 0), cx.Dirichlet("y", 0)),
    )
    fields = fields_of(problem)
    assert hypotheses("maximum-principle", problem, fields)["solution"] == "assumed"
    heat = zoo_entry("heat").problem
    found = hypotheses("maximum-principle", heat, fields_of(heat))
    assert found["solution"] == "cited"


@pytest.mark.parametrize("name", names)
def test_every_failure_names_what_is_wrong(name):
    problem = zoo_entry(name).problem
    fields = fields_of(problem, hard=False)
    for theorem in theorems:
        try:
            theorem.match(problem)
        except Exception:
            continue
        for h in theorem.hypotheses(problem, fields):
            assert h.status in ("checked", "cited", "assumed", "failed")
            assert h.name and h.detail
