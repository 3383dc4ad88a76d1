"""Exact numbers: their grammar, their values, and decimals rounded up."""

import random
from fractions import Fraction

import flint
import pytest
from flint import arb

from certax_checker.kernel._algebra import (
    Algebra,
    enclose,
    rational,
)
from certax_checker.kernel._errors import Malformed, Refusal
from certax_checker.kernel._numbers import decimal, parse, round_up


@pytest.fixture(autouse=True)
def precision():
    flint.ctx.prec = 128


def value(text):
    return enclose(parse(text, Algebra()))


@pytest.mark.parametrize(
    "text, exact",
    [
        ("0.1", Fraction(1, 10)),
        ("1e-3", Fraction(1, 1000)),
        ("-2^2", -4),
        ("2^-2*8", 2),
        ("-1+2*3-4/8", Fraction(9, 2)),
        ("1-2-3", -4),
        ("8/2/2", 2),
        ("(1+2)*(3-1)", 6),
        ("sqrt(2)^2", 2),
        ("sqrt(9/4)", Fraction(3, 2)),
        ("pi/pi", 1),
        ("pi*(2/pi)", 2),
        ("(3*pi)^-2*pi^2", Fraction(1, 9)),
        ("1 + 1", 2),
        ("3602879701896397/36028797018963968", Fraction(0.1)),
        ("sqrt(0)", 0),
    ],
)
def test_values(text, exact):
    assert parse(text, Algebra()) == rational(Fraction(exact))


def test_irrational_values_are_enclosed():
    assert value("0.01/pi").overlaps(arb(1) / 100 / arb.pi())
    assert value("sqrt(2+sqrt(3))").overlaps((2 + arb(3).sqrt()).sqrt())
    assert value("1/(1+sqrt(2))").overlaps(arb(2).sqrt() - 1)
    assert value("1/(1+sqrt(2))").rad() < 1e-30


@pytest.mark.parametrize(
    "text",
    ["", "1e+3", ".5", "5.", "1e", "+1", "2*-3", "2^^3", "2^3^2", "2^0.5", "2^pi", "e",
     "1/0", "1/(pi-pi)", "sqrt(-1)", "sqrt(pi-4)", "(1", "1)", "1e401", "2^401", "0^-1",
     "0^0", "pi2", "1 /", "0x10", "1_0", "nan", "inf", "sin(1)",
     "(" * 51 + "1" + ")" * 51,
     "1/(sqrt(2)*sqrt(3)-sqrt(6))", "1\t+1", "((9^400)^400)^400", "1" * 4001],
)  # fmt: skip
def test_other_texts_are_refused(text):
    with pytest.raises(Refusal):
        parse(text, Algebra())


def test_a_number_is_no_expression():
    with pytest.raises(Malformed):
        parse(1, Algebra())


def test_rounding_up_keeps_three_digits():
    generator = random.Random(0)
    for _ in range(500):
        number = generator.random() * 10.0 ** generator.randint(-20, 20)
        rounded = decimal(round_up(number))
        assert Fraction(number) <= rounded <= Fraction(number) * Fraction(101, 100)
    assert [round_up(x) for x in (0.0, 1.0, 0.5, 0.1, 999.5, 12345.0, 8.111e-4)] == [
        "0", "1", "0.5", "0.101", "1000", "1.24e4", "8.12e-4",
    ]  # fmt: skip
    assert decimal(round_up(5e-324)) >= Fraction(5e-324)
