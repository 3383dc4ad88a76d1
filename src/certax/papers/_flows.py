"""Evolution equations in boxes, in JAX: exact solutions, residuals, ansätze, losses."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from ._networks import Fields

Points = Float[Array, "n d"]


def along(fields: Fields, axis: int) -> Fields:
    """The derivative of the fields in one coordinate."""

    def derivative(point):
        direction = jnp.zeros_like(point).at[axis].set(1.0)
        return jax.jvp(fields, (point,), (direction,))[1]

    return derivative


@dataclass(frozen=True)
class Published:
    """In what a flow as published differs from the corrected one.

    **Attributes:**

    - `walls`: the data on the walls of a coordinate, for all columns of the net.
    - `layer`: q of the initial-included ansatz t² / (t² + q) N + q / (t² + q) u₀.
    - `start`: when the initial data are given, if not at the beginning.
    - `forgets_start`: whether initial data are missing in the loss.
    """

    walls: Callable[[int, Float[Array, " d"]], Float[Array, ""]] | None = None
    layer: float | None = None
    start: float | None = None
    forgets_start: bool = False


@dataclass(frozen=True)
class Flow:
    """An evolution equation on a box; the last coordinate is time.

    **Attributes:**

    - `exact`: what is called the exact solution; it is also the data.
    - `residual`: of fields at a point.
    - `lower`, `upper`: the ends of the coordinates.
    - `grid`: points of the test grid along each coordinate.
    - `slope`: whether the slope at the upper wall is a further condition.
    - `published`: what `--as-published` leaves in.
    """

    name: str
    exact: Fields
    residual: Callable[[Fields, Float[Array, " d"]], Float[Array, " equations"]]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    grid: int
    slope: bool = False
    published: Published = Published()

    @property
    def dimension(self) -> int:
        """Of space and time together."""
        return len(self.lower)

    @property
    def fields(self) -> int:
        point = jax.ShapeDtypeStruct((self.dimension,), jnp.float64)
        return jax.eval_shape(self.exact, point).shape[0]

    def start(self, point: Float[Array, " d"]) -> Float[Array, " fields"]:
        """The initial field, whatever the time: the frozen-field baseline."""
        return self.exact(point.at[-1].set(self.lower[-1]))

    def test_points(self) -> Points:
        ends = zip(self.lower, self.upper, strict=True)
        axes = [jnp.linspace(a, b, self.grid) for a, b in ends]
        mesh = jnp.meshgrid(*axes, indexing="ij")
        return jnp.stack([m.ravel() for m in mesh], axis=-1)

    def draw(self, key: PRNGKeyArray, count: int) -> Points:
        """Uniform points of the box."""
        lower, upper = jnp.asarray(self.lower), jnp.asarray(self.upper)
        unit = jax.random.uniform(key, (count, self.dimension), jnp.float64)
        return lower + (upper - lower) * unit

    def draw_walls(self, key: PRNGKeyArray, count: int) -> list[tuple[int, Points]]:
        """Uniform points of the walls of each space coordinate, half on either end."""
        keys = jax.random.split(key, self.dimension - 1)
        walls = []
        for axis, k in enumerate(keys):
            points = self.draw(k, count)
            side = jnp.where(
                jnp.arange(count) % 2 == 0, self.lower[axis], self.upper[axis]
            )
            walls.append((axis, points.at[:, axis].set(side)))
        return walls


def fractional_error(flow: Flow, fields: Fields) -> Float[Array, ""]:
    """Squared distance from the exact solution over its squared norm, on the grid."""

    def sums(point):
        exact = flow.exact(point)
        return jnp.sum((fields(point) - exact) ** 2), jnp.sum(exact**2)

    wrong, whole = jax.lax.map(sums, flow.test_points(), batch_size=4096)
    return jnp.sum(wrong) / jnp.sum(whole)


def boundary_included(flow: Flow, net: Fields) -> Fields:
    """Component i has its data on the walls of coordinate i.

    û_i = s(1-s) N_i + (1-s) g_i at the lower wall + s g_i at the upper, s = (x_i - a) /
    (b - a).
    """

    def fields(point):
        free = net(point)
        parts = []
        for i in range(flow.fields):
            low, high = flow.lower[i], flow.upper[i]
            s = (point[i] - low) / (high - low)
            data = (1 - s) * flow.exact(point.at[i].set(low))[i]
            data += s * flow.exact(point.at[i].set(high))[i]
            parts.append(s * (1 - s) * free[i] + data)
        return jnp.stack(parts)

    return fields


def initial_included(flow: Flow, net: Fields) -> Fields:
    """û = (t - a) N + (1 - (t - a) / (b - a)) u₀ on the times from a to b."""
    low, high = flow.lower[-1], flow.upper[-1]

    def fields(point):
        t = point[-1] - low
        return t * net(point) + (1 - t / (high - low)) * flow.start(point)

    return fields


def layered_initial(flow: Flow, net: Fields, q: float) -> Fields:
    """û = t² / (t² + q) N + q / (t² + q) u₀: the data act for |t| below √q only."""

    def fields(point):
        share = q / (point[-1] ** 2 + q)
        now = flow.exact(point.at[-1].set(0.0))
        return (1 - share) * net(point) + share * now

    return fields


def mean_square(function: Fields, points: Points) -> Float[Array, ""]:
    """Mean over the points of the sum of squares."""
    return jnp.mean(jnp.sum(jax.vmap(function)(points) ** 2, axis=-1))
