"""The Allen-Cahn equation on a torus: two phases separate."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="allen-cahn-2d",
    domain=cx.Box(x=(0, "2*pi"), y=(0, "2*pi"), t=(0, 2)),
    residual=lambda u: u.t - (u.xx + u.yy) / 20 - u + u**3,
    conditions=(
        cx.Initial(
            lambda x, y: (jnp.sin(x) + jnp.sin(y) + jnp.cos(x) * jnp.cos(y)) / 2
        ),
        cx.Periodic("x"),
        cx.Periodic("y"),
    ),
)
