"""Legendre's equation of degree four, singular at both ends: the bounded solution is
the Legendre polynomial.
"""

import certax as cx

problem = cx.Problem(
    name="legendre",
    domain=cx.Box(x=(-1, 1)),
    residual=lambda u, x: (1 - x**2) * u.xx - 2 * x * u.x + 20 * u,
    conditions=(cx.Dirichlet("x", 1),),
)
