"""The Klein-Gordon equation: a wave with dispersion around a circle."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="klein-gordon",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
    constants={"frequency": "sqrt(2)"},
    residual=lambda u: u.tt - u.xx + u,
    conditions=(
        cx.Initial(
            lambda x: jnp.cos(x), velocity=lambda x, frequency: frequency * jnp.sin(x)
        ),
        cx.Periodic("x"),
    ),
)
