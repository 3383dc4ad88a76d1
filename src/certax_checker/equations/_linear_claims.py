"""Ranges and Lipschitz constants by backward linear bounds on every leaf."""

from collections.abc import Callable, Mapping

import numpy as np
from flint import arb

from ..kernel._algebra import enclose
from ..kernel._errors import Malformed, Refusal
from ..kernel._functions import ball
from ..kernel._models import TINY, UNIT, UP, Array
from ..kernel._program import Program
from ..kernel._workers import answers
from ._case import Case
from ._linear import Node, Pair
from ._linear_pass import FUNCTIONS, Relaxed

Tail = Callable[["Nodes"], list[int]]


class Nodes:
    """A network as nodes, without divisions, inner products and powers."""

    def __init__(self, program: Program):
        self.nodes = [Node("input") for _ in program.inputs]
        self.numbers: dict[int, arb] = {}
        place = list(range(len(self.nodes)))
        kinds = [entry.kind for entry in program.inputs]
        self.varying = {i for i, kind in enumerate(kinds) if kind == "coordinate"}
        self.coordinates = sorted(self.varying)
        self.sizes = [entry.shape[0] if entry.shape else 1 for entry in program.inputs]
        for operation in program.operations:
            args = tuple(place[i] for i in operation.arguments)
            place.append(self._expanded(operation.name, args, operation.extra))
        self.outputs = {name: place[i] for name, i in program.outputs.items()}

    def add(self, name: str, *arguments: int, extra: int = 0) -> int:
        """Appends a node; one of no size of its own has that of its last argument."""
        self.nodes.append(Node(name, arguments, extra))
        size = self.sizes[arguments[0 if name == "matvec" else -1]] if arguments else 1
        special = {"index": 1, "sum": 1, "broadcast": extra, "stack": len(arguments)}
        self.sizes.append(special.get(name, size))
        i = len(self.nodes) - 1
        if name == "slope" or any(j in self.varying for j in arguments):
            self.varying.add(i)
        return i

    def number(self, value: arb) -> int:
        """A constant."""
        i = self.add("input")
        self.numbers[i] = value
        return i

    def _expanded(self, name: str, args: tuple[int, ...], extra: int) -> int:
        if name == "div":
            return self.add("mul", args[0], self.add("recip", args[1]))
        if name == "dot":
            return self.add("sum", self.add("mul", *args))
        if name in ("sinpi", "cospi"):
            return self.add(name[:3], self.add("mul", self.number(arb.pi()), args[0]))
        if name == "ipow":
            half = args[0] if extra < 4 else self._expanded(name, args, extra // 2)
            square = self.add("mul", half, half)
            return self.add("mul", square, args[0]) if extra % 2 else square
        return self.add(name, *args, extra=extra)

    def gradient(self, output: int) -> list[int]:
        """The generalized derivatives of a node by the coordinates, by the chain rule
        from the last operation to the first.
        """
        rates = {output: self.number(arb(1))}

        def put(i: int, rate: int) -> None:
            rates[i] = self.add("add", rates[i], rate) if i in rates else rate

        for i in range(output, -1, -1):
            if i not in rates or i not in self.varying or i in self.coordinates:
                continue
            rate, (name, args, extra) = rates.pop(i), self.nodes[i]
            if name in FUNCTIONS:
                slope = self.add("slope", args[0], extra=i)
                put(args[0], self.add("mul", slope, rate))
            elif name == "mul":
                for j, other in (args, args[::-1]):
                    if j in self.varying:
                        put(j, self.add("mul", other, rate))
            elif name == "matvec":
                turned = self.add("turned", args[0], rate)
                self.sizes[turned] = self.sizes[args[1]]
                put(args[1], turned)
            elif name == "stack":
                for place, j in enumerate(args):
                    if j in self.varying:
                        put(j, self.add("index", rate, extra=place))
            else:
                for place, j in enumerate(args):
                    if j in self.varying:
                        put(j, self._moved(name, place, j, rate, extra))
        found = [rates[i] for i in self.coordinates if i in rates]
        return found or [self.number(arb(0))]

    def _moved(self, name: str, place: int, j: int, rate: int, extra: int) -> int:
        if name == "neg" or (name == "sub" and place):
            return self.add("neg", rate)
        if name in ("add", "sub"):
            return rate
        if name == "sum":
            return self.add("broadcast", rate, extra=self.sizes[j])
        if name == "broadcast":
            return self.add("sum", rate)
        return self.add("place", rate, j, extra=extra)


def magnitudes(nodes: Nodes, fields: list[str], norm: str) -> list[int]:
    """Nodes of all sums of absolute slopes, or of the sum of all squares of slopes."""
    rows = [nodes.gradient(nodes.outputs[field]) for field in fields]
    if norm == "l2":
        slopes = nodes.add("stack", *(i for row in rows for i in row))
        return [nodes.add("sum", nodes.add("mul", slopes, slopes))]
    made = []
    for row in rows:
        slopes = nodes.add("stack", *row)
        doubled = nodes.add("broadcast", nodes.number(arb(2)), extra=len(row))
        rising = nodes.add("mul", doubled, nodes.add("max0", slopes))
        made.append(nodes.add("sum", nodes.add("sub", rising, slopes)))
    return made


def sweep(case: Case, tail: Tail) -> Pair:
    """The ends of some nodes' values over the domain, all of them together."""
    subject, tree = case.subject, case.trees["residual"]
    if (tree.degrees != 1).any():
        raise Malformed("leaves of linear bounds have the degree 1", "residual")
    nodes = Nodes(subject.network)
    wanted = tail(nodes)
    matrices, fixed = _known(nodes, subject.network, subject.tensors)
    widest = max(nodes.sizes)
    size = int(max(1, min(512, 2**21 // (widest * widest))))
    starts = range(0, tree.leaves, size)

    def evaluate(number: int) -> tuple[Array, ...]:
        part = slice(starts[number], starts[number] + size)
        ends = dict(fixed)
        for i in nodes.coordinates:
            axis = case.names.index(subject.network.inputs[i].name)
            box = tree.centers[axis, part], tree.halves[axis, part]
            ends[i] = _physical(case, axis, *box)
        with np.errstate(all="ignore"):
            relaxed = Relaxed(nodes.nodes, ends, matrices, set(nodes.coordinates))
            found = []
            for i in wanted:
                low, high = relaxed.low[i][:, 0], relaxed.high[i][:, 0]
                rows = relaxed.below(i, np.array([[[1.0], [-1.0]]]))
                found += [np.fmax(low, rows[:, 0]), np.fmin(high, -rows[:, 1])]
        parts = np.broadcast_arrays(*found, tree.centers[0, part])[:-1]
        return np.minimum.reduce(parts[::2]), np.maximum.reduce(parts[1::2])

    answered = answers(evaluate, len(starts), subject.workers)
    low, high = (np.concatenate(ends) for ends in zip(*answered, strict=True))
    bad = np.flatnonzero(~(np.isfinite(low) & np.isfinite(high)))
    if len(bad):
        raise Refusal("the enclosure is not finite", tree.describe(int(bad[0])))
    return low, high


def _known(
    nodes: Nodes, program: Program, tensors: Mapping[str, Array]
) -> tuple[dict[int, Array], dict[int, Pair]]:
    """The matrices, and the ends of all other numbers that do not vary."""
    matrices, fixed = {}, {}
    for i, entry in enumerate(program.inputs):
        if entry.kind == "constant":
            nodes.numbers[i] = enclose(entry.value)
        elif entry.kind == "weight":
            array = tensors[entry.name].astype(np.float64)
            if array.ndim == 2:
                matrices[i] = array
            else:
                fixed[i] = (array.reshape(1, -1),) * 2
    for i, value in nodes.numbers.items():
        made = ball(value, 1)
        middle, radius = made.terms[(0,)], made.radius
        away = (radius + 2 * UNIT * np.abs(middle)) * UP + TINY if radius > 0 else 0.0
        fixed[i] = ((middle - away)[None], (middle + away)[None])
    for i, node in enumerate(nodes.nodes):
        if node.name == "turned":
            # A matrix that is a copy has a place of its own.
            matrices[-1 - i] = matrices[node.arguments[0]].T
            nodes.nodes[i] = Node("matvec", (-1 - i, node.arguments[1]))
    return matrices, fixed


def _physical(case: Case, axis: int, centers: Array, halves: Array) -> Pair:
    """The ends of leaves along an axis, outward, shape (leaves, 1)."""
    coordinate, made = case.problem.coordinates[axis], []
    lower, length = (
        ball(enclose(part), 1) for part in (coordinate.lower, coordinate.length)
    )
    start, stretch = (m.terms[(0,)] for m in (lower, length))
    for sign in (-1.0, 1.0):
        share = centers + sign * halves
        away = lower.radius + length.radius
        away = away + 8 * UNIT * (np.abs(start) + np.abs(stretch) + away)
        made.append((start + stretch * share) + sign * (away * UP + TINY))
    return made[0][:, None], made[1][:, None]
