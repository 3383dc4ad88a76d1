"""Operations on Taylor models: whatever functions the arguments enclose, the result
encloses what the operation makes of them, in exact rational numbers.
"""

from collections.abc import Callable, Iterator

import flint
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exact_models import (
    Reader,
    Score,
    compare_pointwise,
    kinds,
    random_magnitudes,
    random_model,
    random_points,
    rational,
)
from flint import fmpq

from certax.bounds import _taylor_models as tm
from certax.bounds._taylor_models import Space, TaylorModel

spaces = [Space(1, 0), Space(1, 6), Space(2, 1), Space(2, 3), Space(3, 2)]
shape = (6,)


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    before, flint.ctx.prec = flint.ctx.prec, 300
    with jax.enable_x64(True):
        yield
    flint.ctx.prec = before


@pytest.fixture
def rng(seed) -> np.random.Generator:
    return np.random.default_rng(seed)


binary: dict[str, tuple[Callable, Callable]] = {
    "add": (lambda a, b, space: tm.add(a, b), lambda x, y: x + y),
    "subtract": (lambda a, b, space: tm.add(a, b, -1.0), lambda x, y: x - y),
    "multiply": (tm.multiply, lambda x, y: x * y),
    "square plus product": (
        lambda a, b, space: tm.product_sum([(a, a), (a, b), (b, a)], space),
        lambda x, y: x * x + 2 * x * y,
    ),
    "negative": (lambda a, b, space: tm.negative(a), lambda x, y: -x),
    "scaled": (lambda a, b, space: tm.scaled(a, 24.0), lambda x, y: 24 * x),
}


@pytest.mark.parametrize("space", spaces, ids=str)
@pytest.mark.parametrize("name", binary)
def test_ring_operations_enclose_every_member(name, space, rng):
    ours, truth = binary[name]
    score = Score()
    for first in kinds:
        for second in kinds:
            a = random_model(rng, space, shape, first)
            b = random_model(rng, space, shape, second)
            result = ours(a, b, space)
            what = f"{name} of {first}, {second}"
            compare_pointwise(score, rng, what, [a, b], result, truth, space, shape, 2)
    score.check(400)


@pytest.mark.parametrize("name", ["add", "multiply", "square plus product"])
def test_ring_operations_compiled_as_one(name, rng):
    """XLA may then fuse, contract and recompute."""
    ours, truth = binary[name]
    space, score = Space(2, 3), Score()
    compiled = jax.jit(lambda a, b: ours(a, b, space))
    for kind in kinds:
        a = _full(random_model(rng, space, (64,), kind), (64,))
        b = _full(random_model(rng, space, (64,), "ordinary"), (64,))
        result = compiled(a, b)
        compare_pointwise(score, rng, kind, [a, b], result, truth, space, (64,), 2)
    score.check(800)


def _full(a: TaylorModel, shape: tuple[int, ...]) -> TaylorModel:
    """The same structure for every model, so that one compilation serves all."""
    zeros = jnp.zeros(shape)
    coefficients = tuple(zeros if c is None else c for c in a.coefficients)
    radius = jnp.full(shape, tm.tiny) if a.radius is None else a.radius
    return TaylorModel(coefficients, radius)


@pytest.mark.parametrize("kind", kinds)
def test_sums_that_cancel(kind, rng):
    """The radius comes from the size of the result, which may be nothing."""
    space, score = Space(2, 2), Score()
    a = random_model(rng, space, shape, kind)
    last_bits = [
        None if c is None else -c * (1 + 2.0**-52 * rng.integers(-3, 4, shape))
        for c in a.coefficients
    ]
    b = TaylorModel(tuple(last_bits), None)
    result = tm.add(a, b)
    truth = lambda x, y: x + y
    compare_pointwise(score, rng, kind, [a, b], result, truth, space, shape, 8)
    score.check(30)


def test_a_number_that_is_flushed_may_meet_a_large_one(rng):
    """A subnormal number counts as zero; its product with 1e300 must not."""
    space, score = Space(1, 2), Score()
    for small in (5e-324, 1e-310, 2.2e-308):
        for large in (1.0, 1e10, 1e20, 1e300):
            a = TaylorModel(tuple(jnp.full((1,), small) for _ in range(3)), None)
            b = TaylorModel(tuple(jnp.full((1,), large) for _ in range(3)), None)
            product = tm.multiply(a, b, space)
            compare_pointwise(
                score, rng, "product", [a, b], product, lambda x, y: x * y, space, (1,)
            )
            found = tm.matvec(jnp.full((1, 1), small), _column(b))
            truth = lambda y, w=small: rational(w) * y
            compare_pointwise(score, rng, "row", [b], found, truth, space, (1, 1))
            found = tm.matvec(jnp.full((1, 1), large), _column(a))
            truth = lambda x, w=large: rational(w) * x
            compare_pointwise(score, rng, "row", [a], found, truth, space, (1, 1))
    score.check(100)


def _column(a: TaylorModel) -> TaylorModel:
    return tm.mapped(a, lambda c: c[None, :])


@pytest.mark.parametrize("kind", ["ordinary", "integers", "wide", "small", "constant"])
@pytest.mark.parametrize("columns", [1, 3, 40])
def test_matvec_encloses_the_worst_vector(kind, columns, rng):
    """The members go to those edges of their enclosures that move one row furthest."""
    space, boxes, score = Space(2, 2), 3, Score()
    weight = random_magnitudes(rng, (4, columns), kind)
    a = random_model(rng, space, (columns, boxes), kind)
    found = Reader(tm.matvec(jnp.asarray(weight), a), space, (4, boxes))
    given = Reader(a, space, (columns, boxes))
    _compare_rows(score, rng, weight, given, found, boxes)
    score.check(50)


def _compare_rows(score, rng, weight, given, found, boxes) -> None:
    rows, columns = weight.shape
    for box in range(boxes):
        for point in random_points(rng, given.space.dimension, 3):
            for row in range(rows):
                if not found.finite[row * boxes + box]:
                    continue
                for side in (-1, 1):
                    exact = fmpq(0)
                    for j in range(columns):
                        w = rational(weight[row, j])
                        sign = float(side * (1 if w >= 0 else -1))
                        exact += w * given.member(j * boxes + box, point, sign)
                    entry = row * boxes + box
                    claimed = found.polynomial(entry, point)
                    radius = found.radius(entry)
                    score.compare(exact - claimed, radius, f"row {row} at {point}")


def test_totals_are_sums_of_entries(rng):
    space, boxes, score = Space(2, 2), 3, Score()
    for kind in kinds:
        a = random_model(rng, space, (7, boxes), kind)
        found = Reader(tm.total(a), space, (boxes,))
        given = Reader(a, space, (7, boxes))
        _compare_rows(score, rng, np.ones((1, 7)), given, found, boxes)
    score.check(100)


def test_rearrangements_are_exact(rng):
    """Stacked, taken out, broadcast: the same numbers, bit by bit."""
    space = Space(2, 2)
    items = [random_model(rng, space, shape, kind) for kind in kinds]
    stacked = tm.stack(items, shape[0])
    for i, item in enumerate(items):
        mine = Reader(tm.entry(stacked, i), space, shape).table
        np.testing.assert_array_equal(mine, Reader(item, space, shape).table)
    assert tm.stack(items[:1] * 2, shape[0]).coefficients[0].shape == (2, *shape)


@pytest.mark.parametrize("space", spaces, ids=str)
def test_combinations_know_their_numbers_up_to_one_rounding(space, rng):
    score = Score()
    for kind in ("ordinary", "small", "wide", "integers"):
        models = [random_model(rng, space, shape, kind) for _ in range(4)]
        exact = [random_magnitudes(rng, shape, "ordinary") / 3 for _ in range(4)]
        factor = 35.0
        values = [jnp.asarray(v) * factor for v in exact]
        result = tm.combination(values, models, [])
        entry = [0]

        def truth(*members, exact=exact, entry=entry, factor=factor):
            numbers = [rational(v[entry[0] // 4]) * rational(factor) for v in exact]
            entry[0] += 1
            pairs = zip(numbers, members, strict=True)
            return sum((v * f for v, f in pairs), fmpq(0))

        compare_pointwise(score, rng, kind, models, result, truth, space, shape, 4)
    score.check(90)


@pytest.mark.parametrize("space", spaces, ids=str)
def test_bounds_hold_at_corners_and_inside(space, rng):
    score = Score()
    for kind in kinds:
        a = random_model(rng, space, shape, kind)
        reader = Reader(a, space, shape)
        largest = np.broadcast_to(np.asarray(tm.bound(a)), shape)
        spread = np.broadcast_to(np.asarray(tm.spread(a)), shape)
        for entry in range(len(reader)):
            center = rational(reader.table[entry, 0])
            for point in random_points(rng, space.dimension, 4):
                for sign in (-1.0, 1.0):
                    value = reader.member(entry, point, sign)
                    score.compare(value, rational(largest[entry]), f"bound, {kind}")
                    away = value - center
                    score.compare(away, rational(spread[entry]), f"spread, {kind}")
    score.check(500)


@pytest.mark.parametrize("space", [Space(1, 5), Space(2, 3), Space(3, 2)], ids=str)
def test_root_mean_square_bounds_the_mean(space, rng):
    """The mean of |p| + radius, from below by exact integrals over small cells."""
    score = Score()
    for kind in ("ordinary", "integers", "constant", "small", "huge"):
        a = random_model(rng, space, (3,), kind)
        reader = Reader(a, space, (3,))
        bounds = np.broadcast_to(np.asarray(tm.root_mean_square(a, space)), (3,))
        for entry in range(3):
            lower = _mean_of_size(reader, entry) + reader.radius(entry)
            score.compare(lower, rational(bounds[entry]), kind)
    score.check(15)


def _mean_of_size(reader: Reader, entry: int) -> fmpq:
    """The average over cells of |mean of p on the cell|: at most the mean of |p|."""
    d, n = reader.space.dimension, {1: 64, 2: 10, 3: 4}[reader.space.dimension]
    ends = [fmpq(2 * i - n, n) for i in range(n + 1)]
    total = fmpq(0)
    for cell in np.ndindex(*(n,) * d):
        inside = fmpq(0)
        row = reader.table[entry].tolist()
        for c, m in zip(row[:-1], reader.space.monomials, strict=True):
            term = rational(c)
            for axis, k in enumerate(m):
                low, high = ends[cell[axis]], ends[cell[axis] + 1]
                term *= (high ** (k + 1) - low ** (k + 1)) / ((k + 1) * (high - low))
            inside += term
        total += abs(inside)
    return total / n**d


def test_the_root_mean_square_of_known_polynomials():
    """Not only an upper bound: exact up to rounding."""
    space = Space(2, 2)
    for monomial, value in (((0, 0), 1.0), ((1, 0), 3**-0.5), ((1, 1), 1 / 3)):
        coefficients: list = [None] * 6
        coefficients[space.position[monomial]] = jnp.full((2,), -2.0)
        found = tm.root_mean_square(TaylorModel(tuple(coefficients), None), space)
        np.testing.assert_allclose(np.asarray(found), 2.0 * value, rtol=1e-12)


def test_products_below_the_degree_cost_rounding_only(rng):
    """A sharp radius: (1 + ξ)^3 needs no truncation in degree three, but in two."""
    for degree, low, high in ((3, 0.0, 1e-13), (2, 1.0, 1.0 + 1e-12)):
        space = Space(1, degree)
        one = [jnp.ones((1,)), jnp.ones((1,)), *[None] * (degree - 1)]
        line = TaylorModel(tuple(one), None)
        cube = tm.multiply(tm.multiply(line, line, space), line, space)
        assert low <= float(cube.radius[0]) <= high


@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("place", ["coefficient", "radius"])
def test_whatever_is_not_finite_has_no_finite_bound(bad, place, rng):
    space = Space(2, 2)
    good = random_model(rng, space, shape, "ordinary")
    if place == "radius":
        a = TaylorModel(good.coefficients, jnp.full(shape, abs(bad)))
    else:
        broken = tuple(jnp.full(shape, bad) for _ in good.coefficients[:2])
        a = TaylorModel((*broken, *good.coefficients[2:]), good.radius)
    weight = jnp.asarray(rng.normal(size=(2, 2)))
    for result in (
        a,
        tm.add(a, good),
        tm.add(good, a, -1.0),
        tm.multiply(a, good, space),
        tm.multiply(a, a, space),
        tm.scaled(a, 6.0),
        tm.total(tm.stack([a, good], shape[0])),
        tm.entry(tm.matvec(weight, tm.stack([a, good], shape[0])), 0),
        tm.combination([jnp.ones(shape)], [a], []),
    ):
        assert np.all(np.asarray(tm.bound(result)) == np.inf)
        assert np.all(np.asarray(tm.root_mean_square(result, space)) == np.inf)


def test_overflow_gives_no_finite_bound():
    space = Space(1, 1)
    a = TaylorModel((jnp.full((1,), 1e200), jnp.full((1,), -1e200)), None)
    for result in (
        tm.multiply(a, a, space),
        tm.matvec(jnp.full((1, 1), 1e200), _column(a)),
    ):
        assert np.all(np.asarray(tm.bound(result)) == np.inf)


def test_structure_is_kept():
    """What vanishes for every box costs nothing."""
    space = Space(2, 3)
    x = TaylorModel((None, jnp.ones((1,)), *[None] * 8), None)
    square = tm.multiply(x, x, space)
    present = [
        m
        for m, c in zip(space.monomials, square.coefficients, strict=True)
        if c is not None
    ]
    assert present == [tuple(2 * k for k in space.monomials[1])]
    nothing = TaylorModel((None,) * 10, None)
    assert tm.multiply(nothing, x, space) == nothing
    assert tm.total(nothing) == nothing
