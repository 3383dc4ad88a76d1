"""Hard constraints: û = g + d N, with g equal to all data and d zero where they are.

g is built face by face: whatever g already is, a correction that vanishes on the faces
done before moves it to the data of the next (the algebraic inclusion of boundary data
of arXiv 2407.20741 and transfinite interpolation).
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from math import prod
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array

from .._core import AbstractShape, Exact, TracedCondition, evaluate

Point = Mapping[str, Array]
Data = Callable[[Point], dict[str, Array]]


class HardConstraint(eqx.Module):
    """Builds initial, terminal and Dirichlet data into the fields that they give, with
    velocities u₀ + t v₀ + t² N.

    **Arguments:**

    - `domain`: a box or another shape.
    - `fields`: their names.
    - `conditions`: as data; periodic ones and equations on faces are not its business.
    """

    lower: dict[str, Exact]
    upper: dict[str, Exact]
    constants: dict[str, Exact]
    numbers: dict[str, Exact]
    shape: AbstractShape = eqx.field(static=True)
    conditions: tuple[TracedCondition, ...] = eqx.field(static=True)
    fields: tuple[str, ...] = eqx.field(static=True)

    def __init__(
        self,
        domain: AbstractShape,
        fields: tuple[str, ...],
        conditions: Sequence[TracedCondition],
    ):
        names = domain.names
        self.lower = {n: Exact(e) for n, e in zip(names, domain.lower, strict=True)}
        self.upper = {n: Exact(e) for n, e in zip(names, domain.upper, strict=True)}
        # Initial data first: Dirichlet corrections then vanish for matching data.
        order = {"initial": 0, "terminal": 0, "velocity": 1}
        place = lambda c: 2 if c.piece else order.get(c.kind, 3)
        self.conditions = tuple(
            sorted((c for c in conditions if c.values is not None), key=place)
        )
        self.fields, self.shape = fields, domain
        pieces = any(c.piece for c in self.conditions)
        needed = domain.numbers() if pieces else ()
        self.numbers = {e: Exact(e) for e in needed}
        self.constants = {
            item.name: Exact(item.value)
            for c in self.conditions
            if c.values is not None
            for item in c.values.of_kind("constant")
        }

    def data(self, condition: TracedCondition, point: Point) -> dict[str, Array]:
        """The prescribed values, at the point's other coordinates."""
        assert condition.values is not None
        known = dict(point) | {n: c.value for n, c in self.constants.items()}
        needed = {i.name: known[i.name] for i in condition.values.inputs}
        return evaluate(condition.values, needed)

    def extension(self, point: Point) -> dict[str, Array]:
        """g: equal to the data on every face that has any."""
        g: Data = lambda p: {f: jnp.zeros(()) for f in self.fields}
        for condition in self.conditions:
            if not condition.piece:
                g = self._corrected(g, condition, self.conditions)
            elif condition is next(c for c in self.conditions if c.piece):
                g = self._on_pieces(g)
        return g(point)

    def _on_pieces(self, g: Data) -> Data:
        """g with the data of all pieces, which the data at ends of time agree with."""
        on_walls = self._on_walls()

        def data(point: Point, field: str) -> Array:
            given = [c for c in self.conditions if c.piece and field in c.fields]
            numbers = {_number(c, field) for c in given}
            walls = [c for c in given if c.piece in self.shape.walls]
            rest = [c for c in given if c not in walls]
            if len(numbers) == 1 and None not in numbers:
                return self.data(given[0], point)[field]
            if len(walls) < 2:
                return self._between(point, field, given)
            inside = on_walls(point)[field]
            if not rest:
                return inside
            outside = self._between(point, field, rest)
            near, far = (self._multiplier(point, cs) for cs in (walls, rest))
            # Around a hole far is one but close to it, where the walls count no less.
            near = near * (1.0 - far) ** 2
            return (inside * far + outside * near) / (far + near)

        def corrected(point: Point) -> dict[str, Array]:
            result = g(point)
            for f in self.fields:
                if not any(c.piece and f in c.fields for c in self.conditions):
                    continue
                value = data(point, f)
                for weight, there in self._ends_of_time(point, f):
                    value = value - weight * data(there, f)
                result = result | {f: result[f] + value}
            return result

        return corrected

    def _between(
        self, point: Point, field: str, given: Sequence[TracedCondition]
    ) -> Array:
        """Data weighted by inverse distances to their pieces (transfinite interpolation
        of Rvachev and others), which is not smooth where pieces meet.
        """
        values = [self.data(c, point)[field] for c in given]
        if len(given) == 1:
            return values[0]
        gaps = [self._distance_to(point, (c.piece,)) for c in given]
        weights = [
            prod(gaps[:i] + gaps[i + 1 :], start=jnp.ones(())) for i in range(len(gaps))
        ]
        parts = [w * v for w, v in zip(weights, values, strict=True)]
        return reduce(operator.add, parts) / reduce(operator.add, weights)

    def _on_walls(self) -> Data:
        """The data of the pieces that lie on faces of the box around the domain, face
        by face.
        """
        walls = self.shape.walls
        faces = [
            replace(c, coordinate=walls[c.piece][0], side=walls[c.piece][1])
            for c in self.conditions
            if c.piece in walls
        ]
        g: Data = lambda p: {f: jnp.zeros(()) for f in self.fields}
        for face in faces:
            g = self._corrected(g, face, faces)
        return g

    def _multiplier(self, point: Point, conditions: Sequence[TracedCondition]) -> Array:
        pieces = tuple(c.piece for c in conditions)
        return self.shape.multiplier(point, lambda e: self.numbers[e].value, pieces)

    def _ends_of_time(self, point: Point, field: str) -> list[tuple[Any, Point]]:
        """Where initial and terminal data are, with weights that are one there."""
        faces = [
            (c.coordinate, c.sides[0])
            for c in self.conditions
            if c.kind in ("initial", "terminal") and field in c.fields
        ]
        found = []
        for name, side in faces:
            lower, upper = self.lower[name].value, self.upper[name].value
            position = (point[name] - lower) / (upper - lower)
            weight: Any = position if side == "upper" else 1.0 - position
            end = upper if side == "upper" else lower
            found.append((weight if len(faces) > 1 else 1.0, {**point, name: end}))
        return found

    def _distance_to(self, point: Point, pieces: tuple[str, ...]) -> Array:
        return self.shape.distance(point, lambda e: self.numbers[e].value, pieces)

    def _corrected(
        self, g: Data, condition: TracedCondition, among: Sequence[TracedCondition]
    ) -> Data:
        """g moved to the data of a face, but not on the faces of other conditions,
        which it meets already.
        """
        name = condition.coordinate
        lower, upper = self.lower[name].value, self.upper[name].value
        if condition.kind == "velocity":
            return lambda p: (
                g(p)
                | {
                    f: g(p)[f] + (p[name] - lower) * self.data(condition, p)[f]
                    for f in condition.fields
                }
            )

        ends = {"lower": lower, "upper": upper}
        # With data at the other end too, the correction must vanish there.
        faces = [
            (f, side)
            for c in among
            if c.coordinate == name and c.kind != "velocity"
            for side in c.sides
            for f in c.fields
        ]
        alone = {f: sum(f == g for g, _ in faces) == 1 for f in condition.fields}

        def corrected(point: Point) -> dict[str, Array]:
            position = (point[name] - lower) / (upper - lower)
            weights = {"lower": 1.0 - position, "upper": position}
            result = g(point)
            for side in condition.sides:
                face = {**point, name: ends[side]}
                data, there = self.data(condition, face), g(face)
                result = result | {
                    f: result[f]
                    + (1.0 if alone[f] else weights[side]) * (data[f] - there[f])
                    for f in condition.fields
                }
            return result

        return corrected

    def distance(self, point: Point, field: str | None = None) -> Array:
        """d of a field, or of all together: smooth, zero exactly on the faces with
        data, of size one inside, and zero of second order where a velocity is given.
        """
        product = jnp.ones(())
        here = [c for c in self.conditions if field is None or field in c.fields]
        pieces = tuple(dict.fromkeys(c.piece for c in here if c.piece))
        if pieces:
            exact = lambda e: self.numbers[e].value
            product = self.shape.multiplier(point, exact, pieces)
        for condition in here:
            if condition.piece:
                continue
            name = condition.coordinate
            lower, upper = self.lower[name].value, self.upper[name].value
            length = upper - lower
            if condition.side in ("lower", "both"):
                product = product * ((point[name] - lower) / length)
            if condition.side in ("upper", "both"):
                product = product * ((upper - point[name]) / length)
            if condition.side == "both":
                product = 4.0 * product
        return product


def _number(condition: TracedCondition, field: str) -> str | None:
    """The exact number that the field is given, if it is one."""
    values = condition.values
    assert values is not None
    place = values.outputs[field]
    is_input = place < len(values.inputs)
    item = values.inputs[place] if is_input else None
    return item.value if item is not None and item.kind == "constant" else None
