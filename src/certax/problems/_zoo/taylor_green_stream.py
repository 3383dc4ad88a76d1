"""The Taylor-Green vortex by its stream function s, whose velocity (s_y, -s_x) has no
divergence: the vorticity equation has no pressure and one field.
"""

import jax.numpy as jnp

import certax as cx


def residual(s, nu):
    return (
        s.xxt
        + s.yyt
        + s.y * (s.xxx + s.xyy)
        - s.x * (s.xxy + s.yyy)
        - nu * (s.xxxx + 2 * s.xxyy + s.yyyy)
    )


problem = cx.Problem(
    name="taylor-green-stream",
    domain=cx.Box(x=(0, "2*pi"), y=(0, "2*pi"), t=(0, 1)),
    constants={"nu": "1/10"},
    residual=residual,
    conditions=(
        cx.Initial(lambda x, y: jnp.sin(x) * jnp.sin(y)),
        cx.Periodic("x"),
        cx.Periodic("y"),
    ),
)
