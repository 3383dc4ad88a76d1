"""The heat equation in four dimensions with one decaying product of sines."""

import certax as cx


def product(x, y, z, w):
    return cx.sinpi(x) * cx.sinpi(y) * cx.sinpi(z) * cx.sinpi(w)


problem = cx.Problem(
    name="heat-4d",
    domain=cx.Box(x=(0, 1), y=(0, 1), z=(0, 1), w=(0, 1), t=(0, 1)),
    residual=lambda u: u.t - (u.xx + u.yy + u.zz + u.ww) / 4,
    conditions=(
        cx.Initial(product),
        cx.Dirichlet("x", 0),
        cx.Dirichlet("y", 0),
        cx.Dirichlet("z", 0),
        cx.Dirichlet("w", 0),
    ),
)
