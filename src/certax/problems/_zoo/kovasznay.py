"""The flow of Kovasznay behind a grid at Reynolds number 40: velocity on the walls, and
a pressure whose mean the equations leave free.
"""

import jax.numpy as jnp

import certax as cx


def residual(u, v, p, nu):
    return (
        u * u.x + v * u.y + p.x - nu * (u.xx + u.yy),
        u * v.x + v * v.y + p.y - nu * (v.xx + v.yy),
        u.x + v.y,
    )


def along(x, y, rate):
    return 1 - jnp.exp(rate * x) * cx.cospi(2 * y)


def across(x, y, rate, pi):
    return rate / (2 * pi) * jnp.exp(rate * x) * cx.sinpi(2 * y)


def wall(coordinate, side, end):
    """The velocity on a wall; the pressure is free there."""
    if coordinate == "x":
        values = (
            lambda y, rate: along(end, y, rate),
            lambda y, rate, pi: across(end, y, rate, pi),
            None,
        )
    else:
        values = (
            lambda x, rate: along(x, end, rate),
            lambda x, rate, pi: across(x, end, rate, pi),
            None,
        )
    return cx.Dirichlet(coordinate, values, side=side)


problem = cx.Problem(
    name="kovasznay",
    domain=cx.Box(x=("-1/2", 1), y=("-1/2", "3/2")),
    constants={"nu": "1/40", "rate": "20 - sqrt(400 + 4*pi^2)", "pi": "pi"},
    residual=residual,
    conditions=(
        wall("x", "lower", -0.5),
        wall("x", "upper", 1),
        wall("y", "lower", -0.5),
        wall("y", "upper", 1.5),
    ),
)
