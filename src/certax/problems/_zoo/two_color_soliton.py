"""The bright quadratic soliton of light and its second harmonic at exact matching of
their propagation constants, where both are squares of a hyperbolic secant.
"""

import jax.numpy as jnp

import certax as cx

problem = cx.Problem(
    name="two-color-soliton",
    domain=cx.Box(x=(-6, 6)),
    constants={"a": "3/sqrt(2)", "b": "3/2", "half": 3},
    residual=lambda u, v: (u.xx - u + u * v, v.xx - v + u**2 / 2),
    conditions=(
        cx.Dirichlet(
            "x",
            (
                lambda a, half: a / jnp.cosh(half) ** 2,
                lambda b, half: b / jnp.cosh(half) ** 2,
            ),
        ),
    ),
)
