"""A string let go from the shape of a sine: one period of a standing wave."""

import certax as cx

problem = cx.Problem(
    name="wave",
    domain=cx.Box(x=(0, 1), t=(0, 2)),
    residual=lambda u: u.tt - u.xx,
    conditions=(cx.Initial(lambda x: cx.sinpi(x), velocity=0), cx.Dirichlet("x", 0)),
)
