"""Builds a program: numbers its values, shares equal ones, folds exact zeros and ones,
and drops what no output needs.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from . import _normal_form as nf
from ._programs import Input, Op, Program

_kinds = ("coordinate", "derivative", "weight", "constant")


def input_name(prefix: str, expression: str) -> str:
    """A name for a constant input that different expressions never share."""
    readable = expression
    for sign, word in (("/", "over"), ("*", "times")):
        readable = readable.replace(sign, f".{word}.")
    if readable.startswith("-"):
        readable = "minus." + readable[1:]
    if len(readable) > 80 or not re.fullmatch(r"[a-z0-9.]+", readable):
        readable = "sha256." + hashlib.sha256(expression.encode()).hexdigest()[:32]
    return f"{prefix}.{readable}"


def _is_fixed(item: Input) -> bool:
    # Constants that the user has named may get other values later, so nothing is
    # folded that depends on them.
    return item.kind == "constant" and "." in item.name


class Builder:
    """Accumulates inputs and operations; values are handles (small integers)."""

    def __init__(self):
        self._inputs: dict[int, Input] = {}
        self._ops: dict[int, Op] = {}
        self._known: dict[object, int] = {}
        self._exact: dict[int, Fraction] = {}
        self.shapes: list[tuple[int, ...]] = []

    def _new(self, key: object, shape: tuple[int, ...]) -> int:
        handle = len(self.shapes)
        self.shapes.append(shape)
        self._known[key] = handle
        return handle

    def input(self, item: Input) -> int:
        if item in self._known:
            return self._known[item]
        handle = self._new(item, item.shape)
        self._inputs[handle] = item
        if _is_fixed(item):
            value = nf.constant(item.value).rational
            if value is not None:
                self._exact[handle] = value
        return handle

    def input_of(self, handle: int) -> Input | None:
        """The input that a value is, if it is one."""
        return self._inputs.get(handle)

    def literal(self, value: Fraction) -> int:
        """A number as a constant input named after its value."""
        text = str(value)
        name = input_name("literal", text)
        return self.input(Input(name=name, kind="constant", value=text))

    def exact(self, handle: int) -> Fraction | None:
        """The rational value of a constant, or None."""
        return self._exact.get(handle)

    def is_named_integer(self, handle: int) -> bool:
        """Whether a value is a constant named by the user, an integer for now."""
        item = self._inputs.get(handle)
        if item is None or item.kind != "constant" or _is_fixed(item):
            return False
        value = nf.constant(item.value).rational
        return value is not None and value.denominator == 1

    def broadcast(self, handle: int, shape: tuple[int, ...]) -> int:
        if self.shapes[handle] == shape:
            return handle
        return self._record("broadcast", (handle,), shape[0], shape)

    def emit(self, op: str, args: Sequence[int], extra: int | None = None) -> int:
        """Adds an operation, unless an equal or simpler value is there already."""
        args = tuple(args)
        if op in ("add", "sub", "mul", "div"):
            shape = max((self.shapes[a] for a in args), key=len)
            simpler = self._simplify(op, args)
            if simpler is not None:
                return self.broadcast(simpler, shape)
            args = tuple(self.broadcast(a, shape) for a in args)
            return self._record(op, args, None, shape)
        return self._record(op, args, extra, self._shape(op, args, extra))

    def _shape(self, op: str, args: tuple[int, ...], extra: int | None):
        first = self.shapes[args[0]]
        match op:
            case "stack":
                return (len(args),)
            case "matvec":
                return first[:1]
            case "dot" | "sum" | "index":
                return ()
            case _:
                return first

    def _record(self, op, args, extra, shape) -> int:
        exact = self._fold(op, args, extra)
        if exact is not None:
            return self.literal(exact)
        key = (op, args, extra)
        if key in self._known:
            return self._known[key]
        handle = self._new(key, shape)
        self._ops[handle] = key
        return handle

    def _fold(self, op, args, extra) -> Fraction | None:
        """The rational value of an operation on exact scalar constants, if it has one.

        A constant such as pi is no rational, so it is folded only where an elementary
        function or a cancellation makes it one.
        """
        forms = []
        for a in args:
            form = self._constant_form(a)
            if form is None or op in ("stack", "broadcast", "max0"):
                return None
            forms.append(form)
        try:
            value = nf.combine(op, forms, extra)
        except ZeroDivisionError:
            return None
        return None if value is None else value.rational

    def _constant_form(self, handle: int) -> "nf.Form | None":
        if handle in self._exact:
            return nf.number(self._exact[handle])
        if handle in self._inputs:
            item = self._inputs[handle]
            return nf.constant(item.value) if _is_fixed(item) else None
        op, args, extra = self._ops[handle]
        if self.shapes[handle] != () or op in ("stack", "broadcast", "index", "max0"):
            return None
        forms = [self._constant_form(a) for a in args]
        if any(form is None for form in forms):
            return None
        return nf.combine(op, [form for form in forms if form is not None], extra)

    def _simplify(self, op: str, args: tuple[int, ...]) -> int | None:
        a, b = args
        left, right = self._exact.get(a), self._exact.get(b)
        match op:
            case "add" if left == 0:
                return b
            case "add" | "sub" if right == 0:
                return a
            case "mul" if left == 0 or right == 1:
                return a
            case "mul" if right == 0 or left == 1:
                return b
            case "div" if left == 0 or right == 1:
                return a
            case _:
                return None

    def build(self, outputs: Mapping[str, int]) -> Program:
        """The program of what the outputs need, inputs first, sorted by kind."""
        needed: set[int] = set()
        stack = list(outputs.values())
        while stack:
            handle = stack.pop()
            if handle not in needed:
                needed.add(handle)
                stack.extend(self._ops[handle][1] if handle in self._ops else ())
        inputs = sorted(
            (h for h in needed if h in self._inputs),
            key=lambda h: (_kinds.index(self._inputs[h].kind), h),
        )
        ops = sorted(h for h in needed if h in self._ops)
        number = {h: i for i, h in enumerate(inputs + ops)}
        return Program(
            inputs=tuple(self._inputs[h] for h in inputs),
            ops=tuple(
                (self._ops[h][0], tuple(number[a] for a in self._ops[h][1]), extra)
                for h in ops
                for extra in (self._ops[h][2],)
            ),
            outputs={name: number[h] for name, h in outputs.items()},
        )
