"""Shapes in words, for people."""

from ._ball import Annulus, Ball
from ._box import Box
from ._combination import Combination
from ._polygon import AbstractPolygonal
from ._product import Product
from ._shape import AbstractShape

_longest = 8


def in_words(shape: AbstractShape) -> str:
    """What a shape is: `the ball with center (0, 0) and radius 1`."""
    match shape:
        case Box():
            ends = zip(shape.names, shape.lower, shape.upper, strict=True)
            return ", ".join(f"{n} in [{lo}, {hi}]" for n, lo, hi in ends)
        case Ball():
            where = f"center {_point(shape.center)} and radius {shape.radius}"
            return f"the ball with {where}"
        case Annulus():
            between = f"{shape.inner} and {shape.outer}"
            return f"the distances between {between} from {_point(shape.center)}"
        case Product():
            return f"{in_words(shape.shape)} times {in_words(shape.box)}"
        case Combination():
            word = "minus" if shape.kind == "difference" else shape.kind
            return f" {word} ".join(f"({in_words(p)})" for p in shape.parts)
        case AbstractPolygonal():
            count = sum(len(loop) for loop in shape.loops)
            if count > _longest or len(shape.loops) > 1:
                return f"a region with {count} vertices"
            corners = [_point(v) for loop in shape.loops for v in loop]
            return f"the polygon {' '.join(corners)}"
    return type(shape).__name__


def _point(texts: tuple[str, ...]) -> str:
    return f"({', '.join(texts)})"
