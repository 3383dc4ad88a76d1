"""Exact numbers: the grammar of `docs/format.md`, section 2."""

import math
from fractions import Fraction

import flint
import pytest
from hypothesis import assume, given, strategies as st

from certax import CertaxError
from certax._core import _normal_form as nf, enclosure, expression, to_float

digits = st.text("0123456789", min_size=1, max_size=6)
blanks = st.sampled_from(["", " ", "  "])


@st.composite
def decimals(draw):
    text = draw(digits)
    if draw(st.booleans()):
        text += "." + draw(digits)
    if draw(st.booleans()):
        text += "e" + draw(st.sampled_from(["", "-"])) + str(draw(st.integers(0, 20)))
    return text, Fraction(text)


def _sum(children):
    @st.composite
    def build(draw):
        text, value = draw(children)
        if draw(st.booleans()):
            text, value = "-" + text, -value
        for _ in range(draw(st.integers(0, 2))):
            sign = draw(st.sampled_from("+-*/^"))
            if sign in "+-":
                other, v = draw(children)
                text, value = (
                    text + draw(blanks) + sign + other,
                    value + v if sign == "+" else value - v,
                )
            elif sign == "^":
                n = draw(st.integers(-3, 3))
                assume(value != 0 or n > 0)
                text, value = f"({text})^{n}", value**n
            else:
                other, v = draw(children)
                assume(sign == "*" or v != 0)
                text = f"({text}){draw(blanks)}{sign} {other}"
                value = value * v if sign == "*" else value / v
        return f"({text})", value

    return build()


rationals = st.recursive(decimals(), _sum, max_leaves=6)


@given(rationals)
def test_a_rational_expression_has_exactly_its_value(pair):
    text, value = pair
    assume(len(text) < 300)
    assert nf.constant(text).rational == value
    ball = enclosure(text)
    with flint.ctx.workprec(400):
        assert ball.overlaps(flint.arb(flint.fmpq(value.numerator, value.denominator)))


@given(st.fractions(min_value=0), st.integers(0, 5))
def test_pi_and_roots_agree_with_arb(q, n):
    text = f"pi^{n}*sqrt({q.numerator}/{q.denominator}) - 1/pi"
    with flint.ctx.workprec(200):
        root = flint.arb(flint.fmpq(q.numerator, q.denominator)).sqrt()
        expected = flint.arb.pi() ** n * root - 1 / flint.arb.pi()
        assert enclosure(text).overlaps(expected)
        assert enclosure(text).rad() < 1e-36 * (1 + abs(expected))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-2^2", -4),
        ("2^-1", Fraction(1, 2)),
        ("8/4/2", 1),
        ("1-2-3", -4),
        ("0.1", Fraction(1, 10)),
        ("1e-3", Fraction(1, 1000)),
        ("sqrt(9/4)", Fraction(3, 2)),
        ("-(1-2)*3", 3),
        (" 1 + 1 ", 2),
        ("pi/pi", 1),
        ("(-1)^3", -1),
    ],
)
def test_signs_powers_and_quotients_bind_as_in_mathematics(text, value):
    assert nf.constant(text).rational == value


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "+1", "--1", "2*-1", "1 2", "2pi", "pi pi", "2(3)", "(1", "1)"),
        *("1.", ".5", "1e", "1e+5", "1E5", "1_000", "0x10", "1e5.5", "1,5", "nan"),
        *("inf", "Infinity", "e", "PI", "sqrt 2", "sqrt()", "2**3", "2^3^2"),
        *("2^pi", "2^1.5", "2^(1)", "2^401", "1e401", "1/0", "0^-1", "1/(1-1)"),
        *("sqrt(-1)", "sqrt(1-2)", "1;2", "x", "__import__('os')", "١", "１", "π"),
        *("1\n+1;", "(" * 51 + "1" + ")" * 51, "1+" * 2000 + "1"),
    ],
)
def test_what_the_grammar_has_not_is_refused(text):
    with pytest.raises(CertaxError, match="is not an exact number"):
        expression(text)


def test_fifty_brackets_are_not_too_deep():
    assert nf.constant("(" * 50 + "1" + ")" * 50).rational == 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_means_exactly_its_binary_value(x):
    text = expression(x)
    assert nf.constant(text).rational == Fraction(x)
    assert to_float(text) == x


@given(st.integers(), st.fractions())
def test_integers_and_fractions_are_kept(n, q):
    assert nf.constant(expression(n)).rational == n
    assert nf.constant(expression(q)).rational == q


@given(st.fractions(min_value=-1000, max_value=1000))
def test_the_double_is_next_to_the_number(q):
    x = to_float(f"{q.numerator}/{q.denominator}")
    assert abs(Fraction(x) - q) <= Fraction(math.ulp(x))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_are_not_finite_are_refused(value):
    with pytest.raises(CertaxError, match="not a finite number"):
        expression(value)


@pytest.mark.parametrize("value", ["1e400", "10^400", 10**400, Fraction(10) ** 400])
def test_numbers_that_no_double_is_near_are_refused(value):
    with pytest.raises(CertaxError, match="larger than any double"):
        expression(value)


@pytest.mark.parametrize("value", [True, None, 1j, [1], b"1"])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(CertaxError, match="is not a number"):
        expression(value)


def test_the_message_names_the_value_and_the_remedy():
    with pytest.raises(CertaxError) as caught:
        expression("2pi")
    assert "'2pi'" in str(caught.value) and "left over" in str(caught.value)
    assert "Use integers, decimals" in caught.value.remedy
    assert caught.value.exit_code == 2
