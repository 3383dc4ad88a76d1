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


class Subject(NamedTuple):
    """A problem, and a network with its weights."""

    problem: Problem
    network: Program
    tensors: dict[str, np.ndarray]
    workers: int = 1

    @property
    def orders(self) -> list[Index]:
        """The derivatives that the residual needs."""
        entries = [e for e in self.problem.residual.inputs if e.kind == "derivative"]
        return [entry.orders for entry in entries]

    @property
    def width(self) -> int:
        """The largest vector."""
        shapes = [n for array in self.tensors.values() for n in array.shape]
        programs = (self.network, self.problem.residual)
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

    def _input(self, entry: Input, jets: Jets) -> Jet:
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
        array = self.subject.tensors[entry.name]
        if array.ndim < 2:
            array = array.reshape(-1, 1) if array.ndim else array.reshape(1)
        return {jets.zero: Model({jets.constant: array}, np.zeros_like(array))}

    def fields(self) -> dict[str, Jet]:
        """The network's fields with the derivatives that the residual needs."""
        if not self._fields:
            indices = lower_set([*self.subject.orders, self.plain.zero])
            jets = Jets(self.length, self.degree, indices, directed=True)
            network = self.subject.network
            self._fields = run(network, jets, lambda e: self._input(e, jets))
        return self._fields

    def field(self, name: str) -> Model:
        """The network's field."""
        return self.fields()[name][self.plain.zero]

    def data(self, program: Program) -> dict[str, Model]:
        """The outputs of a program of coordinates, constants and weights."""
        made = run(program, self.plain, lambda e: self._input(e, self.plain))
        return {name: jet[self.plain.zero] for name, jet in made.items()}

    def _derivative(self, entry: Input) -> Model:
        found = self.fields()[entry.field].get(entry.orders)
        factor = math.prod(math.factorial(n) for n in entry.orders)
        zeros = np.zeros(1)
        return Model({}, zeros) if found is None else scale(found, factor)

    def residuals(self) -> list[Model]:
        """The residual of the network, one model an equation."""

        def value(entry: Input) -> Jet:
            if entry.kind == "derivative":
                return {self.plain.zero: self._derivative(entry)}
            return self._input(entry, self.plain)

        made = run(self.subject.problem.residual, self.plain, value)
        return [made[str(i)][self.plain.zero] for i in range(len(made))]

    def jacobian(self, tube: float = 0.0) -> list[list[Model]]:
        """The residual's derivatives with respect to the fields, equation by equation.

        Each field ranges over all values within `tube` of the network's.
        """
        names = self.subject.problem.fields
        units = [tuple(int(a == b) for b in names) for a in names]
        jets = Jets(self.length, self.degree, lower_set([*units]))

        def value(entry: Input) -> Jet:
            if entry.kind != "derivative":
                return self._input(entry, jets)
            model = self._derivative(entry)
            if any(entry.orders):
                return {jets.zero: model}
            unit = units[names.index(entry.field)]
            return {jets.zero: widen(model, tube), unit: jets.one}

        made = run(self.subject.problem.residual, jets, value)
        absent = Model({}, np.zeros(1))
        return [[made[str(i)].get(u, absent) for u in units] for i in range(len(made))]


def sweep(subject: Subject, tree: Tree, names: list[str],
          quantity: Callable[[Chunk], tuple[Array, ...]],
          fixed: Mapping[str, Polynomial] | None = None) -> list[Array]:  # fmt: skip
    """Some quantities on every leaf, as arrays in the order of the leaves.

    **Raises:** `Refusal` where a quantity is not finite.
    """
    parts: list[Array] = []
    for degree in sorted(set(tree.degrees.tolist())):
        chosen = np.flatnonzero(tree.degrees == degree)
        monomials = math.comb(degree + len(names), len(names))
        load = subject.width * monomials * len(lower_set(subject.orders or [(0,)]))
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
