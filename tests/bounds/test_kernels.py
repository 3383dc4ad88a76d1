"""Polynomials and constants of the elementary functions: errors, proved in Arb."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
from flint import arb, arb_poly, arb_series, ctx

from certax.bounds import _error_function, _kernels, _trigonometric

unit = 2.0**-53


@pytest.fixture(autouse=True)
def many_digits_and_terms() -> Iterator[None]:
    """Power series are cut at `ctx.cap` terms, which is 10 by default."""
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = 300, 200
    yield
    ctx.prec, ctx.cap = before


def polynomial(x: Any, coefficients: tuple[float, ...]) -> Any:
    """Evaluate at a polynomial or a power series."""
    total = 0 * x
    for coefficient in reversed(coefficients):
        total = total * x + arb(coefficient)
    return total


def largest_value(p: arb_poly, high: arb, pieces: int = 500) -> arb:
    """Bound `|p|` on `[0, high]`, proved, by Taylor expansion on equal pieces."""
    bound, radius = arb(0), high / (2 * pieces)
    for i in range(pieces):
        shifted = p(arb_poly([(2 * i + 1) * radius, radius]))
        bound = bound.max(sum((abs(c) for c in shifted.coeffs()), arb(0)))
    return bound


def test_polynomials_are_as_close_as_the_theory_says():
    """The truncation errors of `docs/theory/elementary.md`, with rounded coefficients.

    In `z = x^2`, each exact function (odd ones divided by `x`) is a power series; its
    first terms are compared with ours, and the rest is bounded: the coefficients are at
    most 2 for tanh and artanh (Cauchy's bound on the unit circle) and at most `2 / k!`
    for the others.
    """
    terms = 60
    k = range(terms)
    tanh = arb_series([0, 2], prec=2 * terms).exp()
    tanh = (tanh - 1) / (tanh + 1)
    root_pi = arb.pi().sqrt()
    exact = {
        "tanh": [tanh[2 * i + 1] for i in k],
        "artanh": [1 / arb(2 * i + 1) for i in k],
        "sine": [arb((-1) ** i) / arb(math.factorial(2 * i + 1)) for i in k],
        "cosine": [arb((-1) ** i) / arb(math.factorial(2 * i)) for i in k],
        "central": [
            2 / root_pi * (-1) ** i / arb(math.factorial(i) * (2 * i + 1)) for i in k
        ],
    }
    z = arb_poly([0, 1])
    own = {
        "tanh": 1 + z * polynomial(z, _kernels._tanh_polynomial),
        "artanh": 1 + z * polynomial(z, _kernels._artanh_polynomial),
        "sine": 1 + z * polynomial(z, _trigonometric._sine_polynomial),
        "cosine": polynomial(z, (1.0, -0.5, *_trigonometric._cosine_polynomial)),
        "central": polynomial(z, _error_function._central_polynomial),
    }
    slack = 1 + arb(2) ** -30
    quarter = slack * arb.pi() / 4
    claims = {
        "tanh": (slack * arb(2).log() / 4, 0.15),
        "artanh": (slack * (3 - 2 * arb(2).sqrt()), 0.05),
        "sine": (quarter, 0.18),
        "cosine": (quarter, 0.01),
        "central": (arb(1), 0.35),
    }
    for name, (high, units) in claims.items():
        gap = largest_value(arb_poly(exact[name]) - own[name], high**2)
        if name in ("tanh", "artanh"):
            rest = 2 * high ** (2 * terms) / (1 - high**2)
        else:
            rest = 4 / arb(math.factorial(terms))
        assert gap + rest <= arb(units) * unit, name
        assert gap + rest >= arb(units) * unit / 2, name


def test_tail_of_the_error_function_is_as_close_as_the_theory_says():
    """`e^{x^2} erfc(x)` minus its polynomial, by Taylor expansion on [1, 6]."""

    def difference(x: arb_series) -> arb_series:
        t = (x - arb(2.5)) / (x + arb(2.5))
        own = polynomial(t, _error_function._tail_polynomial)
        return (x * x).exp() * x.erfc() - own

    order, pieces = 20, 400
    bound, radius = arb(0), arb(5) / (2 * pieces)
    for i in range(pieces):
        middle = 1 + (2 * i + 1) * radius
        near = difference(arb_series([middle, 1], prec=order + 1))
        ball = middle + arb(0, 1) * radius
        whole = difference(arb_series([ball, 1], prec=order + 1))
        assert len(whole.coeffs()) == order + 1
        total = abs(whole[order]) * radius**order
        for j in range(order):
            total += abs(near[j]) * radius**j
        bound = bound.max(total)
    assert bound <= arb(0.3) * unit
    assert bound >= arb(0.1) * unit


def test_constants_of_the_reductions_are_as_exact_as_the_theory_says():
    high, low = _kernels._half_log_two_high, _kernels._half_log_two_low
    assert (high * 2.0**43).is_integer() and high < 0.5
    assert 0 < low < 2.0**-45
    assert abs(arb(high) + arb(low) - arb(2).log() / 2) <= arb(low) * unit
    parts = (
        _trigonometric._half_pi_high,
        _trigonometric._half_pi_middle,
        _trigonometric._half_pi_low,
    )
    assert (parts[0] * 2.0**32).is_integer() and parts[0] < 2
    assert (parts[1] * 2.0**65).is_integer() and parts[1] < 2.0**-33
    assert 0 < parts[2] < 2.0**-68
    total = sum((arb(part) for part in parts), arb(0))
    assert abs(total - arb.pi() / 2) <= arb(parts[2]) * unit
    assert abs(arb(math.pi) / arb.pi() - 1) <= arb(0.36) * unit
