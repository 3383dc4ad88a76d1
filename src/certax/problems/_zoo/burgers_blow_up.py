"""The inviscid Burgers equation near its blow-up, from arXiv 2310.05169 with delta =
9/10: u = x / (t - 1) until t = delta, where the slope is ten.
"""

import certax as cx

problem = cx.Problem(
    name="burgers-blow-up",
    domain=cx.Box(x=(-1, 1), t=("-1/10", "9/10")),
    residual=lambda u: u.t + u * u.x,
    conditions=(
        cx.Initial(lambda x: -10 * x / 11),
        cx.Dirichlet("x", lambda t: 1 / (1 - t), side="lower"),
        cx.Dirichlet("x", lambda t: 1 / (t - 1), side="upper"),
    ),
)
