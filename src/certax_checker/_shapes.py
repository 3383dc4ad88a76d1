"""Domains that are no boxes: read strictly, and named in statements.

No theorem knows them. What is claimed of a residual or a network is claimed on the box
around the domain; the words here only say what the problem was posed on.
"""

import json
from dataclasses import replace
from typing import Any

from .kernel._algebra import Algebra
from .kernel._documents import Problem, read_problem
from .kernel._errors import Malformed
from .kernel._numbers import parse
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


def read_posed_problem(
    data: bytes, where: str, algebra: Algebra
) -> tuple[Problem, str]:
    """The problem of section 4 of `docs/format.md`, and on what it is posed, in words,
    if not on the box.
    """
    value = parse_json(data, where)
    if type(value) is not dict or "shape" not in value:
        return read_problem(data, where, algebra), ""
    plain = {key: part for key, part in value.items() if key != "shape"}
    given = sequence(plain.get("conditions"), where)
    pieces = [c for c in given if type(c) is dict and "piece" in c]
    plain["conditions"] = [c for c in given if type(c) is not dict or "piece" not in c]
    # What was read strictly holds only texts and integers, so this is the same again.
    problem = read_problem(json.dumps(plain).encode("ascii"), where, algebra)
    words = describe(value["shape"], where, problem.names, algebra)
    own = f"the domain is no box, but {words}"
    foreign = (own, *(_on_piece(c, where) for c in pieces), *problem.foreign)
    return replace(problem, foreign=foreign), words


def _on_piece(value: Any, where: str) -> str:
    """A condition on a piece of a boundary; that it is there decides."""
    kinds = {"residual": "residual", "dirichlet": "values"}
    kind = value.get("kind")
    if type(kind) is not str or kind not in kinds:
        raise Malformed(f"{where}: {kind!r} is not a condition on a piece", where)
    _, piece, _ = record(value, where, "kind", "piece", kinds[kind])
    return f"a condition on the piece {text(piece, where, NAME)}"


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
        ends = zip(
            names, sequence(rest[1], where), sequence(rest[2], where), strict=True
        )
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
