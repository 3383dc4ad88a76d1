"""One soliton of the equation of Korteweg and de Vries on an interval, from arXiv
2407.20741. The equation needs two conditions at the right end, of which the second, the
slope, is missing there.
"""

import jax.numpy as jnp

import certax as cx


def soliton(x, t):
    return 2 / jnp.cosh(x - 4 * t) ** 2


def slope(x, t):
    return -2 * soliton(x, t) * jnp.tanh(x - 4 * t)


problem = cx.Problem(
    name="kdv-one-soliton",
    domain=cx.Box(x=(0, 1), t=(0, 1)),
    residual=lambda u: u.t + u.xxx + 6 * u * u.x,
    conditions=(
        cx.Initial(lambda x: soliton(x, 0)),
        cx.Dirichlet("x", lambda t: soliton(0, t), side="lower"),
        cx.Dirichlet("x", lambda t: soliton(1, t), side="upper"),
        cx.Neumann("x", lambda t: slope(1, t), side="upper"),
    ),
)

as_published = cx.Problem(
    name="kdv-one-soliton-as-published",
    domain=problem.domain,
    residual=lambda u: u.t + u.xxx + 6 * u * u.x,
    conditions=(
        cx.Initial(lambda x: soliton(x, 0)),
        cx.Dirichlet("x", lambda t: soliton(0, t), side="lower"),
        cx.Dirichlet("x", lambda t: soliton(1, t), side="upper"),
    ),
    complete=False,
)
difference = """In the published data the slope at the right end is missing, so that
they leave more than one solution.
"""
