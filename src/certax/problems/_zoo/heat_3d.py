"""The heat equation in a cube with one decaying product of sines."""

import certax as cx

problem = cx.Problem(
    name="heat-3d",
    domain=cx.Box(x=(0, 1), y=(0, 1), z=(0, 1), t=(0, 1)),
    residual=lambda u: u.t - (u.xx + u.yy + u.zz) / 4,
    conditions=(
        cx.Initial(lambda x, y, z: cx.sinpi(x) * cx.sinpi(y) * cx.sinpi(z)),
        cx.Dirichlet("x", 0),
        cx.Dirichlet("y", 0),
        cx.Dirichlet("z", 0),
    ),
)
