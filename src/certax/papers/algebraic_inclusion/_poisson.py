"""Poisson's equation on the unit cube: residual loss and Deep Ritz."""

from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp

from .._decimals import rounded_up
from .._flows import along
from .._methods import Training
from .._networks import Fields, initial_parameters, minimize, network

# Of the penalty, as in the authors' code.
penalties = {"residual": 200.0, "energy": 10000.0}
_test_points = 10_000


def exact(point):
    """Π sin(π x_i); -Δ of it is d π² times itself."""
    return jnp.prod(jnp.sin(jnp.pi * point))


def force(point):
    return point.shape[0] * jnp.pi**2 * exact(point)


def bubble(point):
    """Π x_i (1 - x_i), at most 4^-d."""
    return jnp.prod(point * (1 - point))


def field(net: Fields, boundary: str):
    """û, a number at a point: soft, hard, or hard with the factor 5^d or 4^d."""
    match boundary:
        case "penalty":
            return lambda p: net(p)[0]
        case "hard":
            return lambda p: bubble(p) * net(p)[0]
        case _:
            base = float(boundary.removeprefix("hard, ").removesuffix("^d"))
            return lambda p: base ** p.shape[0] * bubble(p) * net(p)[0]


def density(loss: str, u):
    """(-Δû - f)², or the energy ½|∇û|² - f û, at a point."""
    if loss == "energy":
        return lambda p: jnp.sum(jax.grad(u)(p) ** 2) / 2 - force(p) * u(p)

    def squared(point):
        second = [along(along(u, i), i)(point) for i in range(point.shape[0])]
        return (sum(second) + force(point)) ** 2

    return squared


def _faces(key, dimension: int, count: int):
    """Points on all 2 d faces."""
    unit = jax.random.uniform(key, (2 * dimension, count, dimension), jnp.float64)
    for i in range(dimension):
        unit = unit.at[2 * i, :, i].set(0.0).at[2 * i + 1, :, i].set(1.0)
    return unit.reshape(-1, dimension)


def train(
    dimension: int, loss: str, boundary: str, training: Training, seed: int
) -> dict[str, Any]:
    """Trains with fresh points at every step, as the paper does."""
    keys = jax.random.split(jax.random.key(seed), 3)
    u_of = lambda parameters: field(network(parameters, training.activation), boundary)

    def objective(parameters, key):
        u = u_of(parameters)
        inner, outer = jax.random.split(key)
        points = jax.random.uniform(inner, (training.points, dimension), jnp.float64)
        total = jnp.mean(jax.vmap(density(loss, u))(points))
        if boundary == "penalty":
            sides = training.sides or max(1, training.points // 5)
            faces = _faces(outer, dimension, sides)
            total += penalties[loss] * jnp.mean(jax.vmap(u)(faces) ** 2)
        return total

    sizes = (dimension, *(training.width,) * training.depth, 1)
    parameters, last = minimize(
        objective,
        initial_parameters(keys[0], sizes),
        keys[1],
        steps=training.steps,
        rate=training.rate,
    )

    @jax.jit
    def error(parameters):
        points = jax.random.uniform(keys[2], (_test_points, dimension), jnp.float64)
        found, wanted = jax.vmap(u_of(parameters))(points), jax.vmap(exact)(points)
        return jnp.sum((found - wanted) ** 2) / jnp.sum(wanted**2)

    return {"fractional error": float(error(parameters)), "loss": float(last)}


def fractional_bound(residual_l2: str, dimension: int) -> str:
    """‖û - u‖² / ‖u‖² ≤ ‖R‖² / ‖f‖² with ‖f‖² = d² π⁴ / 2^d, rounded up.

    The least eigenvalue of -Δ on the unit cube is d π², and f is its eigenfunction.
    """
    # 3.1415926 < π, so the force is bounded from below.
    force = Fraction(dimension) ** 2 * Fraction("3.1415926") ** 4 / 2**dimension
    return rounded_up(Fraction(residual_l2) ** 2 / force)
