"""Taylor models against exact rational arithmetic."""

import itertools
import math
from fractions import Fraction

import flint
import numpy as np
import pytest
from flint import arb

from certax_checker.equations import _means
from certax_checker.kernel import _functions, _models
from certax_checker.kernel._errors import Refusal
from certax_checker.kernel._models import Model

LEAVES = 3


@pytest.fixture(autouse=True)
def precision():
    flint.ctx.prec = 128


def exact_point(generator, dimension):
    return [
        Fraction(int(generator.choice([-1, 0, 1, 3])), 3)
        if generator.random() < 0.3
        else Fraction(float(generator.uniform(-1, 1)))
        for _ in range(dimension)
    ]


def random_model(generator, dimension, degree, shape=(LEAVES,)):
    size = 10.0 ** generator.integers(-12, 12)
    monomials = [
        m
        for m in itertools.product(range(degree + 1), repeat=dimension)
        if sum(m) <= degree and generator.random() < 0.8
    ]
    terms = {m: size * generator.standard_normal(shape) for m in monomials}
    return Model(
        terms, size * 10.0 ** -generator.integers(1, 18) * generator.random(shape)
    )


def value(model, point, place):
    """The polynomial at a point of a leaf, exactly."""
    total = Fraction(0)
    for monomial, c in model.terms.items():
        shape = np.broadcast_shapes(c.shape, model.radius.shape)
        term = Fraction(float(np.broadcast_to(c, shape)[place]))
        for x, n in zip(point, monomial, strict=True):
            term *= x**n
        total += term
    return total


def radius(model, place):
    shape = np.broadcast_shapes(model.radius.shape, model.total.shape)
    return Fraction(float(np.broadcast_to(model.radius, shape)[place]))


def members(generator, model, point, place):
    """Exact values of functions in the model: the ends and something between."""
    middle, reach = value(model, point, place), radius(model, place)
    share = Fraction(float(generator.uniform(-1, 1)))
    return [middle - reach, middle + reach, middle + share * reach]


@pytest.mark.parametrize("seed", range(25))
def test_arithmetic_encloses(seed):
    generator = np.random.default_rng(seed)
    dimension, degree = int(generator.integers(1, 4)), int(generator.integers(0, 5))
    a, b, c, d = (random_model(generator, dimension, degree) for _ in range(4))
    product = _models.multiply([(a, b), (c, d)], degree)
    assert all(sum(m) <= degree for m in product.terms)
    pairs = {
        "sum": (_models.add(a, b), lambda x, y, z, w: x + y),
        "difference": (_models.add(a, b, -1), lambda x, y, z, w: x - y),
        "product": (product, lambda x, y, z, w: x * y + z * w),
        "negative": (_models.negate(a), lambda x, y, z, w: -x),
        "scaled": (_models.scale(a, 7, -3), lambda x, y, z, w: x * 7 / -3),
        "wider": (_models.widen(a, 0.125), lambda x, y, z, w: x + Fraction(1, 8)),
    }
    for place in range(LEAVES):
        point = exact_point(generator, dimension)
        values = [members(generator, m, point, place) for m in (a, b, c, d)]
        for name, (model, f) in pairs.items():
            middle, reach = value(model, point, place), radius(model, place)
            for sample in itertools.product(*values):
                assert abs(f(*sample) - middle) <= reach, name


@pytest.mark.parametrize("seed", range(10))
def test_vectors_enclose(seed):
    generator = np.random.default_rng(seed)
    rows, columns, degree = 4, int(generator.integers(1, 6)), 2
    a = random_model(generator, 2, degree, (columns, LEAVES))
    matrix = generator.standard_normal((rows, columns))
    matrix *= 10.0 ** generator.integers(-8, 8, (rows, columns))
    image, total = _models.matvec(matrix, a), _models.total(a)
    for place in range(LEAVES):
        point = exact_point(generator, 2)
        for end in range(3):
            entries = [
                members(generator, a, point, (j, place))[end] for j in range(columns)
            ]
            for i in range(rows):
                exact = sum(Fraction(matrix[i, j]) * entries[j] for j in range(columns))
                reach = radius(image, (i, place))
                assert abs(exact - value(image, point, (i, place))) <= reach
            assert abs(sum(entries) - value(total, point, place)) <= radius(
                total, place
            )


def test_bounds_enclose():
    generator = np.random.default_rng(0)
    for _ in range(20):
        a = random_model(generator, 2, 3)
        bound, upper = a.bound, _models.upper_end(a)
        for place, _ in itertools.product(range(LEAVES), range(5)):
            point = exact_point(generator, 2)
            for sample in members(generator, a, point, place):
                assert abs(sample) <= Fraction(float(bound[place]))
                assert sample <= Fraction(float(upper[place]))


def test_root_mean_square_of_a_polynomial():
    generator = np.random.default_rng(1)
    for _ in range(20):
        a = random_model(generator, 2, 3)
        found = _means.mean_square_root(a)
        for place in range(LEAVES):
            mean = Fraction(0)
            for (m, x), (n, y) in itertools.product(a.terms.items(), repeat=2):
                total = [i + j for i, j in zip(m, n, strict=True)]
                if all(k % 2 == 0 for k in total):
                    factor = Fraction(1)
                    for k in total:
                        factor /= k + 1
                    mean += (
                        Fraction(float(x[place])) * Fraction(float(y[place])) * factor
                    )
            reach = radius(a, place)
            over = Fraction(float(found[place])) - reach
            assert over >= 0 and over**2 >= mean
            assert over**2 <= mean * Fraction(101, 100) + reach**2


def test_tiny_and_huge_numbers_stay_enclosed():
    for x, y in ((1e-200, 1e-200), (1e-308, 0.5), (5e-324, 0.4), (1e200, 1e100)):
        zero = np.zeros(1)
        a, b = Model({(0,): np.array([x])}, zero), Model({(0,): np.array([y])}, zero)
        made = _models.multiply([(a, b)], 2)
        exact = Fraction(x) * Fraction(y)
        assert abs(exact - value(made, [Fraction(0)], 0)) <= radius(made, 0)


def test_overflow_is_never_finite():
    with np.errstate(all="ignore"):
        a = Model({(0,): np.array([1e300])}, np.zeros(1))
        assert not np.isfinite(_models.multiply([(a, a)], 1).bound).any()
        assert not np.isfinite(
            _models.add(a, _models.scale(a, 2**50), 1).bound
        ).any() or (
            value(_models.scale(a, 2**50), [Fraction(0)], 0) == Fraction(1e300) * 2**50
        )
        vector = Model({(0,): np.full((2, 1), 1e300)}, np.zeros((2, 1)))
        huge = _models.matvec(np.full((1, 2), 1e300), vector)
        assert not np.isfinite(huge.bound).any()


NAMES = ["tanh", "logistic", "softplus", "sin", "cos", "erf", "exp"]


def truth(name, x, order):
    """Taylor coefficients of a function at x by Arb's power series."""
    flint.ctx.cap = order + 1
    z = flint.arb_series([x, 1])
    table = {
        "tanh": lambda: 1 - 2 / (1 + (2 * z).exp()),
        "logistic": lambda: 1 / (1 + (-z).exp()),
        "softplus": lambda: (1 + z.exp()).log(),
        "recip": lambda: 1 / z,
    }
    line = table[name]() if name in table else getattr(z, name)()
    return [line[k] for k in range(order + 1)]


@pytest.mark.parametrize("name", [*NAMES, "recip", "log", "sqrt"])
def test_coefficients_and_remainders_of_functions(name):
    flint.ctx.prec = 300
    generator = np.random.default_rng(5)
    centers = generator.standard_normal(12) * 10.0 ** generator.integers(-3, 2, 12)
    if name not in NAMES:
        centers = np.abs(centers) + 1e-3
    centers = np.concatenate([centers, -centers if name == "recip" else centers])
    reach = np.abs(centers) * generator.random(24) * 0.95
    found = _functions.expand(name, centers, reach, (0,), 3, 2)
    for leaf, center in enumerate(centers.tolist()):
        exact = truth(name, arb(center), 6)
        for n, ball in enumerate(found.coefficients[:6]):
            middle, size = ball.terms[(0,)][leaf], ball.radius[leaf]
            assert abs(exact[n] - arb(float(middle))) <= arb(float(size)), (name, n)
            assert size <= 1e-13 * max(1.0, abs(center)) ** 8 + 1e-9 * abs(middle)
        for t in np.linspace(-1, 1, 9):
            there = truth(name, arb(center) + arb(float(reach[leaf])) * arb(t), 6)
            for k, bound in enumerate(found.remainders):
                assert not abs(there[4 + k]) > arb(float(bound[leaf])), (
                    name,
                    k,
                    center,
                )


@pytest.mark.parametrize("name", ["tanh", "logistic", "softplus", "sin", "erf"])
def test_suprema_on_the_line(name):
    flint.ctx.prec = 200
    points = [arb(k) / 16 for k in range(-96, 97)]
    for n in range(1, 9):
        largest = max(float(abs(truth(name, x, n)[n]).lower()) for x in points)
        supremum = _functions.supremum(name, n)
        assert largest <= supremum <= (6 if name == "erf" else 2) * largest


@pytest.mark.parametrize("name", ["tanh", "logistic"])
def test_decay_far_from_zero(name):
    flint.ctx.prec = 200
    for n in range(1, 8):
        for k in range(-40, 41):
            coefficients = truth(name, arb(k) / 4, n)
            assert (
                abs(coefficients[n]) <= arb(_functions.decay(name, n)) * coefficients[1]
            )


def test_derivatives_of_erf_far_from_zero():
    flint.ctx.prec = 200
    for n in range(1, 9):
        for k in range(-40, 41):
            x = arb(k) / 5
            size = abs(truth("erf", x, n)[n]) * (x * x / 2).exp()
            assert size <= arb(_functions.decay("erf", n)), (n, k)
        assert _functions.decay("erf", n) <= 2 * _functions.supremum("erf", n)


def test_undefined_functions_are_refused():
    for name, center, reach in (
        ("log", 1.0, 1.0),
        ("log", -2.0, 0.5),
        ("sqrt", 0.0, 0.0),
        ("recip", 1.0, 1.0),
        ("recip", -1.0, 2.0),
        ("recip", 0.0, 0.0),
        ("recip", 1.0, math.nan),
        ("tanh", math.inf, 0.0),
        ("exp", math.nan, 0.0),
    ):
        with pytest.raises(Refusal):
            _functions.expand(name, np.array([center]), np.array([reach]), (0,), 2, 0)


@pytest.mark.parametrize("dimension, degree", [(1, 0), (1, 5), (2, 3), (3, 2)])
def test_lower_bound_of_the_mean(dimension, degree):
    generator = np.random.default_rng(dimension + 10 * degree)
    for _ in range(20):
        a = random_model(generator, dimension, degree)
        found = np.broadcast_to(_means.mean_below(a), (LEAVES,))
        for place in range(LEAVES):
            mean = Fraction(0)
            for m, x in a.terms.items():
                if all(k % 2 == 0 for k in m):
                    mean += Fraction(float(x[place])) / math.prod(k + 1 for k in m)
            exact = mean - radius(a, place)
            assert Fraction(float(found[place])) <= exact
            size = exact - Fraction(float(found[place]))
            scale = sum(abs(Fraction(float(c[place]))) for c in a.terms.values())
            assert size <= (scale + radius(a, place)) / 10**8 + Fraction(1, 10**280)


def test_euclidean_lengths_are_not_too_small():
    generator = np.random.default_rng(5)
    for size in (1e-200, 1e-100, 1e-9, 1.0, 1e100):
        rows = [size * generator.random(LEAVES) for _ in range(4)]
        found = _means.euclidean(rows)
        for place in range(LEAVES):
            exact = sum(Fraction(float(row[place])) ** 2 for row in rows)
            assert Fraction(float(found[place])) ** 2 >= exact
            if size >= 1e-100:
                assert Fraction(float(found[place])) ** 2 <= exact * Fraction(1.0001)
    assert _means.euclidean([np.zeros(1)])[0] == 0
