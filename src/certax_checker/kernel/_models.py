"""Taylor models on many leaves: a polynomial in the leaf's variables and a radius.

A model stands for all real functions g of xi in [-1, 1]^d with |g - p| <= radius on
each leaf, p = sum of c_alpha xi^alpha. Rounding is to nearest; the
proof that UP, UNIT and TINY cover it in every formula below is in
`docs/theory/checker-arithmetic.md`.
"""

import operator
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, cached_property

import numpy as np

UP = 1.0 + 2.0**-30
UNIT = 2.0**-52
TINY = 1e-290
Monomial = tuple[int, ...]
Array = np.ndarray


class Model:
    """Coefficients by monomial, and the radius; arrays (leaves,) or (n, leaves).

    The axis of leaves may have length one, for what is the same on all leaves.
    """

    def __init__(self, terms: dict[Monomial, Array], radius: Array):
        self.terms, self.radius = terms, radius

    @cached_property
    def sizes(self) -> list[Array]:
        """For each degree k the sum of |c_alpha| over |alpha| = k, not yet inflated."""
        sizes: dict[int, Array] = {}
        for monomial, c in self.terms.items():
            _collect(sizes, sum(monomial), np.abs(c))
        absent = np.zeros(1)
        return [sizes.get(k, absent) for k in range(max(sizes, default=0) + 1)]

    @cached_property
    def tails(self) -> list[Array]:
        """For each k the sum of the sizes of degree k and more."""
        tails = self.sizes[-1:]
        for size in self.sizes[-2::-1]:
            tails = [tails[0] + size, *tails]
        return tails

    @property
    def total(self) -> Array:
        """The sum of all |c_alpha|, not yet inflated."""
        return self.tails[0]

    @property
    def bound(self) -> Array:
        """An upper bound of |g|."""
        return (self.total + self.radius) * UP


def _collect(sums: dict, key: object, fresh: Array) -> None:
    """Adds an array that nothing else refers to, where possible in place."""
    if key not in sums:
        sums[key] = fresh
    elif sums[key].shape == fresh.shape:
        sums[key] += fresh
    else:
        sums[key] = sums[key] + fresh


@cache
def products(first: tuple[Monomial, ...], second: tuple[Monomial, ...], degree: int
             ) -> list[tuple[Monomial, Monomial, Monomial]]:  # fmt: skip
    """(alpha, beta, alpha + beta) up to the degree, sorted by the sum."""
    pairs = [(a, b) for a in first for b in second if sum(a) + sum(b) <= degree]
    sums = [(a, b, tuple(map(operator.add, a, b))) for a, b in pairs]
    return sorted(sums, key=lambda s: s[2])


def multiply(pairs: Iterable[tuple[Model, Model]], degree: int) -> Model:
    """The sum of the products a b, cut off above the degree."""
    terms: dict[Monomial, Array] = {}
    counts: Counter[Monomial] = Counter()
    rest: dict[str, Array] = {}
    for a, b in pairs:
        for alpha, beta, gamma in products(tuple(a.terms), tuple(b.terms), degree):
            _collect(terms, gamma, a.terms[alpha] * b.terms[beta])
            counts[gamma] += 1
        _collect(rest, "radius", a.radius * (b.total + b.radius) + a.total * b.radius)
        for i, size in enumerate(a.sizes):
            if degree + 1 - i < len(b.tails):
                _collect(rest, "radius", size * b.tails[max(degree + 1 - i, 0)])
        _collect(rest, "magnitude", a.total * b.total)
    rounding = max(counts.values(), default=0) * UNIT
    radius = rest["radius"] + rounding * rest["magnitude"]
    return Model(terms, radius * UP + TINY)


def add(a: Model, b: Model, sign: int = 1) -> Model:
    """a + b, or a - b."""
    terms = dict(a.terms)
    changed = np.zeros(1)
    for monomial, c in b.terms.items():
        if monomial not in terms:
            terms[monomial] = c if sign > 0 else -c
            continue
        mine = terms[monomial]
        terms[monomial] = mine + c if sign > 0 else mine - c
        changed = changed + np.abs(terms[monomial])
    return Model(terms, (a.radius + b.radius + UNIT * changed) * UP + TINY)


def negate(a: Model) -> Model:
    """-a, exactly."""
    return Model({m: -c for m, c in a.terms.items()}, a.radius)


def scale(a: Model, numerator: int, denominator: int = 1) -> Model:
    """a times a quotient of two integers below 2^53."""
    if numerator == denominator:
        return a
    if max(abs(numerator), abs(denominator)) >= 2**53:
        raise OverflowError("an integer is too large to be exact in binary")
    p, q = float(numerator), float(denominator)
    made = Model({m: c * p / q for m, c in a.terms.items()}, a.radius)
    radius = a.radius * (abs(p) / abs(q)) + 2 * UNIT * made.total
    return Model(made.terms, radius * UP + TINY)


def widen(a: Model, radius: Array | float) -> Model:
    """a with a larger radius."""
    return Model(a.terms, (a.radius + radius) * UP + TINY)


def matvec(matrix: Array, a: Model) -> Model:
    """An exact matrix times a vector of models, for any order of summation."""
    terms = {m: matrix @ c for m, c in a.terms.items()}
    inner = (a.radius + matrix.shape[1] * UNIT * a.total) * UP + TINY
    return Model(terms, (np.abs(matrix) @ inner) * UP + TINY)


def total(a: Model) -> Model:
    """The sum of a vector's entries, for any order of summation."""
    rows = max([len(a.radius), *(len(c) for c in a.terms.values())])
    terms = {m: np.add.reduce(c, axis=0) for m, c in a.terms.items()}
    inner = a.radius + rows * UNIT * a.total
    inner = np.broadcast_to(inner, (rows, inner.shape[-1]))
    return Model(terms, np.add.reduce(inner, axis=0) * UP + TINY)


def stack(models: Sequence[Model]) -> Model:
    """The vector of some scalars."""
    monomials = {m: None for a in models for m in a.terms}
    absent = np.zeros(1)
    terms = {
        m: np.stack(np.broadcast_arrays(*[a.terms.get(m, absent) for a in models]))
        for m in monomials
    }
    return Model(terms, np.stack(np.broadcast_arrays(*[a.radius for a in models])))


def upper_end(a: Model) -> Array:
    """An upper bound of g."""
    middle = next((c for m, c in a.terms.items() if not any(m)), np.zeros(1))
    spread = Model({m: c for m, c in a.terms.items() if any(m)}, a.radius).bound
    return middle + spread + (np.abs(middle) + spread) * 2.0**-50
