"""A pendulum let go at an angle of one radian."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="pendulum",
    domain=cx.Box(t=(0, 10)),
    residual=lambda theta, omega: (theta.t - omega, omega.t + jnp.sin(theta)),
    conditions=(cx.Initial((1, 0)),),
)
