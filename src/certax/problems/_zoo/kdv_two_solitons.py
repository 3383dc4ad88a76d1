"""Two solitons of the equation of Korteweg and de Vries, from arXiv 2407.20741, part
from each other after they met at t = 0. Until t = 0 the equation would need its second
condition at the other end; the published data have none.
"""

import jax.numpy as jnp

import certax as cx


def parts(x, t):
    """Numerator and root of the denominator."""
    numerator = 3 + 4 * jnp.cosh(2 * x - 8 * t) + jnp.cosh(4 * x - 64 * t)
    return numerator, 3 * jnp.cosh(x - 28 * t) + jnp.cosh(3 * x - 36 * t)


def solitons(x, t):
    top, root = parts(x, t)
    return 12 * top / root**2


def slope(x, t):
    top, root = parts(x, t)
    rise = 8 * jnp.sinh(2 * x - 8 * t) + 4 * jnp.sinh(4 * x - 64 * t)
    bend = 3 * jnp.sinh(x - 28 * t) + 3 * jnp.sinh(3 * x - 36 * t)
    return 12 * rise / root**2 - 24 * top * bend / root**3


problem = cx.Problem(
    name="kdv-two-solitons",
    domain=cx.Box(x=(-5, 5), t=(0, "1/8")),
    residual=lambda u: u.t + u.xxx + 6 * u * u.x,
    conditions=(
        cx.Initial(lambda x: solitons(x, 0)),
        cx.Dirichlet("x", lambda t: solitons(-5, t), side="lower"),
        cx.Dirichlet("x", lambda t: solitons(5, t), side="upper"),
        cx.Neumann("x", lambda t: slope(5, t), side="upper"),
    ),
)

as_published = cx.Problem(
    name="kdv-two-solitons-as-published",
    domain=cx.Box(x=(-5, 5), t=(-1, 1)),
    residual=lambda u: u.t + u.xxx + 6 * u * u.x,
    conditions=(
        cx.Condition("t", lambda u, x: u - solitons(x, 0), at=0),
        cx.Dirichlet("x", lambda t: solitons(-5, t), side="lower"),
        cx.Dirichlet("x", lambda t: solitons(5, t), side="upper"),
    ),
    complete=False,
)
difference = """The published time starts before the solitons meet, with the data at
t = 0 inside, and the slope at the right end is missing: the data leave more than one
solution.
"""
