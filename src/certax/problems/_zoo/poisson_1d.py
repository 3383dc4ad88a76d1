"""The Poisson equation on the unit cube of dimension 1, with a product of sines."""

import certax as cx


def residual(u, x, pi):
    return -u.laplacian() - 1 * pi**2 * cx.sinpi(x)


problem = cx.Problem(
    name="poisson-1d",
    domain=cx.Box(x=(0, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(cx.Dirichlet("x", 0),),
)
