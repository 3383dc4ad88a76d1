"""A viscous Hamilton-Jacobi equation on a circle: a valley fills and flattens."""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="hamilton-jacobi",
    domain=cx.Box(x=(-1, 1), t=(0, 1)),
    residual=lambda u: u.t + u.x**2 / 2 - u.xx / 10,
    conditions=(
        cx.Initial(lambda x: -jnp.log(2 + cx.cospi(x)) / 5),
        cx.Periodic("x"),
    ),
)
