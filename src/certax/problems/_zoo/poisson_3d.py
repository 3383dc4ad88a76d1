"""The Poisson equation on the unit cube of dimension 3, with a product of sines."""

import certax as cx


def residual(u, x, y, z, pi):
    return -u.laplacian() - 3 * pi**2 * cx.sinpi(x) * cx.sinpi(y) * cx.sinpi(z)


problem = cx.Problem(
    name="poisson-3d",
    domain=cx.Box(x=(0, 1), y=(0, 1), z=(0, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(cx.Dirichlet("x", 0), cx.Dirichlet("y", 0), cx.Dirichlet("z", 0)),
)
