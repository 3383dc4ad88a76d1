"""The eikonal equation on an annulus: the distance from the inner circle, r - 1/2. With
the value on that circle alone, its negative would be another smooth solution; the
value on the outer circle decides, and leaves one function of slope at most one.
"""

import certax as cx

problem = cx.Problem(
    name="eikonal",
    domain=cx.Annulus((0, 0), "1/2", 1),
    residual=lambda u: u.x**2 + u.y**2 - 1,
    conditions=(cx.Dirichlet("inner", 0), cx.Dirichlet("outer", "1/2")),
)
