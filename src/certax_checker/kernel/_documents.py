"""The documents that a claim speaks of: the problem, and the network."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ._algebra import Algebra, Polynomial, enclose
from ._errors import Malformed
from ._numbers import parse
from ._program import BINARY, EXTRA, OTHER, UNARY, Program, read_program
from ._reader import (
    ANY,
    NAME,
    File,
    parse_json,
    parse_safetensors,
    record,
    sequence,
    text,
)

RESERVED = {*BINARY, *UNARY, *EXTRA, *OTHER, "pi", "network"}


@dataclass(frozen=True)
class Coordinate:
    """A coordinate and its exact ends."""

    name: str
    lower: Polynomial
    upper: Polynomial
    lower_text: str
    upper_text: str

    @property
    def length(self) -> Polynomial:
        """upper - lower."""
        return self.upper - self.lower

    def end(self, side: str) -> Polynomial:
        """The lower or the upper end."""
        return self.lower if side == "lower" else self.upper

    @property
    def interval(self) -> str:
        """The coordinate with its ends as they were written."""
        return f"{self.name} in [{self.lower_text}, {self.upper_text}]"


@dataclass(frozen=True)
class Condition:
    """`initial`, `velocity`, `dirichlet` on some `sides`, or `periodic`.

    No theorem takes a condition that is `foreign`, which says in words what it is.
    """

    kind: str
    coordinate: str
    sides: tuple[str, ...] = ()
    values: Any = None
    foreign: str = ""


@dataclass(frozen=True)
class Problem:
    """What was to be solved; `shape` says in words on what, if not on the box."""

    coordinates: tuple[Coordinate, ...]
    fields: tuple[str, ...]
    residual: Program
    conditions: tuple[Condition, ...]
    shape: str = ""
    open: str = ""

    @property
    def foreign(self) -> str:
        """What the problem states that no theorem takes, in words, or empty.

        With `open` there is not even a residual on the whole domain to speak about.
        """
        domain = f"the domain is no box, but {self.shape}" if self.shape else ""
        found = [domain, self.open, *(c.foreign for c in self.conditions)]
        return "; ".join(words for words in found if words)

    @property
    def names(self) -> list[str]:
        """The names of the coordinates."""
        return [axis.name for axis in self.coordinates]

    def index(self, name: str) -> int:
        """The number of a coordinate."""
        return self.names.index(name)

    def of_kind(self, kind: str) -> list[Condition]:
        """The conditions of one kind."""
        return [c for c in self.conditions if c.kind == kind]


def read_problem(data: bytes, where: str, algebra: Algebra) -> Problem:
    """The problem of section 4 of `docs/format.md` on a box."""
    return problem_of(parse_json(data, where), where, algebra)


def problem_of(value: Any, where: str, algebra: Algebra) -> Problem:
    """The same of the value of the JSON file."""
    keys = "format", "name", "coordinates", "fields", "residual", "conditions"
    optional = "unknowns", "regions"
    more = [k for k in optional if type(value) is dict and k in value]
    form, name, coordinates, fields, residual, conditions, *rest = record(
        value, where, *keys, *more
    )
    if form != "certax-problem/1":
        raise Malformed(f"{where} has the format {form!r}", where)
    text(name, where, ANY)
    if not 1 <= len(sequence(coordinates, where)) <= 5:
        raise Malformed(f"{where} has not one to five coordinates", where)
    axes = tuple(_coordinate(c, where, algebra) for c in coordinates)
    outputs = tuple(text(f, where) for f in sequence(fields, where))
    names = [axis.name for axis in axes] + list(outputs)
    # A dot joins the coordinates of a derivative in the statement, as in u_x.yy.
    ambiguous = [
        n for n in names if "." in n or any(n.startswith(f + "_") for f in outputs)
    ]
    distinct = len(set(names)) == len(names) and not RESERVED & set(names)
    if not outputs or not distinct or ambiguous:
        raise Malformed(f"{where}: the names {names} are not distinct and clear", where)
    program = read_equations(residual, where, axes, outputs, algebra)
    extra = dict(zip(more, rest, strict=True))
    made = tuple(
        _condition(c, where, axes, outputs, algebra)
        for c in sequence(conditions, where)
    )
    slots = [
        (c.kind, c.coordinate, side)
        for c in made
        for side in c.sides or ("",)
        if not c.foreign
    ]
    if len(set(slots)) < len(slots):
        raise Malformed(f"{where}: two conditions stand at the same place", where)
    started = {c.coordinate for c in made if c.kind == "initial"}
    if any(c.kind == "velocity" and c.coordinate not in started for c in made):
        raise Malformed(f"{where}: a velocity stands without initial data", where)
    reasons = []
    if "unknowns" in extra:
        unknown = [text(n, where, NAME) for n in sequence(extra["unknowns"], where)]
        reasons.append(f"the unknown coefficients {', '.join(unknown)}")
    if "regions" in extra:
        _check_regions(extra["regions"], where, axes, program, algebra)
        reasons.append("equations on parts of the domain")
    return Problem(axes, outputs, program, made, open="; ".join(reasons))


def _check_regions(value: Any, where: str, axes: tuple[Coordinate, ...],
                   program: Program, algebra: Algebra) -> None:  # fmt: skip
    if type(value) is not dict or not set(value) <= set(program.outputs):
        raise Malformed(f"{where}: the regions are not those of equations", where)
    for intervals in value.values():
        for interval in sequence(intervals, where):
            name = _coordinate(interval, where, algebra).name
            if name not in [axis.name for axis in axes]:
                raise Malformed(f"{where}: {name!r} is not a coordinate", where)


def _coordinate(value: Any, where: str, algebra: Algebra) -> Coordinate:
    name, lower, upper = record(value, where, "name", "lower", "upper")
    low, high = parse(lower, algebra), parse(upper, algebra)
    if not enclose(high - low) > 0:
        raise Malformed(f"{where}: {name!r} has no lower end below its upper", where)
    ends = lower.replace(" ", ""), upper.replace(" ", "")
    return Coordinate(text(name, where, NAME), low, high, *ends)


def check_coordinates(program: Program, names: list[str], where: str) -> None:
    for entry in program.inputs:
        if entry.kind == "coordinate" and entry.name not in names:
            raise Malformed(f"{where} has the unknown coordinate {entry.name!r}", where)


def read_equations(value: Any, where: str, axes: tuple[Coordinate, ...],
               fields: tuple[str, ...], algebra: Algebra,
               more: tuple[str, ...] = ()) -> Program:  # fmt: skip
    """A program of derivatives whose outputs are the equations 0, 1, ..."""
    program = read_program(
        value, "residual", ("coordinate", "constant", "derivative"), algebra
    )
    for entry in program.inputs:
        known = entry.field in fields and len(entry.orders) == len(axes)
        if entry.kind == "derivative" and not known:
            raise Malformed(f"{where}: {entry.name} is no derivative of a field", where)
    check_coordinates(program, [*(axis.name for axis in axes), *more], "residual")
    if set(program.outputs) != set(map(str, range(len(program.outputs)))):
        raise Malformed(f"{where}: the equations are not numbered 0, 1, ...", where)
    return program


KEYS = {"initial": ["values"], "velocity": ["values"], "terminal": ["values"],
        "dirichlet": ["side", "values"], "periodic": []}  # fmt: skip


def _condition(value: Any, where: str, axes: tuple[Coordinate, ...],
               fields: tuple[str, ...], algebra: Algebra) -> Condition:  # fmt: skip
    kind = value.get("kind") if type(value) is dict else None
    place = "at" if type(value) is dict and "at" in value else "side"
    keys = KEYS | {"residual": [place, "residual"]}
    if type(kind) is not str or kind not in keys:
        raise Malformed(f"{where}: {kind!r} is not a kind of condition", where)
    _, name, *rest = record(value, where, "kind", "coordinate", *keys[kind])
    names = [axis.name for axis in axes]
    if name not in names:
        raise Malformed(f"{where}: {name!r} is not a coordinate", where)
    if kind == "periodic":
        return Condition(kind, name)
    if kind == "residual":
        read_equations(rest[1], where, axes, fields, algebra)
        if place == "at":
            axis, at = axes[names.index(name)], parse(rest[0], algebra)
            if not (enclose(at - axis.lower) > 0 and enclose(axis.upper - at) > 0):
                raise Malformed(f"{where}: a place is not inside the domain", where)
        elif rest[0] not in ("lower", "upper"):
            raise Malformed(f"{where}: {rest[0]!r} is not a side", where)
        # The program has no part in any proof; that it is there refuses all of them.
        return Condition(kind, name, foreign=f"an equation on a face of {name}")
    values = read_program(rest[-1], f"{kind} data", ("coordinate", "constant"), algebra)
    check_coordinates(values, [n for n in names if n != name], f"{kind} data")
    if not set(values.outputs) <= set(fields):
        raise Malformed(f"{where}: the {kind} data give what is no field", where)
    free = [f for f in fields if f not in values.outputs]
    foreign = f"{kind} data in {name} that leave {free[0]} free" if free else ""
    if kind == "terminal":
        foreign = f"data at the end of {name}, from which it runs backward"
    if kind == "velocity":
        return Condition(kind, name, (), values, foreign)
    sides = {"initial": ("lower",), "terminal": ("upper",)}.get(kind)
    if sides is None:
        if rest[0] not in ("both", "lower", "upper"):
            raise Malformed(f"{where}: {rest[0]!r} is not a side", where)
        sides = ("lower", "upper") if rest[0] == "both" else (rest[0],)
    return Condition(kind, name, sides, values, foreign)


def read_network(
    data: bytes, weights: File, problem: Problem, algebra: Algebra
) -> tuple[Program, dict[str, np.ndarray]]:
    """The network's program and its weights, which fit each other and the problem."""
    program, tensors = read_functions(data, weights, problem, algebra, "network")
    if sorted(program.outputs) != sorted(problem.fields):
        raise Malformed("the network's outputs are not the problem's fields", "network")
    return program, tensors


def read_functions(
    data: bytes, weights: File, problem: Problem, algebra: Algebra, where: str
) -> tuple[Program, dict[str, np.ndarray]]:
    """A program of the problem's coordinates, and its weights, which fit each other."""
    value = parse_json(data, where)
    program = read_program(value, where, ("coordinate", "constant", "weight"), algebra)
    check_coordinates(program, [c.name for c in problem.coordinates], where)
    tensors = parse_safetensors(weights.data, weights.name)
    shapes = {e.name: e.shape for e in program.inputs if e.kind == "weight"}
    if shapes != {name: array.shape for name, array in tensors.items()}:
        place = "weights" if where == "network" else where
        raise Malformed(f"the weights' names or shapes are not the {where}'s", place)
    return program, tensors
