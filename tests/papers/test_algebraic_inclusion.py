"""arXiv 2407.20741: sizes of the authors, exact solutions, published mistakes."""

import dataclasses
import math

import jax
import jax.numpy as jnp
import pytest

from certax.papers import Request, papers


def test_requests_change_what_is_computed():
    small = papers["2407.20741"].experiments(Request())
    published = papers["2407.20741"].experiments(Request(as_published=True))
    assert any("4^d" in row.method for row in small)
    assert any("5^d" in row.method for row in published)
    assert any("XPINN" in row.method for row in small)
    assert any("Deep Ritz" in row.method for row in small)


def test_the_scale_of_the_paper_is_the_papers():
    """Sizes that the authors' code has; everything is built and nothing computed."""
    rows = {e.key: e for e in papers["2407.20741"].experiments(Request("paper"))}

    def sizes(key):
        row = rows[key].settings
        names = ("width", "depth", "points", "sides", "steps", "rate", "activation")
        return tuple(row.get(name) for name in names)

    assert sizes("inviscid-vanilla") == (40, 2, 1000, None, 30000, 1e-3, "silu")
    assert sizes("plane-initial") == (28, 2, 800, None, 30000, 1e-4, "silu")
    assert sizes("one-soliton-initial") == (30, 3, 500, 250, 60000, 1e-4, "silu")
    assert sizes("two-solitons-vanilla")[:5] == (13, 3, 2000, 1000, 30000)
    assert sizes("three-solitons-vanilla") == (35, 4, 18000, 914, 40000, 1e-3, "sin")
    assert sizes("poisson-10-residual-hard")[:5] == (50, 3, 5000, 200, 7000)
    told = rows["poisson-10-residual-hard"].says
    assert told is not None and (told.says, told.status) == ("0.7536", "code")
    line = papers["2310.05169"].experiments(Request("paper"))[0].settings
    assert (line["points"], line["sides"], line["steps"]) == (20_000, 300, 100_000)


def test_small_rows_run_through_the_same_code(tmp_path):
    from certax.papers.algebraic_inclusion import _experiments

    tiny = _experiments.Training(3, 1, 6, 3)
    sizes = dataclasses.replace(
        _experiments.small, flat=tiny, plane=tiny, space=tiny, solitons=(tiny,),
        poisson={2: tiny}, grids=(5, 4, 3),
    )  # fmt: skip
    wanted = (
        "space-nu-1-over-10-vanilla", "inviscid-baseline-boundary",
    )  # fmt: skip
    rows = {e.key: e for e in _experiments.experiments(Request(), sizes)}
    with jax.enable_x64(True):
        found = {key: rows[key].compute() for key in wanted}
    assert all(math.isfinite(r["fractional error"]) for r in found.values())
    # The ansatz without a net is the exact solution.
    assert found["inviscid-baseline-boundary"]["fractional error"] < 1e-30


def test_the_published_solution_in_space_is_none(x64):
    from certax.papers.algebraic_inclusion import _problems

    def residual(nu, published):
        flow = _problems.space(nu, 4, published)
        points = flow.draw(jax.random.key(0), 20)
        values = jax.jit(jax.vmap(lambda p: flow.residual(flow.exact, p)))(points)
        return float(jnp.max(jnp.abs(values)))

    assert residual(0.5, False) < 1e-12
    assert residual(0.5, True) > 1e-4
    assert residual(1 / 3, True) < 1e-12


def test_solitons_solve_their_equation(x64):
    from certax.papers.algebraic_inclusion import _problems

    for flow, amplitude in (
        (_problems.one_soliton(7), None),
        (_problems.two_solitons(7), 6),
        (_problems.three_solitons(7), 12),
    ):
        points = flow.test_points()
        wrong = jax.jit(jax.vmap(lambda p, f=flow: f.residual(f.exact, p)))
        values, scale = wrong(points), jnp.max(jax.jit(jax.vmap(flow.exact))(points))
        assert jnp.max(jnp.abs(values)) < 1e-9 * scale**3
        for x in (-1.0, 0.0, 0.7):
            if amplitude:
                wanted = amplitude / jnp.cosh(x) ** 2
                found = jax.jit(flow.exact)(jnp.asarray([x, 0.0]))[0]
                assert abs(found - wanted) < 1e-12


def test_published_wall_data_are_missed_by_the_exact_solution(x64):
    """The value that a second look found, 3.62, by Monte Carlo; zero when corrected."""
    from certax.papers._methods import wall_data
    from certax.papers.algebraic_inclusion import plane

    flow = plane(5)

    def loss(published):
        total = 0.0
        for axis, points in flow.draw_walls(jax.random.key(0), 4000):
            data = wall_data(flow, axis, published)
            missed = jax.vmap(lambda p, g=data: flow.exact(p) - g(p))(points)
            total += float(jnp.mean(missed**2))
        return total

    assert loss(False) == 0
    assert loss(True) == pytest.approx(3.62, rel=0.05)


def test_published_wall_data_in_space_have_a_spurious_one(x64):
    """Root mean squares on the walls of y for nu = 1: 0.166 true, 1.49 published."""
    from certax.papers._methods import wall_data
    from certax.papers.algebraic_inclusion import _problems

    flow = _problems.space(1.0, 3, True)
    points = flow.draw_walls(jax.random.key(0), 4000)[1][1]
    published = jax.jit(jax.vmap(wall_data(flow, 1, True)))(points)[:, 0]
    true = jax.jit(jax.vmap(flow.exact))(points)[:, 1]
    assert jnp.sqrt(jnp.mean(true**2)) == pytest.approx(0.166, rel=0.1)
    assert jnp.sqrt(jnp.mean(published**2)) == pytest.approx(1.49, rel=0.1)


def test_the_fractional_bound_is_rounded_up():
    from fractions import Fraction

    from certax.papers.algebraic_inclusion._poisson import fractional_bound

    bound = Fraction(fractional_bound("1e-3", 2))
    exact = 1e-6 / (4 * math.pi**4 / 4)
    assert exact <= bound < 1.01 * exact
    assert fractional_bound("1e-3", 2)[1] == "."
    assert fractional_bound("0", 1) == "0"
