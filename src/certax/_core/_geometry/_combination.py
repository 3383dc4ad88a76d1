"""Unions, intersections and differences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, final

import numpy as np

from .._errors import CertaxError
from . import _distances, _planar
from ._corners import straightened_corners
from ._holes import frame, holes
from ._numbers import largest, nearest_rational, smallest
from ._shape import (
    AbstractShape,
    BoundaryPoints,
    Measure,
    nearest_double,
)
from ._walls import walls

_words = {"union": "join", "intersection": "intersect", "difference": "subtract"}


@final
@dataclass(frozen=True)
class Combination(AbstractShape):
    """What `|`, `&` and `-` make of shapes with the same coordinates.

    In the plane the boundary is cut into its curves, so that areas, perimeters and the
    distance are those of closed forms. In other dimensions volumes are sampled and the
    distance is built from the parts' by R-functions; there, parts may not touch along
    a face.

    Pieces are those of the parts, with `part0.`, `part1.` and so on before them.
    """

    kind: str
    parts: tuple[AbstractShape, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return self.parts[0].names

    @property
    def lower(self) -> tuple[str, ...]:
        return self._end("lower", {"union": smallest, "intersection": largest})

    @property
    def upper(self) -> tuple[str, ...]:
        return self._end("upper", {"union": largest, "intersection": smallest})

    def _end(self, name: str, choices: dict[str, Any]) -> tuple[str, ...]:
        if self.kind == "difference":
            return getattr(self.parts[0], name)
        ends = [getattr(part, name) for part in self.parts]
        return tuple(choices[self.kind](column) for column in zip(*ends, strict=True))

    @cached_property
    def curves(self) -> tuple[_planar.Curve, ...]:
        """In the plane, the boundary."""
        return tuple(c for i in range(len(self.parts)) for c in self._kept(i))

    def _kept(self, index: int) -> list[_planar.Curve]:
        """What of a part's boundary is the whole's."""
        others = [p for i, p in enumerate(self.parts) if i != index]
        around = [c for p in others for c in _curves_of(p)]
        kept = []
        for curve in _curves_of(self.parts[index]):
            pieces = _planar.cut(curve, around)
            kept += _planar.merged([p for p in pieces if self._keeps(index, p)])
        found = []
        for curve in kept:
            turned = curve.reversed() if self._flipped(index) else curve
            found.append(_renamed(turned, f"part{index}.{curve.piece}"))
        return found

    def _flipped(self, index: int) -> bool:
        return self.kind == "difference" and index > 0

    def _keeps(self, index: int, part: _planar.Curve) -> bool:
        s = np.array([0.5 * (part.low + part.high)])
        here = BoundaryPoints(part.points(s), part.normals(s), np.array([part.piece]))
        return bool(self._on_boundary(index, here)[0])

    def _on_boundary(self, index: int, on: BoundaryPoints) -> np.ndarray:
        """Whether points of a part's boundary lie on the whole's.

        Where boundaries of two parts coincide, the first counts, if the region is on
        one side only.
        """
        kept = np.ones(len(on.points), bool)
        mine = -on.normals if self._flipped(index) else on.normals
        step = 1e3 * self.tolerance
        for i, other in enumerate(self.parts):
            if i == index:
                continue
            side = other.side(on.points)
            turn = -1 if self._flipped(i) else 1
            outside = (turn * side < 0) if self.kind == "union" else (turn * side > 0)
            # A step along the normal tells on which side of a common boundary one is.
            beyond = turn * other.side(on.points + step * mine)
            before = turn * other.side(on.points - step * mine)
            alike = (beyond < 0) & (before > 0)
            kept &= outside | ((side == 0) & alike & (index < i))
        return kept

    @property
    def pieces(self) -> tuple[str, ...]:
        if self.dimension == 2:
            return tuple(dict.fromkeys(c.piece for c in self.curves))
        return tuple(
            f"part{i}.{name}" for i, p in enumerate(self.parts) for name in p.pieces
        )

    def side(self, points):
        sides = np.stack([p.side(points) for p in self.parts])
        if self.kind == "difference":
            sides[1:] *= -1
        return sides.max(axis=0) if self.kind == "union" else sides.min(axis=0)

    @cached_property
    def volume(self) -> Measure:
        return (
            _planar.area(self.curves) if self.dimension == 2 else self._sampled_volume()
        )

    @cached_property
    def boundary_measure(self) -> Measure:
        if self.dimension == 2:
            return _planar.perimeter(self.curves)
        value = error = 0.0
        for index, part in enumerate(self.parts):
            whole = part.boundary_measure
            shares = []
            for seed in range(8):
                on = part.boundary_points(4096, seed=seed)
                shares.append(float(np.mean(self._on_boundary(index, on))))
            value += whole.value * float(np.mean(shares))
            # Also the part's own error, where it is sampled itself.
            error += whole.value * float(np.std(shares, ddof=1)) / 8**0.5 + whole.error
        return Measure(value, error)

    def boundary_points(self, number, *, seed=0):
        if self.dimension == 2:
            return _planar.points_on(self.curves, number, seed)
        drawn = number
        while drawn <= 1000 * number:
            found = self._drawn(drawn, seed)
            if len(found.points) >= number:
                chosen = np.random.default_rng(seed).permutation(len(found.points))
                return BoundaryPoints(*(a[np.sort(chosen[:number])] for a in found))
            drawn *= 2
        raise CertaxError(
            f"The {self.kind} has hardly any boundary.",
            remedy="See whether its parts meet.",
        )

    def _drawn(self, number: int, seed: int) -> BoundaryPoints:
        sizes = np.array([p.boundary_measure.value for p in self.parts])
        found = []
        for index, part in enumerate(self.parts):
            few = max(1, round(number * sizes[index] / sizes.sum()))
            on = part.boundary_points(few, seed=seed)
            kept = self._on_boundary(index, on)
            sign = -1.0 if self._flipped(index) else 1.0
            names = np.array([f"part{index}.{p}" for p in on.pieces[kept]], dtype=str)
            found.append((on.points[kept], sign * on.normals[kept], names))
        return BoundaryPoints(*(np.concatenate(a) for a in zip(*found, strict=True)))

    def distance(self, point, number=None, pieces=None):
        number = number or nearest_double
        chosen = self.selected(pieces)
        if self.dimension == 2:
            here = point[self.names[0]], point[self.names[1]]
            return _planar.distance(self.curves, chosen, here, number, self.tolerance)
        if chosen != self.pieces:
            raise CertaxError(
                f"In {self.dimension} dimensions the distance to some pieces of a "
                f"{self.kind} is not known.",
                value=", ".join(pieces or ()),
                remedy="Give one condition on the whole boundary.",
            )
        return self.signed_distance(point, number)

    @property
    def reentrant_corners(self):
        if self.dimension != 2:
            return np.zeros((0, 2))
        return _planar.reentrant_corners(self.curves, self.tolerance)

    @cached_property
    def straightened(self):
        if self.dimension != 2:
            return ()
        inside = lambda points: self.side(points) > 0
        return straightened_corners(self.curves, inside, self.diameter)

    @cached_property
    def holes(self):
        return holes(self.curves, self.diameter) if self.dimension == 2 else ()

    @cached_property
    def walls(self):
        if self.dimension != 2:
            return {}
        ends = self.lower_floats, self.upper_floats
        return walls(self.curves, self.names, *ends, self.tolerance)

    @cached_property
    def frame(self):
        return frame(self.holes, self.lower, self.upper)

    def multiplier(self, point, number, pieces=None):
        if self.dimension != 2:
            return self.distance(point, number, pieces)
        here = point[self.names[0]], point[self.names[1]]
        chosen, corners = self.selected(pieces), self.straightened
        return _planar.multiplier(
            self.curves, chosen, here, number, self.tolerance, corners
        )

    def signed_distance(self, point, number):
        found = [p.signed_distance(point, number) for p in self.parts]
        if self.kind == "union":
            return _distances.disjunction(found)
        if self.kind == "difference":
            found[1:] = [-f for f in found[1:]]
        return _distances.conjunction(found)

    def numbers(self):
        if self.dimension == 2:
            return _planar.numbers(self.curves, self.straightened)
        return tuple(dict.fromkeys(n for p in self.parts for n in p.numbers()))

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "parts": [p.as_json() for p in self.parts]}


def combination(
    kind: str, first: AbstractShape, second: AbstractShape
) -> AbstractShape:
    """**Raises:** `CertaxError` if the shapes have different coordinates, if nothing
    is left, or if faces coincide in more than two dimensions.
    """
    if first.names != second.names:
        raise CertaxError(
            f"A shape over {', '.join(first.names)} and one over "
            f"{', '.join(second.names)} cannot be combined.",
            value=", ".join(second.names),
            remedy="Give them the same names in the same order.",
        )
    last = (second,) if kind == "difference" else _parts(kind, second)
    parts = _parts(kind, first) + last
    shape = Combination(kind, parts)
    lower = [nearest_rational(e) for e in shape.lower]
    upper = [nearest_rational(e) for e in shape.upper]
    empty = any(a >= b for a, b in zip(lower, upper, strict=True))
    if not empty and shape.dimension == 2:
        size = float(np.prod(shape.upper_floats - shape.lower_floats))
        empty = not shape.curves or shape.volume.value <= 1e-12 * size
    elif not empty:
        empty = shape.volume.value == 0.0
    if empty:
        raise CertaxError(
            f"The {kind} of the shapes is empty.",
            value=kind,
            remedy=f"See where you {_words[kind]} them.",
        )
    if shape.dimension != 2:
        _refuse_touching(shape)
    return shape


def _parts(kind: str, shape: AbstractShape) -> tuple[AbstractShape, ...]:
    if isinstance(shape, Combination) and shape.kind == kind:
        return shape.parts
    return (shape,)


def _refuse_touching(shape: Combination) -> None:
    for index, part in enumerate(shape.parts):
        on = part.boundary_points(512)
        for other in shape.parts[index + 1 :]:
            if np.any(other.side(on.points) == 0):
                raise CertaxError(
                    f"Two parts of the {shape.kind} have a face in common, where a "
                    f"distance in {shape.dimension} dimensions would vanish inside.",
                    value=shape.kind,
                    remedy="Let one part overlap the other.",
                )


def _curves_of(shape: Any) -> Sequence[_planar.Curve]:
    if not hasattr(shape, "curves"):
        raise CertaxError(
            "A product of an interval with another cannot be combined.",
            remedy="Combine the shapes first, and multiply then; or use a Box.",
        )
    return shape.curves


def _renamed(curve: _planar.Curve, piece: str) -> _planar.Curve:
    return replace(curve, piece=piece)
