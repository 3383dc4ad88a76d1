"""A front wound up by a vortex, from arXiv 2412.05994: its angular speed is
tanh(r) / (r vmax cosh(r)^2). The box keeps off the vortex' center, where the formula
divides by zero, and is crossed by the front.
"""

import jax.numpy as jnp

import certax as cx


def angular_speed(x, y, vmax):
    r = jnp.sqrt(x**2 + y**2)
    return jnp.tanh(r) / (r * vmax * jnp.cosh(r) ** 2)


def residual(u, x, y, vmax):
    w = angular_speed(x, y, vmax)
    return u.t - w * y * u.x + w * x * u.y


def front(x, y, t, vmax):
    angle = angular_speed(x, y, vmax) * t
    return -jnp.tanh(y / 2 * jnp.cos(angle) - x / 2 * jnp.sin(angle))


problem = cx.Problem(
    name="mixing-flow",
    domain=cx.Box(x=(1, 3), y=(-1, 1), t=(0, 2)),
    constants={"vmax": "0.385"},
    residual=residual,
    conditions=(
        cx.Initial(lambda x, y, vmax: front(x, y, 0, vmax)),
        cx.Dirichlet("x", lambda y, t, vmax: front(1, y, t, vmax), side="lower"),
        cx.Dirichlet("x", lambda y, t, vmax: front(3, y, t, vmax), side="upper"),
        cx.Dirichlet("y", lambda x, t, vmax: front(x, -1, t, vmax), side="lower"),
        cx.Dirichlet("y", lambda x, t, vmax: front(x, 1, t, vmax), side="upper"),
    ),
)
