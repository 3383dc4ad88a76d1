"""The pressure of a fluid that seeps through the ground by Darcy's law. Permeability
varies by the factor seven, and the source fades out towards the walls: with one that
does not, no smooth net that vanishes on the walls can solve the equation in a corner.
"""

import jax.numpy as jnp

import certax as cx


def residual(u, x, y, pi):
    """-div(a grad u) - f for a = exp(k)."""
    k = cx.sinpi(2 * x) * cx.sinpi(2 * y)
    k_x = 2 * pi * cx.cospi(2 * x) * cx.sinpi(2 * y)
    k_y = 2 * pi * cx.sinpi(2 * x) * cx.cospi(2 * y)
    flow = u.xx + u.yy + k_x * u.x + k_y * u.y
    return -jnp.exp(k) * flow - 10 * cx.sinpi(x) * cx.sinpi(y)


problem = cx.Problem(
    name="darcy",
    domain=cx.Box(x=(0, 1), y=(0, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(cx.Dirichlet("x", 0), cx.Dirichlet("y", 0)),
)
