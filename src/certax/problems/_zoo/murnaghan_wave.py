"""A longitudinal wave in a Murnaghan solid to second order in the strain, with the
coefficient -13 of polystyrene: a simple wave that steepens and, later than t = 2,
breaks. The time is that in which sound crosses a radian, and the stress law is
P(e) = e + a e^2 / 2.
"""

import jax.numpy as jnp

import certax as cx


def speed_of_particles(x, a):
    """The Riemann invariant of a wave that runs to the right."""
    square = 1 + a * jnp.cos(x) / 50
    return -2 * (square * jnp.sqrt(square) - 1) / (3 * a)


problem = cx.Problem(
    name="murnaghan-wave",
    domain=cx.Box(x=(0, "2*pi"), t=(0, 2)),
    constants={"a": -13},
    residual=lambda u, a: u.tt - (1 + a * u.x) * u.xx,
    conditions=(
        cx.Initial(lambda x: jnp.sin(x) / 50, velocity=speed_of_particles),
        cx.Periodic("x"),
    ),
)
