"""The documents that a claim speaks of: the problem, and the network."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ._algebra import Algebra, Polynomial, enclose
from ._errors import Malformed
from ._numbers import parse
from ._program import BINARY, EXTRA, OTHER, UNARY, Program, read_program
from ._reader import NAME, File, parse_json, parse_safetensors, record, sequence, text

OPEN = ("unknowns", "regions")
ANY = re.compile(r"[\x20-\x7e]{0,200}")
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
    """`initial`, `velocity`, `dirichlet` on some `sides`, or `periodic`."""

    kind: str
    coordinate: str
    sides: tuple[str, ...] = ()
    values: Any = None


@dataclass(frozen=True)
class Problem:
    """What was to be solved.

    `foreign` names what no theorem takes. That it is there decides, so it is not read.
    """

    coordinates: tuple[Coordinate, ...]
    fields: tuple[str, ...]
    residual: Program
    conditions: tuple[Condition, ...]
    foreign: tuple[str, ...] = ()

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
    """The problem of section 4 of `docs/format.md`."""
    value = parse_json(data, where)
    more = [key for key in OPEN if type(value) is dict and key in value]
    keys = "format", "name", "coordinates", "fields", "residual", "conditions", *more
    form, name, listed, fields, residual, stated = record(value, where, *keys)[:6]
    if form != "certax-problem/1":
        raise Malformed(f"{where} has the format {form!r}", where)
    text(name, where, ANY)
    if not 1 <= len(sequence(listed, where)) <= 64:
        raise Malformed(f"{where} has not one to 64 coordinates", where)
    axes = tuple(_coordinate(c, where, algebra) for c in listed)
    outputs = tuple(text(f, where) for f in sequence(fields, where))
    names = [axis.name for axis in axes] + list(outputs)
    # A dot joins the coordinates of a derivative in the statement, as in u_x.yy.
    ambiguous = [
        n for n in names if "." in n or any(n.startswith(f + "_") for f in outputs)
    ]
    distinct = len(set(names)) == len(names) and not RESERVED & set(names)
    if not outputs or not distinct or ambiguous:
        raise Malformed(f"{where}: the names {names} are not distinct and clear", where)
    program = read_program(
        residual, "residual", ("coordinate", "constant", "derivative"), algebra
    )
    for entry in program.inputs:
        known = entry.field in outputs and len(entry.orders) == len(axes)
        if entry.kind == "derivative" and not known:
            raise Malformed(f"{where}: {entry.name} is no derivative of a field", where)
    _coordinates_known(program, names[: len(axes)], "residual")
    if set(program.outputs) != set(map(str, range(len(program.outputs)))):
        raise Malformed(f"{where}: the equations are not numbered 0, 1, ...", where)
    own, stated = names[: len(axes)], sequence(stated, where)
    made = tuple(_condition(v, where, own, outputs, algebra) for v in stated)
    foreign = (*more, *(c.kind for c in made if not c.coordinate))
    slots = [(c.kind, c.coordinate, side) for c in made for side in c.sides]
    if len(set(slots)) < len(slots):
        raise Malformed(f"{where}: two conditions stand at the same place", where)
    started = {c.coordinate for c in made if c.kind == "initial"}
    moving = {c.coordinate for c in made if c.kind == "velocity"}
    if not foreign and moving - started:
        raise Malformed(f"{where}: a velocity stands without initial data", where)
    return Problem(axes, outputs, program, made, foreign)


def _coordinate(value: Any, where: str, algebra: Algebra) -> Coordinate:
    name, lower, upper = record(value, where, "name", "lower", "upper")
    low, high = parse(lower, algebra), parse(upper, algebra)
    if not enclose(high - low) > 0:
        raise Malformed(f"{where}: {name!r} has no lower end below its upper", where)
    ends = lower.replace(" ", ""), upper.replace(" ", "")
    return Coordinate(text(name, where, NAME), low, high, *ends)


def _coordinates_known(program: Program, names: list[str], where: str) -> None:
    for entry in program.inputs:
        if entry.kind == "coordinate" and entry.name not in names:
            raise Malformed(f"{where} has the unknown coordinate {entry.name!r}", where)


def _condition(value: Any, where: str, names: list[str], fields: tuple[str, ...],
               algebra: Algebra) -> Condition:  # fmt: skip
    kind = value.get("kind") if type(value) is dict else None
    extra = {"initial": ["values"], "velocity": ["values"],
             "dirichlet": ["side", "values"], "periodic": []}  # fmt: skip
    if kind in ("terminal", "residual"):
        return Condition(kind, "")
    if type(kind) is not str or kind not in extra:
        raise Malformed(f"{where}: {kind!r} is not a kind of condition", where)
    _, name, *rest = record(value, where, "kind", "coordinate", *extra[kind])
    if name not in names:
        raise Malformed(f"{where}: {name!r} is not a coordinate", where)
    if kind == "periodic":
        return Condition(kind, name, ("both",))
    values = read_program(rest[-1], f"{kind} data", ("coordinate", "constant"), algebra)
    _coordinates_known(values, [n for n in names if n != name], f"{kind} data")
    if sorted(values.outputs) != sorted(fields):
        return Condition(f"{kind} data of some fields", "")
    sides = ("lower", "upper") if kind == "dirichlet" else ("lower",)
    if kind == "dirichlet" and rest[0] != "both":
        if rest[0] not in sides:
            raise Malformed(f"{where}: {rest[0]!r} is not a side", where)
        sides = (rest[0],)
    return Condition(kind, name, sides, values)


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
    _coordinates_known(program, [c.name for c in problem.coordinates], where)
    tensors = parse_safetensors(weights.data, weights.name)
    shapes = {e.name: e.shape for e in program.inputs if e.kind == "weight"}
    if shapes != {name: array.shape for name, array in tensors.items()}:
        place = "weights" if where == "network" else where
        raise Malformed(f"the weights' names or shapes are not the {where}'s", place)
    return program, tensors
