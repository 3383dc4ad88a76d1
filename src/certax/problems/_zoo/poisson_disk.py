"""The Poisson equation on the unit disk."""

import jax.numpy as jnp

import certax as cx


def residual(u, x, y):
    return -u.laplacian() - (3 + 4 * x + x**2 + y**2) * jnp.exp(x)


problem = cx.Problem(
    name="poisson-disk",
    domain=cx.Ball((0, 0), 1),
    residual=residual,
    conditions=(cx.Dirichlet("boundary", 0),),
)
