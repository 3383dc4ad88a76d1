"""A sine wave carried once around a circle at unit speed."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="advection",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
    residual=lambda u: u.t + u.x,
    conditions=(cx.Initial(lambda x: jnp.sin(x)), cx.Periodic("x")),
)
