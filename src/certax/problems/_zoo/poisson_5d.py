"""The Poisson equation on the unit cube of dimension 5, with a product of sines."""

import certax as cx


def sines(*points):
    product = 1
    for point in points:
        product = product * cx.sinpi(point)
    return product


def residual(u, v, w, x, y, z, pi):
    return -u.laplacian() - 5 * pi**2 * sines(v, w, x, y, z)


problem = cx.Problem(
    name="poisson-5d",
    domain=cx.Box(v=(0, 1), w=(0, 1), x=(0, 1), y=(0, 1), z=(0, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=tuple(cx.Dirichlet(name, 0) for name in "vwxyz"),
)
