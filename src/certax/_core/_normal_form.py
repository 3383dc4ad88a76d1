"""Exact expressions in normal form: what a program computes, as a polynomial over the
rationals in coordinates, derivatives, pi and elementary functions of such. Whatever
depends on a weight is opaque (`None`), and zero times opaque is zero: so a hard
constraint û = g + d N becomes exactly g where d vanishes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt

from ._exact import parse
from ._programs import Program

Atom = tuple
Monomial = tuple[tuple[Atom, int], ...]
_pi: Atom = ("pi",)


@dataclass(frozen=True)
class Form:
    """A polynomial: pairs of monomial and rational coefficient, sorted, none zero."""

    terms: tuple[tuple[Monomial, Fraction], ...]

    @cached_property
    def atoms(self) -> frozenset[Atom]:
        """All atoms, those inside functions included."""
        found: set[Atom] = set()
        for monomial, _ in self.terms:
            for atom, _ in monomial:
                found.add(atom)
                if atom[0] in ("function", "inverse"):
                    found |= atom[-1].atoms
        return frozenset(found)

    @property
    def is_zero(self) -> bool:
        return not self.terms

    @property
    def rational(self) -> Fraction | None:
        """The value if it is a rational number, else None."""
        if self.is_zero:
            return Fraction(0)
        if len(self.terms) == 1 and self.terms[0][0] == ():
            return self.terms[0][1]
        return None

    def depends_on(self, *kinds: str) -> bool:
        """Whether an atom of one of the kinds occurs anywhere."""
        return any(atom[0] in kinds for atom in self.atoms)

    def __str__(self) -> str:
        if self.is_zero:
            return "0"
        text = " + ".join(_term_text(m, c) for m, c in self.terms)
        return text.replace("+ -", "- ")

    def __add__(self, other: "Form") -> "Form":
        sums = dict(self.terms)
        for monomial, coefficient in other.terms:
            sums[monomial] = sums.get(monomial, Fraction(0)) + coefficient
        return _form(sums)

    def __neg__(self) -> "Form":
        return Form(tuple((m, -c) for m, c in self.terms))

    def __sub__(self, other: "Form") -> "Form":
        return self + -other

    def __mul__(self, other: "Form") -> "Form":
        for one, two in ((self, other), (other, self)):
            if len(one.terms) == 1 and (("inverse", two), 1) in one.terms[0][0]:
                ((monomial, coefficient),) = one.terms
                rest = tuple(f for f in monomial if f[0] != ("inverse", two))
                return Form(((rest, coefficient),))
        sums: dict[Monomial, Fraction] = {}
        for m1, c1 in self.terms:
            for m2, c2 in other.terms:
                monomial = _times(m1, m2)
                sums[monomial] = sums.get(monomial, Fraction(0)) + c1 * c2
        return _form(sums)

    def __truediv__(self, other: "Form") -> "Form":
        return self * other.inverse()

    def __pow__(self, exponent: int) -> "Form":
        if exponent < 0:
            return self.inverse() ** -exponent
        result = number(1)
        for _ in range(exponent):
            result = result * self
        return result

    def inverse(self) -> "Form":
        if self.is_zero:
            raise ZeroDivisionError
        if len(self.terms) == 1:
            monomial, coefficient = self.terms[0]
            if not any(_varies(atom) for atom, _ in monomial):
                flipped = tuple((atom, -power) for atom, power in monomial)
                return Form(((flipped, 1 / coefficient),))
        return _atom(("inverse", self))


def _varies(atom: Atom) -> bool:
    if atom[0] in ("function", "inverse"):
        return atom[-1].depends_on("coordinate", "derivative")
    return atom[0] != "pi"


def _term_text(monomial: Monomial, coefficient: Fraction) -> str:
    factors = [_atom_text(a) + (f"^{p}" if p != 1 else "") for a, p in monomial]
    if coefficient == -1 and factors:
        return "-" + " ".join(factors)
    if coefficient != 1 or not factors:
        factors.insert(0, str(coefficient))
    return " ".join(factors)


def _atom_text(atom: Atom) -> str:
    match atom[0]:
        case "function":
            return f"{atom[1]}({atom[2]})"
        case "inverse":
            return f"(1/({atom[1]}))"
        case "derivative":
            orders = ",".join(str(n) for n in atom[2])
            return atom[1] if not any(atom[2]) else f"D[{orders}]{atom[1]}"
        case "coordinate":
            return atom[1]
        case _:
            return "pi"


def _form(sums: Mapping[Monomial, Fraction]) -> Form:
    kept = ((m, c) for m, c in sums.items() if c != 0)
    return Form(tuple(sorted(kept, key=repr)))


def _times(first: Monomial, second: Monomial) -> Monomial:
    powers = dict(first)
    for atom, power in second:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(((a, p) for a, p in powers.items() if p), key=repr))


def _atom(atom: Atom) -> Form:
    return Form(((((atom, 1),), Fraction(1)),))


def number(value: int | Fraction) -> Form:
    return _form({(): Fraction(value)})


def pi() -> Form:
    return _atom(_pi)


def coordinate(name: str) -> Form:
    return _atom(("coordinate", name))


def derivative(field: str, orders: Sequence[int]) -> Form:
    return _atom(("derivative", field, tuple(orders)))


def constant(text: str) -> Form:
    """The normal form of an exact number."""
    return parse(text, number, pi, lambda form: function("sqrt", form))


_half_turns = {0: 0, 1: 1, 2: 0, 3: -1}
_at_zero = {"exp": 1, "tanh": 0, "erf": 0, "logistic": Fraction(1, 2)}


def function(name: str, argument: Form) -> Form:
    """An elementary function, evaluated where its value is known exactly."""
    value = argument.rational
    if name in ("sin", "cos"):
        turns = (argument / pi()).rational
        if turns is not None and (2 * turns).denominator == 1:
            return function(name + "pi", number(turns))
    if value is not None:
        if name in ("sinpi", "cospi") and (2 * value).denominator == 1:
            quarter = int(2 * value) + (1 if name == "cospi" else 0)
            return number(_half_turns[quarter % 4])
        if value == 0 and name in _at_zero:
            return number(_at_zero[name])
        if name == "log" and value == 1:
            return number(0)
        if name == "max0":
            return number(max(value, Fraction(0)))
        if name == "sqrt" and value >= 0:
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            if root * root == value:
                return number(root)
    return _atom(("function", name, argument))


Value = Form | None | list


def _multiply(a: Form | None, b: Form | None) -> Form | None:
    if (a is not None and a.is_zero) or (b is not None and b.is_zero):
        return number(0)
    return None if a is None or b is None else a * b


def _scalar(op: str, args: Sequence[Form | None], extra: int | None) -> Form | None:
    if op == "mul":
        return _multiply(args[0], args[1])
    if op == "div" and args[0] is not None and args[0].is_zero:
        return number(0)
    if any(a is None for a in args):
        return None
    known = [a for a in args if a is not None]
    match op:
        case "add":
            return known[0] + known[1]
        case "sub":
            return known[0] - known[1]
        case "div":
            return known[0] / known[1]
        case "neg":
            return -known[0]
        case "ipow":
            return known[0] ** (extra or 0)
        case _:
            return function(op, known[0])


def combine(op: str, args: Sequence[Form | None], extra: int | None) -> Form | None:
    """One scalar operation on values that are exact or, where `None`, not known."""
    return _scalar(op, args, extra)


def interpret(program: Program, inputs: Mapping[str, Form | None]) -> dict[str, Value]:
    """Runs a program on normal forms.

    **Arguments:**

    - `inputs`: a form (or `None`, opaque) for coordinates and derivatives; missing
      ones stand for themselves. Constants are taken from the program and weights are
      opaque.

    **Returns:** each output's form, or `None` where it depends on a weight.
    """
    values: list[Value] = []
    for item in program.inputs:
        if item.name in inputs:
            values.append(inputs[item.name])
        elif item.kind == "coordinate":
            values.append(coordinate(item.name))
        elif item.kind == "constant":
            values.append(constant(item.value))
        elif item.kind == "derivative":
            values.append(derivative(item.field, item.orders))
        else:
            values.append([None] * item.shape[0] if item.shape else None)
    for op, arguments, extra in program.ops:
        args = [values[a] for a in arguments]
        values.append(_operation(op, args, extra))
    return {name: values[index] for name, index in program.outputs.items()}


def _operation(op: str, args: list, extra: int | None) -> Value:
    match op:
        case "stack":
            return list(args)
        case "index":
            return args[0][extra]
        case "broadcast":
            return [args[0]] * (extra or 0)
        case "matvec":
            return [None] * len(args[0])
        case "dot":
            products = [_multiply(a, b) for a, b in zip(*args, strict=True)]
            return _operation("sum", [products], None)
        case "sum":
            total: Form | None = number(0)
            for item in args[0]:
                total = _scalar("add", [total, item], None)
            return total
        case _ if any(isinstance(a, list) for a in args):
            rows = zip(*args, strict=True)
            return [_scalar(op, row, extra) for row in rows]
        case _:
            return _scalar(op, args, extra)


def split(form: Form) -> dict[Monomial, Form]:
    """Reads a form as a polynomial in the derivatives.

    **Returns:** the coefficient of each monomial in the derivatives; coefficients
    depend on coordinates and constants only.

    **Raises:** `ValueError` if a derivative occurs inside a function.
    """
    parts: dict[Monomial, dict[Monomial, Fraction]] = {}
    for monomial, coefficient in form.terms:
        inner = [(a, p) for a, p in monomial if a[0] == "derivative"]
        outer = [(a, p) for a, p in monomial if a[0] != "derivative"]
        for atom, _ in outer:
            if atom[0] in ("function", "inverse") and atom[-1].depends_on("derivative"):
                raise ValueError(f"the unknown occurs inside {atom[1]}")
        parts.setdefault(tuple(inner), {})[tuple(outer)] = coefficient
    return {inner: _form(sums) for inner, sums in parts.items()}
