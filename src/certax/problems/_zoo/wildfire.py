"""A wildfire in one dimension: a temperature T that leaks and a fuel Y that burns by
Arrhenius' law, T_t = T_xx / 10 + 4 Y exp(-1/T) - T / 10 and Y_t = -2 Y exp(-1/T). A hot
spot burns through its fuel and spreads. The rates are ours. The first field is log(T),
so that no net can reach the pole at T = 0.
"""

import jax.numpy as jnp

import certax as cx


def residual(h, y, loss):
    burning = y * jnp.exp(-jnp.exp(-h))
    diffusion = (h.xx + h.x**2) / 10
    return h.t - diffusion - 4 * burning * jnp.exp(-h) + loss, y.t + 2 * burning


problem = cx.Problem(
    name="wildfire",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 2)),
    constants={"loss": "1/10"},
    residual=residual,
    conditions=(
        cx.Initial((lambda x: jnp.log(1 - jnp.cos(x) / 2), 1)),
        cx.Periodic("x"),
    ),
)
