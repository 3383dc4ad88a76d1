"""The Lorenz system from (1, 1, 1). It is chaotic: an error grows by about exp(0.9 t),
so double precision alone ends near t = 40, and a solver that keeps 12 digits still has
4 of them at t = 20, where the interval ends (the interval is that of arXiv 2203.07404).
"""

import certax as cx


def residual(x, y, z):
    return (
        x.t - 10 * (y - x),
        y.t - x * (28 - z) + y,
        z.t - x * y + 8 * z / 3,
    )


problem = cx.Problem(
    name="lorenz",
    domain=cx.Box(t=(0, 20)),
    residual=residual,
    conditions=(cx.Initial((1, 1, 1)),),
)
