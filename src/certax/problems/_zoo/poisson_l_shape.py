"""The Poisson equation on an L-shape, whose solution has the corner r^(2/3)."""

import certax as cx

square, quarter = cx.Box(x=(-1, 1), y=(-1, 1)), cx.Box(x=(0, 1), y=(-1, 0))

problem = cx.Problem(
    name="poisson-l-shape",
    domain=square - quarter,
    residual=lambda u: -u.laplacian() - 1,
    conditions=(cx.Dirichlet("boundary", 0),),
)
