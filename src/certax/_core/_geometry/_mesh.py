"""Regions read from triangle meshes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, final

import numpy as np

from .._errors import CertaxError
from .._exact import expression
from ._loops import Loop, check_loops, check_nesting, twice_area
from ._polygon import AbstractPolygonal, plane_names


@final
@dataclass(frozen=True, init=False)
class Mesh(AbstractPolygonal):
    """The closed region that a triangle mesh covers, given by its boundary loops.

    The pieces are `outer`, or `outer.0`, `outer.1` of a region in several parts, and
    `hole.0`, `hole.1` and so on. Coordinates are the doubles of the file, exactly.

    **Arguments:**

    - `loops`: the boundary, outer loops counterclockwise and holes clockwise.
    - `names`: of the coordinates.

    **Raises:** `CertaxError` if the boundary is open or meets itself; the message names
    the vertices.
    """

    names: tuple[str, ...]
    loops: tuple[Loop, ...]

    def __init__(
        self, loops: Sequence[Sequence[Sequence]], names: Sequence[str] = ("x", "y")
    ):
        object.__setattr__(self, "names", plane_names(names))
        made = [tuple((expression(x), expression(y)) for x, y in p) for p in loops]
        check_loops(made, lambda v: _word(made[v[0]][v[1]]))
        object.__setattr__(self, "loops", tuple(made))
        holes = [twice_area(loop) < 0 for loop in made]
        check_nesting(made, holes, lambda v: _word(made[v[0]][v[1]]))
        if not made:
            raise CertaxError(
                "The mesh has no boundary.", remedy="Give at least one loop."
            )

    @staticmethod
    def read(path: Path | str, names: Sequence[str] = ("x", "y")) -> "Mesh":
        """Reads triangles from any file that meshio knows (extra `certax[geometry]`).

        **Raises:** `CertaxError` if the file cannot be read, is not plane, or its
        triangles overlap or leave a boundary that is not closed.

        !!! example

            ```python
            domain = cx.Mesh.read("wing.msh")
            ```
        """
        points, triangles = _triangles_of(Path(path))
        return Mesh.of_triangles(points, triangles, names)

    @staticmethod
    def of_triangles(
        points: np.ndarray, triangles: np.ndarray, names: Sequence[str] = ("x", "y")
    ) -> "Mesh":
        """From points of shape `(n, 2)` and vertex numbers of shape `(m, 3)`.

        **Raises:** `CertaxError` as `read` does.
        """
        _check_arrays(np.asarray(points), np.asarray(triangles))
        exact = [(Fraction(float(x)), Fraction(float(y))) for x, y in points]
        turned = _oriented(exact, triangles)
        loops = _boundary(points, turned)
        texts = [tuple((expression(x), expression(y)) for x, y in (exact[i] for i in p))
                 for p in loops]  # fmt: skip
        return Mesh(texts, names)

    def _turns(self, loop: int) -> bool:
        return False

    def _named_edges(self, loop: int) -> str:
        signs = [twice_area(p) > 0 for p in self.loops]
        if not signs[loop]:
            return f"hole.{signs[:loop].count(False)}"
        return "outer" if sum(signs) == 1 else f"outer.{signs[:loop].count(True)}"

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": "mesh",
            "names": list(self.names),
            "loops": [[list(v) for v in loop] for loop in self.loops],
        }


def _check_arrays(points: np.ndarray, triangles: np.ndarray) -> None:
    for index, point in enumerate(points):
        if not np.isfinite(point).all():
            raise CertaxError(
                f"Vertex {index} of the mesh is ({point[0]}, {point[1]}).",
                value=index,
                remedy="Coordinates are finite numbers.",
            )
    wrong = (triangles < 0) | (triangles >= len(points))
    if wrong.any():
        worst = int(triangles[wrong][0])
        raise CertaxError(
            f"A triangle has the vertex {worst}, but the mesh has {len(points)}.",
            value=worst,
            remedy="Vertices are counted from 0.",
        )


def _triangles_of(path: Path) -> tuple[np.ndarray, np.ndarray]:
    try:
        import meshio
    except ImportError:
        raise CertaxError(
            "Reading meshes needs meshio.",
            remedy="Install it with pip install 'certax[geometry]'.",
            kind="environment",
        ) from None
    # meshio leaves the program where it does not know a file.
    try:
        mesh = meshio.read(path)
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        raise CertaxError(
            f"The mesh {path.name} cannot be read: {said or type(error).__name__}.",
            value=str(path),
            remedy="Give a file that meshio reads, such as .msh, .vtk or .vtu.",
        ) from None
    blocks = [b.data for b in mesh.cells if b.type == "triangle"]
    if not blocks:
        kinds = ", ".join(sorted({b.type for b in mesh.cells})) or "nothing"
        raise CertaxError(
            f"The mesh {path.name} has no triangles, but {kinds}.",
            value=kinds,
            remedy="Give a mesh of straight-sided triangles.",
        )
    points = np.asarray(mesh.points, np.float64)
    if points.shape[1] == 3 and np.ptp(points[:, 2]) > 0.0:
        raise CertaxError(
            f"The mesh {path.name} is not plane.",
            value=float(np.ptp(points[:, 2])),
            remedy="Give a mesh whose third coordinate is constant.",
        )
    return points[:, :2], np.concatenate(blocks)


def _oriented(
    exact: Sequence[tuple[Fraction, Fraction]], triangles: np.ndarray
) -> list[tuple[int, int, int]]:
    """The triangles, counterclockwise."""
    turned = []
    for a, b, c in triangles.tolist():
        (x, y), (u, v), (p, q) = exact[a], exact[b], exact[c]
        area = (u - x) * (q - y) - (v - y) * (p - x)
        if area == 0:
            raise CertaxError(
                f"The triangle of the vertices {a}, {b} and {c} of the mesh has no "
                "area.",
                value=f"{a}, {b}, {c}",
                remedy="Mend the mesh.",
            )
        turned.append((a, b, c) if area > 0 else (a, c, b))
    return turned


def _boundary(
    points: np.ndarray, triangles: Sequence[tuple[int, int, int]]
) -> list[list[int]]:
    """The loops of edges that belong to one triangle only."""
    edges: set[tuple[int, int]] = set()
    for a, b, c in triangles:
        for edge in ((a, b), (b, c), (c, a)):
            if edge in edges:
                raise CertaxError(
                    f"The edge between the vertices {edge[0]} and {edge[1]} of the "
                    "mesh has two triangles on one side.",
                    value=f"{edge[0]}, {edge[1]}",
                    remedy="Mend the mesh: triangles may not overlap.",
                )
            edges.add(edge)
    follows: dict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        if (b, a) not in edges:
            follows[a].append(b)
    for vertex, ends in follows.items():
        if len(ends) > 1:
            x, y = points[vertex]
            raise CertaxError(
                f"The boundary of the mesh meets itself at vertex {vertex}, "
                f"({x:g}, {y:g}).",
                value=vertex,
                remedy="Parts that touch at a vertex only must be two meshes.",
            )
    loops = []
    while follows:
        start = min(follows)
        loop, here = [start], follows.pop(start)[0]
        while here != start:
            loop.append(here)
            here = follows.pop(here)[0]
        loops.append(loop)
    return loops


def _word(vertex: tuple[str, str]) -> str:
    x, y = (float(Fraction(c)) for c in vertex)
    return f"({x:g}, {y:g})"
