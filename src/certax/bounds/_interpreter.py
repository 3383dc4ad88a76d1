"""The program language on jets of Taylor models."""

from collections.abc import Mapping, Sequence
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array

from .._core import Program
from . import _jets, _taylor_models as tm
from ._jets import Jet, JetSpace
from ._kinks import positive_part

elementary = frozenset(
    "sqrt log exp sin cos tanh logistic softplus erf sinpi cospi".split()
)
supported = elementary | frozenset(
    "add sub mul div neg ipow matvec dot sum stack index broadcast".split()
)
# The second is the first with its generalized gradient; no file has it.
kinks = ("max0", "max0 with slopes")
enclosed_operations = supported | {"max0"}
"""The operations of programs that have an enclosure."""


def interpret(
    program: Program,
    inputs: Mapping[str, Jet | Array],
    jets: JetSpace,
    boxes: int,
) -> dict[str, Jet]:
    """Encloses a program's outputs over many boxes at once.

    **Arguments:**

    - `inputs`: a jet for every coordinate, constant and derivative input; an array for
      every weight.
    - `jets`: which derivatives to carry.
    - `boxes`: the number of boxes, the last axis of every array.
    """
    values = prepare(program, inputs, jets)
    for op, arguments, extra in program.ops:
        values.append(operate(op, [values[a] for a in arguments], extra, jets, boxes))
    return {name: values[index] for name, index in program.outputs.items()}


def prepare(
    program: Program, inputs: Mapping[str, Jet | Array], jets: JetSpace
) -> list[Any]:
    """The values of the inputs in their order; weights without matrices as jets."""
    values: list[Any] = []
    for item in program.inputs:
        value = inputs[item.name]
        if item.kind == "weight" and len(item.shape) < 2:
            value = _weight(value, jets)
        values.append(value)
    return values


def _weight(value: Any, jets: JetSpace) -> Jet:
    array = value[:, None] if value.ndim == 1 else value
    return {jets.zero: tm.constant(array, None, jets.space)}


def operate(op: str, args: Sequence, extra: int | None, jets: JetSpace, boxes: int):
    """One operation of the program language."""
    match op:
        case "add":
            return _jets.add(args[0], args[1])
        case "sub":
            return _jets.add(args[0], args[1], -1.0)
        case "mul":
            return _jets.multiply(args[0], args[1], jets)
        case "div":
            inverse = _jets.compose("reciprocal", args[1], jets)
            return _jets.multiply(args[0], inverse, jets)
        case "neg":
            return _jets.each(args[0], tm.negative)
        case "ipow":
            return _power(args[0], extra or 1, jets)
        case "matvec":
            return _jets.each(args[1], lambda m: tm.matvec(args[0], m))
        case "dot":
            product = _jets.multiply(args[0], args[1], jets)
            return _jets.each(product, tm.total)
        case "sum":
            return _jets.each(args[0], tm.total)
        case "index":
            return _jets.each(args[0], lambda m: tm.entry(m, extra or 0))
        case "broadcast":
            shape = (extra or 1, boxes)
            return _jets.each(
                args[0], lambda m: tm.mapped(m, lambda c: jnp.broadcast_to(c, shape))
            )
        case "max0" | "max0 with slopes":
            return positive_part(args[0], jets, generalized=op != "max0")
        case "stack":
            return _stack(args, jets, boxes)
        case _ if op in elementary:
            return _jets.compose(op, args[0], jets)
    raise NotImplementedError(op)


def _power(a: Jet, exponent: int, jets: JetSpace) -> Jet:
    half = a if exponent < 4 else _power(a, exponent // 2, jets)
    if exponent == 1:
        return a
    if exponent < 4:
        result = _jets.multiply(a, a, jets)
        return result if exponent == 2 else _jets.multiply(result, a, jets)
    result = _jets.multiply(half, half, jets)
    return result if exponent % 2 == 0 else _jets.multiply(result, a, jets)


def _stack(args: Sequence[Jet], jets: JetSpace, boxes: int) -> Jet:
    empty = tm.TaylorModel((None,) * len(jets.space.monomials), None)
    orders = [o for o in jets.orders if any(o in a for a in args)]
    return {o: tm.stack([a.get(o, empty) for a in args], boxes) for o in orders}
