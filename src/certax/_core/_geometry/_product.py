"""A shape in space times an interval, or a box, of other coordinates."""

from dataclasses import dataclass
from typing import Any, final

import numpy as np

from .._errors import CertaxError
from .._fields import derivative_names
from . import _distances
from ._box import Box
from ._shape import AbstractShape, BoundaryPoints, Measure, nearest_double


@final
@dataclass(frozen=True)
class Product(AbstractShape):
    """A shape times a box of other coordinates: `Ball((0, 0), 1) * Box(t=(0, 1))`.

    The name `"boundary"` means the boundary of the shape at every point of the box; the
    ends of the box are pieces of their own, such as `"t.lower"`.
    """

    shape: AbstractShape
    box: Box

    @property
    def names(self) -> tuple[str, ...]:
        return self.shape.names + self.box.names

    @property
    def lower(self) -> tuple[str, ...]:
        return self.shape.lower + self.box.lower

    @property
    def upper(self) -> tuple[str, ...]:
        return self.shape.upper + self.box.upper

    @property
    def straight(self) -> tuple[str, ...]:
        return self.box.names

    @property
    def pieces(self) -> tuple[str, ...]:
        return self.shape.pieces + self.box.pieces

    @property
    def volume(self) -> Measure:
        return _times(self.shape.volume, self.box.volume.value)

    @property
    def boundary_measure(self) -> Measure:
        side = _times(self.shape.boundary_measure, self.box.volume.value)
        ends = _times(self.shape.volume, self.box.boundary_measure.value)
        return Measure(side.value + ends.value, side.error + ends.error)

    def side(self, points):
        split = self.shape.dimension
        return np.minimum(
            self.shape.side(points[:, :split]), self.box.side(points[:, split:])
        )

    def selected(self, pieces):
        if pieces is not None and "boundary" in pieces:
            return self.shape.pieces
        return super().selected(pieces)

    def boundary_points(self, number, *, seed=0):
        side = _times(self.shape.boundary_measure, self.box.volume.value).value
        share = side / self.boundary_measure.value
        few = min(max(round(share * number), 1), max(number - 1, 1))
        walls = self.shape.boundary_points(few, seed=seed)
        times = self.box.interior_points(few, seed=seed)
        none = np.zeros((few, self.box.dimension))
        parts = [
            BoundaryPoints(
                np.hstack([walls.points, times]),
                np.hstack([walls.normals, none]),
                walls.pieces,
            )
        ]
        if number > few:
            ends = self.box.boundary_points(number - few, seed=seed)
            places = self.shape.interior_points(number - few, seed=seed)
            none = np.zeros_like(places)
            parts.append(
                BoundaryPoints(
                    np.hstack([places, ends.points]),
                    np.hstack([none, ends.normals]),
                    ends.pieces,
                )
            )
        return BoundaryPoints(*(np.concatenate(a) for a in zip(*parts, strict=True)))

    def distance(self, point, number=None, pieces=None):
        chosen = self.selected(pieces)
        found = []
        for factor in (self.shape, self.box):
            here = [p for p in chosen if p in factor.pieces]
            if here:
                found.append(factor.distance(point, number or nearest_double, here))
        return _distances.joined(found)

    @property
    def reentrant_corners(self):
        return self.shape.reentrant_corners

    @property
    def straightened(self):
        return self.shape.straightened

    @property
    def holes(self):
        return self.shape.holes

    @property
    def walls(self):
        return self.shape.walls

    @property
    def frame(self):
        lower, upper = self.shape.frame
        return lower + self.box.lower, upper + self.box.upper

    def features(self, point, number):
        return self.shape.features(point, number)

    def multiplier(self, point, number, pieces=None):
        chosen = self.selected(pieces)
        if set(chosen) <= set(self.shape.pieces):
            return self.shape.multiplier(point, number, chosen)
        return self.distance(point, number, chosen)

    def signed_distance(self, point, number):
        both = [s.signed_distance(point, number) for s in (self.shape, self.box)]
        return _distances.conjunction(both)

    def numbers(self):
        return tuple(dict.fromkeys(self.shape.numbers() + self.box.numbers()))

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "product",
            "shape": self.shape.as_json(),
            "box": self.box.as_json(),
        }


def product(first: AbstractShape, second: AbstractShape) -> AbstractShape:
    """**Raises:** `CertaxError` if the second is no box or a name occurs twice."""
    names = first.names + second.names
    if not isinstance(second, Box):
        raise CertaxError(
            "A shape can be multiplied with a box only.",
            value=type(second).__name__,
            remedy="Write shape * Box(t=(0, 1)), the box last.",
        )
    if len(set(names)) < len(names) or len(names) > 5:
        raise CertaxError(
            f"The product would have the coordinates {', '.join(names)}.",
            value=", ".join(names),
            remedy="Use different names, five at most.",
        )
    derivative_names(names)
    if isinstance(first, Box):
        ends = zip(first.lower + second.lower, first.upper + second.upper, strict=True)
        return Box(**dict(zip(names, ends, strict=True)))
    if isinstance(first, Product):
        joined = product(first.box, second)
        assert isinstance(joined, Box)
        return Product(first.shape, joined)
    return Product(first, second)


def _times(measure: Measure, factor: float) -> Measure:
    return Measure(factor * measure.value, factor * measure.error)
