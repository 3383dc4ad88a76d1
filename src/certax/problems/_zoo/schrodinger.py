"""The free Schroedinger equation: two plane waves that beat around a circle."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="schrodinger",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
    residual=lambda p, q: (p.xx / 2 - q.t, q.xx / 2 + p.t),
    conditions=(
        cx.Initial(
            (
                lambda x: (jnp.cos(x) + jnp.cos(2 * x)) / 2,
                lambda x: (jnp.sin(x) + jnp.sin(2 * x)) / 2,
            )
        ),
        cx.Periodic("x"),
    ),
)
