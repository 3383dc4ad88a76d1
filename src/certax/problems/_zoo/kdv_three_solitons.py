"""Three solitons of the equation of Korteweg and de Vries, from arXiv 2407.20741, part
from each other after they met at t = 0. Until t = 0 the equation would need its second
condition at the other end; the published data have none.
"""

import jax.numpy as jnp

import certax as cx


def tau(x, t):
    """Hirota's function, of which u = 2 (log tau)_xx, and three derivatives."""
    phases = (2 * x - 80 * t, 4 * x - 136 * t, 6 * x - 144 * t)
    even, odd = [jnp.cosh(p) for p in phases], [jnp.sinh(p) for p in phases]
    return (
        10 * jnp.cosh(72 * t) + 15 * even[0] + 6 * even[1] + even[2],
        30 * odd[0] + 24 * odd[1] + 6 * odd[2],
        60 * even[0] + 96 * even[1] + 36 * even[2],
        120 * odd[0] + 384 * odd[1] + 216 * odd[2],
    )


def solitons(x, t):
    f, slope, bend, _ = tau(x, t)
    return 2 * (bend / f - (slope / f) ** 2)


def steepness(x, t):
    f, slope, bend, third = tau(x, t)
    return 2 * (third / f - 3 * slope * bend / f**2 + 2 * (slope / f) ** 3)


problem = cx.Problem(
    name="kdv-three-solitons",
    domain=cx.Box(x=(-4, 4), t=(0, "1/20")),
    residual=lambda u: u.t + u.xxx + 6 * u * u.x,
    conditions=(
        cx.Initial(lambda x: solitons(x, 0 * x)),
        cx.Dirichlet("x", lambda t: solitons(-4, t), side="lower"),
        cx.Dirichlet("x", lambda t: solitons(4, t), side="upper"),
        cx.Neumann("x", lambda t: steepness(4, t), side="upper"),
    ),
)

as_published = cx.Problem(
    name="kdv-three-solitons-as-published",
    domain=cx.Box(x=(-4, 4), t=("-1/2", "1/2")),
    residual=lambda u: u.t + u.xxx + 6 * u * u.x,
    conditions=(
        cx.Condition("t", lambda u, x: u - solitons(x, 0 * x), at=0),
        cx.Dirichlet("x", lambda t: solitons(-4, t), side="lower"),
        cx.Dirichlet("x", lambda t: solitons(4, t), side="upper"),
    ),
    complete=False,
)
difference = """The published time starts before the solitons meet, with the data at
t = 0 inside, and the slope at the right end is missing: the data leave more than one
solution.
"""
