"""Straight-line programs: validation, and one interpreter for every arithmetic."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ._algebra import ZERO, Algebra, Polynomial
from ._errors import Malformed
from ._numbers import parse
from ._reader import NAME, integer, record, sequence, text

BINARY = ("add", "sub", "mul", "div")
UNARY = ("neg", "sqrt", "log", "exp", "sin", "cos", "tanh", "logistic", "softplus",
         "erf", "sinpi", "cospi", "max0")  # fmt: skip
EXTRA = {"ipow": (2, 64), "index": (0, 4095), "broadcast": (1, 4096)}
OTHER = ("matvec", "dot", "sum", "stack")
ARITY: dict[str, int] = dict.fromkeys(BINARY + ("matvec", "dot"), 2)
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Input:
    """One input of a program; `text` and `value` are those of a constant."""

    name: str
    kind: str
    shape: Shape = ()
    text: str = ""
    value: Polynomial = ZERO
    field: str = ""
    orders: tuple[int, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation: its name, the numbers of its arguments, its integer."""

    name: str
    arguments: tuple[int, ...]
    extra: int = 0


@dataclass(frozen=True)
class Program:
    """A validated program; `last[i]` is the last operation that needs value i."""

    inputs: tuple[Input, ...]
    operations: tuple[Operation, ...]
    outputs: dict[str, int]
    last: dict[int, int]

    def uses(self, name: str) -> bool:
        """Whether the operation occurs."""
        return any(operation.name == name for operation in self.operations)


def run(program: Program, arithmetic: Any, values: Callable[[Input], Any]) -> dict:
    """The outputs' values in an arithmetic, which has `apply(name, arguments, extra)`.

    `values` gives the value of each input.
    """
    known = {i: values(entry) for i, entry in enumerate(program.inputs)}
    kept = set(program.outputs.values())
    for i, operation in enumerate(program.operations):
        arguments = [known[j] for j in operation.arguments]
        made = arithmetic.apply(operation.name, arguments, operation.extra)
        known[len(program.inputs) + i] = made
        for j in operation.arguments:
            if program.last[j] == i and j not in kept:
                known.pop(j, None)
    return {name: known[i] for name, i in program.outputs.items()}


def read_program(value: Any, where: str, kinds: tuple[str, ...],
                 algebra: Algebra) -> Program:  # fmt: skip
    """A program of section 3 of `docs/format.md` with inputs of these kinds."""
    keys = "format", "inputs", "ops", "outputs"
    form, inputs, ops, outputs = record(value, where, *keys)
    if form != "certax-program/1":
        raise Malformed(f"{where} has the format {form!r}", where)
    entries = [_input(v, where, kinds, algebra) for v in sequence(inputs, where)]
    names = [entry.name for entry in entries]
    fields = [(e.field, e.orders) for e in entries if e.kind == "derivative"]
    if len(set(names)) < len(names) or len(set(fields)) < len(fields):
        raise Malformed(f"{where} has two inputs of one name or meaning", where)
    shapes = [entry.shape for entry in entries]
    last: dict[int, int] = {}
    operations: list[Operation] = []
    if len(sequence(ops, where)) > 20_000:
        raise Malformed(f"{where} has more than 20,000 operations", where)
    for number, op in enumerate(ops):
        place = f"{where}, operation {number}"
        operation = _operation(op, place, len(shapes))
        taken = [shapes[i] for i in operation.arguments]
        shapes.append(_shape(operation, taken, place))
        operations.append(operation)
        last.update(dict.fromkeys(operation.arguments, number))
        first = operation.arguments[0]
        weight = first < len(entries) and entries[first].kind == "weight"
        if operation.name == "matvec" and not weight:
            raise Malformed(f"{place}: the matrix is not a weight", place)
    if type(outputs) is not dict or not 1 <= len(outputs) <= 4096:
        raise Malformed(f"{where} has no outputs", where)
    for name, i in outputs.items():
        if integer(i, f"{where}, output {name}", 0, len(shapes) - 1) >= 0 and shapes[i]:
            raise Malformed(f"{where}: the output {name} is not a scalar", where)
    used = set(last) | set(outputs.values())
    for i in range(len(shapes)):
        needed = i >= len(entries) or entries[i].kind == "weight"
        if needed and i not in used:
            raise Malformed(f"{where}: the value number {i} is never used", where)
    return Program(tuple(entries), tuple(operations), dict(outputs), last)


def _input(value: Any, where: str, kinds: tuple[str, ...], algebra: Algebra) -> Input:
    kind = value.get("kind") if type(value) is dict else None
    if kind not in kinds:
        raise Malformed(f"{where}: an input has the kind {kind!r}", where)
    extra = {"coordinate": [], "weight": ["shape"], "constant": ["value"],
             "derivative": ["field", "orders"]}[kind]  # fmt: skip
    name, _, *rest = record(value, where, "name", "kind", *extra)
    text(name, where, NAME)
    if kind == "weight":
        shape = tuple(integer(n, name, 1, 4096) for n in sequence(rest[0], name))
        if len(shape) > 2:
            raise Malformed(f"{where}: the weight {name} has more than two axes", where)
        return Input(name, kind, shape)
    if kind == "constant":
        exact = parse(rest[0], algebra)
        return Input(name, kind, text=rest[0].replace(" ", ""), value=exact)
    if kind == "derivative":
        orders = tuple(integer(n, name, 0, 4) for n in sequence(rest[1], name))
        return Input(name, kind, field=text(rest[0], name), orders=orders)
    return Input(name, kind)


def _operation(value: Any, where: str, count: int) -> Operation:
    parts = sequence(value, where)
    name = parts[0] if parts and type(parts[0]) is str else ""
    if name not in (*BINARY, *UNARY, *EXTRA, *OTHER):
        raise Malformed(f"{where}: {name!r} is not an operation", where)
    if len(parts) != (3 if name in EXTRA else 2):
        raise Malformed(f"{where} has the wrong length", where)
    numbers = sequence(parts[1], where)
    arguments = tuple(integer(i, where, 0, count - 1) for i in numbers)
    arity = ARITY.get(name, 1)
    if not arguments or len(arguments) > 4096:
        raise Malformed(f"{where} has {len(arguments)} arguments", where)
    if name != "stack" and len(arguments) != arity:
        raise Malformed(f"{where} has not {arity} arguments", where)
    extra = integer(parts[2], where, *EXTRA[name]) if name in EXTRA else 0
    return Operation(name, arguments, extra)


def _shape(operation: Operation, shapes: list[Shape], where: str) -> Shape:
    """The shape of the result; a matrix is admitted only in front of `matvec`."""
    name, first = operation.name, shapes[0]
    if name == "matvec":
        fits = len(first) == 2 and shapes[1] == first[1:]
        result: Shape = first[:1]
    elif name in ("dot", "sum"):
        fits = len(first) == 1 and all(shape == first for shape in shapes)
        result = ()
    elif name == "stack":
        fits, result = all(shape == () for shape in shapes), (len(shapes),)
    elif name == "index":
        fits, result = len(first) == 1 and operation.extra < first[0], ()
    elif name == "broadcast":
        fits, result = first == (), (operation.extra,)
    else:
        fits = len(first) <= 1 and all(shape == first for shape in shapes)
        result = first
    if not fits:
        raise Malformed(f"{where}: {name} does not take the shapes {shapes}", where)
    return result
