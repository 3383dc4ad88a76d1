"""Elementary functions at many numbers against Arb at 400 bits."""

import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from flint import arb

from certax_checker.kernel import _values
from certax_checker.kernel._values import function

NAMES = "tanh logistic softplus sin cos erf bell exp log".split()


@pytest.fixture(autouse=True)
def precision():
    flint.ctx.prec = 128
    # Other tests of this process may have filled it at another precision.
    _values._anchored.cache_clear()


def check(name, centers, model):
    """Each value's true distance from the middle is at most the radius."""
    flint.ctx.prec = 400
    middles = np.broadcast_to(model.terms[(0,)], centers.shape).ravel().tolist()
    radii = np.broadcast_to(model.radius, centers.shape).ravel().tolist()
    for x, middle, radius in zip(centers.ravel().tolist(), middles, radii, strict=True):
        if math.isfinite(middle) and math.isfinite(radius):
            assert abs(function(name, arb(x)) - arb(middle)) <= arb(radius), (name, x)
    flint.ctx.prec = 128


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.mark.parametrize("name", NAMES)
def test_few_numbers_come_from_arb_itself(name):
    centers = np.array([5e-324, 1e-310, 1e-9, 1.5707963267948966, 40.0, 700.0, 1e22])
    centers = centers if name == "log" else np.concatenate([[0.0], centers, -centers])
    check(name, centers, _values.values(name, centers, (0,)))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("start", [0.0, 2.0, -3.0, 11.0, 40.0])
def test_many_numbers_come_from_the_anchors_among_them(name, start, rng):
    if name == "log" and start < 0:
        return
    edges = (np.arange(0, 2 * _values.ANCHORS) / (2 * _values.ANCHORS)) + start
    beside = [np.nextafter(edges, -np.inf), edges, np.nextafter(edges, np.inf)]
    tiny = start + 10.0 ** rng.uniform(-300, -3, 100)
    centers = np.concatenate([*beside, tiny, start + rng.random(900)])
    if name == "log":
        centers = np.abs(centers) + (start == 0)
    before = _values._anchored.cache_info()
    model = _values.values(name, centers, (0,))
    after = _values._anchored.cache_info()
    assert after.hits + after.misses > before.hits + before.misses
    check(name, centers, model)
    # And the radii are those of rounding, not of the remainder.
    allowed = 4 * 2.0**-52 * np.abs(model.terms[(0,)]).max() + 1e-280
    assert np.median(model.radius) < allowed


def test_a_wrong_value_would_be_noticed(rng):
    """The comparison above is able to fail: the radii leave no room for 4 units."""
    centers = rng.random(3000)
    model = _values.values("tanh", centers, (0,))
    model.terms[(0,)] = model.terms[(0,)] * (1 + 4 * 2.0**-52)
    with pytest.raises(AssertionError):
        check("tanh", centers, model)


def test_anchors_are_left_where_the_function_is_not_defined_around_them(rng):
    centers = 1e-3 * (1.0 + rng.random(3000))
    check("log", centers, _values.values("log", centers, (0,)))
    centers = np.full(3000, 1e300)
    check("tanh", centers, _values.values("tanh", centers, (0,)))


def test_steps_from_anchors_are_exact(rng):
    sizes = 2.0 ** rng.uniform(-30, 20, 2000)
    centers = np.concatenate([sizes, -sizes, np.arange(300) / 256, [5e-324]])
    nearest = np.rint(centers * _values.ANCHORS)
    steps = centers - nearest / _values.ANCHORS
    for c, n, s in zip(centers.tolist(), nearest.tolist(), steps.tolist(), strict=True):
        assert Fraction(s) == Fraction(c) - Fraction(n) / _values.ANCHORS
        assert abs(s) <= 0.5 / _values.ANCHORS
