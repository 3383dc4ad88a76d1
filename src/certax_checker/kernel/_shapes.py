"""Domains that are no boxes: read strictly, and named in statements.

No theorem knows them. What is claimed of a residual or a network is claimed on the box
around the domain; the words here only say what the problem was posed on.
"""

from typing import Any

from ._algebra import Algebra
from ._errors import Malformed
from ._numbers import parse
from ._reader import record, sequence

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
