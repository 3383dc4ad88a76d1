"""Normal forms: the algebra agrees with Arb, and what vanishes is found to vanish."""

from fractions import Fraction

import flint
import pytest
from hypothesis import given, strategies as st

from certax._core import Input, Program, _normal_form as nf
from certax.certificates._equations import enclose_constant

rationals = st.fractions(-4, 4, max_denominator=12)
functions = ("sin", "cos", "sinpi", "cospi", "exp", "tanh", "erf", "logistic")
X, T = flint.fmpq(3, 7), flint.fmpq(-5, 11)


def ball(form: nf.Form) -> flint.arb:
    """A form's value at x = 3/7, t = -5/11."""
    total = flint.arb(0)
    for monomial, c in form.terms:
        value = flint.arb(flint.fmpq(c.numerator, c.denominator))
        for atom, power in monomial:
            value *= _atom(atom) ** power
        total += value
    return total


def _atom(atom) -> flint.arb:
    match atom:
        case ("coordinate", name):
            return flint.arb(X if name == "x" else T)
        case ("inverse", form):
            return 1 / ball(form)
        case ("function", name, form):
            return apply(name, ball(form))
    return flint.arb.pi()


def apply(name: str, argument: flint.arb) -> flint.arb:
    match name:
        case "sinpi":
            return argument.sin_pi()
        case "cospi":
            return argument.cos_pi()
        case "logistic":
            return 1 / (1 + (-argument).exp())
        case "softplus":
            return (1 + argument.exp()).log()
    return getattr(argument, name)()


trees = st.recursive(
    rationals | st.sampled_from(["pi", "x", "t"]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner),
        st.tuples(st.just("^"), inner, st.integers(0, 3)),
        st.tuples(st.just("/"), inner),
        st.tuples(st.sampled_from(functions), inner),
    ),
    max_leaves=6,
)


def grown(tree) -> tuple[nf.Form, flint.arb]:
    """What a tree means: as a form, and directly in Arb."""
    match tree:
        case "pi":
            return nf.pi(), flint.arb.pi()
        case "x" | "t":
            return nf.coordinate(tree), flint.arb(X if tree == "x" else T)
        case Fraction():
            rational = flint.fmpq(tree.numerator, tree.denominator)
            return nf.number(tree), flint.arb(rational)
        case ("/", inner):
            form, value = grown(inner)
            divisor = nf.pi() + nf.number(2)
            return form / divisor, value / (flint.arb.pi() + 2)
        case ("^", inner, n):
            form, value = grown(inner)
            return form**n, value**n
        case (name, inner):
            form, value = grown(inner)
            return nf.function(name, form), apply(name, value)
    op, one, two = tree
    (a, x), (b, y) = grown(one), grown(two)
    if op == "*":
        return a * b, x * y
    return (a + b, x + y) if op == "+" else (a - b, x - y)


@given(trees)
def test_a_form_has_the_value_of_what_it_was_made_from(tree):
    form, value = grown(tree)
    found = ball(form)
    assert not value.is_finite() or not found.is_finite() or found.overlaps(value)


@given(trees, trees, trees)
def test_forms_are_a_commutative_ring_exactly(first, second, third):
    a, b, c = (grown(tree)[0] for tree in (first, second, third))
    assert a + b == b + a and a * b == b * a
    assert (a + b) + c == a + (b + c)
    assert (a - a).is_zero and (a + -a).is_zero
    assert a * nf.number(1) == a and (a * nf.number(0)).is_zero


@given(st.lists(rationals, min_size=3, max_size=3), st.integers(0, 4))
def test_polynomials_expand_exactly(coefficients, n):
    a, b, c = (nf.number(q) for q in coefficients)
    x, t = nf.coordinate("x"), nf.coordinate("t")
    p, q = a + b * x, c - t
    assert p * (q + x) == p * q + p * x
    assert (p * q) ** n == p**n * q**n


@pytest.mark.parametrize(
    "text", ["3/7", "pi", "2*pi", "sqrt(2)", "pi+1", "1/(pi+1)", "2*sqrt(3)/pi"]
)
def test_a_constant_cancels_against_its_inverse(text):
    value = nf.constant(text)
    assert (value / value).rational == 1
    assert (value * value.inverse()).rational == 1
    assert (value.inverse() * value).rational == 1


def test_a_function_that_may_vanish_is_not_inverted_into_a_power():
    x = nf.coordinate("x")
    form = nf.function("sin", x)
    assert "inverse" in {atom[0] for atom in form.inverse().atoms}
    with pytest.raises(ZeroDivisionError):
        nf.number(0).inverse()


@pytest.mark.parametrize("n", range(-5, 6))
def test_half_turns_are_exact(n):
    half = nf.number(Fraction(n, 2))
    sine = {0: 0, 1: 1, 2: 0, 3: -1}[n % 4]
    cosine = {0: 1, 1: 0, 2: -1, 3: 0}[n % 4]
    assert nf.function("sinpi", half).rational == sine
    assert nf.function("cospi", half).rational == cosine
    assert nf.function("sin", half * nf.pi()).rational == sine
    assert nf.function("cos", half * nf.pi()).rational == cosine


@given(st.fractions(-9, 9, max_denominator=6))
def test_rational_turns_are_never_given_a_wrong_value(q):
    for name in ("sinpi", "cospi"):
        found = ball(nf.function(name, nf.number(q)))
        expected = apply(name, flint.arb(flint.fmpq(q.numerator, q.denominator)))
        assert found.overlaps(expected)


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("exp", 0, 1),
        ("tanh", 0, 0),
        ("erf", 0, 0),
        ("logistic", 0, Fraction(1, 2)),
        ("log", 1, 0),
        ("sqrt", Fraction(9, 16), Fraction(3, 4)),
        ("sqrt", 2, None),
        ("sqrt", -1, None),
        ("log", 2, None),
        ("softplus", 0, None),
    ],
)
def test_known_values_only(name, argument, value):
    assert nf.function(name, nf.number(argument)).rational == value


def test_zero_times_what_depends_on_weights_is_zero_and_nothing_else_is():
    """The heart of a hard constraint: û = g + d N is g where d = 0."""
    inputs = (
        Input("x", "coordinate"),
        Input("one", "constant", value="1"),
        Input("w", "weight", shape=()),
    )
    ops = (("sub", (0, 1), None), ("mul", (3, 2), None), ("add", (4, 0), None))
    program = Program(inputs, ops, {"u": 5})
    assert nf.interpret(program, {"x": nf.number(1)})["u"] == nf.number(1)
    assert nf.interpret(program, {})["u"] is None
    assert nf.interpret(program, {"x": nf.number(2)})["u"] is None


def test_vectors_are_followed_entry_by_entry():
    inputs = (Input("x", "coordinate"), Input("two", "constant", value="2"))
    ops = (
        ("stack", (0, 1), None),
        ("broadcast", (1,), 2),
        ("mul", (2, 3), None),
        ("sum", (4,), None),
        ("dot", (2, 3), None),
        ("index", (4,), 1),
        ("sub", (5, 6), None),
        ("add", (8, 7), None),
    )
    found = nf.interpret(Program(inputs, ops, {"y": 9}), {})["y"]
    assert isinstance(found, nf.Form) and found.rational == 4


def test_split_reads_coefficients_off_and_refuses_functions_of_the_unknown():
    u, ux = nf.derivative("u", (0,)), nf.derivative("u", (1,))
    x = nf.coordinate("x")
    parts = nf.split(u**2 * ux + x * ux + nf.function("sin", x) + u)
    assert sorted(map(str, parts.values())) == ["1", "1", "sin(x)", "x"]
    for form in (nf.function("sin", u), ux * u.inverse()):
        with pytest.raises(ValueError, match="the unknown occurs inside"):
            nf.split(form)


@pytest.mark.parametrize("text", ["0.01/pi", "sqrt(2)-1", "1/(1+pi)", "-pi^2/7"])
def test_constants_are_enclosed(text):
    found = enclose_constant(nf.constant(text))
    assert found.overlaps(ball(nf.constant(text))) and found.rad() < 1e-13


def test_a_form_prints_as_mathematics():
    u, x = nf.derivative("u", (0, 0)), nf.coordinate("x")
    uxx = nf.derivative("u", (2, 0))
    assert str(-uxx + nf.number(2) * u**2 * x) == "2 x u^2 - D[2,0]u"
    assert str(nf.number(0)) == "0"
