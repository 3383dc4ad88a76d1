"""Hard constraints: û = g + d N, with g equal to all data and d zero where they are.

g is built face by face: whatever g already is, a correction that vanishes on the faces
done before moves it to the data of the next (the algebraic inclusion of boundary data
of arXiv 2407.20741 and transfinite interpolation).
"""

from collections.abc import Callable, Mapping, Sequence

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array

from .._core import Box, Exact, TracedCondition, evaluate

Point = Mapping[str, Array]
Data = Callable[[Point], dict[str, Array]]


class HardConstraint(eqx.Module):
    """Builds initial, terminal and Dirichlet data into the fields that they give, with
    velocities u₀ + t v₀ + t² N.

    **Arguments:**

    - `domain`: the box.
    - `fields`: their names.
    - `conditions`: as data; periodic ones and equations on faces are not its business.
    """

    lower: dict[str, Exact]
    upper: dict[str, Exact]
    constants: dict[str, Exact]
    conditions: tuple[TracedCondition, ...] = eqx.field(static=True)
    fields: tuple[str, ...] = eqx.field(static=True)

    def __init__(
        self,
        domain: Box,
        fields: tuple[str, ...],
        conditions: Sequence[TracedCondition],
    ):
        names = domain.names
        self.lower = {n: Exact(e) for n, e in zip(names, domain.lower, strict=True)}
        self.upper = {n: Exact(e) for n, e in zip(names, domain.upper, strict=True)}
        # Initial data first: Dirichlet corrections then vanish for matching data.
        order = {"initial": 0, "terminal": 0, "velocity": 1}
        self.conditions = tuple(
            sorted(
                (c for c in conditions if c.values is not None),
                key=lambda c: order.get(c.kind, 2),
            )
        )
        self.fields = fields
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
            g = self._corrected(g, condition)
        return g(point)

    def _corrected(self, g: Data, condition: TracedCondition) -> Data:
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
            for c in self.conditions
            if c.coordinate == name and c.kind != "velocity"
            for side in c.sides
            for f in c.fields
        ]
        alone = {f: sum(f == g for g, _ in faces) == 1 for f in condition.fields}

        def corrected(point: Point) -> dict[str, Array]:
            position = (point[name] - lower) / (upper - lower)
            weights = {"lower": 1.0 - position, "upper": position}
            result, data = g(point), self.data(condition, point)
            for side in condition.sides:
                there = g({**point, name: ends[side]})
                result = result | {
                    f: result[f]
                    + (1.0 if alone[f] else weights[side]) * (data[f] - there[f])
                    for f in condition.fields
                }
            return result

        return corrected

    def distance(self, point: Point, field: str | None = None) -> Array:
        """d of a field, or of all: smooth, zero exactly on the faces that carry its
        data, of size one inside, and zero of second order where a velocity is given.
        """
        product = jnp.ones(())
        for condition in self.conditions:
            if field is not None and field not in condition.fields:
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
