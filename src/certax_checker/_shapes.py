"""Domains that are no boxes: read strictly, and named in statements.

No theorem knows them. What is claimed of a residual or a network is claimed on the box
around the domain; the words here only say what the problem was posed on.
"""

from dataclasses import replace
from typing import Any

from .kernel._algebra import Algebra
from .kernel._documents import (
    Condition,
    Problem,
    check_coordinates,
    problem_of,
    read_equations,
)
from .kernel._errors import Malformed
from .kernel._numbers import parse
from .kernel._program import read_program
from .kernel._reader import NAME, parse_json, record, sequence, text

LONGEST = 600
KEYS = {
    "ball": ["names", "center", "radius"],
    "annulus": ["names", "center", "inner", "outer"],
    "box": ["names", "lower", "upper"],
    "polygon": ["names", "loops"],
    "mesh": ["names", "loops"],
    "product": ["shape", "box"],
    "union": ["parts"],
    "intersection": ["parts"],
    "difference": ["parts"],
}


def read_posed_problem(data: bytes, where: str, algebra: Algebra) -> Problem:
    """The problem of section 4 of `docs/format.md`, on a box or another shape."""
    value = parse_json(data, where)
    if type(value) is not dict or "shape" not in value:
        return problem_of(value, where, algebra)
    plain = {key: part for key, part in value.items() if key != "shape"}
    given = sequence(plain.get("conditions"), where)
    pieces = [c for c in given if type(c) is dict and "piece" in c]
    plain["conditions"] = [c for c in given if type(c) is not dict or "piece" not in c]
    problem = problem_of(plain, where, algebra)
    words = describe(value["shape"], where, problem.names, algebra)
    found = tuple(_on_piece(c, where, problem, algebra) for c in pieces)
    return replace(problem, shape=words, conditions=problem.conditions + found)


def _on_piece(value: Any, where: str, problem: Problem, algebra: Algebra) -> Condition:
    """A condition on a piece of a boundary; that it is there refuses all theorems."""
    residual = type(value) is dict and value.get("kind") == "residual"
    key = "residual" if residual else "values"
    kind, piece, program = record(value, where, "kind", "piece", key)
    text(piece, where, NAME)
    if residual:
        normals = tuple(f"normal.{name}" for name in problem.names)
        axes, fields = problem.coordinates, problem.fields
        read_equations(program, where, axes, fields, algebra, normals)
    elif kind == "dirichlet":
        data = read_program(program, "data", ("coordinate", "constant"), algebra)
        check_coordinates(data, problem.names, "data")
        if not set(data.outputs) <= set(problem.fields):
            raise Malformed(f"{where}: the data give what is no field", where)
    else:
        raise Malformed(f"{where}: {kind!r} is not a condition on a piece", where)
    return Condition(kind, "", foreign=f"a condition on the piece {piece}")


def describe(value: Any, where: str, names: list[str], algebra: Algebra) -> str:
    """A shape over coordinates of these names, in words.

    **Raises:** `Malformed` if it is no shape, or one over other coordinates.
    """
    kind = value.get("kind") if type(value) is dict else None
    if type(kind) is not str or kind not in KEYS:
        raise Malformed(f"{where}: {kind!r} is not a kind of shape", where)
    _, *rest = record(value, where, "kind", *KEYS[kind])
    if kind == "product":
        box = rest[1]
        own = box.get("names") if type(box) is dict else None
        count = len(names) - len(sequence(own, where))
        if count < 1 or box.get("kind") != "box":
            raise Malformed(
                f"{where}: a product is not one of a shape and a box", where
            )
        first = describe(rest[0], where, names[:count], algebra)
        return f"{first} times {describe(box, where, names[count:], algebra)}"
    if kind in ("union", "intersection", "difference"):
        parts = [describe(p, where, names, algebra) for p in sequence(rest[0], where)]
        if len(parts) < 2:
            raise Malformed(f"{where}: a {kind} has fewer than two parts", where)
        words = " minus " if kind == "difference" else f" {kind} "
        return words.join(f"({part})" for part in parts)
    if rest[0] != names:
        raise Malformed(f"{where}: a shape is not over {', '.join(names)}", where)

    def point(texts: Any) -> str:
        if len(sequence(texts, where)) != len(names):
            raise Malformed(f"{where}: a point has not {len(names)} numbers", where)
        return f"({', '.join(number(t) for t in texts)})"

    def number(text: Any) -> str:
        parse(text, algebra)
        return text.replace(" ", "")

    if kind == "ball":
        return f"the ball with center {point(rest[1])} and radius {number(rest[2])}"
    if kind == "annulus":
        ends = f"{number(rest[2])} and {number(rest[3])}"
        return f"the points whose distance to {point(rest[1])} is between {ends}"
    if kind == "box":
        point(rest[1]), point(rest[2])
        ends = zip(names, rest[1], rest[2], strict=True)
        return ", ".join(f"{n} in [{number(a)}, {number(b)}]" for n, a, b in ends)
    loops = [
        " ".join(point(p) for p in sequence(loop, where))
        for loop in sequence(rest[1], where)
    ]
    if len(names) != 2 or not loops:
        raise Malformed(f"{where}: a polygon is not in a plane, or empty", where)
    listed = ", and of ".join(loops)
    if len(listed) > LONGEST:
        count = sum(len(loop) for loop in rest[1])
        return f"the region whose boundary has the {count} vertices in the problem file"
    return f"the region inside of the polygon {listed}"
