"""Polygons, with holes or without."""

import abc
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, final

import numpy as np

from .._errors import CertaxError
from .._exact import expression
from .._fields import derivative_names
from . import _planar
from ._corners import straightened_corners
from ._curves import Segment
from ._loops import Loop, check_loops, check_nesting, crossing_parity, twice_area
from ._numbers import largest, smallest
from ._shape import AbstractShape, Measure, nearest_double
from ._walls import walls

End = int | float | str | Fraction


class AbstractPolygonal(AbstractShape):
    """A region between loops."""

    loops: tuple[Loop, ...]

    @abc.abstractmethod
    def _turns(self, loop: int) -> bool:
        """Whether a loop has the region on its right."""

    @abc.abstractmethod
    def _named_edges(self, loop: int) -> str:
        """The pieces of a loop: a name, or with a `{}` one name for each edge."""

    @property
    def lower(self) -> tuple[str, ...]:
        return self._end(smallest)

    @property
    def upper(self) -> tuple[str, ...]:
        return self._end(largest)

    def _end(self, choose: Any) -> tuple[str, ...]:
        vertices = [v for loop in self.loops for v in loop]
        return tuple(choose(dict.fromkeys(c)) for c in zip(*vertices, strict=True))

    @cached_property
    def curves(self) -> tuple[Segment, ...]:
        """The boundary."""
        found = []
        for index, loop in enumerate(self.loops):
            name = self._named_edges(index)
            for i, start in enumerate(loop):
                edge = Segment(start, loop[(i + 1) % len(loop)], name.format(i))
                found.append(edge.reversed() if self._turns(index) else edge)
        return tuple(found)

    @property
    def pieces(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.piece for c in self.curves))

    @cached_property
    def volume(self) -> Measure:
        parts = [
            twice_area(loop) * (-1 if self._turns(i) else 1)
            for i, loop in enumerate(self.loops)
        ]
        return Measure(float(sum(parts, Fraction(0)) / 2), 0.0)

    @property
    def boundary_measure(self) -> Measure:
        return _planar.perimeter(self.curves)

    def side(self, points):
        found = np.where(crossing_parity(self.loops, points), 1, -1)
        found[_planar.on_curves(self.curves, points, self.tolerance)] = 0
        return found

    def boundary_points(self, number, *, seed=0):
        return _planar.points_on(self.curves, number, seed)

    def distance(self, point, number=None, pieces=None):
        here = point[self.names[0]], point[self.names[1]]
        chosen = self.selected(pieces)
        exact = number or nearest_double
        return _planar.distance(self.curves, chosen, here, exact, self.tolerance)

    @property
    def reentrant_corners(self):
        return _planar.reentrant_corners(self.curves, self.tolerance)

    @cached_property
    def straightened(self):
        inside = lambda points: self.side(points) > 0
        return straightened_corners(self.curves, inside, self.diameter)

    @cached_property
    def walls(self):
        ends = self.lower_floats, self.upper_floats
        return walls(self.curves, self.names, *ends, self.tolerance)

    def multiplier(self, point, number, pieces=None):
        here = point[self.names[0]], point[self.names[1]]
        chosen, corners = self.selected(pieces), self.straightened
        return _planar.multiplier(
            self.curves, chosen, here, number, self.tolerance, corners
        )

    def signed_distance(self, point, number):
        raise CertaxError(
            "A polygon times an interval cannot be combined with other solids: its "
            "distance is not known outside.",
            remedy="Combine the shapes in the plane first, and multiply then.",
        )

    def numbers(self):
        return _planar.numbers(self.curves, self.straightened)


@final
@dataclass(frozen=True, init=False)
class Polygon(AbstractPolygonal):
    """A polygon; `edge.0` runs from its first vertex to its second, and so on.

    The edges of its holes are `hole.0.edge.0` and so on.

    **Arguments:**

    - `vertices`: pairs of numbers or exact expressions around the region, in either
      sense.
    - `holes`: further such lists, inside.
    - `names`: of the coordinates.

    **Raises:** `CertaxError` if the boundary meets itself; the message names where.

    !!! example

        ```python
        cx.Polygon([(0, 0), (1, 0), ("1/2", "sqrt(3)/2")])
        ```
    """

    names: tuple[str, ...]
    loops: tuple[Loop, ...]

    def __init__(
        self,
        vertices: Sequence[Sequence[End]],
        holes: Sequence[Sequence[Sequence[End]]] = (),
        names: Sequence[str] = ("x", "y"),
    ):
        object.__setattr__(self, "names", plane_names(names))
        given = [_loop(v) for v in (vertices, *holes)]
        check_loops(given, lambda vertex: _word(given, vertex))
        for loop in given:
            if twice_area(loop) == 0:
                raise CertaxError(
                    f"The vertices {', '.join(_pair(v) for v in loop[:6])} enclose no "
                    "area.",
                    value=_pair(loop[0]),
                    remedy="Give the vertices around the region, in order.",
                )
        object.__setattr__(self, "loops", tuple(given))
        inner = [i > 0 for i in range(len(given))]
        check_nesting(given, inner, lambda vertex: _word(given, vertex))

    def _turns(self, loop: int) -> bool:
        return (twice_area(self.loops[loop]) > 0) != (loop == 0)

    def _named_edges(self, loop: int) -> str:
        return "edge.{}" if loop == 0 else f"hole.{loop - 1}.edge.{{}}"

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "polygon",
            "names": list(self.names),
            "loops": [[list(v) for v in loop] for loop in self.loops],
        }


def plane_names(names: Sequence[str]) -> tuple[str, ...]:
    """**Raises:** `CertaxError` if there are not two different names."""
    found = tuple(names)
    if len(found) != 2 or len(set(found)) != 2:
        raise CertaxError(
            f"The names {', '.join(map(str, found))} are not those of a plane.",
            value=", ".join(map(str, found)),
            remedy="Give two different names.",
        )
    derivative_names(found)
    return found


def _loop(vertices: Sequence[Sequence[End]]) -> Loop:
    found = []
    for vertex in vertices:
        if isinstance(vertex, str) or len(vertex) != 2:
            raise CertaxError(
                f"The vertex {vertex!r} is not a pair of numbers.",
                value=repr(vertex),
                remedy="Give (x, y).",
            )
        found.append((expression(vertex[0]), expression(vertex[1])))
    # The first vertex may stand at the end again.
    return tuple(found[:-1] if len(found) > 1 and found[0] == found[-1] else found)


def _pair(vertex: tuple[str, str]) -> str:
    return f"({vertex[0]}, {vertex[1]})"


def _word(loops: Sequence[Loop], vertex: tuple[int, int]) -> str:
    index, position = vertex
    where = f"vertex {position} of hole {index - 1}" if index else f"vertex {position}"
    return f"{where} {_pair(loops[index][position])}"
