"""A network's values as floating point computes them: `docs/theory/evaluation.md`.

Each computed value is its operation at the computed arguments plus some eta, whose
bound is derived here.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..kernel._algebra import Polynomial
from ..kernel._errors import Refusal
from ..kernel._functions import powers
from ..kernel._jets import Jets, reshaped
from ..kernel._leaves import Chunk
from ..kernel._models import TINY, UP, Array, Model, multiply, negate, widen
from ..kernel._program import Input, Operation

FORMATS = {
    "float32": (2.0**-24, 2.0**-126, 2.0**127),
    "float64": (2.0**-53, 2.0**-1022, 2.0**1000),
}
EXACT = ("neg", "max0", "stack", "index", "broadcast")


class Evaluation(NamedTuple):
    """An evaluation of the network in a binary format, functions within some ulps."""

    format: str
    ulps: int

    @property
    def unit(self) -> float:
        """Half the distance from 1 to the next number."""
        return FORMATS[self.format][0]

    @property
    def smallest(self) -> float:
        """The smallest normal number."""
        return FORMATS[self.format][1]

    @property
    def limit(self) -> float:
        """At most half of the largest number."""
        return FORMATS[self.format][2]

    @property
    def rules(self) -> str:
        """How the network is evaluated, in words."""
        return (
            f"in {self.format}, weights and constants rounded to {self.format}, every "
            "operation rounded to nearest, sums in any order and with or without fused "
            "multiplication"
        )

    def contains(self, value: Polynomial) -> bool:
        """Whether a constant is a number of the format; may miss some that are."""
        exact = value.rational
        if exact is None or abs(exact) > self.limit:
            return False
        return exact == Fraction(float(np.dtype(self.format).type(float(exact))))


class Value(NamedTuple):
    """A value in exact arithmetic, and bounds of |computed - exact| and of |eta|.

    Sums may be computed in any order: `mass` is that of the terms' absolute values, and
    `count` bounds the roundings on a term's way into the sum. `slopes` encloses the
    derivatives by the arguments for all s.
    """

    model: Model
    error: Array
    local: Array
    mass: Array
    count: int = 0
    slopes: tuple[Model, ...] = ()


class Rounding:
    """The network's values on a chunk of leaves, exact and computed."""

    def __init__(self, chunk: Chunk, chosen: Evaluation):
        self.chunk, self.chosen = chunk, chosen
        self.jets = Jets(chunk.length, chunk.degree, [(0,), (1,)], kinks=True)
        network = chunk.subject.network
        self.first, self.operations = len(network.inputs), network.operations
        self.values = [self._input(entry) for entry in network.inputs]
        for operation in self.operations:
            self.values.append(self._forward(operation))

    def _input(self, entry: Input) -> Value:
        """A coordinate is a number of the format; the rest is rounded to nearest."""
        model = self.chunk.input(entry, self.jets)[(0,)]
        local = np.full(1, 2 * self.chosen.smallest)
        if entry.kind == "weight":
            array = model.terms[self.jets.constant]
            rounded = array.astype(self.chosen.format).astype(np.float64)
            local = np.where(rounded == array, 0.0, self.chosen.unit * np.abs(array))
            local = local * UP + 2 * self.chosen.smallest
        elif entry.kind == "constant" and not self.chosen.contains(entry.value):
            local = (model.bound * self.chosen.unit + local) * UP
        return self._bounded(Value(model, local, local, model.bound + local))

    def _forward(self, operation: Operation) -> Value:
        name, extra = operation.name, operation.extra
        taken = [self.values[i] for i in operation.arguments]
        model = self.jets.apply(name, [{(0,): v.model} for v in taken], extra)[(0,)]
        slopes = self._slopes(name, taken, extra)
        errors = [v.error for v in taken]
        if name == "matvec":
            errors[0] = taken[0].model.bound
        elif slopes:
            pairs = zip(slopes, errors, strict=True)
            errors = [sum((s.bound * e for s, e in pairs), np.zeros(1))]
        moved = self._joined(operation, errors) * UP + TINY
        size = (model.bound + moved) * UP
        count, mass = self._sum(operation, taken)
        mass = size if mass is None else mass
        local = self._local(operation, taken, size, count, mass)
        error = (moved + local) * UP
        return self._bounded(Value(model, error, local, mass + local, count, slopes))

    def _joined(self, operation: Operation, sizes: list[Array]) -> Array:
        """Bounds of the arguments' entries, joined as the operation joins entries."""
        name, extra = operation.name, operation.extra
        if name == "matvec":
            return sizes[0] @ sizes[1] * UP
        if name in ("dot", "sum"):
            return np.add.reduce(sizes[0], axis=0) * UP
        if name == "stack":
            return np.stack(np.broadcast_arrays(*sizes))
        if name in ("index", "broadcast"):
            return reshaped(name, Model({}, sizes[0]), extra).radius
        return sizes[0]

    def matrix(self, operation: Operation) -> Array:
        return self.values[operation.arguments[0]].model.terms[self.jets.constant]

    def _slopes(self, name: str, taken: list[Value], extra: int) -> tuple[Model, ...]:
        """The derivatives by the arguments, for all values that these may take."""
        one = self.jets.one
        if name in ("add", "sub"):
            return one, one if name == "add" else negate(one)
        if name in ("matvec", "sum", "stack", "index", "broadcast"):
            return ()
        wide = [widen(v.model, v.error) for v in taken]
        if name in ("mul", "dot"):
            return wide[1], wide[0]
        if name == "div":
            inverse = self.jets.compose("recip", {(0,): wide[1]})[(0,)]
            square = multiply([(inverse, inverse)], self.jets.degree)
            return inverse, negate(multiply([(wide[0], square)], self.jets.degree))
        return (self.jets.apply(name, [{(0,): wide[0], (1,): one}], extra)[(1,)],)

    def _sum(
        self, operation: Operation, taken: list[Value]
    ) -> tuple[int, Array | None]:
        """Roundings on a term's way and the terms' sizes, if the value is a sum."""
        name, a = operation.name, taken[0]
        if name in ("add", "sub"):
            return a.count + taken[1].count + 1, (a.mass + taken[1].mass) * UP
        if name == "sum":
            count = a.count + len(a.mass) - 1
            return count, self._joined(operation, [a.mass])
        if name == "dot":
            product = self._size(a) * self._size(taken[1])
            return len(a.error), self._joined(operation, [product]) * UP
        if name == "matvec":
            sizes = [a.mass, self._size(taken[1])]
            return a.mass.shape[1], self._joined(operation, sizes)
        if name in ("neg", "index", "broadcast"):
            return a.count, self._joined(operation, [a.mass])
        return 0, None

    def _size(self, value: Value) -> Array:
        """A bound of what is computed."""
        return (value.model.bound + value.error) * UP

    def _local(self, operation: Operation, taken: list[Value], size: Array, count: int,
               mass: Array) -> Array:  # fmt: skip
        """A bound of what the operation itself adds; `size` bounds its exact value."""
        name, unit, least = operation.name, self.chosen.unit, self.chosen.smallest
        if name in EXACT:
            return np.zeros(1)
        given = self._size(taken[-1])
        if name in ("add", "sub", "sum", "dot", "matvec"):
            local = self._gamma(count) * mass + 8 * (count + 1) * least
            if name == "matvec":
                local = local + taken[0].local @ given
        elif name == "ipow":
            large = powers(np.maximum(given, 1.0), operation.extra)
            self._within(large)
            roundings = operation.extra + 2 * self.chosen.ulps
            powered = powers(given, operation.extra)
            local = self._gamma(roundings) * powered + 4 * roundings * least * large
        elif name in ("mul", "sqrt"):
            local = unit * size + 4 * least
        elif name == "div":
            # Compilers may multiply by the reciprocal, which is rounded too.
            local = 3 * unit * size + 4 * least * (1 + self._size(taken[0]))
        else:
            local = 2 * self.chosen.ulps * (unit * size + 2 * least)
            if name in ("sinpi", "cospi"):
                # pi is rounded, and the product; pi times 3 is below 10.
                local = local + 10 * unit * given + 8 * least
        return local * UP + TINY

    def _gamma(self, count: int) -> float:
        """n u / (1 - n u), rounded up."""
        if count * self.chosen.unit > 0.25:
            raise Refusal("a sum has too many terms for the format", "evaluation")
        return count * self.chosen.unit / (1 - count * self.chosen.unit) * UP

    def _within(self, size: Array) -> None:
        if not (size * UP < self.chosen.limit).all():
            what = f"a value may exceed the range of {self.chosen.format}"
            raise Refusal(what, "evaluation")

    def _bounded(self, value: Value) -> Value:
        self._within(value.mass)
        self._within(value.model.bound + value.error)
        return value
