"""A heated torus: the heat equation with the source (1 - u^2) / (1 + u^2), which is
usually solved in a hundred dimensions (doi 10.1073/pnas.1718942115), in two.
"""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="semilinear-heat",
    domain=cx.Box(x=(0, "2*pi"), y=(0, "2*pi"), t=(0, 1)),
    residual=lambda u: u.t - u.xx - u.yy - (1 - u**2) / (1 + u**2),
    conditions=(
        cx.Initial(lambda x, y: (jnp.sin(x) + jnp.cos(y)) / 2),
        cx.Periodic("x"),
        cx.Periodic("y"),
    ),
)
