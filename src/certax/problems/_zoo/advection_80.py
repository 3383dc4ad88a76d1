"""A sine wave carried around a circle at speed 80, as in arXiv 2308.08468: almost 13
turns, of which nets see none without periodic features.
"""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="advection-80",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
    residual=lambda u: u.t + 80 * u.x,
    conditions=(cx.Initial(lambda x: jnp.sin(x)), cx.Periodic("x")),
)
