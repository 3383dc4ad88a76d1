"""Claims about the network as a function: ranges of derivatives, Lipschitz constants.

Proofs: `docs/theory/ranges.md`.
"""

from itertools import product
from typing import Any

import numpy as np

from ..equations._case import Case, Proof
from ..equations._linear_claims import magnitudes, sweep
from ..kernel._errors import Malformed
from ..kernel._jets import Index, derivative
from ..kernel._leaves import Chunk
from ..kernel._models import TINY, UP, Array, Model, add, multiply
from ..kernel._reader import integer, record, sequence, text

LENGTHS = {
    "l2": "Euclidean lengths",
    "linf": "the largest absolute entry as the length",
}


def ends(model: Model) -> tuple[Array, Array]:
    """A lower and an upper bound of g: a monomial with even exponents is in [0, 1]."""
    constant = next((c for m, c in model.terms.items() if not any(m)), np.zeros(1))

    def above(sign: int) -> Array:
        spread = model.radius
        for monomial, c in model.terms.items():
            if any(exponent % 2 for exponent in monomial):
                spread = spread + np.abs(c)
            elif any(monomial):
                # np.maximum passes NaN on.
                spread = spread + np.maximum(sign * c, 0.0)
        spread = spread * UP + TINY
        return sign * constant + spread + (np.abs(constant) + spread) * 2.0**-50

    return -above(-1), above(1)


def prove_range(case: Case, norm: str, parameters: dict[str, Any]) -> Proof:
    """lower <= derivative of a field <= upper."""
    if norm != "range":
        raise Malformed("the norm of a range claim is `range`", "norm")
    linear = _is_linear(parameters)
    keys = ("field", "orders", *(["method"] if linear else []))
    field, orders, *_ = record(parameters, "parameters", *keys)
    names = case.names
    fits = len(sequence(orders, "orders")) == len(names)
    if field not in case.problem.fields or not fits:
        raise Malformed("there is no such derivative of a field", "parameters")
    index: Index = tuple(integer(n, "orders", 0, 4) for n in orders)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        jet = chunk.evaluate(case.subject.network, [index])[field]
        return ends(derivative(jet, index))

    if linear:
        case.require(not any(index), "method", "linear bounds are of fields themselves")
        low, high = sweep(case, lambda nodes: [nodes.outputs[field]])
    else:
        low, high = case.sweep(quantities, [index])
    case.passed("defined", "every operation is defined on every leaf")
    lower, upper = float(low.min()), float(high.max())
    short = all(len(name) == 1 for name in names)
    marks = [n for n, k in zip(names, index, strict=True) for _ in range(k)]
    written = field + ("_" if marks else "") + ("" if short else ".").join(marks)
    sentence = f"at every point of the domain {{lower}} <= {written} <= {{upper}}"
    return Proof(max(-lower, upper, 0.0), [], sentence, interval=(lower, upper))


def _is_linear(parameters: dict[str, Any]) -> bool:
    """Whether the leaves carry backward linear bounds instead of Taylor models."""
    if "method" in parameters and parameters["method"] != "linear":
        raise Malformed("the method is not `linear`", "method")
    return "method" in parameters


def _absolute_sums(row: list[Model]) -> list[Array]:
    """Upper bounds of |a_1 + s_2 a_2 + ...| for all signs s, whose largest bounds the
    sum of the absolute values.
    """
    sizes = []
    for signs in product((1, -1), repeat=len(row) - 1):
        total = row[0]
        for slope, sign in zip(row[1:], signs, strict=True):
            total = add(total, slope, sign)
        sizes.append(np.maximum(*map(np.abs, ends(total))))
    return sizes


def prove_lipschitz(case: Case, norm: str, parameters: dict[str, Any]) -> Proof:
    """|N(p) - N(q)| <= L |p - q| for some fields N."""
    if norm not in LENGTHS:
        raise Malformed("the norm of a Lipschitz claim is `l2` or `linf`", "norm")
    linear = _is_linear(parameters)
    given, *_ = record(parameters, "parameters", "fields", *["method"] * linear)
    fields = [text(name, "fields") for name in sequence(given, "fields")]
    known = set(fields) <= set(case.problem.fields)
    if not fields or not known or len(set(fields)) < len(fields):
        raise Malformed("the fields are not distinct fields of the problem", "fields")
    names = case.names
    units: list[Index] = [tuple(int(a == b) for a in names) for b in names]

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        jets = chunk.evaluate(case.subject.network, units, kinks=True)
        rows = [[derivative(jets[name], unit) for unit in units] for name in fields]
        if norm == "l2":
            squares = [(slope, slope) for row in rows for slope in row]
            _, square = ends(multiply(squares, chunk.degree))
            return (np.sqrt(square) * UP,)
        sizes = [size for row in rows for size in _absolute_sums(row)]
        return (np.maximum.reduce(np.broadcast_arrays(*sizes)),)

    if linear:
        _, values = sweep(case, lambda nodes: magnitudes(nodes, fields, norm))
        values = np.maximum(values, 0.0)
        values = np.sqrt(values) * UP if norm == "l2" else values
    else:
        (values,) = case.sweep(quantities, units)
    case.passed("defined", "every operation is defined on every leaf")
    case.passed("convex", "the domain is a box, so segments between its points stay in")
    if case.subject.network.uses("max0"):
        case.passed(
            "kinks", "max0 is given all slopes from 0 to 1 where its kink may be"
        )
    vector = ", ".join(fields)
    difference = f"{vector}" if len(fields) == 1 else f"({vector})"
    sentence = (
        f"for all points p and q of the domain |{difference}(p) - {difference}(q)| <= "
        f"{{bound}} |p - q|, with {LENGTHS[norm]}"
    )
    return Proof(float(values.max()), [], sentence)
