"""Three equations with closed solutions, on boxes scaled to [-1, 1]."""

from collections.abc import Callable
from dataclasses import dataclass

import jax.numpy as jnp
from jaxtyping import Array, Float

from .._flows import along
from .._networks import Fields
from ..algebraic_inclusion import burgers


@dataclass(frozen=True)
class Equation:
    """An equation with an exact solution.

    **Attributes:**

    - `exact`: all fields; the first is what labels measure.
    - `residual`: of fields at a point.
    - `lower`, `upper`: of the box.
    - `largest`: a bound of the first field.
    """

    name: str
    exact: Fields
    residual: Callable[[Fields, Float[Array, " d"]], Float[Array, " equations"]]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    outputs: int
    largest: float

    def scaled(self, net: Fields) -> Fields:
        """The net as a function of the box."""
        low, high = jnp.asarray(self.lower), jnp.asarray(self.upper)
        return lambda point: net(2 * (point - low) / (high - low) - 1)


def _laplacian(fields, point, count):
    return sum(along(along(fields, i), i)(point) for i in range(count))


def _sines(point):
    return jnp.prod(jnp.sin(jnp.pi * point), keepdims=True)


def _poisson(fields, point):
    return _laplacian(fields, point, 2) + 2 * jnp.pi**2 * _sines(point)


# u_t + Δu - μ |∇u|² = 0, u(x, 1) = a |x|² / 2.
_mu, _a = 1.0, 1.0


def _value(point):
    """A(t) |x|² / 2 + b(t) with A' = 2 μ A² and b' = -2 A."""
    left = 1 / _a + 2 * _mu * (1 - point[2])
    shift = jnp.log(_a * left) / _mu
    return jnp.stack([jnp.sum(point[:2] ** 2) / (2 * left) + shift])


def _bellman(fields, point):
    slopes = jnp.stack([along(fields, i)(point) for i in (0, 1)])
    change = along(fields, 2)(point) + _laplacian(fields, point, 2)
    return change - _mu * jnp.sum(slopes**2, axis=0)


_nu = 0.1


def _vortex(point):
    x, y, t = point
    decay = jnp.exp(-2 * _nu * t)
    u, v = jnp.sin(x) * jnp.cos(y) * decay, -jnp.cos(x) * jnp.sin(y) * decay
    return jnp.stack([u, v, (jnp.cos(2 * x) + jnp.cos(2 * y)) / 4 * decay**2])


def _navier_stokes(fields, point):
    velocity = lambda p: fields(p)[:2]
    pressure = jnp.stack([along(fields, i)(point)[2] for i in (0, 1)])
    momentum = burgers(_nu, velocity, point) + pressure
    divergence = sum(along(velocity, i)(point)[i] for i in (0, 1))
    return jnp.append(momentum, divergence)


equations = {
    e.name: e
    for e in (
        Equation("poisson", _sines, _poisson, (0.0,) * 2, (1.0,) * 2, 1, 1.0),
        Equation(
            "hjb",
            _value,
            _bellman,
            (-1.0, -1.0, 0.0),
            (1.0, 1.0, 1.0),
            1,
            # At t = 0: |x|² / 6 + log 3 ≤ 1.44; at t = 1: |x|² / 2 ≤ 1.
            1.45,
        ),
        Equation(
            "taylor-green",
            _vortex,
            _navier_stokes,
            (0.0, 0.0, 0.0),
            (6.283185307179586, 6.283185307179586, 1.0),
            3,
            1.0,
        ),
    )
}
