"""The Bratu equation on the unit interval, on its lower branch."""

import jax.numpy as jnp

import certax as cx


def residual(u):
    return -u.xx - jnp.exp(u)


problem = cx.Problem(
    name="bratu",
    domain=cx.Box(x=(0, 1)),
    residual=residual,
    conditions=(cx.Dirichlet("x", 0),),
)
