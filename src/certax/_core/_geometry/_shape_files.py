"""Shapes as data: what `problem.json` holds."""

from collections.abc import Mapping
from typing import Any

from .._errors import CertaxError
from ._ball import Annulus, Ball
from ._box import Box
from ._combination import Combination, combination
from ._mesh import Mesh
from ._polygon import Polygon
from ._product import product
from ._shape import AbstractShape


def shape_from_json(data: Mapping[str, Any]) -> AbstractShape:
    """The inverse of `as_json`; checks the data as the constructors do.

    **Raises:** `CertaxError` if the data are no shape.
    """
    kind = data["kind"]
    if kind == "ball":
        return Ball(data["center"], data["radius"], data["names"])
    if kind == "annulus":
        return Annulus(data["center"], data["inner"], data["outer"], data["names"])
    if kind == "box":
        ends = zip(data["lower"], data["upper"], strict=True)
        return Box(**dict(zip(data["names"], ends, strict=True)))
    if kind == "polygon":
        outer, *holes = data["loops"]
        return Polygon(outer, holes, data["names"])
    if kind == "mesh":
        return Mesh(data["loops"], data["names"])
    if kind == "product":
        return product(shape_from_json(data["shape"]), shape_from_json(data["box"]))
    if kind in ("union", "intersection", "difference"):
        parts = [shape_from_json(p) for p in data["parts"]]
        shape = parts[0]
        for part in parts[1:]:
            shape = combination(kind, shape, part)
        assert isinstance(shape, Combination)
        return shape
    raise CertaxError(
        f"{kind!r} is no kind of shape.",
        value=str(kind),
        remedy="This version knows ball, annulus, box, polygon, mesh, product, union, "
        "intersection and difference.",
    )
