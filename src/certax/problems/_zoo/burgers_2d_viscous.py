"""The viscous Burgers equations in the plane, solved by the transformation of Cole and
Hopf: two dimensions of what arXiv 2407.20741 has in three.
"""

import jax.numpy as jnp

import certax as cx


def u(x, y, t, nu):
    wave = jnp.exp(-2 * nu * t) * jnp.sin(y)
    return -2 * nu * (1 + wave * jnp.cos(x)) / (1 + x + wave * jnp.sin(x))


def v(x, y, t, nu):
    wave = jnp.exp(-2 * nu * t) * jnp.sin(x)
    return -2 * nu * wave * jnp.cos(y) / (1 + x + wave * jnp.sin(y))


problem = cx.Problem(
    name="burgers-2d-viscous",
    domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
    constants={"nu": "1/10"},
    residual=lambda u, v, nu: (
        u.t + u * u.x + v * u.y - nu * (u.xx + u.yy),
        v.t + u * v.x + v * v.y - nu * (v.xx + v.yy),
    ),
    conditions=(
        cx.Initial((lambda x, y, nu: u(x, y, 0, nu), lambda x, y, nu: v(x, y, 0, nu))),
        cx.Dirichlet(
            "x",
            (lambda y, t, nu: u(0, y, t, nu), lambda y, t, nu: v(0, y, t, nu)),
            side="lower",
        ),
        cx.Dirichlet(
            "x",
            (lambda y, t, nu: u(1, y, t, nu), lambda y, t, nu: v(1, y, t, nu)),
            side="upper",
        ),
        cx.Dirichlet(
            "y",
            (lambda x, t, nu: u(x, 0, t, nu), lambda x, t, nu: v(x, 0, t, nu)),
            side="lower",
        ),
        cx.Dirichlet(
            "y",
            (lambda x, t, nu: u(x, 1, t, nu), lambda x, t, nu: v(x, 1, t, nu)),
            side="upper",
        ),
    ),
)
