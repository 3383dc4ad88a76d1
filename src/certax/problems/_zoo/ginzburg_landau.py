"""The complex Ginzburg-Landau equation with the coefficients of arXiv 2402.00326, for
the real and imaginary part: spirals grow out of a vortex. The published datum does not
close on the periodic square; this one has the same slope and curvature at its center.
"""

import jax.numpy as jnp

import certax as cx


def residual(p, q):
    square = p**2 + q**2
    return (
        p.t - (p.xx + p.yy) / 250 - 10 * p + 10 * square * (p - 3 * q / 2),
        q.t - (q.xx + q.yy) / 250 - 10 * q + 10 * square * (q + 3 * p / 2),
    )


def bump(x, y, pi):
    """10 exp(-25 (x^2 + y^2)) near the origin, and periodic."""
    return 10 * jnp.exp((cx.cospi(x) + cx.cospi(y) - 2) * 50 / pi**2)


problem = cx.Problem(
    name="ginzburg-landau",
    domain=cx.Box(x=(-1, 1), y=(-1, 1), t=(0, "1/2")),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(
        cx.Initial(
            (
                lambda x, y, pi: cx.sinpi(y) / pi * bump(x, y, pi),
                lambda x, y, pi: cx.sinpi(x) / pi * bump(x, y, pi),
            )
        ),
        cx.Periodic("x"),
        cx.Periodic("y"),
    ),
)
