"""Evaluates network and residual on all leaves of a tree, chunk by chunk."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
from flint import arb

from ._algebra import Polynomial, enclose
from ._documents import Problem
from ._errors import Refusal
from ._functions import above, ball
from ._jets import Index, Jet, Jets, derivative, lower_set
from ._models import UNIT, Array, Model, add, multiply
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
        arrays = [array for _, tensors in pairs for array in tensors.values()]
        shapes = [n for array in arrays for n in array.shape]
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

    def input(self, entry: Input, jets: Jets, tensors: Tensors | None = None) -> Jet:
        """A coordinate, a constant or a weight as a jet."""
        if entry.kind == "coordinate":
            made = {jets.zero: self.coordinates[entry.name]}
            names = self.subject.problem.names
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

    def evaluate(self, program: Program, indices: Iterable[Index] = (),
                 tensors: Tensors | None = None, kinks: bool = False,
                 ) -> dict[str, Jet]:  # fmt: skip
        """The outputs of a program of coordinates, with these derivatives and those
        below them; with `kinks` the first are generalized ones of max0.
        """
        needed = lower_set([*indices, self.plain.zero])
        jets = Jets(self.length, self.degree, needed, directed=True, kinks=kinks)
        return run(program, jets, lambda e: self.input(e, jets, tensors))

    def data(self, program: Program,
             tensors: Tensors | None = None) -> dict[str, Model]:  # fmt: skip
        """The outputs of a program of coordinates, without derivatives."""
        made = self.evaluate(program, tensors=tensors)
        return {name: jet[self.plain.zero] for name, jet in made.items()}

    def fields(self) -> dict[str, Jet]:
        """The network's fields with the derivatives that the residual needs."""
        if not self._fields:
            self._fields = self.evaluate(self.subject.network, self.subject.orders)
        return self._fields

    def field(self, name: str) -> Model:
        """The network's field."""
        return self.fields()[name][self.plain.zero]

    def derivative(self, field: str, orders: Index,
                   fields: Mapping[str, Jet] | None = None) -> Model:  # fmt: skip
        """A derivative of the network's or of other fields, one that the residual
        needs too.
        """
        if orders not in lower_set(self.subject.orders):
            raise KeyError(f"{field} {orders} is not among the residual's derivatives")
        fields = self.fields() if fields is None else fields
        return derivative(fields.get(field, {}), orders)

    def equations(self, jets: Jets, value: Callable[[Input], Jet]) -> list[Jet]:
        """The residual, equation by equation, at these fields and derivatives."""

        def at(entry: Input) -> Jet:
            return (
                value(entry) if entry.kind == "derivative" else self.input(entry, jets)
            )

        made = run(self.subject.problem.residual, jets, at)
        return [made[str(i)] for i in range(len(made))]

    def residuals(self, fields: Mapping[str, Jet] | None = None) -> list[Model]:
        """The residual of the network or of other fields, one model an equation."""
        zero = self.plain.zero
        made = self.equations(
            self.plain, lambda e: {zero: self.derivative(e.field, e.orders, fields)}
        )
        return [jet[zero] for jet in made]


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
