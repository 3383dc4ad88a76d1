"""The heat equation in a square with one decaying product of sines."""

import certax as cx

problem = cx.Problem(
    name="heat-2d",
    domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, 1)),
    residual=lambda u: u.t - (u.xx + u.yy) / 4,
    conditions=(
        cx.Initial(lambda x, y: cx.sinpi(x) * cx.sinpi(y)),
        cx.Dirichlet("x", 0),
        cx.Dirichlet("y", 0),
    ),
)
