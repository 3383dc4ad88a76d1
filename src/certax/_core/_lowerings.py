"""How single primitives of JAX become operations of a program; the tables of them are
in `_rules.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from ._builder import Builder
from ._errors import CertaxError

largest_power = 64
_largest_product = 64


class Lowering(Protocol):
    """What a rule may use of the tracing."""

    builder: Builder

    def refuse(self, why: str, remedy: str) -> CertaxError: ...

    def constant(self, value: Any) -> int: ...

    def transposed(self, matrix: int) -> int: ...


Parameters = Mapping[str, Any]
Lower = Callable[[Lowering, list[int], Parameters], int]


@dataclass(frozen=True)
class Rule:
    """One primitive.

    **Attributes:**

    - `lower`: maps (lowering, arguments, parameters) to the result's handle.
    - `meaning`: the operations it becomes, for readers.
    - `matrices`: whether an argument may be a matrix.
    """

    lower: Lower
    meaning: str
    matrices: bool = False


def operation(name: str, extra: int | None = None) -> Rule:
    return Rule(lambda low, args, params: low.builder.emit(name, args, extra), name)


def formula(meaning: str, made: Callable[..., int]) -> Rule:
    """A rule for one argument: `made(emit, number, a)`."""

    def lower(low: Lowering, args: list[int], params: Parameters) -> int:
        number = lambda value: low.builder.literal(Fraction(value))
        return made(low.builder.emit, number, *args)

    return Rule(lower, meaning)


def _rule(meaning: str, matrices: bool = False) -> Callable[[Lower], Rule]:
    return lambda lower: Rule(lower, meaning, matrices)


def entries(low: Lowering, handle: int) -> list[int]:
    """A value as scalars."""
    shape = low.builder.shapes[handle]
    if shape == ():
        return [handle]
    return [low.builder.emit("index", [handle], i) for i in range(shape[0])]


def gather(low: Lowering, items: list[int], vector: bool) -> int:
    """Scalars as a vector, or the only one as itself."""
    return low.builder.emit("stack", items) if vector or len(items) > 1 else items[0]


# Powers and roots.


def integer_power(low: Lowering, base: int, exponent: int) -> int:
    """base to an integer power."""
    emit = low.builder.emit
    if abs(exponent) > largest_power:
        raise low.refuse(
            f"has the power {exponent}", f"Powers go up to {largest_power}."
        )
    if exponent == 0:
        return low.constant(1.0)
    if exponent < 0:
        return emit("div", [low.constant(1.0), integer_power(low, base, -exponent)])
    return base if exponent == 1 else emit("ipow", [base], exponent)


@_rule("ipow, or 1 / ipow")
def known_power(low: Lowering, args: list[int], params: Parameters) -> int:
    return integer_power(low, args[0], params["y"])


@_rule("ipow for integers; ipow of sqrt(a) for halves; else exp(b log(a)), a > 0")
def real_power(low: Lowering, args: list[int], params: Parameters) -> int:
    emit, exponent = low.builder.emit, low.builder.exact(args[1])
    if exponent is not None and exponent.denominator == 1:
        return integer_power(low, args[0], int(exponent))
    if exponent is not None and exponent.denominator == 2:
        if abs(exponent.numerator) <= largest_power:
            return integer_power(low, emit("sqrt", [args[0]]), exponent.numerator)
    if low.builder.is_named_integer(args[1]):
        raise low.refuse(
            "has a named constant with an integer value as an exponent",
            "Write the integer as a number, as in u**2.",
        )
    return emit("exp", [emit("mul", [args[1], emit("log", [args[0]])])])


def cube_root(emit: Callable, number: Callable, a: int) -> int:
    third = number(Fraction(1, 3))
    return emit("exp", [emit("mul", [third, emit("log", [a])])])


# Kinks: allowed for ranges and Lipschitz constants only.


def maximum(emit: Callable, number: Callable, a: int, b: int) -> int:
    return emit("add", [b, emit("max0", [emit("sub", [a, b])])])


def minimum(emit: Callable, number: Callable, a: int, b: int) -> int:
    return emit("sub", [a, emit("max0", [emit("sub", [a, b])])])


def absolute(emit: Callable, number: Callable, a: int) -> int:
    return emit("sub", [emit("mul", [number(2), emit("max0", [a])]), a])


def clamp(emit: Callable, number: Callable, low: int, a: int, high: int) -> int:
    return minimum(emit, number, maximum(emit, number, a, low), high)


def leaky_relu(emit: Callable, number: Callable, a: int, slope: int = -1) -> int:
    slope = number(0.01) if slope < 0 else slope
    # One kink only, so that its slopes stay between the two that it has.
    rest = emit("mul", [emit("sub", [number(1), slope]), emit("max0", [a])])
    return emit("add", [emit("mul", [slope, a]), rest])


def elu(emit: Callable, number: Callable, a: int, scale: int = -1) -> int:
    scale = number(1) if scale < 0 else scale
    below = emit("exp", [emit("neg", [emit("max0", [emit("neg", [a])])])])
    bend = emit("mul", [scale, emit("sub", [below, number(1)])])
    return emit("add", [emit("max0", [a]), bend])


def fold(meaning: str, joined: Callable[..., int]) -> Rule:
    """A rule that reduces a vector by a formula of two arguments."""

    def lower(low: Lowering, args: list[int], params: Parameters) -> int:
        items = entries(low, args[0])
        if len(items) > _largest_product:
            raise low.refuse(
                f"reduces {len(items)} numbers by a maximum or a product",
                f"At most {_largest_product}.",
            )
        made = items[0]
        for item in items[1:]:
            made = joined(low.builder.emit, low.builder.literal, made, item)
        return made

    return Rule(lower, meaning)


# Vectors and matrices.


@_rule("sum")
def sum_of(low: Lowering, args: list[int], params: Parameters) -> int:
    scalar = low.builder.shapes[args[0]] == ()
    return args[0] if scalar else low.builder.emit("sum", args)


@_rule("sums of entries")
def cumulative_sum(low: Lowering, args: list[int], params: Parameters) -> int:
    items = entries(low, args[0])
    items = items[::-1] if params["reverse"] else items
    made = items[:1]
    for item in items[1:]:
        made.append(low.builder.emit("add", [made[-1], item]))
    return gather(low, made[::-1] if params["reverse"] else made, True)


@_rule("index and stack")
def slice_of(low: Lowering, args: list[int], params: Parameters) -> int:
    items = entries(low, args[0])
    start, limit = params["start_indices"], params["limit_indices"]
    if len(start) != 1:
        raise low.refuse("slices an array of rank 2", "Slice vectors only.")
    (step,) = params["strides"] or (1,)
    return gather(low, items[start[0] : limit[0] : step], False)


@_rule("index and stack")
def reverse(low: Lowering, args: list[int], params: Parameters) -> int:
    return gather(low, entries(low, args[0])[::-1], False)


@_rule("stack")
def concatenate(low: Lowering, args: list[int], params: Parameters) -> int:
    return gather(low, [item for a in args for item in entries(low, a)], False)


@_rule("index of a vector of one entry, else nothing")
def reshape(low: Lowering, args: list[int], params: Parameters) -> int:
    if low.builder.shapes[args[0]] == (1,):
        return low.builder.emit("index", args, 0)
    return args[0]


@_rule("broadcast")
def broadcast(low: Lowering, args: list[int], params: Parameters) -> int:
    shape = squeezed(params["shape"])
    if len(shape) > 1:
        raise low.refuse("broadcasts to rank 2", "Use vectors.")
    return low.builder.broadcast(args[0], shape) if shape else args[0]


@_rule("constants")
def iota(low: Lowering, args: list[int], params: Parameters) -> int:
    shape = squeezed(params["shape"])
    if len(shape) > 1:
        raise low.refuse("counts along an array of rank 2", "Use vectors.")
    return low.constant(np.arange(shape[0], dtype=float) if shape else 0.0)


@_rule("matvec, dot or mul", matrices=True)
def dot_general(low: Lowering, args: list[int], params: Parameters) -> int:
    (left, right), batch = params["dimension_numbers"]
    first, second = args
    shapes = [low.builder.shapes[a] for a in args]
    ranks = [len(s) for s in shapes]
    if batch == ((), ()) and len(left) == 1:
        if ranks == [2, 1]:
            matrix = low.transposed(first) if tuple(left) == (0,) else first
            return low.builder.emit("matvec", [matrix, second])
        if ranks == [1, 2]:
            matrix = low.transposed(second) if tuple(right) == (0,) else second
            return low.builder.emit("matvec", [matrix, first])
        if ranks == [1, 1]:
            return low.builder.emit("dot", [first, second])
        if ranks == [2, 0] and shapes[0][1] == 1:
            vector = low.builder.emit("stack", [second])
            return low.builder.emit("matvec", [first, vector])
        if 0 in ranks and sum(ranks) <= 1:
            return low.builder.emit("mul", args)
    raise low.refuse(
        f"multiplies arrays of ranks {ranks} in a way the language has not",
        "Write W @ v with a weight matrix W and a vector v.",
    )


@_rule("another weight, for functions; refused for nets", matrices=True)
def transpose(low: Lowering, args: list[int], params: Parameters) -> int:
    shape = low.builder.shapes[args[0]]
    return low.transposed(args[0]) if len(shape) == 2 else args[0]


@_rule("nothing", matrices=True)
def same(low: Lowering, args: list[int], params: Parameters) -> int:
    return args[0]


def squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    """A shape without its ones."""
    return tuple(n for n in shape if n != 1)


def halved(emit: Callable, number: Callable, a: int, op: str) -> int:
    both = emit(op, [emit("exp", [a]), emit("exp", [emit("neg", [a])])])
    return emit("mul", [number(Fraction(1, 2)), both])


def inverse_sine(emit: Callable, number: Callable, a: int) -> int:
    root = emit("sqrt", [emit("add", [emit("ipow", [a], 2), number(1)])])
    return emit("log", [emit("add", [a, root])])


def inverse_cosine(emit: Callable, number: Callable, a: int) -> int:
    root = emit("sqrt", [emit("sub", [emit("ipow", [a], 2), number(1)])])
    return emit("log", [emit("add", [a, root])])


def inverse_tangent(emit: Callable, number: Callable, a: int) -> int:
    parts = [emit("log", [emit(op, [number(1), a])]) for op in ("add", "sub")]
    return emit("mul", [number(Fraction(1, 2)), emit("sub", parts)])


def logaddexp(emit: Callable, number: Callable, a: int, b: int) -> int:
    return emit("add", [b, emit("softplus", [emit("sub", [a, b])])])
