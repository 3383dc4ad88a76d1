"""The Helmholtz equation in a square with wave number one and a solution of one by four
half waves, as in arXiv 2001.04536.
"""

import certax as cx


def residual(u, x, y, pi):
    wave = cx.sinpi(x) * cx.sinpi(4 * y)
    return u.xx + u.yy + u - (1 - 17 * pi**2) * wave


problem = cx.Problem(
    name="helmholtz",
    domain=cx.Box(x=(-1, 1), y=(-1, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(cx.Dirichlet("x", 0), cx.Dirichlet("y", 0)),
)
