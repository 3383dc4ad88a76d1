"""Linear relaxations against exact values: Arb, rationals, all patterns of signs."""

from itertools import product

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from scipy.optimize import linprog

from certax import CertaxError
from certax.bounds import Interval, bracket, linear_bounds, lipschitz
from certax.bounds._line_functions import Proved
from certax.bounds._linear_bounds import concrete, known_numbers
from certax.bounds._linear_branching import (
    Budget,
    Objective,
    branch,
    branching_points,
)
from certax.bounds._linear_programs import gradient_sizes, linear_program
from certax.bounds._lines import Choice, lines, slope_range, value_range

_functions = {
    "tanh": lambda x: x.tanh(),
    "logistic": lambda x: 1 / (1 + (-x).exp()),
    "softplus": lambda x: (1 + x.exp()).log(),
    "erf": lambda x: x.erf(),
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "sqrt": lambda x: x.sqrt(),
    "reciprocal": lambda x: 1 / x,
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "sinpi": lambda x: (arb.pi() * x).sin(),
    "cospi": lambda x: (arb.pi() * x).cos(),
    "max0": lambda x: x.max(arb(0)),
    "ipow": lambda x: x**3,
}


@pytest.fixture(autouse=True)
def precision():
    ctx.prec = 200
    yield
    ctx.prec = 53


def intervals(op: str) -> tuple[np.ndarray, np.ndarray]:
    """Ordinary, tiny, degenerate, wide, subnormal and far intervals."""
    generator = np.random.default_rng(0)
    ends = generator.normal(size=(60, 2)) * 10.0 ** generator.uniform(-8, 1, (60, 1))
    center = generator.normal(size=(20, 1)) * 4.0
    near = center + np.array([[0.0, 1.0]]) * 10.0 ** generator.uniform(-18, -9, (20, 1))
    special = [[0, 0], [-5e-324, 5e-324], [0, 1e-310], [-30, 30], [-1e-300, 2], [1, 1]]
    ends = np.sort(np.concatenate([ends, near, special]), axis=1)
    if op in ("log", "sqrt", "reciprocal"):
        ends = np.sort(np.abs(ends) + 1e-3, axis=1)
    if op == "reciprocal":
        ends[::2] = -ends[::2, ::-1]
    return ends[:, :1], ends[:, 1:]


@pytest.mark.parametrize("op", _functions)
@pytest.mark.parametrize("share", [None, 0.0, 0.7, 1.0])
def test_functions_lie_between_their_lines(op, share):
    low, high = intervals(op)
    a, f = Proved(), _functions[op]
    choice = None if share is None else np.full_like(low, share)
    with np.errstate(all="ignore"):
        below, above = lines(a, op, 3, low, high, Choice(choice, choice))
        least, most, defined = value_range(a, op, 3, low, high)
        flat, steep = slope_range(a, op, 3, low, high)
    assert defined.all()
    for i in range(len(low)):
        for t in (0.0, 0.1, 0.37, 0.5, 0.83, 1.0):
            x = min(
                max(low[i, 0] + t * (high[i, 0] - low[i, 0]), low[i, 0]), high[i, 0]
            )
            y = f(arb(x))
            for (slope, rest), sign in ((below, 1), (above, -1)):
                away = sign * (y - (arb(slope[i, 0]) * arb(x) + arb(rest[i, 0])))
                assert not away < 0, (op, share, low[i], high[i], x, away)
            assert not y < arb(least[i, 0]) and not y > arb(most[i, 0])
        change = f(arb(high[i, 0])) - f(arb(low[i, 0]))
        width = arb(high[i, 0]) - arb(low[i, 0])
        if width > 0:
            slope = change / width
            assert not slope < arb(flat[i, 0]) and not slope > arb(steep[i, 0])


def random_net(sizes, seed=0):
    generator = np.random.default_rng(seed)
    pairs = list(zip(sizes, sizes[1:], strict=False))
    return [
        (generator.normal(size=(b, a)) / np.sqrt(a), generator.normal(size=b))
        for a, b in pairs
    ]


def function_of(net, activation=jax.nn.relu):
    def value(v):
        for matrix, bias in net[:-1]:
            v = activation(matrix @ v + bias)
        return (net[-1][0] @ v + net[-1][1])[0]

    return value


def exact_value(net, point) -> fmpq:
    v = [exact(x) for x in point]
    for k, (matrix, bias) in enumerate(net):
        v = [
            sum((exact(w) * x for w, x in zip(row, v, strict=True)), exact(b))
            for row, b in zip(matrix, bias, strict=True)
        ]
        v = v if k == len(net) - 1 else [max(x, fmpq(0)) for x in v]
    return v[0]


def exact(x: float) -> fmpq:
    return fmpq(*float(x).as_integer_ratio())


def largest_value(net, low, high) -> float:
    """Over all patterns of signs of a ReLU net the largest optimum of a program."""
    widths = [len(bias) for _, bias in net[:-1]]
    best = -np.inf
    for signs in product((0.0, 1.0), repeat=sum(widths)):
        active = np.split(np.array(signs), np.cumsum(widths)[:-1])
        matrix, rest, rows, ends = np.eye(len(low)), np.zeros(len(low)), [], []
        for (w, b), on in zip(net[:-1], active, strict=True):
            matrix, rest = w @ matrix, w @ rest + b
            rows.append(np.where(on > 0, -1.0, 1.0)[:, None] * matrix)
            ends.append(np.where(on > 0, 1.0, -1.0) * rest)
            matrix, rest = on[:, None] * matrix, on * rest
        cost = (net[-1][0] @ matrix)[0]
        sides = list(zip(low, high, strict=True))
        found = linprog(-cost, np.concatenate(rows), np.concatenate(ends), bounds=sides)
        if found.status == 0:
            value = -found.fun + (net[-1][0] @ rest + net[-1][1])[0]
            best = max(best, value)
    return best


@pytest.mark.parametrize("branching", ["coordinates", "neurons"])
def test_branching_meets_the_optimum_over_all_patterns(branching):
    net = random_net([2, 4, 3, 1])
    low, high = -np.ones(2), np.ones(2)
    truth = largest_value(net, low, high)
    task = concrete(function_of(net), Interval(low, high))
    program = linear_program(task.program, ["0"])
    known = known_numbers(program, task.weights)
    # Far below all values, so that the largest distance is met at the largest value.
    objective = Objective(program, known, low, high, middle=-20.0)
    found = branch(objective, Budget(tolerance=1e-3, parts=3000))
    assert truth - 1e-7 <= found.high and found.attained <= truth + 20.0 + 1e-7
    if branching == "neurons":
        found = branch(objective, Budget(tolerance=1e-3, parts=3000), branching)
        assert truth - 1e-7 <= found.high
    assert found.high <= truth + 0.03 * (truth + 20.0)


@pytest.mark.parametrize("dimension", [2, 10])
@pytest.mark.parametrize(
    ("size", "steps"),
    [(0.0, 0), (1e-12, 0), (0.3, 0), (1e150, 0), (1e-310, 0), (0.3, 3)],
)
def test_exact_values_of_relu_nets_are_within(dimension, size, steps):
    net = random_net([dimension, 6, 1])
    generator = np.random.default_rng(3)
    center = generator.normal(size=dimension) if size < 1.0 else np.zeros(dimension)
    low, high = center - size, center + size
    bounds = linear_bounds(function_of(net), steps=steps)(Interval(low, high))
    assert bounds.lower.shape == () and bounds.lower <= bounds.upper
    for t in (0.0, 1.0, *generator.random(20)):
        shares = np.where(generator.random(dimension) < 0.5, t, 1.0 - t)
        point = np.clip(low + shares * (high - low), low, high)
        value = exact_value(net, point)
        assert exact(bounds.lower) <= value <= exact(bounds.upper)
    if size == 0.0:
        assert bounds.upper - bounds.lower < 1e-11


@pytest.mark.parametrize(
    "activation",
    [jnp.tanh, jax.nn.silu, jnp.sin, jax.nn.softplus, jax.nn.leaky_relu, jax.nn.gelu],
)
def test_smooth_nets_are_within_and_the_slopes_help(activation):
    net = random_net([7, 8, 8, 1])
    f = function_of(net, activation)
    box = Interval(-0.3 * np.ones(7), 0.3 * np.ones(7))
    # A few are optimized: every activation is compiled anew.
    steps = 5 if activation in (jnp.tanh, jax.nn.leaky_relu) else 0
    plain, chosen = (linear_bounds(f, steps=s)(box) for s in (0, steps))
    points = np.random.default_rng(0).uniform(-0.3, 0.3, (2000, 7))
    with jax.enable_x64(True):
        values = np.asarray(jax.vmap(f)(jnp.asarray(points)))
    for bounds in (plain, chosen):
        assert bounds.lower <= values.min() and values.max() <= bounds.upper
    assert plain.lower <= chosen.lower and chosen.upper <= plain.upper


def test_gates_quotients_and_structure():
    matrix = np.random.default_rng(1).normal(size=(6, 6))

    def f(v, s):
        w = jnp.tanh(matrix @ v) * jax.nn.sigmoid(v) / (2.0 + jnp.cos(s))
        return {"sum": jnp.sum(w), "parts": jnp.stack([w[0] * w[1], s**3])}

    box = [(-0.2 * np.ones(6), 0.2 * np.ones(6)), (-0.5, 0.1)]
    bounds = linear_bounds(f, steps=0)(box)
    assert bounds["parts"].lower.shape == (2,)
    for point in np.random.default_rng(0).uniform(0, 1, (200, 7)):
        with jax.enable_x64(True):
            found = f(jnp.asarray(0.4 * point[:6] - 0.2), 0.6 * point[6] - 0.5)
            found = jax.tree.map(np.asarray, found)
        assert bounds["sum"].lower <= found["sum"] <= bounds["sum"].upper
        parts = found["parts"]
        assert np.all(bounds["parts"].lower <= parts)
        assert np.all(parts <= bounds["parts"].upper)


@pytest.mark.parametrize("norm", ["l2", "linf"])
@pytest.mark.parametrize("activation", [jax.nn.relu, jnp.tanh])
@pytest.mark.parametrize("branching", ["coordinates", "neurons"])
def test_sizes_of_gradients_hold(norm, activation, branching):
    f = function_of(random_net([6, 8, 5, 1]), activation)
    low, high = -0.2 * np.ones(6), 0.2 * np.ones(6)
    task = concrete(f, Interval(low, high))
    program = gradient_sizes(linear_program(task.program, ["0"]), norm)
    known = known_numbers(program, task.weights)
    objective = Objective(program, known, low, high)
    first, later = (branch(objective, Budget(parts=n), branching) for n in (1, 200))
    points = np.random.default_rng(0).uniform(-0.2, 0.2, (3000, 6))
    with jax.enable_x64(True):
        slopes = np.asarray(jax.vmap(jax.grad(f))(jnp.asarray(points)))
    truth = (slopes**2).sum(1) if norm == "l2" else np.abs(slopes).sum(1)
    assert truth.max() <= later.bound <= first.bound
    assert later.attained <= later.bound


def test_where_nothing_is_defined_the_bounds_are_infinite():
    bounds = linear_bounds(lambda x: jnp.log(x) + 1.0, steps=0)([(-1.0, 1.0)])
    assert bounds.lower == -np.inf and bounds.upper == np.inf


def test_refusals():
    with pytest.raises(CertaxError, match="numbers, but here they are traced"):
        jax.jit(lambda b: linear_bounds(jnp.tanh)(Interval(b, b)).lower)(1.0)
    with pytest.raises(CertaxError, match="4097 dimensions"):
        linear_bounds(jnp.sum)(Interval(np.zeros(4097), np.ones(4097)))


def test_branching_points_are_inside_and_at_kinks():
    low, high = np.array([-2.0, 1.0, -3.0]), np.array([1.0, 2.0, 9.0])
    assert branching_points("max0", 1, low, high).tolist() == [0.0, 1.5, 0.0]
    points = branching_points("tanh", 1, low, high)
    assert np.all((low < points) & (points < high))


def test_bracket_and_lipschitz_choose_linear_bounds_for_many_inputs():
    f = function_of(random_net([6, 5, 1]))
    box = Interval(-0.1 * np.ones(6), 0.1 * np.ones(6))
    points = np.random.default_rng(0).uniform(-0.1, 0.1, (2000, 6))
    with jax.enable_x64(True):
        values = np.asarray(jax.vmap(f)(jnp.asarray(points)))
        slopes = np.asarray(jax.vmap(jax.grad(f))(jnp.asarray(points)))
    low, high = bracket(f, box, tolerance=0.1, seconds=2.0)
    assert low <= values.min() and values.max() <= high
    for norm, truth in (
        ("l2", np.sqrt((slopes**2).sum(1))),
        ("linf", np.abs(slopes).sum(1)),
    ):
        bound = lipschitz(f, norm=norm, seconds=0.5)(box)
        assert truth.max() <= bound <= 2.0 * truth.max()
    with pytest.raises(CertaxError, match="not of a derivative"):
        bracket(jnp.tanh, [(0.0, 1.0)], derivative=(1,), method="linear")
    with pytest.raises(CertaxError, match="no method 'interval'"):
        bracket(jnp.tanh, [(0.0, 1.0)], method="interval")
    with pytest.raises(CertaxError, match="no method 'interval'"):
        lipschitz(jnp.tanh, method="interval")
