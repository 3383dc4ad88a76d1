"""Jets of Taylor models: the arithmetic in which a program's derivatives are enclosed.

A jet holds, for each multi-index alpha of a lower set, a model of the derivative
f_alpha / alpha! with respect to the directions, physical coordinates or fields. So
a product is a convolution, and f(z) = sum_k f^(k)(z_0)/k! (z - z_0)^k ends by itself.
"""

import math
from collections.abc import Iterable
from itertools import product

import numpy as np
from flint import arb

from ._errors import Refusal
from ._functions import ball, expand, powers
from ._models import (
    TINY,
    UNIT,
    UP,
    Model,
    Monomial,
    add,
    matvec,
    multiply,
    negate,
    scale,
    stack,
    total,
    widen,
)
from ._program import UNARY

Index = tuple[int, ...]
Jet = dict[Index, Model]


def lower_set(indices: Iterable[Index]) -> list[Index]:
    """All multi-indices below one of these, by increasing order."""
    below = {b for a in indices for b in product(*(range(n + 1) for n in a))}
    return sorted(below, key=lambda a: (sum(a), a))


def derivative(jet: Jet, index: Index) -> Model:
    """The derivative of this multi-index, zero where the jet has none."""
    factor = math.prod(math.factorial(n) for n in index)
    return scale(jet[index], factor) if index in jet else Model({}, np.zeros(1))


class Jets:
    """Jets over a lower set of multi-indices, of models of one degree.

    **Arguments:** `variables` (how many variables a leaf has), `degree` (of the
    polynomials), `indices` (a lower set of multi-indices), `directed` (whether the
    directions are the coordinates, which then have derivative one), `kinks` (whether
    max0 has its generalized first derivatives).
    """

    def __init__(self, variables: int, degree: int, indices: list[Index],
                 directed: bool = False, kinks: bool = False):  # fmt: skip
        self.degree, self.indices, self.directed = degree, indices, directed
        self.kinks = kinks
        self.constant: Monomial = (0,) * variables
        self.zero = indices[0]
        self.one = Model({self.constant: np.ones(1)}, np.zeros(1))
        self.pairs: dict[Index, list[tuple[Index, Index]]] = {a: [] for a in indices}
        for a, b in product(indices, repeat=2):
            c = tuple(i + j for i, j in zip(a, b, strict=True))
            if c in self.pairs:
                self.pairs[c].append((a, b))

    def apply(self, name: str, arguments: list[Jet], extra: int) -> Jet:
        """One operation of a program."""
        a = arguments[0]
        if name == "add":
            return self._sum(a, arguments[1])
        if name == "sub":
            return self._sum(a, self.apply("neg", arguments[1:], 0))
        if name == "mul":
            return self._product(a, arguments[1])
        if name == "div":
            return self._product(a, self.compose("recip", arguments[1]))
        if name == "neg":
            return {i: negate(x) for i, x in a.items()}
        if name == "ipow":
            return self._power(a, extra)
        if name == "max0":
            return self._positive_part(a)
        if name in ("sinpi", "cospi"):
            pi = {self.zero: ball(arb.pi(), len(self.constant))}
            return self.compose(name[:3], self._product(a, pi))
        if name in UNARY:
            return self.compose(name, a)
        if name == "matvec":
            matrix = a[self.zero].terms[self.constant]
            return {i: matvec(matrix, x) for i, x in arguments[1].items()}
        if name == "dot":
            return self.apply("sum", [self._product(a, arguments[1])], 0)
        if name == "sum":
            return {i: total(x) for i, x in a.items()}
        if name == "stack":
            absent = Model({}, np.zeros(1))
            present = [i for i in self.indices if any(i in x for x in arguments)]
            return {i: stack([x.get(i, absent) for x in arguments]) for i in present}
        return {i: reshaped(name, x, extra) for i, x in a.items()}

    def _sum(self, a: Jet, b: Jet) -> Jet:
        return {**a, **{i: add(a[i], x) if i in a else x for i, x in b.items()}}

    def _product(self, a: Jet, b: Jet) -> Jet:
        made = {}
        for i, pairs in self.pairs.items():
            found = [(a[j], b[k]) for j, k in pairs if j in a and k in b]
            if found:
                made[i] = multiply(found, self.degree)
        return made

    def _power(self, a: Jet, n: int) -> Jet:
        half = a if n < 4 else self._power(a, n // 2)
        square = self._product(half, half)
        return self._product(square, a) if n % 2 else square

    def compose(self, name: str, a: Jet) -> Jet:
        """An elementary function of a jet."""
        base = a[self.zero]
        shape = np.broadcast_shapes(base.radius.shape, base.total.shape)
        center = base.terms.get(self.constant, np.zeros(shape))
        rest = Model({m: c for m, c in base.terms.items() if any(m)}, base.radius)
        reach = rest.bound
        nilpotent = {i: x for i, x in a.items() if i != self.zero}
        nilpotents = []
        while nilpotent:
            nilpotents.append(nilpotent)
            nilpotent = self._product(nilpotent, nilpotents[0])
        order = len(nilpotents)
        expansion = expand(name, center, reach, self.constant, self.degree, order)
        monomials = [self.one, rest][: self.degree + 1]
        while len(monomials) <= self.degree:
            monomials.append(multiply([(monomials[-1], rest)], self.degree))
        far = powers(reach, self.degree + 1)
        derivatives = []
        for k, remainder in enumerate(expansion.remainders):
            pairs = [
                (scale(expansion.coefficients[j + k], math.comb(j + k, k)), power)
                for j, power in enumerate(monomials)
            ]
            factor = float(math.comb(self.degree + 1 + k, k))
            polynomial = multiply(pairs, self.degree)
            derivatives.append(widen(polynomial, factor * remainder * far * UP + TINY))
        made = {self.zero: derivatives[0]}
        steps = list(zip(derivatives[1:], nilpotents, strict=True))
        for i in self.indices[1:]:
            found = [(slope, power[i]) for slope, power in steps if i in power]
            if found:
                made[i] = multiply(found, self.degree)
        return made

    def _positive_part(self, a: Jet) -> Jet:
        """max0: on [low, high] around zero it lies between s z and s z + m."""
        if any(sum(i) > self.kinks for i in a):
            raise Refusal("max0 is not differentiable")
        x = a[self.zero]
        center = x.terms.get(self.constant, np.zeros(1))
        reach = Model({m: c for m, c in x.terms.items() if any(m)}, x.radius).bound
        positive = center >= reach
        mixed = ~(positive | (center <= -reach))
        high, low = (center + reach) * UP, (reach - center) * UP
        slope = np.where(mixed, np.minimum(high / (high + low), 1.0), 1.0 * positive)
        above = np.maximum((1.0 - slope) * high, slope * low) * UP + TINY
        half = np.where(mixed, 0.5 * above, 0.0)
        terms = {m: slope * c for m, c in x.terms.items()}
        terms[self.constant] = terms.get(self.constant, np.zeros(1)) + half
        radius = slope * x.radius + half
        radius = radius + 2 * UNIT * (Model(terms, radius).total + half)
        made = {self.zero: Model(terms, radius * UP + TINY)}
        middle = np.where(mixed, 0.5, 1.0 * positive)
        for i, y in a.items():
            if i != self.zero:
                away = np.where(mixed, 0.5 * y.bound, 0.0)
                radius = (middle * y.radius + away) * UP + TINY
                made[i] = Model({m: middle * c for m, c in y.terms.items()}, radius)
        return made


def reshaped(name: str, a: Model, extra: int) -> Model:
    """An entry of a vector, or a scalar repeated."""
    if name == "index":
        return Model({m: c[extra] for m, c in a.terms.items()}, a.radius[extra])
    shape = (extra, 1)
    terms = {m: np.tile(c, shape) for m, c in a.terms.items()}
    return Model(terms, np.tile(a.radius, shape))
