"""The flow in a square cavity that a lid drives, at Reynolds number 100 or, with --set
problem.reynolds=3200, another one. The lid moves with 16 x^2 (1 - x)^2, so that the
data agree in the corners; under a lid of constant speed the pressure is unbounded. The
equations leave the pressure's mean free.
"""

import certax as cx


def residual(u, v, p, reynolds):
    return (
        u * u.x + v * u.y + p.x - (u.xx + u.yy) / reynolds,
        u * v.x + v * v.y + p.y - (v.xx + v.yy) / reynolds,
        u.x + v.y,
    )


problem = cx.Problem(
    name="cavity",
    domain=cx.Box(x=(0, 1), y=(0, 1)),
    constants={"reynolds": 100},
    residual=residual,
    conditions=(
        cx.Dirichlet("x", (0, 0, None)),
        cx.Dirichlet("y", (0, 0, None), side="lower"),
        cx.Dirichlet("y", (lambda x: 16 * x**2 * (1 - x) ** 2, 0, None), side="upper"),
    ),
)
