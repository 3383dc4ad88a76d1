"""Programs in exact normal form: substitution, equality, coefficients."""

from collections.abc import Mapping
from typing import Any

from ..kernel._algebra import ZERO, Algebra, Polynomial
from ..kernel._errors import Refusal
from ..kernel._program import Input, Program, run
from ._identities import call, matrix_vector

Derivative = tuple[str, tuple[int, ...]]
Product = tuple[tuple[Derivative, int], ...]


class Forms:
    """The arithmetic of normal forms; vectors are tuples of polynomials."""

    def __init__(self, algebra: Algebra):
        self.algebra = algebra

    def apply(self, name: str, arguments: list[Any], extra: int) -> Any:
        """One operation of a program."""
        a = arguments[0]
        if name == "matvec":
            return matrix_vector(self.algebra, a[0], a[1], arguments[1])
        if name == "dot":
            return self.apply("sum", [self.apply("mul", arguments, 0)], 0)
        if name == "sum":
            made = ZERO
            for entry in a:
                made = made + entry
            return made
        if name == "stack":
            return tuple(arguments)
        if name == "index":
            return a[extra]
        if name == "broadcast":
            return (a,) * extra
        if isinstance(a, tuple):
            rows = zip(*arguments, strict=True)
            return tuple(self._scalar(name, list(row), extra) for row in rows)
        return self._scalar(name, arguments, extra)

    def _scalar(self, name: str, arguments: list[Polynomial], n: int) -> Polynomial:
        a = arguments[0]
        if name == "add":
            return a + arguments[1]
        if name == "sub":
            return a - arguments[1]
        if name == "mul":
            return self.algebra.multiply(a, arguments[1])
        if name == "div":
            return self.algebra.divide(a, arguments[1])
        if name == "neg":
            return -a
        if name == "ipow":
            made = a
            for _ in range(n - 1):
                made = self.algebra.multiply(made, a)
            return made
        return call(self.algebra, name, a)


def normal_forms(program: Program, algebra: Algebra,
                 at: Mapping[str, Polynomial]) -> dict[str, Polynomial]:  # fmt: skip
    """The outputs' normal forms, with some coordinates replaced."""

    def value(entry: Input) -> Any:
        if entry.kind == "constant":
            return entry.value
        if entry.kind == "weight":
            atoms = [
                algebra.atom(("weight", entry.name, i), frozenset({"weight"}))
                for i in range(entry.shape[0] if len(entry.shape) == 1 else 1)
            ]
            if len(entry.shape) == 2:
                return entry.name, entry.shape[0]
            return tuple(atoms) if entry.shape else atoms[0]
        if entry.kind == "derivative":
            key = ("derivative", (entry.field, entry.orders))
        else:
            if entry.name in at:
                return at[entry.name]
            key = ("coordinate", entry.name)
        return algebra.atom(key, frozenset({key}))

    return run(program, Forms(algebra), value)


def made_of(a: Polynomial, kind: str) -> bool:
    """Whether inputs of this kind occur in a normal form."""
    return any(entry[0] == kind for entry in a.depends if entry != "weight")


def coefficients(a: Polynomial) -> dict[Product, Polynomial]:
    """The coefficients of the products of fields and derivatives.

    **Raises:** `Refusal` where a coefficient is itself made of fields.
    """
    parts: dict[Product, dict] = {}
    for monomial, c in a.terms.items():
        product = tuple(
            sorted((f.key[1], e) for f, e in monomial if f.key[0] == "derivative")
        )
        rest = tuple((f, e) for f, e in monomial if f.key[0] != "derivative")
        parts.setdefault(product, {})[rest] = c
    made = {product: Polynomial(terms) for product, terms in parts.items()}
    if any(made_of(c, "derivative") for c in made.values()):
        raise Refusal("the equation contains a function of u that is no polynomial")
    return made
