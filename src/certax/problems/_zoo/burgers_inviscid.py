"""The inviscid Burgers equation with a fan of characteristics, u = x / (1 + t), from
arXiv 2407.20741. The interpolation of its data already is the solution: an ansatz
with hard constraints starts at error zero.
"""

import certax as cx

problem = cx.Problem(
    name="burgers-inviscid",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    residual=lambda u: u.t + u * u.x,
    conditions=(
        cx.Initial(lambda x: +x),
        cx.Dirichlet("x", 0, side="lower"),
        cx.Dirichlet("x", lambda t: 1 / (1 + t), side="upper"),
    ),
)
