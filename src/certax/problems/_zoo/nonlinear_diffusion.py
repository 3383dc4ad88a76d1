"""Nonlinear diffusion, u_t = (|grad u|^2 + u Laplace(u)) / 20, from arXiv 2412.05994,
with the source solution of Barenblatt and Zel'dovich where it is positive.
"""

import jax.numpy as jnp

import certax as cx


def spreading(x, y, t):
    age = 1 + 2 * t / 5
    return 3 / jnp.sqrt(age) - (x**2 + y**2) / age


def residual(u):
    return u.t - (u.x**2 + u.y**2 + u * (u.xx + u.yy)) / 20


problem = cx.Problem(
    name="nonlinear-diffusion",
    domain=cx.Box(x=(-1, 1), y=(-1, 1), t=(0, 1)),
    residual=residual,
    conditions=(
        cx.Initial(lambda x, y: 3 - x**2 - y**2),
        cx.Dirichlet("x", lambda y, t: spreading(1, y, t)),
        cx.Dirichlet("y", lambda x, t: spreading(x, 1, t)),
    ),
)
