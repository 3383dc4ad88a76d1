"""The generalized Benjamin-Bona-Mahony equation with the power 2, u_t + u_x + (u^3)_x =
u_xxt, and its solitary wave of speed 2.
"""

import jax.numpy as jnp

import certax as cx


def wave(x, t, root):
    return root / jnp.cosh((x - 2 * t) / root)


problem = cx.Problem(
    name="benjamin-bona-mahony",
    domain=cx.Box(x=(-5, 5), t=(0, 1)),
    constants={"root": "sqrt(2)"},
    residual=lambda u: u.t + u.x + 3 * u**2 * u.x - u.xxt,
    conditions=(
        cx.Initial(lambda x, root: wave(x, 0, root)),
        cx.Dirichlet("x", lambda t, root: wave(-5, t, root), side="lower"),
        cx.Dirichlet("x", lambda t, root: wave(5, t, root), side="upper"),
    ),
)
