"""The inviscid Burgers equations in the plane, from arXiv 2407.20741: the solution is
linear in x and y and blows up at t = 1 / sqrt(2), after the end. All data are imposed
on both fields. Data of each field on its own two faces only would be reproduced by
interpolation, and the training code asks both fields for either's data.
"""

import certax as cx


def u(x, y, t):
    return (x + y - 2 * x * t) / (1 - 2 * t**2)


def v(x, y, t):
    return (x - y - 2 * y * t) / (1 - 2 * t**2)


problem = cx.Problem(
    name="burgers-2d",
    domain=cx.Box(x=(0, 1), y=(0, 1), t=(0, "1/2")),
    residual=lambda u, v: (u.t + u * u.x + v * u.y, v.t + u * v.x + v * v.y),
    conditions=(
        cx.Initial((lambda x, y: x + y, lambda x, y: x - y)),
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

as_published = cx.Problem(
    name="burgers-2d-as-published",
    domain=problem.domain,
    residual=lambda u, v: (u.t + u * u.x + v * u.y, v.t + u * v.x + v * v.y),
    conditions=(
        cx.Initial((lambda x, y: x + y, lambda x, y: x - y)),
        cx.Dirichlet("x", (lambda y, t: u(0, y, t), None), side="lower"),
        cx.Dirichlet("x", (lambda y, t: u(1, y, t), None), side="upper"),
        cx.Dirichlet("y", (None, lambda x, t: v(x, 0, t)), side="lower"),
        cx.Dirichlet("y", (None, lambda x, t: v(x, 1, t)), side="upper"),
    ),
    complete=False,
)
difference = """In the published form each field has data on its own two faces only,
from which interpolation already gives the solution: a net starts at error zero.
"""
