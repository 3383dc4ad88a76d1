"""max0 of Taylor models against exact rationals, and its generalized gradient."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exact_models import (
    Reader,
    Score,
    compare_pointwise,
    kinds,
    random_model,
    random_points,
    random_sign,
)
from flint import fmpq

from certax import CertaxError
from certax.bounds import _taylor_models as tm
from certax.bounds._ends import ends
from certax.bounds._jets import Jet, JetSpace
from certax.bounds._kinks import positive_part
from certax.bounds._taylor_models import Space, TaylorModel

shape = (48,)


@pytest.fixture(autouse=True)
def double_precision(x64):
    pass


@pytest.fixture
def rng(seed) -> np.random.Generator:
    return np.random.default_rng(seed)


def positive(x: fmpq) -> fmpq:
    return x if x > 0 else fmpq(0)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("kind", kinds)
def test_the_positive_part_encloses_every_member(kind, compiled, rng):
    """Also where the kink is at an end of the range, and by one rounding beside it."""
    score = Score()
    for space in (Space(1, 3), Space(2, 2)):
        jets = JetSpace(space, ((0,) * space.dimension,))
        run = lambda m, jets=jets: positive_part({jets.zero: m}, jets)[jets.zero]
        run = jax.jit(run) if compiled else run
        for _ in range(2):
            model = random_model(rng, space, shape, kind)
            size = np.asarray(tm.spread(model))
            # Centers at and next to the places where the range touches zero.
            place = rng.choice([-1.0, 0.0, 1.0, 1 + 1e-15], shape)
            ordinary = rng.random(shape) < 0.3
            centers = np.where(ordinary, rng.normal(size=shape), size * place)
            others = model.coefficients[1:]
            model = TaylorModel((jnp.asarray(centers), *others), model.radius)
            compare_pointwise(
                score, rng, kind, [model], run(model), positive, space, shape
            )
    score.check(200)


def test_the_positive_part_is_exact_where_the_sign_is_known():
    space = Space(1, 1)
    jets = JetSpace(space, ((0,),))
    model = TaylorModel((jnp.array([3.0, -3.0]), jnp.array([1.0, 1.0])), None)
    found = positive_part({(0,): model}, jets)[(0,)]
    assert found.coefficients[0].tolist() == [3.0, 0.0]
    assert found.coefficients[1].tolist() == [1.0, 0.0]
    assert np.all(np.asarray(found.radius) < 1e-14)


def test_the_line_through_the_kink_is_the_best_one():
    """max(ξ, 0) on [-1, 1] is within 1/4 of (ξ + 1/2)/2, and of no other line."""
    space = Space(1, 1)
    model = TaylorModel((jnp.zeros((1,)), jnp.ones((1,))), None)
    found = positive_part({(0,): model}, JetSpace(space, ((0,),)))[(0,)]
    numbers = [float(a[0]) for a in (*found.coefficients, found.radius)]
    assert numbers == pytest.approx([0.25, 0.5, 0.25], abs=1e-14)


def test_slopes_enclose_every_choice_at_the_kink(rng):
    """H z' for every H that a composition can have there, and all members z'."""
    space, score = Space(2, 2), Score()
    jets = JetSpace(space, ((0, 0), (0, 1), (1, 0)))
    for _ in range(6):
        given: Jet = {
            o: random_model(rng, space, shape, "ordinary") for o in jets.orders
        }
        found = positive_part(given, jets, generalized=True)
        value = Reader(given[jets.zero], space, shape)
        low, high = (np.broadcast_to(e, shape) for e in ends(given[jets.zero], space))
        for order in jets.orders[1:]:
            slope = Reader(given[order], space, shape)
            claim = Reader(found[order], space, shape)
            for entry in range(shape[0]):
                (point,) = random_points(rng, 2, 1)
                member = value.member(entry, point, random_sign(rng))
                choices = [fmpq(1)] if member > 0 else [fmpq(0)]
                if low[entry] < 0 < high[entry]:
                    choices = [fmpq(0), fmpq(1), fmpq(1, 3)]
                for choice in choices:
                    truth = choice * slope.member(entry, point, random_sign(rng))
                    away = truth - claim.polynomial(entry, point)
                    score.compare(away, claim.radius(entry), f"slope {choice}")
    score.check(400)


@pytest.mark.parametrize("orders", [((0,), (1,)), ((0,), (1,), (2,))])
def test_derivatives_at_a_kink_are_refused(orders):
    jets = JetSpace(Space(1, 1), orders)
    one = TaylorModel((jnp.ones((1,)), None), None)
    with pytest.raises(CertaxError, match="has no derivative at its kink"):
        positive_part(dict.fromkeys(orders, one), jets, generalized=len(orders) > 2)


@pytest.mark.parametrize("kind", kinds)
def test_ends_hold_every_member(kind, rng):
    score = Score()
    for space in (Space(1, 4), Space(2, 3), Space(3, 2)):
        for _ in range(3):
            model = random_model(rng, space, shape, kind)
            low, high = (np.broadcast_to(e, shape) for e in ends(model, space))
            reader = Reader(model, space, shape)
            for entry in range(shape[0]):
                if not (np.isfinite(low[entry]) and np.isfinite(high[entry])):
                    continue
                for point in random_points(rng, space.dimension, 2):
                    member = reader.member(entry, point, random_sign(rng))
                    bottom = fmpq(*float(low[entry]).as_integer_ratio())
                    top = fmpq(*float(high[entry]).as_integer_ratio())
                    middle, half = (bottom + top) / 2, (top - bottom) / 2
                    score.compare(member - middle, half, kind)
    score.check(300)


def test_ends_use_that_squares_are_not_negative():
    model = TaylorModel((jnp.ones((1,)), None, jnp.full((1,), 2.0)), None)
    low, high = ends(model, Space(1, 2))
    assert float(low[0]) == pytest.approx(1.0, abs=1e-14) and float(low[0]) < 1.0
    assert float(high[0]) == pytest.approx(3.0, abs=1e-14) and float(high[0]) > 3.0
    infinite = TaylorModel((jnp.array([jnp.inf, jnp.nan]), None, None), None)
    assert [np.asarray(e).tolist() for e in ends(infinite, Space(1, 2))] == [
        [-np.inf] * 2,
        [np.inf] * 2,
    ]
