"""Elementary functions and matrices of normal forms: equal where rules say so.

The rules are those of section 4 of `docs/theory/checker-arithmetic.md`. What none
of them reaches is an atom of its own, known by its structure alone.
"""

import math
from fractions import Fraction

from ..kernel._algebra import (
    ZERO,
    Algebra,
    Monomial,
    Polynomial,
    enclose,
    leading_term,
    rational,
)
from ..kernel._values import function

ODD = ("sin", "sinpi", "tanh", "erf")
EVEN = ("cos", "cospi")
AT_ZERO = {"sin": 0, "sinpi": 0, "tanh": 0, "erf": 0, "cos": 1, "cospi": 1, "exp": 1}


def call(algebra: Algebra, name: str, a: Polynomial) -> Polynomial:
    """An elementary function of a normal form."""
    number = a.rational
    if name == "sqrt":
        return algebra.root(a)
    if number == 0 and name in AT_ZERO:
        return rational(AT_ZERO[name])
    if number == 0 and name == "logistic":
        return rational(Fraction(1, 2))
    if number == 1 and name == "log":
        return ZERO
    if number is not None and name == "max0":
        return rational(max(number, Fraction(0)))
    if name in ("sin", "cos") and all(
        any(factor is algebra.pi_atom for factor, _ in m) for m in a.terms
    ):
        return call(algebra, name + "pi", a * algebra.inverse_pi)
    if name in ODD + EVEN:
        rest = a - rational(a.terms.get((), Fraction(0)))
        if leading_term(rest or a)[1] < 0:
            flipped = call(algebra, name, -a)
            return -flipped if name in ODD else flipped
    if name in ("sinpi", "cospi"):
        return _half_turns(algebra, name, a)
    if name in ("sin", "cos"):
        return _quarters(algebra, name, a)
    return _function(algebra, name, a)


def matrix_vector(
    algebra: Algebra, name: str, rows: int, vector: tuple[Polynomial, ...]
) -> tuple[Polynomial, ...]:
    """The entries of a weight matrix times a vector, known by structure only."""
    if not any(vector):
        return (ZERO,) * rows
    depends = frozenset({"weight"}).union(*(entry.depends for entry in vector))
    # An atom for the whole vector: comparing the keys of its products stays cheap.
    whole = algebra.atom(("vector", vector), depends)
    return tuple(algebra.atom(("matvec", name, whole, i), depends) for i in range(rows))


def _quarters(algebra: Algebra, name: str, a: Polynomial) -> Polynomial:
    """sin(a) and cos(a) with the multiple of pi in a brought to [0, 1/2)."""
    pi: Monomial = ((algebra.pi_atom, 1),)
    half = Fraction(math.floor(2 * a.terms.get(pi, Fraction(0))), 2)
    rest = a - Polynomial({pi: half}) if half else a
    turns = int(2 * half) + (1 if name == "cos" else 0)
    made = _function(algebra, "cos" if turns % 2 else "sin", rest)
    return -made if turns % 4 >= 2 else made


def _half_turns(algebra: Algebra, name: str, a: Polynomial) -> Polynomial:
    """sin(pi a) and cos(pi a) with the constant of a brought to [0, 1/2)."""
    constant = a.terms.get((), Fraction(0))
    turns = math.floor(2 * constant) + (1 if name == "cospi" else 0)
    rest = a - rational(Fraction(math.floor(2 * constant), 2))
    name = "cospi" if turns % 2 else "sinpi"
    made = _function(algebra, name, rest) if rest else rational(AT_ZERO[name])
    return -made if turns % 4 >= 2 else made


def _function(algebra: Algebra, name: str, a: Polynomial) -> Polynomial:
    """A function as an atom, with its value if that of a is known."""
    if name == "log":
        x = algebra.positive(name, a)
    else:
        x = None if a.depends or name == "max0" else enclose(a)
    value = None if x is None else function(name, x)
    return algebra.atom((name, a), a.depends, value)
