"""The focusing cubic Schroedinger equation: a Stokes wave around a circle."""

import jax.numpy as jnp

import certax as cx


def residual(p, q):
    square = p**2 + q**2
    return p.xx / 2 - q.t + square * p, q.xx / 2 + p.t + square * q


problem = cx.Problem(
    name="nonlinear-schrodinger",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
    residual=residual,
    conditions=(
        cx.Initial((lambda x: jnp.cos(x) / 2, lambda x: jnp.sin(x) / 2)),
        cx.Periodic("x"),
    ),
)
