"""The Poisson equation on an annulus."""

import certax as cx

problem = cx.Problem(
    name="poisson-annulus",
    domain=cx.Annulus((0, 0), "1/2", 1),
    residual=lambda u: -u.laplacian() - 4,
    conditions=(cx.Dirichlet("boundary", 0),),
)
