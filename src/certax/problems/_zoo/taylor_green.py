"""The Taylor-Green vortex: velocity and pressure of a flow that keeps its shape while
it decays. The equations leave the pressure's mean free after the start.
"""

import jax.numpy as jnp

import certax as cx


def residual(u, v, p, nu):
    return (
        u.t + u * u.x + v * u.y + p.x - nu * (u.xx + u.yy),
        v.t + u * v.x + v * v.y + p.y - nu * (v.xx + v.yy),
        u.x + v.y,
    )


problem = cx.Problem(
    name="taylor-green",
    domain=cx.Box(x=(0, "2*pi"), y=(0, "2*pi"), t=(0, 1)),
    constants={"nu": "1/10"},
    residual=residual,
    conditions=(
        cx.Initial(
            (
                lambda x, y: jnp.sin(x) * jnp.cos(y),
                lambda x, y: -jnp.cos(x) * jnp.sin(y),
                lambda x, y: (jnp.cos(2 * x) + jnp.cos(2 * y)) / 4,
            )
        ),
        cx.Periodic("x"),
        cx.Periodic("y"),
    ),
)
