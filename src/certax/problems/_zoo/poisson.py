"""The Poisson equation on the unit cube of dimension 2, with a product of sines."""

import certax as cx


def residual(u, x, y, pi):
    return -u.laplacian() - 2 * pi**2 * cx.sinpi(x) * cx.sinpi(y)


problem = cx.Problem(
    name="poisson",
    domain=cx.Box(x=(0, 1), y=(0, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(cx.Dirichlet("x", 0), cx.Dirichlet("y", 0)),
)
