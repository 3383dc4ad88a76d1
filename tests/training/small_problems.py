"""Small residuals with known properties, as `training` sees them: plain arrays."""

import jax
import jax.numpy as jnp
import numpy as np

WIDTH = 8


def initial_weights(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=3 * WIDTH)


def decay(weights, points):
    """`u' + u = 0`, `u(0) = 1` with `u = 1 + t N(t)`: shape `(n, 1)`."""
    inner, shift, outer = jnp.split(weights, 3)

    def solution(t):
        return 1 + t * (outer @ jnp.tanh(inner * t + shift))

    def one(point):
        value, slope = jax.jvp(solution, (point[0],), (jnp.ones(()),))
        return jnp.stack([slope + value])

    return jax.vmap(one)(points)


def two_terms(weights, points):
    """A smooth nonlinear residual with two terms in two coordinates."""
    inner, shift, outer = jnp.split(weights, 3)

    def one(point):
        hidden = jnp.tanh(inner * point[0] + shift * point[1])
        return jnp.stack([outer @ hidden - point[0], jnp.sin(outer @ hidden**2)])

    return jax.vmap(one)(points)


def sees_nothing(weights, points):
    """NaN everywhere, as soon as the first weight leaves zero."""
    bad = jnp.where(weights[0] == 0, 0.0, jnp.nan)
    return jnp.ones((points.shape[0], 1)) + weights[0] + bad
