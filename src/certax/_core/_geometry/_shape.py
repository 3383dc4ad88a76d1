"""What every domain is: a closed region with names, a box around it, points inside and
on its boundary, and a distance to the boundary that nets can be multiplied with.
"""

import abc
from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._errors import CertaxError
from .._exact import to_float
from .._sobol import sobol_points
from ._corners import Corner
from ._holes import Hole
from ._walls import Wall

Point = Mapping[str, Array]
Number = Callable[[str], Array]

_largest_waste = 10_000
_sample = 2**18
_INTERIOR, _BOUNDARY, _VOLUME = 10, 11, 12  # independent streams of one seed


class BoundaryPoints(NamedTuple):
    """Points on a boundary.

    - `points`: shape `(n, d)`.
    - `normals`: outward and of length one, shape `(n, d)`.
    - `pieces`: the name of the piece that each lies on, shape `(n,)`.
    """

    points: np.ndarray
    normals: np.ndarray
    pieces: np.ndarray


class Measure(NamedTuple):
    """A volume or an area, and its standard error: 0.0 for closed forms, otherwise that
    of randomized quasi-Monte Carlo.
    """

    value: float
    error: float


class AbstractShape(abc.ABC):
    """A closed region in one to five named coordinates.

    Shapes can be joined `|`, intersected `&` and subtracted `-`, and multiplied with a
    box of other coordinates: `Ball((0, 0), 1) * Box(t=(0, 1))`.

    **Attributes:**

    - `names`: of the coordinates.
    - `lower`, `upper`: the ends of a box around the region, as exact expressions.
    """

    names: tuple[str, ...]
    lower: tuple[str, ...]
    upper: tuple[str, ...]

    @property
    def dimension(self) -> int:
        return len(self.names)

    @property
    def straight(self) -> tuple[str, ...]:
        """The coordinates that run over an interval wherever the others are."""
        return ()

    @property
    def lower_floats(self) -> np.ndarray:
        return np.array([to_float(end) for end in self.lower])

    @property
    def upper_floats(self) -> np.ndarray:
        return np.array([to_float(end) for end in self.upper])

    @property
    def diameter(self) -> float:
        """Of the box around the region."""
        return float(np.linalg.norm(self.upper_floats - self.lower_floats))

    @property
    def tolerance(self) -> float:
        """The distance below which a point counts as lying on the boundary."""
        ends = np.concatenate([self.lower_floats, self.upper_floats])
        return 1e-12 * float(np.abs(ends).max())

    def physical(self, unit: np.ndarray) -> np.ndarray:
        """Maps points of [0, 1]^d, shape `(..., d)`, into the box around the region."""
        lower, upper = self.lower_floats, self.upper_floats
        return lower + unit * (upper - lower)

    @property
    @abc.abstractmethod
    def pieces(self) -> tuple[str, ...]:
        """The names of the parts of the boundary."""

    @abc.abstractmethod
    def side(self, points: np.ndarray) -> np.ndarray:
        """1 inside, 0 on the boundary up to rounding, -1 outside, for points of shape
        `(n, d)`.
        """

    @abc.abstractmethod
    def boundary_points(self, number: int, *, seed: int = 0) -> BoundaryPoints:
        """`number` points, spread evenly over the boundary."""

    @property
    @abc.abstractmethod
    def volume(self) -> Measure:
        """Length, area or volume."""

    @property
    @abc.abstractmethod
    def boundary_measure(self) -> Measure:
        """The size of the boundary: perimeter, area, or in one dimension a count."""

    @abc.abstractmethod
    def distance(
        self,
        point: Point,
        number: Number | None = None,
        pieces: Collection[str] | None = None,
    ) -> Array:
        """An approximate distance to the boundary: smooth and positive inside, zero
        exactly on the boundary, with a derivative of one along the inward normal.

        **Arguments:**

        - `point`: JAX scalars by the coordinates' names.
        - `number`: turns exact expressions into JAX scalars; by default the doubles.
        - `pieces`: the distance to these alone, by default to all.
        """

    def multiplier(
        self, point: Point, number: Number, pieces: Collection[str] | None = None
    ) -> Array:
        """What nets are multiplied with: as `distance`, but smooth at convex corners
        where it can be, so that it has no slope there.
        """
        return self.distance(point, number, pieces)

    @abc.abstractmethod
    def signed_distance(self, point: Point, number: Number) -> Array:
        """As `distance`, and negative outside."""

    @abc.abstractmethod
    def numbers(self) -> tuple[str, ...]:
        """The exact expressions that `distance` asks for."""

    @abc.abstractmethod
    def as_json(self) -> dict[str, Any]:
        """The shape as data."""

    def contains(self, points: np.ndarray) -> np.ndarray:
        """Whether points of shape `(..., d)` lie inside or on the boundary."""
        points = np.asarray(points, np.float64)
        flat = points.reshape(-1, self.dimension)
        return (self.side(flat) >= 0).reshape(points.shape[:-1])

    @property
    def reentrant_corners(self) -> np.ndarray:
        """The corners of a plane region whose angle is larger than π, shape `(n, 2)`;
        solutions are singular there. In other dimensions none.
        """
        return np.zeros((0, 2))

    @property
    def straightened(self) -> tuple[Corner, ...]:
        """Those corners that `features` and `multiplier` make straight walls of."""
        return ()

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Small round holes of a plane region."""
        return ()

    @property
    def walls(self) -> Mapping[str, Wall]:
        """Pieces of a plane region's boundary that lie on faces of the box around it,
        with coordinate and side, if data on them can be extended face by face.
        """
        return {}

    @property
    def frame(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lower and upper ends that nets count coordinates from and to: those of
        the box around the region, and with small holes those of a smaller one.
        """
        return self.lower, self.upper

    def features(self, point: Point, number: Number) -> tuple[Array, ...]:
        """What solutions depend on smoothly besides the coordinates, of size one: the
        map that straightens each of those corners, and the inversions in holes.
        """
        here = point[self.names[0]], point[self.names[1]]
        found = [corner.straightened(here, number) for corner in self.straightened]
        found += [hole.inverted(here, number) for hole in self.holes]
        return tuple(value for pair in found for value in pair)

    @property
    def inside_of_cube(self) -> Callable[[np.ndarray], np.ndarray] | None:
        """Whether points of the unit cube, which stands for the box around the region,
        lie inside; None if all do.
        """
        return lambda unit: self.side(self.physical(unit)) > 0

    def interior_points(
        self, number: int, *, seed: int = 0, step: int = 0
    ) -> np.ndarray:
        """`number` Sobol points inside, a function of seed and step; shape `(n, d)`.

        **Raises:** `CertaxError` if the box around the region is nearly empty of it.
        """
        return self.physical(self.unit_points(number, seed=seed, step=step))

    def unit_points(
        self, number: int, *, seed: int = 0, step: int = 0, stream: int = _INTERIOR
    ) -> np.ndarray:
        """As `interior_points`, in the unit cube that stands for the box."""
        drawn = number
        while drawn <= _largest_waste * number:
            unit = sobol_points(
                drawn, self.dimension, seed=seed, step=step, stream=stream
            )
            inside = unit[self.side(self.physical(unit)) > 0]
            if len(inside) >= number:
                return inside[:number]
            drawn *= 2
        raise CertaxError(
            f"Of {drawn // 2} points in the box around the domain only {len(inside)} "
            "are inside.",
            value=len(inside),
            remedy="The domain is empty or too thin for its box.",
        )

    def selected(self, pieces: Collection[str] | None) -> tuple[str, ...]:
        """The pieces that names stand for; `"boundary"` means all.

        **Raises:** `CertaxError` for a name that is none.
        """
        if pieces is None or "boundary" in pieces:
            return self.pieces
        for name in pieces:
            if name not in self.pieces:
                listed = ", ".join(self.pieces[:12])
                more = ", ..." if len(self.pieces) > 12 else ""
                raise CertaxError(
                    f"The domain has no boundary piece {name!r}.",
                    value=name,
                    remedy=f"It has boundary (all of it) and {listed}{more}.",
                )
        return tuple(p for p in self.pieces if p in pieces)

    def _sampled_volume(self) -> Measure:
        """By 16 scramblings of a Sobol sequence in the box around the region."""
        box = float(np.prod(self.upper_floats - self.lower_floats))
        shares = []
        for step in range(16):
            unit = sobol_points(
                _sample // 16, self.dimension, seed=0, step=step, stream=_VOLUME
            )
            shares.append(float(np.mean(self.side(self.physical(unit)) > 0)))
        return Measure(
            box * float(np.mean(shares)), box * float(np.std(shares, ddof=1)) / 4.0
        )

    def __or__(self, other: "AbstractShape") -> "AbstractShape":
        return self._combined("union", other)

    def __and__(self, other: "AbstractShape") -> "AbstractShape":
        return self._combined("intersection", other)

    def __sub__(self, other: "AbstractShape") -> "AbstractShape":
        return self._combined("difference", other)

    def __mul__(self, other: "AbstractShape") -> "AbstractShape":
        if not isinstance(other, AbstractShape):
            return NotImplemented
        from ._product import product

        return product(self, other)

    def _combined(self, kind: str, other: "AbstractShape") -> "AbstractShape":
        if not isinstance(other, AbstractShape):
            return NotImplemented
        from ._combination import combination

        return combination(kind, self, other)


def stream_of_boundary(number: int, dimension: int, seed: int) -> np.ndarray:
    """The Sobol points that boundary points are made of."""
    return sobol_points(number, dimension, seed=seed, stream=_BOUNDARY)


def nearest_double(expression: str) -> Array:
    """What `distance` takes for exact numbers where nothing is traced."""
    return jnp.asarray(to_float(expression))
