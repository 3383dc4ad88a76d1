"""The sine-Gordon equation on a circle from a large cosine at rest."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="sine-gordon",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 2)),
    residual=lambda u: u.tt - u.xx + jnp.sin(u),
    conditions=(
        cx.Initial(lambda x: 2 * jnp.cos(x), velocity=0),
        cx.Periodic("x"),
    ),
)
