"""What a high-dimensional residual sees of u: values, slopes and an estimated trace."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp

from certax._core import CertaxError
from certax.problems import HighDimensionalProblem

from ._stochastic_taylor import trace_estimate

Network = Callable[..., jax.Array]


class VectorField:
    """û = data + factor N at one point, differentiated when asked.

    The trace uses the product's rule: with exact traces of data and factor, only the
    net's own, tr(A D²N), is estimated,

        tr(A D²û) = tr(A D²g) + N tr(A D²b) + 2 (A grad b) . grad N + b tr(A D²N).

    **Arguments:**

    - `network`: N, a function of the point.
    - `point`: (x,) or (x, t).
    - `directions`: see `trace_estimate`.
    """

    def __init__(
        self,
        problem: HighDimensionalProblem,
        network: Network,
        point: tuple[jax.Array, ...],
        directions: jax.Array,
    ):
        self._problem, self._network = problem, network
        self._point, self._directions = point, directions

    def _field(self, *point):
        lift = self._problem.lift
        return lift.data(*point) + lift.factor(*point) * self._network(*point)

    def _of_x(self, function):
        _, *rest = self._point
        return lambda x: function(x, *rest)

    @cached_property
    def value(self) -> jax.Array:
        return self._field(*self._point)

    @cached_property
    def gradient(self) -> jax.Array:
        return jax.grad(self._field)(*self._point)

    @cached_property
    def t(self) -> jax.Array:
        """The derivative by time."""
        if not self._problem.cloud.has_time:
            raise CertaxError(
                f"The problem {self._problem.name!r} has no time.",
                value="u.t",
                remedy="Draw its points with cx.Paths, or leave u.t out.",
            )
        x, t = self._point
        of_t = lambda t: self._field(x, t)
        return jax.jvp(of_t, (t,), (jnp.ones_like(t),))[1]

    def along(self, vector: jax.Array) -> jax.Array:
        """The derivative along a vector, `v . grad u`."""
        return jax.jvp(self._of_x(self._field), (self._point[0],), (vector,))[1]

    @cached_property
    def laplacian(self) -> jax.Array:
        if self._problem.root is not None:
            raise CertaxError(
                f"The problem {self._problem.name!r} has a root of its own, so its "
                "second-order term is no Laplacian.",
                value="u.laplacian",
                remedy="Write u.trace.",
            )
        return self.trace

    @cached_property
    def trace(self) -> jax.Array:
        lift, root, x = self._problem.lift, self._problem.root, self._point[0]
        at = (lambda v: v) if root is None else (lambda v: root(x, v))
        network = self._of_x(self._network)
        slope = jax.grad(self._of_x(lift.factor))(x)
        value, across = jax.jvp(network, (x,), (at(at(slope)),))
        own = trace_estimate(network, x, self._directions, at)
        known = lift.data_trace(*self._point) + value * lift.factor_trace(*self._point)
        return known + 2 * across + lift.factor(*self._point) * own


def residuals(
    problem: HighDimensionalProblem,
    network: Network,
    points: tuple[jax.Array, ...],
    directions: jax.Array,
) -> jax.Array:
    """The residual at every point, shape `(n,)`, with the same directions for all.

    **Raises:** `CertaxError` where the residual is not one number.
    """

    def at(*point):
        u: Any = VectorField(problem, network, point, directions)
        found = jnp.asarray(problem.residual(u, *point))
        if found.shape != ():
            raise CertaxError(
                f"The residual of {problem.name!r} has shape {found.shape}.",
                value=str(found.shape),
                remedy="Return one number; write x @ v for sums over coordinates.",
            )
        return found

    return jax.vmap(at)(*points)
