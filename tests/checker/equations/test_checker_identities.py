"""Normal forms: only true equalities are found, and the usual ones."""

import functools
import random
from fractions import Fraction

import flint
import pytest
from flint import arb, fmpq

from certax_checker.equations import _identities
from certax_checker.kernel._algebra import ONE, ZERO, Algebra, enclose, rational
from certax_checker.kernel._errors import Refusal
from certax_checker.kernel._values import function


@pytest.fixture(autouse=True)
def precision():
    flint.ctx.prec = 128


def atoms(algebra):
    def atom(name):
        key = ("coordinate", name)
        return algebra.atom(key, frozenset({key}))

    return atom("x"), atom("y")


def test_equalities_of_functions():
    algebra = Algebra()
    x, y = atoms(algebra)
    pi, call = algebra.pi, functools.partial(_identities.call, algebra)
    two = rational(2)
    half = rational(Fraction(1, 2))
    assert call("sin", pi * x) == call("sinpi", x)
    assert call("sinpi", -x) == -call("sinpi", x)
    assert call("cospi", y - x) == call("cospi", x - y)
    assert call("sinpi", x + two) == call("sinpi", x)
    assert call("sinpi", x + ONE) == -call("sinpi", x)
    assert call("sinpi", x + half) == call("cospi", x)
    assert call("cospi", x + half) == -call("sinpi", x)
    assert call("cospi", half - x) == call("sinpi", x)
    assert call("tanh", -x) == -call("tanh", x)
    assert call("tanh", x - x) == ZERO and call("exp", ZERO) == ONE
    assert call("logistic", ZERO) == half and call("log", ONE) == ZERO
    assert algebra.divide(x * two, two) == x
    assert algebra.root(x + ONE) * algebra.root(x + ONE) == x + ONE
    assert algebra.divide(x, x + y) - algebra.divide(x * two, (x + y) * two) == ZERO


def test_differences_that_are_not_zero():
    algebra = Algebra()
    x, y = atoms(algebra)
    call = functools.partial(_identities.call, algebra)
    third = rational(Fraction(1, 3))
    for a, b in (
        (call("sinpi", x + third), call("sinpi", x)),
        (call("sin", x), call("sinpi", x)),
        (call("tanh", x), call("tanh", y)),
        (call("exp", -x), call("exp", x)),
        (call("erf", x), call("tanh", x)),
        (algebra.root(x), x),
        (call("max0", x), x),
        (call("sinpi", x + rational(Fraction(1, 10**30))), call("sinpi", x)),
    ):
        assert a != b and a - b


def test_random_constants_agree_with_arb():
    """Each rewriting rule is an identity: checked on constants in 200 bits."""
    generator = random.Random(1)
    names = (
        "sin",
        "cos",
        "sinpi",
        "cospi",
        "tanh",
        "erf",
        "exp",
        "logistic",
        "softplus",
    )
    for _ in range(400):
        algebra = Algebra()
        q = Fraction(generator.randint(-40, 40), generator.choice([1, 2, 3, 4, 6, 7]))
        p = Fraction(generator.randint(-4, 4), generator.choice([1, 2, 3]))
        number = rational(q) + rational(p) * algebra.pi
        exact = arb(fmpq(q.numerator, q.denominator))
        exact += arb(fmpq(p.numerator, p.denominator)) * arb.pi()
        for name in names:
            found = enclose(_identities.call(algebra, name, number))
            assert found.overlaps(function(name, exact)), (name, q, p)
            assert found.rad() < 1e-20 * (1 + abs(found))


def test_domains_of_constants():
    algebra = Algebra()
    for name, number in (("log", 0), ("log", -1), ("sqrt", 0), ("sqrt", -2)):
        with pytest.raises(Refusal):
            _identities.call(algebra, name, rational(number))
    with pytest.raises(Refusal):
        algebra.divide(ONE, ZERO)


def test_large_products_become_atoms():
    algebra = Algebra()
    x, y = atoms(algebra)
    long = ZERO
    for k in range(200):
        long = long + _identities.call(algebra, "sin", x * rational(k + 1))
    with pytest.raises(Refusal, match="20,000"):
        long * long
    square = algebra.multiply(long, long)
    assert len(square.terms) == 1 and square == algebra.multiply(long, long)
    assert algebra.multiply(long, ZERO) == ZERO
