"""A net that is read: its program and weights, fitted to a problem's names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .._core import AbstractShape, CertaxError, Program, to_float
from ._tensors import Arithmetic, Row

_most_operations, _largest_size = 20_000, 4096
# Inputs brought to [-1, 1] reach 1; standardized uniform ones reach 1.73.
_usual_reach = 2.0


@dataclass(frozen=True)
class Net:
    """A trained net as a program of `docs/format.md`, section 3.

    It is the function that the net's formulas define over the real numbers, with
    weights and constants taken as exactly the numbers that the file holds.
    """

    program: Program
    weights: Mapping[str, np.ndarray]


def names_of(
    given: Sequence[str] | None,
    own: Sequence[str] | None,
    count: int,
    known: Sequence[str],
    what: str,
) -> tuple[str, ...]:
    """Names for a net's inputs or outputs: those given, else the file's own.

    **Arguments:**

    - `count`: how many the net has.
    - `known`: those of the problem, each of which must occur exactly once.
    - `what`: `"input"` or `"output"`.

    **Raises:** `CertaxError` if they do not match the problem.
    """
    option, owner = f"--{what}s", "coordinates" if what == "input" else "fields"
    wanted = ", ".join(known)
    names = given or own
    if names is None and count == len(known) == 1:
        names = known
    if names is None:
        raise CertaxError(
            f"The file does not name the net's {count} {what}s.",
            value=count,
            remedy=f"Say which is which with {option}, as in {option} "
            f"{','.join(known)}.",
        )
    if len(names) != count:
        raise CertaxError(
            f"The net has {count} {what}s, not {len(names)} ({', '.join(names)}).",
            value=",".join(names),
            remedy=f"Give one name for each in {option}.",
        )
    if sorted(names) != sorted(known):
        raise CertaxError(
            f"The net's {what}s {', '.join(names)} are not the problem's {owner} "
            f"{wanted}.",
            value=",".join(names),
            remedy=f"Give {wanted} in the net's order with {option}.",
        )
    return tuple(names)


def build(arithmetic: Arithmetic, rows: Sequence[Row], fields: Sequence[str]) -> Net:
    """The net whose outputs are the entries of rows, in order.

    **Raises:** `CertaxError` if the program would exceed the limits of the format.
    """
    cells = [cell for row in rows for cell in arithmetic.cells(row)]
    program = arithmetic.builder.build(dict(zip(fields, cells, strict=True)))
    if not program.of_kind("coordinate"):
        raise CertaxError(
            "The net's outputs do not depend on its inputs.",
            remedy="Look whether the right file was written.",
        )
    sizes = [n for item in program.inputs for n in item.shape]
    sizes += [extra or 0 for op, _, extra in program.ops if op == "broadcast"]
    sizes += [len(arguments) for _, arguments, _ in program.ops]
    largest = max(sizes, default=0)
    if len(program.ops) > _most_operations or largest > _largest_size:
        raise CertaxError(
            f"The net takes {len(program.ops)} operations on up to {largest} numbers.",
            value=len(program.ops),
            remedy=f"Certificates hold {_most_operations} operations on "
            f"{_largest_size} numbers; give a smaller net.",
        )
    used = {item.name for item in program.of_kind("weight")}
    weights = {n: a for n, a in arithmetic.weights.arrays.items() if n in used}
    return Net(program, weights)


def check_normalization(program: Program, domain: AbstractShape) -> None:
    """Looks at inputs that a net shifts and scales before its first layer.

    **Raises:** `CertaxError` if the domain is mapped far outside of [−1, 1], as happens
    where inputs are confused or the net was trained on a smaller domain.
    """
    maps: dict[int, tuple[str, float, float]] = {}
    values: dict[int, float] = {}
    for i, item in enumerate(program.inputs):
        if item.kind == "coordinate":
            maps[i] = (item.name, 1.0, 0.0)
        elif item.kind == "constant":
            values[i] = to_float(item.value)
    ends = dict(
        zip(domain.names, zip(domain.lower_floats, domain.upper_floats, strict=True),
            strict=True)
    )  # fmt: skip
    for i, (op, arguments, _) in enumerate(program.ops, start=len(program.inputs)):
        made = _affine(op, arguments, maps, values)
        if made is not None:
            maps[i] = made
        if op != "stack":
            continue
        for name, slope, offset in (maps[a] for a in arguments if a in maps):
            low, high = sorted(slope * end + offset for end in ends[name])
            if offset and max(-low, high) > _usual_reach:
                lower, upper = ends[name]
                raise CertaxError(
                    f"The net's normalization maps {name} in [{lower:g}, {upper:g}] to "
                    f"[{low:g}, {high:g}], far outside of [-1, 1].",
                    value=name,
                    remedy="Check the order of --inputs, and whether the net was "
                    "trained on this domain.",
                )


def _affine(op, arguments, maps, values):
    """slope · coordinate + offset, where an operation makes that."""
    known = [a for a in arguments if a in maps]
    if op not in ("add", "sub", "mul", "div", "neg") or len(known) != 1:
        return None
    name, slope, offset = maps[known[0]]
    if op == "neg":
        return name, -slope, -offset
    other = next((values[a] for a in arguments if a in values), None)
    if other is None:
        return None
    first = arguments[0] == known[0]
    match op:
        case "add":
            return name, slope, offset + other
        case "sub":
            sign = 1.0 if first else -1.0
            return name, sign * slope, sign * (offset - other)
        case "mul":
            return name, slope * other, offset * other
        case "div" if first and other:
            return name, slope / other, offset / other
    return None
