"""Reentrant corners of plane regions, and the map that straightens them.

Where two straight edges with zero data meet at an angle ω > π, solutions of elliptic
equations behave like r^α sin(αθ) with α = π/ω < 1: no smooth function multiplied by a
distance does. z ↦ ζ = z^α makes a straight wall of the corner: solutions are smooth
functions of z and ζ, and Im ζ = r^α sin(αθ) is harmonic and vanishes on both edges. So
nets are given ζ as features and Im ζ as a factor.

Programs have no angle. With φ the angle from the bisector and Y = cos(φ / 2), the
square root of (1 + cos φ) / 2,

    Im ζ = r^α T(Y),    Re ζ = -r^α sin(φ / 2) U(Y),

where T and U, Chebyshev functions of the broken orders 2α and 2α - 1, are analytic for
Y > -1, and here polynomials up to rounding.

??? cite "Reference"

    ```bibtex
    @book{grisvard2011elliptic,
        title={Elliptic Problems in Nonsmooth Domains},
        author={Grisvard, Pierre}, publisher={SIAM}, year={2011}}
    ```
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._exact import expression, to_float
from ._curves import Curve, Segment

Number = Callable[[str], Array]
Place = tuple[str, str]

_degree, _samples = 40, 400
# Almost straight corners, as of a smooth boundary's mesh, are left as they are.
_least_angle, _most = 1.05 * math.pi, 8
_steps = 2000


@final
@dataclass(frozen=True)
class Corner:
    """A corner between two segments, along the boundary with the region on the left.

    - `before`, `after`: the edge that ends at it and the one that begins there.
    - `reach`: the length that z is measured in, so that ζ is of size one.
    """

    before: Segment
    after: Segment
    reach: float

    @cached_property
    def vertex(self) -> Place:
        return _end(self.after, self.after.low)

    @cached_property
    def _places(self) -> tuple[Place, Place]:
        """A further point of each edge."""
        return _end(self.before, self.before.low), _end(self.after, self.after.high)

    @cached_property
    def angle(self) -> float:
        """ω, between 0 and 2π."""
        two, one, _ = self.rays
        cross = one[0] * two[1] - one[1] * two[0]
        return math.atan2(cross, float(one @ two)) % (2.0 * math.pi)

    @property
    def exponent(self) -> float:
        """α = π / ω."""
        return math.pi / self.angle

    @property
    def middle(self) -> np.ndarray:
        return np.array([to_float(c) for c in self.vertex])

    @cached_property
    def rays(self) -> np.ndarray:
        """The directions along both edges, and between them away from the region; of
        length one.
        """
        ends = np.array([[to_float(c) for c in place] for place in self._places])
        along = ends - self.middle
        along = along / np.linalg.norm(along, axis=1)[:, None]
        between = along.sum(axis=0)
        return np.vstack([along, between / max(float(np.hypot(*between)), 1e-300)])

    def numbers(self) -> tuple[str, ...]:
        """The exact expressions that `straightened` asks for."""
        return (*self.vertex, *self._places[0], *self._places[1])

    def straightened(
        self, point: tuple[Array, Array], number: Number
    ) -> tuple[Array, Array]:
        """(Re ζ, Im ζ); over the real numbers Im ζ is zero exactly on both edges."""
        (x, y), (a, b) = point, map(number, self.vertex)
        one, two = (self._unit(place, number) for place in self._places)
        # Between both edges one leaves the region: the bisector runs against that.
        away = one[0] + two[0], one[1] + two[1]
        size = jnp.sqrt(away[0] * away[0] + away[1] * away[1])
        axis = -away[0] / size, -away[1] / size
        x, y = x - a, y - b
        square = x * x + y * y
        radius = jnp.sqrt(square)
        half = lambda cosine: jnp.sqrt(0.5 * (1.0 + cosine))
        cosine = half((axis[0] * x + axis[1] * y) / radius)
        edge = half(axis[0] * one[0] + axis[1] * one[1])
        sine = 0.5 * (axis[0] * y - axis[1] * x) / (radius * cosine)
        share = 2.0 * (cosine - edge) / (1.0 - edge)
        power = jnp.exp(0.5 * self.exponent * jnp.log(square / self.reach**2))
        height, width = self._polynomials
        imaginary = power * share * _horner(height, share - 1.0)
        return -power * sine * _horner(width, share - 1.0), imaginary

    def _unit(self, place: Place, number: Number) -> tuple[Array, Array]:
        dx, dy = (
            number(end) - number(start)
            for end, start in zip(place, self.vertex, strict=True)
        )
        length = jnp.sqrt(dx * dx + dy * dy)
        return dx / length, dy / length

    @cached_property
    def _polynomials(self) -> tuple[np.ndarray, np.ndarray]:
        """T / (1 + s) and U by their coefficients in s, Y from edge to middle taken to
        [-1, 1].
        """
        edge = math.cos(0.25 * self.angle)
        s = np.cos(math.pi * (np.arange(_samples) + 0.5) / _samples)
        angle = np.arccos(edge + 0.5 * (1.0 - edge) * (1.0 + s))
        order = 2.0 * self.exponent
        height = _fitted(s, np.cos(order * angle))
        width = _fitted(s, np.sin(order * angle) / np.sin(angle))
        # The first is zero at s = -1 up to rounding: there it is made so.
        quotient, _ = np.polynomial.polynomial.polydiv(height, np.ones(2))
        return np.asarray(quotient), width


def _fitted(s: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The coefficients of the shortest polynomial that gives the values."""
    series = np.polynomial.chebyshev.Chebyshev.fit(s, values, _degree, domain=[-1, 1])
    kept = np.abs(series.coef) > 1e-16 * np.abs(series.coef).max()
    short = series.coef[: 1 + int(np.flatnonzero(kept[:24]).max())]
    return np.polynomial.chebyshev.cheb2poly(short)


def _horner(coefficients: np.ndarray, s: Array) -> Array:
    made = jnp.asarray(coefficients[-1])
    for c in coefficients[-2::-1]:
        made = made * s + float(c)
    return made


def straightened_corners(
    curves: Sequence[Curve],
    inside: Callable[[np.ndarray], np.ndarray],
    size: float,
) -> tuple[Corner, ...]:
    """The reentrant corners between segments that can be straightened, if they are few:
    beyond both edges, and behind the corner, the rays through it do not meet the region
    again.

    **Arguments:**

    - `curves`: the boundary, with the region on the left.
    - `inside`: whether points lie in the region, shape `(n, 2)`.
    - `size`: at least the region's diameter.
    """
    segments = [c for c in curves if isinstance(c, Segment)]
    begins = np.array([s.points(np.array([s.low]))[0] for s in segments]).reshape(-1, 2)
    found = []
    for before in segments:
        end = before.points(np.array([before.high]))[0]
        near = np.flatnonzero(np.abs(begins - end).max(axis=1) <= 1e-11 * size)
        reach = float(np.linalg.norm(begins - end, axis=1).max())
        made = [Corner(before, segments[i], reach) for i in near]
        found += [c for c in made if c.angle > _least_angle]
    if len(found) > _most:
        return ()
    steps = size * (np.arange(_steps)[:, None] + 0.5) / _steps

    def is_free(corner: Corner) -> bool:
        reached = [corner.middle + steps * ray for ray in corner.rays]
        return not any(inside(points).any() for points in reached)

    return tuple(c for c in found if is_free(c))


def _end(segment: Segment, s: float) -> Place:
    """Where a segment is at s, exactly where that is an end of the whole."""
    if s in (0.0, 1.0):
        x, y = segment.start if s == 0.0 else segment.end
        return x, y
    x, y = segment.points(np.array([s]))[0]
    return expression(float(x)), expression(float(y))
