"""The Kuramoto-Sivashinsky equation in the scaling of arXiv 2203.07404: regular data
turn into spatio-temporal chaos. On this interval an error grows some ten thousand
times, which leaves a reference five digits; later there would soon be none.
"""

import jax.numpy as jnp

import certax as cx


def residual(u):
    return u.t + 25 * u * u.x / 4 + 25 * u.xx / 64 + 25 * u.xxxx / 16384


problem = cx.Problem(
    name="kuramoto-sivashinsky",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 1)),
    residual=residual,
    conditions=(
        cx.Initial(lambda x: jnp.cos(x) * (1 + jnp.sin(x))),
        cx.Periodic("x"),
    ),
)
