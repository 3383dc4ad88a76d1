"""The viscous Burgers equation with a steepening sine: a layer forms at x = 0."""

import certax as cx

problem = cx.Problem(
    name="burgers",
    domain=cx.Box(x=(-1, 1), t=(0, 1)),
    constants={"nu": "0.01/pi"},
    residual=lambda u, nu: u.t + u * u.x - nu * u.xx,
    conditions=(cx.Initial(lambda x: -cx.sinpi(x)), cx.Dirichlet("x", 0)),
)
