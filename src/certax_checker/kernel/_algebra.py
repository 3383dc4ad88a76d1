"""Exact normal forms: polynomials over the rationals in atoms.

An atom is a real number or function known by its structure alone: a coordinate, a field
or its derivative, pi, a weight, a square root, an elementary function of a normal form,
an entry of a matrix-vector product. Equal structure means equal value, so a difference
whose normal form is the zero polynomial vanishes; the converse is not claimed.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, fmpq

from ._errors import Refusal

TERMS = 20_000
BITS = 100_000


@dataclass(eq=False, slots=True)
class Atom:
    """One indivisible value; `depends` names the inputs it is made of."""

    order: int
    key: tuple
    depends: frozenset
    value: arb | None
    square: "Polynomial | None" = None
    inverse: "Atom | None" = None


Monomial = tuple[tuple[Atom, int], ...]


class Polynomial:
    """A polynomial in atoms with rational coefficients; never changed once made."""

    __slots__ = ("terms", "_hash")

    def __init__(self, terms: dict[Monomial, Fraction]):
        self.terms = {m: c for m, c in terms.items() if c}
        if any(max(c.numerator.bit_length(), c.denominator.bit_length()) > BITS
               for c in self.terms.values()):  # fmt: skip
            raise Refusal("an exact number has more than 100,000 bits")
        self._hash: int | None = None

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.terms.items()))
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __add__(self, other: "Polynomial") -> "Polynomial":
        terms = dict(self.terms)
        for monomial, c in other.terms.items():
            terms[monomial] = terms.get(monomial, Fraction(0)) + c
        return Polynomial(terms)

    def __neg__(self) -> "Polynomial":
        return Polynomial({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: "Polynomial") -> "Polynomial":
        return self + -other

    def __mul__(self, other: "Polynomial") -> "Polynomial":
        total: dict[Monomial, Fraction] = {}
        if len(self.terms) * len(other.terms) > TERMS:
            raise Refusal("an exact product has more than 20,000 terms")
        for m, a in self.terms.items():
            for n, b in other.terms.items():
                monomial, squares = _join(m, n)
                product = Polynomial({monomial: a * b})
                for square in squares:
                    product = product * square
                for k, c in product.terms.items():
                    total[k] = total.get(k, Fraction(0)) + c
        return Polynomial(total)

    @property
    def rational(self) -> Fraction | None:
        """The value where the polynomial is a rational number, else None."""
        if not self.terms:
            return Fraction(0)
        return self.terms.get(()) if len(self.terms) == 1 else None

    @property
    def depends(self) -> frozenset:
        """The inputs that occur in it, also inside of atoms."""
        return frozenset().union(*(a.depends for m in self.terms for a, _ in m))


def _join(m: Monomial, n: Monomial) -> tuple[Monomial, list[Polynomial]]:
    """The product of two monomials, with the squares of square roots taken out."""
    powers = dict(m)
    squares: list[Polynomial] = []
    for atom, exponent in n:
        powers[atom] = powers.get(atom, 0) + exponent
    for atom in list(powers):
        if atom.inverse in powers:
            common = min(powers[atom], powers[atom.inverse])
            powers[atom] -= common
            powers[atom.inverse] -= common
        if atom.square is not None:
            squares += [atom.square] * (powers[atom] // 2)
            powers[atom] %= 2
    kept = [(atom, exponent) for atom, exponent in powers.items() if exponent]
    return tuple(sorted(kept, key=lambda factor: factor[0].order)), squares


def rational(value: int | Fraction) -> Polynomial:
    """A rational number as a polynomial."""
    return Polynomial({(): Fraction(value)})


ZERO, ONE = rational(0), rational(1)


def enclose(polynomial: Polynomial) -> arb:
    """An Arb ball that contains the value of a constant polynomial."""
    total = arb(0)
    for monomial, c in polynomial.terms.items():
        term = arb(fmpq(c.numerator, c.denominator))
        for atom, exponent in monomial:
            if atom.value is None:
                raise Refusal("a number was expected, not a function or a weight")
            term *= atom.value**exponent
        total += term
    return total


def leading_term(a: Polynomial) -> tuple[Monomial, Fraction]:
    """The monomial that comes last in the order of the atoms, and its coefficient."""
    return max(a.terms.items(), key=lambda t: [(f.order, e) for f, e in t[0]])


class Algebra:
    """Makes normal forms; the same structure is always given the same atom.

    `partial` collects the arguments of division, square roots and logarithms that are
    no constants, since these functions are not defined everywhere.
    """

    def __init__(self) -> None:
        self.atoms: dict[tuple, Atom] = {}
        self.partial: list[Polynomial] = []
        self.pi = self.atom(("pi",), value=arb.pi())
        self.inverse_pi = self.atom(("1/pi",), value=1 / arb.pi())
        self.pi_atom, other = self.atoms.values()
        self.pi_atom.inverse, other.inverse = other, self.pi_atom

    def atom(self, key: tuple, depends: frozenset = frozenset(),
             value: arb | None = None) -> Polynomial:  # fmt: skip
        """The atom of this key as a polynomial."""
        if key not in self.atoms:
            known = value if value is not None and value.is_finite() else None
            self.atoms[key] = Atom(len(self.atoms), key, depends, known)
        return Polynomial({((self.atoms[key], 1),): Fraction(1)})

    def multiply(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """a b; a product with too many terms becomes an atom."""
        if len(a.terms) * len(b.terms) <= TERMS:
            return a * b
        return self.atom(("mul", frozenset((a, b))), a.depends | b.depends)

    def divide(self, a: Polynomial, b: Polynomial) -> Polynomial:
        """a / b, exact for monomials in pi, else with an atom 1 / b."""
        if not b:
            raise Refusal("a division by zero")
        monomial, lead = leading_term(b)
        if len(b.terms) == 1 and all(f.inverse is not None for f, _ in monomial):
            other = tuple((f.inverse, e) for f, e in monomial if f.inverse is not None)
            return a * Polynomial({other: 1 / lead})
        monic = b * rational(1 / lead)
        value = None
        if not monic.depends:
            value = enclose(monic)
            if not (value > 0 or value < 0):
                raise Refusal("a division by a constant that may be zero")
            value = 1 / value
        else:
            self.partial.append(monic)
        inverse = self.atom(("recip", monic), monic.depends, value)
        return self.multiply(a, inverse) * rational(1 / lead)

    def root(self, a: Polynomial, closed: bool = False) -> Polynomial:
        """The square root; of zero only where `closed`."""
        number = a.rational
        if number is not None and number >= 0 and (number > 0 or closed):
            roots = math.isqrt(number.numerator), math.isqrt(number.denominator)
            if Fraction(roots[0], roots[1]) ** 2 == number:
                return rational(Fraction(roots[0], roots[1]))
        x = self.positive("sqrt", a)
        made = self.atom(("sqrt", a), a.depends, x if x is None else x.sqrt())
        self.atoms["sqrt", a].square = a
        return made

    def positive(self, name: str, a: Polynomial) -> arb | None:
        """The argument of a square root or a logarithm, if it is a constant.

        **Raises:** `Refusal` where a constant is not proved to be positive.
        """
        if a.depends:
            self.partial.append(a)
            return None
        x = enclose(a)
        if not x > 0:
            raise Refusal(f"{name} of a constant that is not proved to be positive")
        return x
