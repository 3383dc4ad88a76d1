"""The heat equation with one decaying sine."""

import certax as cx

problem = cx.Problem(
    name="heat",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    residual=lambda u: u.t - u.xx / 4,
    conditions=(cx.Initial(lambda x: cx.sinpi(x)), cx.Dirichlet("x", 0)),
)
