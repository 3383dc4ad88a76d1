"""Jets: whatever functions the entries enclose, the result encloses what the operation
makes of them and of their derivatives; and whole programs against Arb.
"""

from collections.abc import Iterator
from itertools import product
from math import ceil

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exact_jets import (
    ArbJet,
    derivative_sets,
    functions,
    jet_function,
    jet_product,
    layers,
    program_jets,
    random_program,
)
from exact_models import (
    Reader,
    Score,
    ball,
    random_model,
    random_points,
    random_sign,
    rational,
)
from flint import arb, fmpq

from certax._core import Input, Program, closed_downwards
from certax.bounds import _jets, _taylor_models as tm
from certax.bounds._interpreter import interpret
from certax.bounds._jets import Jet, JetSpace
from certax.bounds._leaves import _coordinate, ball as ball_of
from certax.bounds._taylor_models import Space, TaylorModel

positive = ("log", "sqrt", "reciprocal")
shape = (4,)


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    before = flint.ctx.prec, flint.ctx.cap
    flint.ctx.prec = 300
    with jax.enable_x64(True):
        yield
    flint.ctx.prec, flint.ctx.cap = before


@pytest.fixture
def rng(seed) -> np.random.Generator:
    return np.random.default_rng(seed)


def _argument(rng, space: Space, width: float, low: float, high: float) -> TaylorModel:
    """A model around a random center, of which the others are at most `width`."""
    model = random_model(rng, space, shape, "ordinary")
    center = rng.uniform(low, high, shape)
    coefficients = [None if c is None else c * width for c in model.coefficients]
    radius = 10.0 ** rng.uniform(-16, 0, shape) * width
    return TaylorModel(
        (jnp.asarray(center), *coefficients[1:]),
        None if rng.random() < 0.2 else jnp.asarray(np.maximum(radius, tm.tiny)),
    )


def _members(rng, readers: dict, entry: int, point) -> ArbJet:
    return {
        o: ball(r.member(entry, point, random_sign(rng))) for o, r in readers.items()
    }


def _compare_jets(score, rng, what, arguments, result, truth, jets, points=3) -> None:
    """Values of all entries anywhere in their enclosures, independently."""
    value = next(a[jets.zero].coefficients[0] for a in arguments)
    sizes = np.shape(value)
    given = [{o: Reader(m, jets.space, sizes) for o, m in a.items()} for a in arguments]
    found = {o: Reader(m, jets.space, sizes) for o, m in result.items()}
    for entry in range(sizes[0]):
        if not any(reader.finite[entry] for reader in found.values()):
            continue
        for point in random_points(rng, jets.space.dimension, points):
            exact = truth(*[_members(rng, g, entry, point) for g in given])
            for order, value in exact.items():
                if order not in found:
                    assert value == 0
                elif found[order].finite[entry]:
                    claimed = ball(found[order].polynomial(entry, point))
                    radius = ball(found[order].radius(entry))
                    where = f"{what}, order {order} at {point}"
                    score.compare(value - claimed, radius, where)


@pytest.mark.parametrize("name", functions)
def test_functions_of_models_enclose_every_member(name, rng):
    """Widths from zero to one; the members sit at the edges of the argument."""
    score = Score()
    low, high = (0.5, 9.0) if name in positive else (-6.0, 6.0)
    for degree in (0, 1, 3, 6):
        space = Space(2 if degree < 6 else 1, degree)
        jets = JetSpace(space, ((0,) * space.dimension,))
        for width in (0.0, 1e-200, 1e-12, 1e-3, 0.03, 0.3):
            argument = {jets.zero: _argument(rng, space, width, low, high)}
            result = _jets.compose(name, argument, jets)
            truth = lambda a, jets=jets: jet_function(name, a, jets.orders)
            what = f"{name}, degree {degree}, width {width}"
            _compare_jets(score, rng, what, [argument], result, truth, jets)
    score.check(200)


@pytest.mark.parametrize("name", functions)
def test_derivatives_of_functions_enclose_every_member(name, rng):
    """Jets whose entries are chosen independently, up to the fourth order."""
    score = Score()
    low, high = (0.5, 9.0) if name in positive else (-3.0, 3.0)
    for orders, degree in (
        ({(4,)}, 3),
        ({(2, 0), (0, 1)}, 3),
        ({(1, 1)}, 2),
        ({(2, 0, 0), (0, 2, 0), (0, 1, 1)}, 1),
    ):
        space = Space(len(next(iter(orders))), degree)
        jets = JetSpace(space, closed_downwards(orders))
        for width in (0.0, 1e-6, 0.05):
            argument: Jet = {
                o: random_model(rng, space, shape, "ordinary")
                if any(o)
                else _argument(rng, space, width, low, high)
                for o in jets.orders
            }
            result = _jets.compose(name, argument, jets)
            truth = lambda a, jets=jets: jet_function(name, a, jets.orders)
            what = f"{name}, {orders}, width {width}"
            _compare_jets(score, rng, what, [argument], result, truth, jets, 2)
    score.check(200)


@pytest.mark.parametrize("name", functions)
def test_functions_far_out_and_near_the_ends_of_domains(name, rng):
    """Saturation, overflow, huge arguments, and models that reach zero."""
    space, score = Space(1, 3), Score()
    jets = JetSpace(space, ((0,), (1,)))
    flint.ctx.prec = 3000
    sizes = (0.0, 1e-300, 1e-20, 1e-3, 19.0, 40.0, 700.0, 1e5)
    pairs = list(product(sizes, (0.0, 1e-25, 1e-2, 1.0, 100.0)))
    center, width = np.array(pairs).T
    signs = rng.choice([-1.0, 1.0], center.shape) ** (name not in positive)
    radius = np.where(width > 0, width * 1e-3, tm.tiny)
    linear = (jnp.asarray(signs * center), jnp.asarray(width), None, None)
    slope = tm.constant(jnp.ones(center.shape), None, space)
    argument: Jet = {(0,): TaylorModel(linear, jnp.asarray(radius)), (1,): slope}
    result = _jets.compose(name, argument, jets)
    unbounded = center <= 1.1 * width
    if name in positive:
        bounds = np.asarray(tm.bound(result[(1,)]))
        assert np.all(bounds[unbounded] == np.inf)
    truth = lambda a: jet_function(name, a, jets.orders)
    _compare_jets(score, rng, name, [argument], result, truth, jets, 1)
    score.check(30)


@pytest.mark.parametrize("dimension, highest", [(1, 4), (2, 2), (2, 4), (3, 2)])
def test_products_of_jets_enclose_every_member(dimension, highest, rng):
    space, score = Space(dimension, 2), Score()
    jets = JetSpace(space, tuple(derivative_sets(dimension, highest)))
    for kind in ("ordinary", "integers", "small", "constant"):
        a: Jet = {o: random_model(rng, space, shape, kind) for o in jets.orders}
        b: Jet = {
            o: random_model(rng, space, shape, "ordinary")
            for o in jets.orders
            if sum(o) < 2
        }
        product = _jets.multiply(a, b, jets)
        truth = lambda x, y: jet_product(x, y, jets.orders)
        _compare_jets(score, rng, kind, [a, b], product, truth, jets, 2)
        square = _jets.multiply(a, a, jets)
        truth = lambda x: jet_product(x, x, jets.orders)
        _compare_jets(score, rng, kind, [a], square, truth, jets, 2)
    score.check(200)


def test_sets_of_derivatives_are_closed_downwards():
    found = closed_downwards({(2, 1), (0, 3)})
    expected = {(i, j) for i in range(3) for j in range(2)} | {(0, k) for k in range(4)}
    assert set(found) == expected and len(found) == len(expected)
    assert list(found) == sorted(found, key=lambda o: (sum(o), o))


# Whole programs.

names = ("x", "y", "z")
lower, length = "-pi/3", "2.7"


def enclosed(
    program: Program,
    weights: dict[str, np.ndarray],
    centers: np.ndarray,
    halves: np.ndarray,
    jets: JetSpace,
) -> Jet:
    """Derivatives of the output over boxes of [lower, lower + length]^d."""
    centers, halves = jnp.asarray(centers), jnp.asarray(halves)
    low, long = (
        tuple(np.full(jets.space.dimension, part) for part in ball_of(text))
        for text in (lower, length)
    )
    given = {
        name: _coordinate(i, centers[:, i], halves[:, i], low, long, jets)
        for i, name in enumerate(names[: jets.space.dimension])
    }
    for item in program.of_kind("constant"):
        value, radius = ball_of(item.value)
        model = tm.constant(jnp.asarray(value), jnp.asarray(radius), jets.space)
        given[item.name] = {jets.zero: model}
    arrays = {n: jnp.asarray(w) for n, w in weights.items()}
    return interpret(program, {**given, **arrays}, jets, len(centers))["u"]


def differentiated(program, weights, center, half, point, jets) -> ArbJet:
    """The same at one point of one box, by Arb."""
    given: dict = dict(weights)
    for i, name in enumerate(names[: jets.space.dimension]):
        s = rational(center[i]) + rational(half[i]) * point[i]
        one = tuple(int(k == i) for k in range(jets.space.dimension))
        x = -arb.pi() / 3 + arb(s) * arb(fmpq(27, 10))
        given[name] = {jets.zero: x, one: arb(1)}
    texts = {"sqrt(1/2)": arb(fmpq(1, 2)).sqrt(), "pi/3": arb.pi() / 3}
    for item in program.of_kind("constant"):
        value = texts.get(item.value)
        numerator, _, denominator = item.value.partition("/")
        if value is None:
            value = arb(fmpq(int(numerator), int(denominator or 1)))
        given[item.name] = {jets.zero: value}
    return program_jets(program, given, jets.orders)["u"]


def _compare_program(score, rng, program, weights, jets, exponents, what, boxes=2):
    dimension, count = jets.space.dimension, len(exponents) * boxes
    centers = rng.uniform(0.1, 0.9, (count, dimension))
    sizes = [0.0 if e is None else 2.0**-e for e in exponents]
    halves = np.repeat(np.array(sizes), boxes)[:, None] * np.ones((1, dimension))
    jet = enclosed(program, weights, centers, halves, jets)
    readers = {o: Reader(m, jets.space, (count,)) for o, m in jet.items()}
    for box in range(count):
        for point in random_points(rng, dimension, 2):
            exact = differentiated(
                program, weights, centers[box], halves[box], point, jets
            )
            for order in jets.orders:
                value = exact.get(order, arb(0))
                if order not in readers:
                    assert value == 0
                    continue
                assert halves[box, 0] > 2.0**-6 or readers[order].finite[box], what
                if readers[order].finite[box]:
                    claimed = ball(readers[order].polynomial(box, point))
                    radius = ball(readers[order].radius(box))
                    where = f"{what}, order {order}, half {halves[box, 0]}"
                    score.compare(value - claimed, radius, where)


@pytest.mark.parametrize("layer", layers)
def test_derivatives_of_programs_hold_on_boxes_of_every_size(layer, rng):
    """Half-widths from a quarter to nothing, in one, two and three dimensions."""
    score = Score()
    for dimension, degree, highest in ((1, 4, 4), (2, 3, 2), (3, 1, 2)):
        jets = JetSpace(
            Space(dimension, degree), tuple(derivative_sets(dimension, highest))
        )
        kinds = [layer] if dimension > 1 else ["tanh", layer]
        program, weights = random_program(rng, names[:dimension], kinds)
        exponents = (2, 5, 10, 20, 30, None)
        _compare_program(
            score, rng, program, weights, jets, exponents, f"{layer} in {dimension}", 1
        )
    score.check(90)


def test_a_deep_net_of_every_activation(rng):
    space = Space(2, 2)
    jets = JetSpace(space, closed_downwards({(2, 0), (0, 1)}))
    score = Score()
    for _ in range(3):
        kinds = [str(k) for k in rng.choice(layers[:10], 4)]
        program, weights = random_program(rng, names[:2], kinds, width=4)
        _compare_program(score, rng, program, weights, jets, (9, 14, None), str(kinds))
    score.check(100)


@pytest.mark.parametrize("degree", [1, 2, 3, 4])
def test_radii_shrink_like_the_next_power_of_the_width(degree, rng):
    """The bound is not only valid but of the order that Taylor's theorem promises."""
    jets = JetSpace(Space(2, degree), closed_downwards({(2, 0), (0, 1)}))
    program, weights = random_program(rng, names[:2], ["tanh", "sin"])
    exponents = np.array([5, 6, 7]) if degree > 2 else np.array([7, 8, 9])
    centers = np.full((3, 2), 0.4375)
    halves = 2.0 ** -exponents[:, None] * np.ones((1, 2))
    jet = enclosed(program, weights, centers, halves, jets)
    for model in jet.values():
        radius = np.asarray(model.radius)
        rates = np.log2(radius[:-1] / radius[1:])
        assert np.all(rates > degree + 0.7), rates


def test_radii_reach_rounding(rng):
    """On a point nothing but rounding is left."""
    jets = JetSpace(Space(1, 3), tuple(derivative_sets(1, 3)))
    program, weights = random_program(rng, names[:1], ["tanh", "sin"])
    jet = enclosed(program, weights, np.full((1, 1), 0.3), np.zeros((1, 1)), jets)
    for model in jet.values():
        value, radius = float(model.coefficients[0][0]), float(model.radius[0])
        assert 0.0 < radius < 1e-11 * max(1.0, abs(value))


def test_compiled_programs_hold_too(rng):
    """As one compiled function, where XLA fuses, contracts and recomputes."""
    jets = JetSpace(Space(2, 3), closed_downwards({(2, 0), (0, 1)}))
    program, weights = random_program(rng, names[:2], ["tanh", "swish"])
    centers = rng.uniform(0, 1, (64, 2))
    halves = 2.0 ** -rng.integers(3, 30, (64, 1)) * np.ones((1, 2))
    run = jax.jit(lambda *a: enclosed(program, *a, jets))
    jet = run({n: jnp.asarray(w) for n, w in weights.items()}, centers, halves)
    readers = {o: Reader(m, jets.space, (64,)) for o, m in jet.items()}
    score = Score()
    for box in range(64):
        (point,) = random_points(rng, 2, 1)
        exact = differentiated(program, weights, centers[box], halves[box], point, jets)
        for order, reader in readers.items():
            claimed = ball(reader.polynomial(box, point))
            where = f"order {order}, half {halves[box, 0]}"
            score.compare(exact[order] - claimed, ball(reader.radius(box)), where)
    score.check(64 * len(jets.orders))


def test_powers_by_repeated_squaring():
    """Every exponent: (3 + ξ/8)^n at the corners, against rational numbers."""
    jets = JetSpace(Space(1, 2), ((0,),))
    item = Input("x", "coordinate")
    x = {(0,): TaylorModel((jnp.full((1,), 3.0), jnp.full((1,), 0.125), None), None)}
    for n in range(2, 65):
        program = Program((item,), (("ipow", (0,), n),), {"u": 1})
        power = interpret(program, {"x": x}, jets, 1)["u"]
        reader = Reader(power[(0,)], jets.space, (1,))
        score = Score()
        for corner in (-1, 1):
            exact = fmpq(24 + corner, 8) ** n
            claimed = reader.polynomial(0, (fmpq(corner),))
            score.compare(exact - claimed, reader.radius(0), f"power {n}")
            assert reader.radius(0) < exact * ceil(n**3 / 8) / 100
        score.check(2)
