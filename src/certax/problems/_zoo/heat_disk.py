"""The heat equation on the unit disk."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="heat-disk",
    domain=cx.Ball((0, 0), 1) * cx.Box(t=(0, 1)),
    residual=lambda u, x, y, t: u.t - u.laplacian() - (3 + x**2 + y**2) * jnp.exp(-t),
    conditions=(
        cx.Initial(lambda x, y: 1 - x**2 - y**2),
        cx.Dirichlet("boundary", 0),
    ),
)
