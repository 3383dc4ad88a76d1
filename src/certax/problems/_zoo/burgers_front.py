"""A viscous front of the Burgers equation that travels at speed one, from arXiv
2407.20741 with the viscosity 1/10.
"""

import jax.numpy as jnp

import certax as cx


def front(x, t, nu):
    return 1 - jnp.tanh((x - t) / (2 * nu))


problem = cx.Problem(
    name="burgers-front",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    constants={"nu": "1/10"},
    residual=lambda u, nu: u.t + u * u.x - nu * u.xx,
    conditions=(
        cx.Initial(lambda x, nu: front(x, 0, nu)),
        cx.Dirichlet("x", lambda t, nu: front(0, t, nu), side="lower"),
        cx.Dirichlet("x", lambda t, nu: front(1, t, nu), side="upper"),
    ),
)
