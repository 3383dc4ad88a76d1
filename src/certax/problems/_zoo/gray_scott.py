"""The Gray-Scott equations with the coefficients of arXiv 2402.00326: a spot grows and
splits. The published Gaussian bumps do not close on the periodic square (they miss each
other by 1e-5 at the seam); these have the same height and curvature, and close.
"""

import jax.numpy as jnp

import certax as cx


def residual(u, v):
    reaction = 1000 * u * v**2
    return (
        u.t - (u.xx + u.yy) / 5 - 40 * (1 - u) + reaction,
        v.t - (v.xx + v.yy) / 10 + 100 * v - reaction,
    )


def bump(x, y, a, b, pi):
    """exp(-10 ((x - a)^2 + (y - b)^2)) near (a, b), and periodic."""
    return jnp.exp((cosine(x, a) + cosine(y, b) - 2) * 20 / pi**2)


def cosine(x, a):
    """cos(pi (x - a)), written so that it is known to be periodic."""
    return cx.cospi(x) * cx.cospi(a) + cx.sinpi(x) * cx.sinpi(a)


problem = cx.Problem(
    name="gray-scott",
    domain=cx.Box(x=(-1, 1), y=(-1, 1), t=(0, "1/5")),
    constants={"pi": "pi", "a": "1/20", "b": "1/50"},
    residual=residual,
    conditions=(
        cx.Initial(
            (
                lambda x, y, a, b, pi: 1 - bump(x, y, -a, -b, pi),
                lambda x, y, a, b, pi: bump(x, y, a, b, pi),
            )
        ),
        cx.Periodic("x"),
        cx.Periodic("y"),
    ),
)
