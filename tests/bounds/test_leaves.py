"""Enclosures of residuals: what Arb finds at points of a box is within its bounds."""

from collections.abc import Iterator
from contextlib import nullcontext

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exact_jets import ArbJet, program_jets
from exact_models import Reader, Score, ball, random_points, rational
from flint import arb, fmpq
from helpers import ansatz_of, burgers, closed_form, solution_of, some_names, traced

import certax as cx
from certax import CertaxError
from certax._core import Input, Program, closed_downwards, enclosure
from certax.bounds._jets import JetSpace
from certax.bounds._leaves import (
    LeafBounds,
    _coordinate,
    ball as ball_of,
    derivative_orders,
    domain_balls,
    residual_enclosure,
)
from certax.bounds._taylor_models import Space
from certax.problems import Problem, zoo

texts = ("0.1", "pi", "sqrt(2)", "1/3", "-7.25", "1e-310", "0.01/pi", "1e300", "0", "2")


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    before = flint.ctx.prec, flint.ctx.cap
    with jax.enable_x64(True):
        yield
    flint.ctx.prec, flint.ctx.cap = before


@pytest.fixture
def rng(seed) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("text", texts)
def test_balls_hold_their_number(text):
    middle, radius = ball_of(text)
    flint.ctx.prec = 500
    away = abs(enclosure(text) - arb(float(middle)))
    assert away <= arb(float(radius))
    assert float(radius) <= 1e-15 * abs(float(middle)) + 1e-290
    if text in ("-7.25", "0", "2"):
        assert float(radius) == 0.0


@pytest.mark.parametrize(
    "ends", [("-pi", "pi"), ("0", "1e-9"), ("1000", "1000.001"), ("-1e6", "3")]
)
def test_coordinates_run_over_their_boxes(ends, rng):
    """Also where the lower end is large and the interval thin."""
    jets = JetSpace(Space(1, 1), ((0,), (1,)))
    lower, length = domain_balls({"x": ends})
    centers, halves = rng.uniform(0, 1, 64), 2.0 ** -rng.integers(0, 40, 64)
    halves[:3] = 0.0
    arrays = jnp.asarray(centers), jnp.asarray(halves)
    jet = _coordinate(0, *arrays, lower, length, jets)
    reader, score = Reader(jet[(0,)], jets.space, (64,)), Score()
    flint.ctx.prec = 300
    low, high = enclosure(ends[0]), enclosure(ends[1])
    for box in range(64):
        for corner in (-1, 0, 1):
            s = rational(centers[box]) + rational(halves[box]) * corner
            exact = low + ball(s) * (high - low)
            claimed = ball(reader.polynomial(box, (fmpq(corner),)))
            score.compare(exact - claimed, ball(reader.radius(box)), f"{ends}")
    score.check(190)
    scale = float(abs(low)) + float(abs(high))
    assert np.all(np.asarray(jet[(0,)].radius) < 1e-14 * scale)


def on_device(pair) -> tuple[jax.Array, jax.Array]:
    return jnp.asarray(pair[0]), jnp.asarray(pair[1])


def evaluated(
    problem: Problem, network: Program, weights, centers, halves, degree: int
) -> LeafBounds:
    """Bounds of a residual on boxes in normalized coordinates."""
    domain = problem.domain
    pairs = zip(domain.lower, domain.upper, strict=True)
    ends = dict(zip(domain.names, pairs, strict=True))
    compiled = residual_enclosure(network, problem.residual, domain.names, degree)
    constants = {
        item.name: on_device(ball_of(item.value))
        for program in (network, problem.residual)
        for item in program.of_kind("constant")
    }
    arrays = {n: jnp.asarray(w) for n, w in weights.items()}
    centers, halves = jnp.asarray(centers), jnp.asarray(halves)
    sides = (on_device(b) for b in domain_balls(ends))
    found = compiled(centers, halves, *sides, arrays, constants)
    return LeafBounds(*[np.asarray(a) for a in found])


def stated(residual, **ends) -> Problem:
    """Any residual, derivatives or none, over [0, 1] unless told otherwise."""
    domain = cx.Box(**(ends or {"x": (0, 1)}))
    sides = [cx.Dirichlet(name, 0) for name in domain.names]
    return cx.Problem(
        domain=domain, residual=residual, conditions=sides, complete=False
    )


def residuals_at(problem: Problem, network: Program, weights, s) -> list[arb]:
    """The residuals' components at one point, exactly, by Arb."""
    domain, orders = problem.domain, derivative_orders(problem.residual)
    zero = (0,) * domain.dimension
    given: dict = dict(weights)
    for axis, name in enumerate(domain.names):
        low, high = enclosure(domain.lower[axis]), enclosure(domain.upper[axis])
        one = tuple(int(k == axis) for k in range(domain.dimension))
        given[name] = {zero: low + ball(s[axis]) * (high - low), one: arb(1)}
    for item in network.of_kind("constant"):
        given[item.name] = {zero: enclosure(item.value)}
    fields = program_jets(network, given, orders)
    arguments: dict[str, ArbJet] = {}
    for item in problem.residual.inputs:
        if item.kind == "derivative":
            value = fields[item.field].get(item.orders, arb(0))
            for n in item.orders:
                value *= arb(n).gamma() * n if n else 1
            arguments[item.name] = {zero: value}
        elif item.kind == "coordinate":
            arguments[item.name] = {zero: given[item.name][zero]}
        else:
            arguments[item.name] = {zero: enclosure(item.value)}
    outputs = program_jets(problem.residual, arguments, [zero])
    return [jet[zero] for jet in outputs.values()]


def compare_residuals(
    score, rng, problem, network, weights, degree, exponents, boxes=1, points=6
) -> LeafBounds:
    """At random points of random boxes; a size `None` is a box without width."""
    dimension, count = problem.domain.dimension, len(exponents) * boxes
    sizes = np.array([0.0 if e is None else 2.0**-e for e in exponents])
    halves = np.repeat(sizes, boxes)[:, None] * np.ones((1, dimension))
    centers = halves + rng.uniform(0, 1, (count, dimension)) * (1 - 2 * halves)
    bounds = evaluated(problem, network, weights, centers, halves, degree)
    flint.ctx.prec = 200
    for box in range(count):
        limit = (
            ball(rational(bounds.supremum[box]))
            if (np.isfinite(bounds.supremum[box]))
            else None
        )
        for point in random_points(rng, dimension, points):
            s = [
                rational(c) + rational(h) * x
                for c, h, x in zip(centers[box], halves[box], point, strict=True)
            ]
            for value in residuals_at(problem, network, weights, s):
                if limit is not None:
                    where = f"half {halves[box, 0]}, point {s}"
                    score.compare(value, limit, where)
    return bounds


# The distance to an edge has no derivatives on the edge.
smooth = [n for n in some_names if n != "poisson-l-shape"]


@pytest.mark.parametrize("name", smooth)
def test_residuals_of_the_zoo_are_within_their_bounds(name, rng, seed):
    """Random nets, boxes from a quarter of the domain to points."""
    problem, score = zoo()[name].problem, Score()
    solution = solution_of(problem, ansatz_of(problem, seed % 1000))
    exponents = (2, 4, 6, 8, 12, 20, 30, None)
    compiled = name in ("burgers", "pendulum")
    with nullcontext() if compiled else jax.disable_jit():
        bounds = compare_residuals(
            score,
            rng,
            problem,
            solution.network,
            solution.weights,
            2,
            exponents,
            boxes=4 if compiled else 1,
            points=8,
        )
    score.check(40)
    assert np.all(np.isfinite(bounds.supremum[-4:]))
    assert np.all(bounds.attained <= bounds.supremum * (1 + 1e-12))
    # A mean over sampled points, so no more than about the bound of the mean.
    assert np.all(bounds.typical <= bounds.mean * 1.1)
    # On a point, bound and value are one number up to rounding.
    assert bounds.supremum[-1] <= bounds.attained[-1] + 1e-9


@pytest.mark.parametrize(
    "domain",
    [
        cx.Box(x=(0, "1e-6"), t=(0, 1000)),
        cx.Box(x=("100*pi", "100*pi + 1/7"), t=(0, "1e-3")),
    ],
    ids=["wide", "far"],
)
def test_thin_wide_and_distant_domains(domain, rng, seed):
    sides = (cx.Initial(0), cx.Dirichlet("x", 0))
    problem = burgers(domain=domain, conditions=sides)
    score = Score()
    solution = solution_of(problem, ansatz_of(problem, seed % 1000))
    with jax.disable_jit():
        compare_residuals(
            score,
            rng,
            problem,
            solution.network,
            solution.weights,
            2,
            (2, 5, 9, 20, None),
        )
    score.check(12)


def test_constants_are_the_real_numbers_that_they_are():
    """u_xx + π² u vanishes for sin(πx), and does not for the double next to π."""
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, k: u.xx + k**2 * u,
        conditions=(cx.Dirichlet("x", 0),),
        constants={"k": "pi"},
    )
    solution = closed_form(problem, lambda x, pi: jnp.sin(pi * x))
    wrong = closed_form(problem, lambda x, pi: jnp.sin(3.141592653589793 * x))
    centers, halves = np.array([[0.5], [0.3]]), np.zeros((2, 1))
    score = Score()
    with jax.disable_jit():
        for given in (solution, wrong):
            bounds = evaluated(problem, given.network, {}, centers, halves, 1)
            assert np.all(bounds.supremum < 1e-12)
            flint.ctx.prec = 200
            for box in range(2):
                s = [rational(centers[box, 0])]
                (value,) = residuals_at(problem, given.network, {}, s)
                limit = ball(rational(bounds.supremum[box]))
                score.compare(value, limit, "a point")
                assert (abs(value) > 1e-17) == (given is wrong)
    score.check(4)


def test_the_mean_is_between_the_true_mean_and_the_supremum():
    """u = x (1 - x) over [0, 1] has mean 1/6, root mean square 1/√30, maximum 1/4."""
    problem = stated(lambda u: u)
    solution = closed_form(problem, lambda x, pi: x * (1 - x))
    whole = np.full((1, 1), 0.5)
    with jax.disable_jit():
        bounds = evaluated(problem, solution.network, {}, whole, whole, 2)
    assert 1 / 6 <= bounds.mean[0] <= 30**-0.5 * (1 + 1e-12)
    assert 1 / 4 <= bounds.supremum[0] <= 1 / 2 + 1e-12


def test_several_equations_are_summarized_together():
    """The supremum is the largest, the mean the sum."""
    problem = stated(lambda u: (u + 2, -3 * u.x))
    solution = closed_form(problem, lambda x, pi: x)
    half = np.full((1, 1), 0.5)
    with jax.disable_jit():
        bounds = evaluated(problem, solution.network, {}, half, half, 2)
    np.testing.assert_allclose(bounds.supremum, 3.0, rtol=1e-12)
    assert 5.5 <= bounds.mean[0] <= 5.6


def test_derivatives_that_vanish_identically_may_stand_anywhere():
    """The field is linear, so u_xx is no entry of its jet."""
    problem = stated(lambda u: jnp.exp(u.xx) + u.xx / (2 + u.xx))
    solution = closed_form(problem, lambda x, pi: 3 * x)
    half = np.full((1, 1), 0.5)
    with jax.disable_jit():
        bounds = evaluated(problem, solution.network, {}, half, half, 2)
    np.testing.assert_allclose(bounds.supremum, 1.0, rtol=1e-12)


def test_the_sensitive_axis_is_the_one_to_cut():
    problem = stated(lambda u: u, x=(0, 1), y=(0, 1))
    solution = closed_form(problem, lambda x, y, pi: jnp.sin(5 * x) + y / 100)
    center, half = np.full((1, 2), 0.5), np.full((1, 2), 0.1)
    with jax.disable_jit():
        bounds = evaluated(problem, solution.network, {}, center, half, 2)
    assert bounds.sensitivity[0, 0] > 10 * bounds.sensitivity[0, 1]


def test_derivatives_that_have_no_enclosure_are_refused():
    """The value of a kink has one, its derivative has not."""
    fields = traced(lambda x: jnp.maximum(x, 0.0), "x")
    value, slope = (
        Program((Input("y", "derivative", field="y", orders=(n,)),), (), {"0": 0})
        for n in (0, 1)
    )
    residual_enclosure(fields, value, ("x",), 2)
    with pytest.raises(CertaxError, match="'max0' has no enclosure"):
        residual_enclosure(fields, slope, ("x",), 2)


def test_orders_of_derivatives_are_read_off_the_residual():
    assert set(derivative_orders(burgers().residual)) == closed_set({(2, 0), (0, 1)})


def closed_set(orders: set[tuple[int, ...]]) -> set[tuple[int, ...]]:
    return set(closed_downwards(orders))
