"""A wildfire in one dimension: a temperature T that leaks and a fuel Y that burns by
Arrhenius' law. A hot spot burns through its fuel and spreads. The rates are ours.
"""

import jax.numpy as jnp

import certax as cx


def residual(T, Y):
    burning = Y * jnp.exp(-1 / T)
    return T.t - T.xx / 10 - 4 * burning + T / 10, Y.t + 2 * burning


problem = cx.Problem(
    name="wildfire",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 2)),
    residual=residual,
    conditions=(
        cx.Initial((lambda x: 1 - jnp.cos(x) / 2, 1)),
        cx.Periodic("x"),
    ),
)
