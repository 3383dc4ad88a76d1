"""The documents of a certificate: problem, network and the claim itself."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ._algebra import Algebra, Polynomial, enclose
from ._errors import Malformed, Refusal
from ._numbers import DECIMAL, decimal, parse, signed_decimal
from ._program import BINARY, EXTRA, OTHER, UNARY, Program, read_program
from ._reader import (
    DIGEST,
    FILE_NAME,
    JSON_BYTES,
    NAME,
    WEIGHT_BYTES,
    File,
    integer,
    parse_json,
    parse_safetensors,
    read_file,
    record,
    sequence,
    text,
)
from ._trees import NODES

ANY = re.compile(r"[\x20-\x7e]{0,200}")
SIGNED = re.compile(f"-?{DECIMAL.pattern}")
PLAIN = re.compile(r"[\x20-\x7e]{0,100000}")
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
    """What was to be solved."""

    coordinates: tuple[Coordinate, ...]
    fields: tuple[str, ...]
    residual: Program
    conditions: tuple[Condition, ...]

    def index(self, name: str) -> int:
        """The number of a coordinate."""
        return [c.name for c in self.coordinates].index(name)

    def of_kind(self, kind: str) -> list[Condition]:
        """The conditions of one kind."""
        return [c for c in self.conditions if c.kind == kind]


@dataclass(frozen=True)
class Certificate:
    """The claim; `bound`, `curve`, `verdict` and `statement` are empty in a draft."""

    files: dict[str, File]
    leaves: dict[str, int]
    claim: str
    theorem: str
    norm: str
    parameters: dict[str, Any]
    bound: str
    curve: tuple[str, ...]
    verdict: str
    statement: str
    interval: tuple[str, ...] = ()


COORDINATES = 64


def read_problem(data: bytes, where: str, algebra: Algebra) -> Problem:
    """The problem of section 4 of `docs/format.md`."""
    keys = "format", "name", "coordinates", "fields", "residual", "conditions"
    form, name, coordinates, fields, residual, conditions = record(
        parse_json(data, where), where, *keys
    )
    if form != "certax-problem/1":
        raise Malformed(f"{where} has the format {form!r}", where)
    text(name, where, ANY)
    if not 1 <= len(sequence(coordinates, where)) <= COORDINATES:
        reason = f"{where} has not one to {COORDINATES} coordinates"
        raise Malformed(reason, where)
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
    program = read_program(
        residual, "residual", ("coordinate", "constant", "derivative"), algebra
    )
    for entry in program.inputs:
        known = entry.field in outputs and len(entry.orders) == len(axes)
        if entry.kind == "derivative" and not known:
            raise Malformed(f"{where}: {entry.name} is no derivative of a field", where)
    _coordinates_known(program, [axis.name for axis in axes], "residual")
    numbers = map(str, range(len(program.outputs)))
    if set(program.outputs) != set(numbers):
        raise Malformed(f"{where}: the equations are not numbered 0, 1, ...", where)
    made = tuple(
        _condition(c, where, [axis.name for axis in axes], outputs, algebra)
        for c in sequence(conditions, where)
    )
    slots = [(c.kind, c.coordinate, side) for c in made for side in c.sides or ("",)]
    if len(set(slots)) < len(slots):
        raise Malformed(f"{where}: two conditions stand at the same place", where)
    started = {c.coordinate for c in made if c.kind == "initial"}
    if any(c.kind == "velocity" and c.coordinate not in started for c in made):
        raise Malformed(f"{where}: a velocity stands without initial data", where)
    return Problem(axes, outputs, program, made)


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
    if type(kind) is not str or kind not in extra:
        raise Malformed(f"{where}: {kind!r} is not a kind of condition", where)
    _, name, *rest = record(value, where, "kind", "coordinate", *extra[kind])
    if name not in names:
        raise Malformed(f"{where}: {name!r} is not a coordinate", where)
    if kind == "periodic":
        return Condition(kind, name)
    values = read_program(rest[-1], f"{kind} data", ("coordinate", "constant"), algebra)
    _coordinates_known(values, [n for n in names if n != name], f"{kind} data")
    if sorted(values.outputs) != sorted(fields):
        raise Malformed(f"{where}: the {kind} data do not give each field", where)
    if kind == "velocity":
        return Condition(kind, name, (), values)
    sides = ("lower",) if kind == "initial" else ("lower", "upper")
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


def read_certificate(data: bytes, folder: Path, draft: bool) -> Certificate:
    """The claim of section 7 of `docs/format.md`, with its files beside it."""
    where = "certificate"
    keys = ["format", "certax", "problem", "network", "weights", "trees", "claim",
            "theorem", "norm", "parameters"]  # fmt: skip
    keys += [] if draft else ["bound", "curve", "verdict", "statement"]
    found = parse_json(data, where)
    ranged = not draft and type(found) is dict and found.get("claim") == "range"
    keys += ["interval"] if ranged else []
    values = dict(zip(keys, record(found, where, *keys), strict=True))
    form = "certax-draft/1" if draft else "certax-certificate/1"
    if values["format"] != form:
        raise Malformed(f"the format is {values['format']!r}, not {form}", where)
    for key in ("certax", "claim", "theorem", "norm"):
        text(values[key], key, ANY)
    if type(values["trees"]) is not dict or type(values["parameters"]) is not dict:
        raise Malformed("trees or parameters are not an object", where)
    if not {"residual"} <= set(values["trees"]) <= {"residual", "initial", "walls"}:
        reason = "the trees are not `residual` and perhaps `initial` and `walls`"
        raise Malformed(reason, where)
    limits = {"problem": JSON_BYTES, "network": JSON_BYTES, "weights": WEIGHT_BYTES}
    files, leaves = {}, {}
    for key in limits:
        name, digest = record(values[key], key, "file", "sha256")
        files[key] = _hashed(folder, key, name, digest, limits[key])
    for key, entry in values["trees"].items():
        name, digest, count = record(entry, key, "file", "sha256", "leaves")
        files["tree " + key] = _hashed(folder, key, name, digest, NODES)
        leaves[key] = integer(count, key, 1, NODES)
    for key, entry in values["parameters"].items():
        if type(entry) is dict and set(entry) == {"file", "sha256"}:
            name, digest = record(entry, key, "file", "sha256")
            limit = WEIGHT_BYTES if key.endswith("weights") else JSON_BYTES
            files["parameter " + key] = _hashed(folder, key, name, digest, limit)
    if sum(key.startswith("parameter ") for key in files) > 4:
        raise Malformed("the parameters name more than four files", "parameters")
    bound, curve, verdict, statement = "", (), "", ""
    if not draft:
        bound = text(values["bound"], "bound", DECIMAL)
        entries = sequence(values["curve"], "curve")
        curve = tuple(text(entry, "curve", DECIMAL) for entry in entries)
        verdict = text(values["verdict"], "verdict", ANY)
        statement = text(values["statement"], "statement", PLAIN)
        for number in (bound, *curve):
            decimal(number)
    interval = tuple(
        text(entry, "interval", SIGNED)
        for entry in sequence(values.get("interval", []), "interval")
    )
    if len(interval) != 2 * ranged:
        raise Malformed("the interval has not two ends", "interval")
    for number in interval:
        signed_decimal(number)
    return Certificate(
        files, leaves, values["claim"], values["theorem"], values["norm"],
        values["parameters"], bound, curve, verdict, statement, interval,
    )  # fmt: skip


def _hashed(folder: Path, key: str, name: Any, digest: Any, limit: int) -> File:
    made = read_file(folder, text(name, key, FILE_NAME), limit)
    if made.digest != text(digest, key, DIGEST):
        raise Refusal(f"{name} does not have the hash that the certificate names", key)
    return made
