"""Programs in the form that linear relaxations take, and programs of gradients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .._core import Input, Program
from ._lines import one_variable

transposed = ".transposed"
slope_mark = "slope of "
Op = tuple[str, tuple[int, ...], int | None]


@dataclass(frozen=True)
class LinearProgram:
    """A program without divisions and inner products, whose operations may also be
    `slope of f` (any slope of f at its argument) and `place` (a number as one entry of
    a vector of zeros; `sizes` says of how many).

    **Attributes:**

    - `inputs`: coordinates, constants and weights.
    - `outputs`: numbers of scalars.
    """

    inputs: tuple[Input, ...]
    ops: tuple[Op, ...]
    outputs: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.inputs) + len(self.ops)

    @cached_property
    def known(self) -> tuple[bool, ...]:
        """Which values are the same at all points."""
        known = [i.kind != "coordinate" for i in self.inputs]
        for op, arguments, _ in self.ops:
            fixed = all(known[a] for a in arguments)
            known.append(fixed and not op.startswith(slope_mark))
        return tuple(known)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many entries each value has; matrices have those of their result."""
        sizes = [i.shape[0] if i.shape else 1 for i in self.inputs]
        for op, arguments, extra in self.ops:
            match op:
                case "stack":
                    sizes.append(len(arguments))
                case "index" | "sum":
                    sizes.append(1)
                case "broadcast":
                    sizes.append(extra or 1)
                case "place":
                    sizes.append(sizes[arguments[1]])
                case _:
                    sizes.append(sizes[arguments[0]])
        return tuple(sizes)

    @cached_property
    def nonlinear(self) -> tuple[int, ...]:
        """The values that are bounded first, since a function bends there."""
        found = {}
        for op, arguments, _ in self.ops:
            bends = op.removeprefix(slope_mark) in one_variable
            if bends or op == "mul":
                found |= {a: None for a in arguments if not self.is_root(a)}
        return tuple(found)

    def is_root(self, i: int) -> bool:
        """Whether nothing leads further back: an input, a known value or a slope."""
        first = len(self.inputs)
        root = i < first or self.ops[i - first][0].startswith(slope_mark)
        return root or self.known[i]


class _Builder:
    """Operations behind those of a program."""

    def __init__(self, inputs: Sequence[Input], ops: Sequence[Op] = ()):
        self.inputs, self.ops = tuple(inputs), list(ops)

    def emit(self, op: str, arguments: Sequence[int], extra: int | None = None) -> int:
        self.ops.append((op, tuple(arguments), extra))
        return len(self.inputs) + len(self.ops) - 1


def linear_program(program: Program, outputs: Sequence[str]) -> LinearProgram:
    """The program with its divisions as products with reciprocals, its inner products
    as sums, and its products of equals as squares.
    """
    builder = _Builder(program.inputs)
    place = list(range(len(program.inputs)))

    def product(a: int, b: int) -> int:
        return builder.emit("ipow", [a], 2) if a == b else builder.emit("mul", [a, b])

    for op, arguments, extra in program.ops:
        args = [place[a] for a in arguments]
        match op:
            case "mul":
                made = product(*args)
            case "dot":
                made = builder.emit("sum", [product(*args)])
            case "div":
                made = product(args[0], builder.emit("reciprocal", args[1:]))
            case _:
                made = builder.emit(op, args, extra)
        place.append(made)
    chosen = tuple(place[program.outputs[name]] for name in outputs)
    return LinearProgram(builder.inputs, tuple(builder.ops), chosen)


def gradient_sizes(program: LinearProgram, norm: str) -> LinearProgram:
    """The sums of absolute slopes (`linf`), one an output, or the sum of all squares of
    slopes (`l2`) of a program, by the chain rule backward.
    """
    one, two = (Input(f"literal.{n}", "constant", value=n) for n in ("1", "2"))
    matrices = [
        program.inputs[arguments[0]]
        for op, arguments, _ in program.ops
        if op == "matvec"
    ]
    turned = {
        m.name: Input(m.name + transposed, "weight", shape=m.shape[::-1])
        for m in matrices
    }
    names = {i.name for i in program.inputs}
    fresh = [i for i in (one, two, *turned.values()) if i.name not in names]
    shift, first = len(fresh), len(program.inputs)
    inputs = (*program.inputs, *fresh)
    number = {item.name: i for i, item in enumerate(inputs)}
    moved = lambda i: i if i < first else i + shift
    ops = [(op, tuple(map(moved, args)), extra) for op, args, extra in program.ops]
    builder = _Builder(inputs, ops)
    ends = [
        _slopes(program, output, moved, builder, number, turned)
        for output in program.outputs
    ]
    if norm == "l2":
        squares = [builder.emit("ipow", [s], 2) for row in ends for s in row]
        outputs = [builder.emit("sum", [builder.emit("stack", squares)])]
    else:
        outputs = []
        for row in ends:
            slopes = builder.emit("stack", row)
            doubled = [
                builder.emit("broadcast", [number[two.name]], len(row)),
                builder.emit("max0", [slopes]),
            ]
            sizes = builder.emit("sub", [builder.emit("mul", doubled), slopes])
            outputs.append(builder.emit("sum", [sizes]))
    return LinearProgram(inputs, tuple(builder.ops), tuple(outputs))


def with_transposed(weights: Mapping[str, np.ndarray], inputs: Sequence[Input]) -> dict:
    """The weights of a program of gradients."""
    return {
        i.name: weights[i.name]
        if i.name in weights
        else weights[i.name.removesuffix(transposed)].T
        for i in inputs
        if i.kind == "weight"
    }


def _slopes(
    program: LinearProgram,
    output: int,
    moved,
    builder: _Builder,
    number: Mapping[str, int],
    turned: Mapping[str, Input],
) -> list[int]:
    """The values of one output's derivatives by all coordinates."""
    first, known = len(program.inputs), program.known
    rates: dict[int, int] = {output: number["literal.1"]}

    def put(argument: int, rate: int) -> None:
        if known[argument]:
            return
        if argument in rates:
            rate = builder.emit("add", [rates[argument], rate])
        rates[argument] = rate

    for i in reversed(range(first, output + 1)):
        if i not in rates or known[i]:
            continue
        rate = rates[i]
        op, args, extra = program.ops[i - first]
        size = program.sizes[args[-1]]
        match op:
            case "add" | "sub":
                put(args[0], rate)
                if not known[args[1]]:
                    negative = op == "sub"
                    put(args[1], builder.emit("neg", [rate]) if negative else rate)
            case "neg":
                put(args[0], builder.emit("neg", [rate]))
            case "matvec":
                matrix = number[turned[program.inputs[args[0]].name].name]
                put(args[1], builder.emit("matvec", [matrix, rate]))
            case "mul":
                for one, other in (args, args[::-1]):
                    if not known[one]:
                        put(one, builder.emit("mul", [moved(other), rate]))
            case "sum":
                put(args[0], builder.emit("broadcast", [rate], size))
            case "broadcast":
                put(args[0], builder.emit("sum", [rate]))
            case "index":
                put(args[0], builder.emit("place", [rate, moved(args[0])], extra))
            case "stack":
                for place, argument in enumerate(args):
                    if not known[argument]:
                        put(argument, builder.emit("index", [rate], place))
            case _:
                slope = builder.emit(slope_mark + op, [moved(args[0])], extra)
                put(args[0], builder.emit("mul", [slope, rate]))
    coordinates = [
        i for i, item in enumerate(program.inputs) if item.kind == "coordinate"
    ]
    if not any(i in rates for i in coordinates):
        return [builder.emit("sub", [number["literal.1"], number["literal.1"]])]
    return [rates[i] for i in coordinates if i in rates]
