"""The inviscid Burgers equations in the plane near their blow-up at t = 1 / sqrt(2),
from arXiv 2310.05169 with delta = 3/5: from delta - 1 / sqrt(2) to delta.
"""

import certax as cx


def u(x, y, t):
    return (x + y - 2 * x * t) / (1 - 2 * t**2)


def v(x, y, t):
    return (x - y - 2 * y * t) / (1 - 2 * t**2)


problem = cx.Problem(
    name="burgers-2d-blow-up",
    domain=cx.Box(x=(0, 1), y=(0, 1), t=("3/5 - 1/sqrt(2)", "3/5")),
    constants={"start": "3/5 - 1/sqrt(2)"},
    residual=lambda u, v: (u.t + u * u.x + v * u.y, v.t + u * v.x + v * v.y),
    conditions=(
        cx.Initial(
            (lambda x, y, start: u(x, y, start), lambda x, y, start: v(x, y, start))
        ),
        cx.Dirichlet(
            "x", (lambda y, t: u(0, y, t), lambda y, t: v(0, y, t)), side="lower"
        ),
        cx.Dirichlet(
            "x", (lambda y, t: u(1, y, t), lambda y, t: v(1, y, t)), side="upper"
        ),
        cx.Dirichlet(
            "y", (lambda x, t: u(x, 0, t), lambda x, t: v(x, 0, t)), side="lower"
        ),
        cx.Dirichlet(
            "y", (lambda x, t: u(x, 1, t), lambda x, t: v(x, 1, t)), side="upper"
        ),
    ),
)
