"""Evaluates network and residual on all leaves of a tree, chunk by chunk."""

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from flint import arb

from ._algebra import Polynomial, enclose
from ._documents import Problem
from ._errors import Refusal
from ._functions import above, ball
from ._jets import Index, Jet, Jets, lower_set
from ._models import UNIT, Array, Model, add, multiply, scale, widen
from ._program import Input, Program, run
from ._trees import Tree
from ._workers import answers

Tensors = Mapping[str, np.ndarray]


class Subject(NamedTuple):
    """A problem, and a network with its weights."""

    problem: Problem
    network: Program
    tensors: dict[str, np.ndarray]
    attached: tuple[tuple[Program, dict[str, np.ndarray]], ...] = ()
    workers: int = 1

    @property
    def orders(self) -> list[Index]:
        """The derivatives that the residual needs."""
        entries = [e for e in self.problem.residual.inputs if e.kind == "derivative"]
        return [entry.orders for entry in entries]

    @property
    def width(self) -> int:
        """The largest vector."""
        pairs = ((self.network, self.tensors), *self.attached)
        shapes = [
            n for _, made in pairs for array in made.values() for n in array.shape
        ]
        programs = (*(program for program, _ in pairs), self.problem.residual)
        operations = [o for program in programs for o in program.operations]
        sizes = [o.extra for o in operations if o.name == "broadcast"]
        return max([1, *shapes, *sizes, *(len(o.arguments) for o in operations)])


class Chunk:
    """Some leaves of one degree, over the coordinates `names`; others are `fixed`."""

    def __init__(self, subject: Subject, names: list[str], centers: Array,
                 halves: Array, degree: int, fixed: Mapping):  # fmt: skip
        self.subject, self.degree, self.length = subject, degree, len(names)
        self.coordinates: dict[str, Model] = {}
        none: Index = (0,) * len(subject.problem.coordinates)
        self.plain = Jets(self.length, degree, [none])
        for axis in subject.problem.coordinates:
            if axis.name in fixed:
                number = enclose(fixed[axis.name])
                self.coordinates[axis.name] = ball(number, self.length)
                continue
            place = names.index(axis.name)
            unit = tuple(int(j == place) for j in range(self.length))
            terms = {self.plain.constant: centers[place]}
            if degree:
                terms[unit] = halves[place]
            reach = np.zeros(1) if degree else halves[place]
            length = ball(enclose(axis.length), self.length)
            lower = ball(enclose(axis.lower), self.length)
            inner = multiply([(length, Model(terms, reach))], degree)
            self.coordinates[axis.name] = add(lower, inner)
        self._fields: dict[str, Jet] = {}
        self._jets: dict[tuple, dict[str, Jet]] = {}

    def given(self, entry: Input, jets: Jets, tensors: Tensors | None = None) -> Jet:
        """A coordinate, a constant or a weight as a jet."""
        if entry.kind == "coordinate":
            made = {jets.zero: self.coordinates[entry.name]}
            names = [axis.name for axis in self.subject.problem.coordinates]
            unit = tuple(int(name == entry.name) for name in names)
            if jets.directed and unit in jets.pairs:
                made[unit] = jets.one
            return made
        if entry.kind == "constant":
            return {jets.zero: ball(enclose(entry.value), self.length)}
        array = (self.subject.tensors if tensors is None else tensors)[entry.name]
        if array.ndim < 2:
            array = array.reshape(-1, 1) if array.ndim else array.reshape(1)
        return {jets.zero: Model({jets.constant: array}, np.zeros_like(array))}

    def fields(self) -> dict[str, Jet]:
        """The network's fields with the derivatives that the residual needs."""
        if not self._fields:
            self._fields = self.functions(self.subject.network, self.subject.tensors)
        return self._fields

    def functions(self, program: Program, tensors: Tensors) -> dict[str, Jet]:
        """A program's outputs with the derivatives that the residual needs."""
        indices = lower_set([*self.subject.orders, self.plain.zero])
        jets = Jets(self.length, self.degree, indices, directed=True)
        return run(program, jets, lambda e: self.given(e, jets, tensors))

    def network_derivative(self, name: str, index: Index, indices: list[Index],
                           kinks: bool = False) -> Model:  # fmt: skip
        """A derivative of a field; all of `indices` are computed together.

        With `kinks`, first derivatives are generalized ones where max0 has its kink.
        """
        key = (tuple(indices), kinks)
        if key not in self._jets:
            needed = lower_set([*indices, self.plain.zero])
            jets = Jets(self.length, self.degree, needed, directed=True, kinks=kinks)
            network = self.subject.network
            self._jets[key] = run(network, jets, lambda e: self.given(e, jets))
        found = self._jets[key][name].get(index)
        factor = math.prod(math.factorial(n) for n in index)
        return Model({}, np.zeros(1)) if found is None else scale(found, factor)

    def field(self, name: str) -> Model:
        """The network's field."""
        return self.fields()[name][self.plain.zero]

    def data(
        self, program: Program, tensors: Tensors | None = None
    ) -> dict[str, Model]:
        """The outputs of a program of coordinates, constants and weights."""
        made = run(program, self.plain, lambda e: self.given(e, self.plain, tensors))
        return {name: jet[self.plain.zero] for name, jet in made.items()}

    def slopes(self, program: Program, name: str) -> list[Model]:
        """The derivatives in a coordinate of the outputs of such a program."""
        axes = [axis.name for axis in self.subject.problem.coordinates]
        unit = tuple(int(axis == name) for axis in axes)
        jets = Jets(self.length, self.degree, lower_set([unit]), directed=True)
        made = run(program, jets, lambda e: self.given(e, jets))
        return [jet.get(unit, Model({}, np.zeros(1))) for jet in made.values()]

    def derivative(
        self, field: str, orders: Index, fields: Mapping[str, Jet] | None = None
    ) -> Model:
        """A derivative of the network's or of other fields, one that the residual
        needs too.
        """
        if orders not in lower_set(self.subject.orders):
            raise KeyError(f"{field} {orders} is not among the residual's derivatives")
        fields = self.fields() if fields is None else fields
        found = fields.get(field, {}).get(orders)
        factor = math.prod(math.factorial(n) for n in orders)
        return Model({}, np.zeros(1)) if found is None else scale(found, factor)

    def derivatives(self, program: Program, indices: list[Index]) -> list[Jet]:
        """Output by output the first derivatives of a program of coordinates."""
        jets = Jets(self.length, self.degree, lower_set(indices), directed=True)
        made = run(program, jets, lambda e: self.given(e, jets))
        return [made[field] for field in self.subject.problem.fields]

    def coefficient(self, orders: Index, along: Index) -> Model:
        """A derivative of the coefficient of D^orders u where u vanishes.

        **Arguments:** `orders` of the one field's derivative, `along` of the
        coefficient's derivative, at most the first. The equation must be a polynomial
        in the field and its derivatives, linear in the latter.
        """
        jets = Jets(self.length, self.degree, lower_set([along]), directed=True)
        absent = Model({}, np.zeros(1))

        def at(chosen: Index | None) -> Model:
            def value(entry: Input) -> Jet:
                if entry.kind != "derivative":
                    return self.given(entry, jets)
                return {jets.zero: jets.one if entry.orders == chosen else absent}

            made = run(self.subject.problem.residual, jets, value)["0"]
            return made.get(along, absent)

        return add(at(orders), at(None), -1)

    def residuals(self, fields: Mapping[str, Jet] | None = None) -> list[Model]:
        """The residual of the network or of other fields, one model an equation."""

        def value(entry: Input) -> Jet:
            if entry.kind == "derivative":
                found = self.derivative(entry.field, entry.orders, fields)
                return {self.plain.zero: found}
            return self.given(entry, self.plain)

        made = run(self.subject.problem.residual, self.plain, value)
        return [made[str(i)][self.plain.zero] for i in range(len(made))]

    def expansion(self, at: Mapping[str, Jet] | None, along: Mapping[str, Jet],
                  order: int = 1, tube: float = 0.0) -> list[Model]:  # fmt: skip
        """Taylor coefficients of s -> residual(v + s along), of one equation, at 0.

        v is `at`, or the network, plus anything within `tube` of zero, with the
        derivatives of `at`.
        """
        jets = Jets(self.length, self.degree, [(k,) for k in range(order + 1)])

        def value(entry: Input) -> Jet:
            if entry.kind != "derivative":
                return self.given(entry, jets)
            model = self.derivative(entry.field, entry.orders, at)
            model = model if any(entry.orders) else widen(model, tube)
            return {
                (0,): model,
                (1,): self.derivative(entry.field, entry.orders, along),
            }

        made = run(self.subject.problem.residual, jets, value)["0"]
        return [made.get(i, Model({}, np.zeros(1))) for i in jets.indices]

    def jacobian(self, tube: float = 0.0) -> list[list[Model]]:
        """The residual's derivatives with respect to the fields, equation by equation.

        Each field ranges over all values within `tube` of the network's.
        """
        names = self.subject.problem.fields
        units = [tuple(int(a == b) for b in names) for a in names]
        jets = Jets(self.length, self.degree, lower_set([*units]))

        def value(entry: Input) -> Jet:
            if entry.kind != "derivative":
                return self.given(entry, jets)
            model = self.derivative(entry.field, entry.orders)
            if any(entry.orders):
                return {jets.zero: model}
            unit = units[names.index(entry.field)]
            return {jets.zero: widen(model, tube), unit: jets.one}

        made = run(self.subject.problem.residual, jets, value)
        absent = Model({}, np.zeros(1))
        return [[made[str(i)].get(u, absent) for u in units] for i in range(len(made))]

    def shifted(self, count: int) -> list[Model]:
        """The residual with u + s for the one field u, its derivatives kept, by powers
        of s from 0 to `count`; the whole of it if it is such a polynomial.
        """
        one = Model({self.plain.constant: np.ones(1)}, np.zeros(1))
        along = {self.subject.problem.fields[0]: {self.plain.zero: one}}
        return self.expansion(None, along, order=count)


def sweep(subject: Subject, tree: Tree, names: list[str],
          quantity: Callable[[Chunk], tuple[Array, ...]],
          fixed: Mapping[str, Polynomial] | None = None,
          orders: list[Index] | None = None) -> list[Array]:  # fmt: skip
    """Some quantities on every leaf, as arrays in the order of the leaves.

    Of `orders`, by default the residual's, many derivatives are in memory at a time.

    **Raises:** `Refusal` where a quantity is not finite.
    """
    parts: list[Array] = []
    indices = lower_set(orders or subject.orders or [(0,)])
    for degree in sorted(set(tree.degrees.tolist())):
        chosen = np.flatnonzero(tree.degrees == degree)
        monomials = math.comb(degree + len(names), len(names))
        load = subject.width * monomials * len(indices)
        size = int(max(1, min(2**14 // subject.width + 1, 2**23 // load)))
        parts += [chosen[start : start + size] for start in range(0, len(chosen), size)]

    def evaluate(number: int) -> tuple[Array, ...]:
        part = parts[number]
        box = tree.centers[:, part], tree.halves[:, part]
        try:
            with np.errstate(all="ignore"):
                degree = int(tree.degrees[part[0]])
                return quantity(Chunk(subject, names, *box, degree, fixed or {}))
        except Refusal as refusal:
            place = tree.describe(int(part[0])) + " or one of those after it"
            raise Refusal(refusal.reason, refusal.where or place) from None

    # Once a large block was freed, the C library keeps what is freed for what follows.
    np.empty(3 * 2**20)
    results: list[Array] = []
    found = answers(evaluate, len(parts), subject.workers)
    for part, arrays in zip(parts, found, strict=True):
        if not results:
            results = [np.full(tree.leaves, np.nan) for _ in arrays]
        for result, array in zip(results, arrays, strict=True):
            result[part] = array
    for result in results:
        bad = np.flatnonzero(~np.isfinite(result))
        if len(bad):
            raise Refusal("the enclosure is not finite", tree.describe(int(bad[0])))
    return results


def volume(subject: Subject, names: list[str]) -> float:
    """An upper bound of the volume of the box over these coordinates."""
    product = arb(1)
    for axis in subject.problem.coordinates:
        if axis.name in names:
            product *= enclose(axis.length)
    return above(product)


def sum_up(values: Array) -> float:
    """An upper bound of a sum of non-negative numbers, for any order of summation."""
    return float(np.add.reduce(values)) * (1.0 + (len(values) + 8) * UNIT)
