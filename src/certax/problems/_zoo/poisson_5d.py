"""The Poisson equation in five dimensions with a sum of cosines, as in arXiv
2405.15603.
"""

import certax as cx


def cosines(*points):
    return sum(cx.cospi(p) for p in points)


def residual(u, v, w, x, y, z, pi):
    return -u.laplacian() - pi**2 * cosines(v, w, x, y, z)


problem = cx.Problem(
    name="poisson-5d",
    domain=cx.Box(v=(0, 1), w=(0, 1), x=(0, 1), y=(0, 1), z=(0, 1)),
    constants={"pi": "pi"},
    residual=residual,
    conditions=(
        cx.Dirichlet("v", lambda w, x, y, z: 1 + cosines(w, x, y, z), side="lower"),
        cx.Dirichlet("v", lambda w, x, y, z: cosines(w, x, y, z) - 1, side="upper"),
        cx.Dirichlet("w", lambda v, x, y, z: 1 + cosines(v, x, y, z), side="lower"),
        cx.Dirichlet("w", lambda v, x, y, z: cosines(v, x, y, z) - 1, side="upper"),
        cx.Dirichlet("x", lambda v, w, y, z: 1 + cosines(v, w, y, z), side="lower"),
        cx.Dirichlet("x", lambda v, w, y, z: cosines(v, w, y, z) - 1, side="upper"),
        cx.Dirichlet("y", lambda v, w, x, z: 1 + cosines(v, w, x, z), side="lower"),
        cx.Dirichlet("y", lambda v, w, x, z: cosines(v, w, x, z) - 1, side="upper"),
        cx.Dirichlet("z", lambda v, w, x, y: 1 + cosines(v, w, x, y), side="lower"),
        cx.Dirichlet("z", lambda v, w, x, y: cosines(v, w, x, y) - 1, side="upper"),
    ),
)
