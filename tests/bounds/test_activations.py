"""Taylor coefficients, their errors and remainders of activations, against Arb."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import jax
import numpy as np
import pytest
from flint import arb, arb_series, ctx, fmpq, fmpq_poly

from certax import CertaxError
from certax.bounds import _taylor_coefficients as tables
from certax.bounds._activations import activation, remainder, taylor

smallest = np.finfo(np.float64).tiny
pi = arb.pi


def _tanh(x: arb_series) -> arb_series:
    if x[0] < 0:
        return -_tanh(-x)
    decayed = (-2 * x).exp()
    return (1 - decayed) / (1 + decayed)


def _logistic(x: arb_series) -> arb_series:
    return (1 + _tanh(x / 2)) / 2


series = {
    "cos": arb_series.cos,
    "cospi": arb_series.cos_pi,
    "erf": arb_series.erf,
    "exp": arb_series.exp,
    "log": arb_series.log,
    "logistic": _logistic,
    "reciprocal": lambda x: 1 / x,
    "sin": arb_series.sin,
    "sinpi": arb_series.sin_pi,
    "softplus": lambda x: (1 + x.exp()).log(),
    "sqrt": arb_series.sqrt,
    "tanh": _tanh,
}
positive = ("log", "sqrt")


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    with jax.enable_x64(True):
        yield


@contextmanager
def precision(bits: int) -> Iterator[None]:
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = bits, 64  # power series are cut at `cap` terms, 10 by default
    try:
        yield
    finally:
        ctx.prec, ctx.cap = before


def expanded(name: str) -> Callable:
    return jax.jit(taylor(name), static_argnums=1)


def remainders(name: str, orders: tuple[int, ...]) -> Callable:
    compiled = jax.jit(lambda c, r: [remainder(name)(c, r, n) for n in orders])
    return lambda c, r: [np.asarray(bound) for bound in compiled(c, r)]


def exact_coefficients(name: str, c: arb, order: int) -> list[arb]:
    expansion = series[name](arb_series([c, 1], prec=order + 1))
    return [expansion[j] for j in range(order + 1)]


def centers(name: str, count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    sizes = np.concatenate(
        [
            10.0 ** random.uniform(-12, 2, count),
            random.uniform(0, 4, count),
            [1.0, 0.5, 19.0, 26.0, 30.0, 500.0],
            [] if name == "exp" else [1e4],
        ]
    )
    signs = 1.0 if name in positive else random.choice([-1.0, 1.0], sizes.size)
    return signs * sizes


@pytest.mark.parametrize("name", series)
def test_coefficients_are_within_their_errors_which_are_not_silly(name: str):
    c, order = centers(name, 60, seed=7), 14
    pairs = expanded(name)(c, order)
    table = [(np.asarray(a), np.asarray(e)) for a, e in pairs]
    with precision(1500):
        for i, point in enumerate(c.tolist()):
            exact = exact_coefficients(name, arb(point), order)
            for j, (a, e) in enumerate(table):
                if np.isfinite(e[i]):
                    gap = abs(arb(float(a[i])) - exact[j])
                    assert gap <= arb(float(e[i])), (point, j, a[i], e[i])
                else:
                    assert abs(exact[j]) > 1e290
    moderate = (np.abs(c) > 0.3) & (np.abs(c) < 3.0)
    for j, (a, e) in enumerate(table):
        scale = math.pi**j / math.factorial(j) if "pi" in name else 1.0
        allowed = 2e-14 * np.maximum(np.abs(a), max(scale, 1.0))
        assert np.all(e[moderate] <= allowed[moderate]), j


@pytest.mark.parametrize("name", series)
def test_coefficient_errors_are_infinite_outside_the_support(name: str):
    outside = {
        "exp": [710.0],
        "sin": [2e6],
        "cos": [-2e6],
        "log": [0.0, -1.0, 5e-324],
        "sqrt": [-1.0, -5e-324],
        "reciprocal": [0.0, 5e-324],
    }
    c = np.asarray([np.nan, np.inf, -np.inf, *outside.get(name, [])])
    for a, e in expanded(name)(c, 3):
        assert np.all(np.asarray(e) == np.inf)
        assert np.all(np.isfinite(a))


orders = (0, 1, 3, 8, 15)


def balls(name: str, seed: int) -> tuple[np.ndarray, np.ndarray]:
    c = centers(name, 20, seed)
    c = c[np.abs(c) < 400]
    radii = np.asarray([0.0, 1e-9, 1e-3, 0.1, 0.7, 3.0])
    c, r = (a.ravel() for a in np.meshgrid(c, radii))
    relative = name in (*positive, "reciprocal")
    return c, np.where(relative, np.minimum(r, 0.9) * np.abs(c), r)


@pytest.mark.parametrize("name", series)
def test_remainders_bound_the_derivatives_on_the_ball(name: str):
    c, radius = balls(name, seed=8)
    bounds = np.stack(remainders(name, orders)(c, radius), axis=1)
    assert np.isfinite(bounds[:, :3]).all()
    places = [fmpq(-1), fmpq(1), fmpq(0), fmpq(1, 3), fmpq(-3, 5)]
    close = 0
    with precision(400):
        for center, r, row in zip(c.tolist(), radius.tolist(), bounds, strict=True):
            largest = [arb(0)] * len(orders)
            for place in places:
                x = arb(center) + arb(r) * place
                exact = exact_coefficients(name, x, orders[-1])
                largest = [
                    abs(exact[n]).max(m) for n, m in zip(orders, largest, strict=True)
                ]
            for n, m, bound in zip(orders, largest, row.tolist(), strict=True):
                assert arb(bound) >= m, (center, r, n, bound)
                close += bound <= 1.5 * float(m.mid()) + 1e-14
    # Not silly: most bounds are within half of what was seen at five points.
    assert close >= 0.5 * bounds.size


@pytest.mark.parametrize("name", series)
def test_remainders_of_points_are_the_coefficients(name: str):
    @jax.jit
    def gaps(c):
        (value, _), bound = taylor(name)(c, 3)[3], remainder(name)(c, 0.0 * c, 3)
        return bound - abs(value), 1e-12 * (1 + abs(value))

    gap, allowed = gaps(np.linspace(0.2, 3.5, 34))
    assert np.all(gap <= allowed)


@pytest.mark.parametrize("name", series)
def test_remainders_are_infinite_where_the_ball_leaves_the_domain(name: str):
    c = [np.nan, np.inf, 1.0, 1.0]
    radius = [1.0, 1.0, np.nan, -1.0]
    if name in positive:
        c, radius = [*c, 1.0, 1.0, -3.0], [*radius, 1.5, 1.0, 1.0]
    if name == "reciprocal":
        c, radius = [*c, 1.0, -1.0, 0.0], [*radius, 1.5, 1.0, 0.0]
    if name == "exp":
        c, radius = [*c, 709.0, 0.0], [*radius, 1.0, np.inf]
    for bound in remainders(name, (0, 2))(np.asarray(c), np.asarray(radius)):
        assert np.all(np.asarray(bound) == np.inf)


def test_bounded_functions_have_finite_remainders_on_the_whole_line():
    for name in ("tanh", "logistic", "sin", "cospi", "erf"):
        bound = remainder(name)(np.zeros(1), np.full(1, 1e300), 3)
        assert np.all(np.isfinite(bound))


def test_saturated_remainders_decay():
    """Far out, the bound for tanh follows the function instead of its maximum."""
    bound = np.asarray(remainder("tanh")(np.asarray([10.0]), np.asarray([0.5]), 3))
    assert bound < 1e-6


def polynomial_bound(p: fmpq_poly, low: fmpq, high: fmpq) -> arb:
    """Bound `|p|` on an interval by its Taylor coefficients at the middle."""
    shifted = p(fmpq_poly([(low + high) / 2, (high - low) / 2]))
    return sum((abs(arb(c)) for c in shifted.coeffs()), arb(0))


def prove_below(bound: Callable, low: fmpq, high: fmpq, claim: float) -> None:
    """Assert `bound <= claim` on pieces of `[low, high]`, halved as often as needed."""
    pieces = [(low, high)]
    for _ in range(20_000):
        if not pieces:
            return
        low, high = pieces.pop()
        if not bound(low, high) <= arb(claim):
            middle = (low + high) / 2
            pieces += [(low, middle), (middle, high)]
    raise AssertionError(f"no proof of {claim} near {low}")


def tanh_polynomials() -> list[fmpq_poly]:
    """`p_n` with `tanh^(n) / n! = p_n(tanh)`."""
    polynomials, one_minus_square = [fmpq_poly([0, 1])], fmpq_poly([1, 0, -1])
    for n in range(tables.highest_order):
        slope = polynomials[n].derivative() * one_minus_square
        polynomials.append(slope / (n + 1))
    return polynomials


def test_suprema_of_tanh_are_proved():
    one_minus_square = fmpq_poly([1, 0, -1])
    for n, p in enumerate(tanh_polynomials()):
        assert tables.tanh_suprema[n] <= 1.0
        if n == 1:
            assert p == one_minus_square and tables.tanh_suprema[1] == 1.0
            continue
        # Each p_n is even or odd, so [0, 1] is enough.
        prove_below(
            lambda low, high, p=p: polynomial_bound(p, low, high),
            *(fmpq(0), fmpq(1), tables.tanh_suprema[n]),
        )
        if n:
            quotient = divmod(p, one_minus_square)
            assert quotient[1] == 0
            prove_below(
                lambda low, high, p=quotient[0]: polynomial_bound(p, low, high),
                *(fmpq(0), fmpq(1), tables.tanh_relative_suprema[n]),
            )


def test_suprema_of_erf_are_proved():
    """On `[0, 8]` by subdivision; beyond, the derivatives decrease in size.

    The critical points of `erf^(n)` are zeros of a Hermite polynomial of degree `n` at
    most 17, all below `sqrt(2 * 17 + 1) < 8`.
    """
    with precision(120):
        for n in range(1, tables.highest_order + 1):

            def bound(low: fmpq, high: fmpq, n: int = n) -> arb:
                middle, radius = arb((low + high) / 2), arb((high - low) / 2)
                terms = arb_series([middle, 1], prec=n + 7).erf()
                ball = arb_series([middle + arb(0, 1) * radius, 1], prec=n + 7).erf()
                factors = [math.comb(n + i, n) for i in range(7)]
                near = sum(
                    (abs(terms[n + i]) * factors[i] * radius**i for i in range(6)),
                    arb(0),
                )
                return near + abs(ball[n + 6]) * factors[6] * radius**6

            prove_below(bound, fmpq(0), fmpq(8), tables.erf_suprema[n])


def test_errors_of_the_tanh_recurrence_stay_small():
    assert max(tables.tanh_errors) < 3e-14
    assert all(e > 0 for e in tables.tanh_errors)


def test_unknown_activations_and_orders_are_refused():
    with pytest.raises(CertaxError, match="no proved Taylor expansion of 'relu'"):
        taylor("relu")
    with pytest.raises(CertaxError, match="orders 0 to 14, but got 15"):
        taylor("tanh")(1.0, 15)
    with pytest.raises(CertaxError, match="orders 0 to 15, but got 16"):
        remainder("tanh")(1.0, 0.1, 16)
    with pytest.raises(CertaxError, match="need float64"):
        taylor("tanh")(np.ones(2, np.float32), 1)
    assert activation("tanh").value(0.0)[0] == 0
