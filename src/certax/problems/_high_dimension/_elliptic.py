"""Semilinear equations on the unit ball: Laplace u + F(u) = g, zero on the sphere."""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ._clouds import UnitBall
from ._interactions import Interaction, three_body, two_body
from ._statement import HighDimensionalProblem, KnownSolution, Lift

# The linear part of the net's task: S is near d normal numbers times this.
_at_zero = {2: math.sin(1.0), 3: 1.0}


def ball_problem(
    name: str,
    equation: str,
    reaction: Callable[[Array], Array],
    interaction: Interaction,
) -> HighDimensionalProblem:
    """The problem whose solution is an interaction; g is formed from it exactly."""

    def residual(u, x):
        exact = interaction.value(x)
        source = interaction.laplacian(x) + reaction(exact)
        return u.laplacian + reaction(u.value) - source

    def values(x):
        with jax.enable_x64(True):
            found = jax.vmap(interaction.value)(jnp.asarray(x, jnp.float64))
        return np.asarray(found)

    dimension = interaction.dimension
    return HighDimensionalProblem(
        name=name,
        equation=f"{equation}; the solution is (1 - |x|^2) times a sum of "
        f"{interaction.reach}-body interactions with normal coefficients",
        cloud=UnitBall(dimension),
        residual=residual,
        lift=Lift(
            data=lambda x: jnp.zeros((), x.dtype),
            factor=lambda x: 1 - x @ x,
            data_trace=lambda x: jnp.zeros((), x.dtype),
            factor_trace=lambda x: jnp.full((), -2.0 * dimension, x.dtype),
        ),
        size=_at_zero[interaction.reach] * math.sqrt(dimension),
        known=KnownSolution(
            values,
            "Closed form; the source is formed from it by differentiation.",
            1e-12 * math.sqrt(dimension),
        ),
    )


def sine_gordon_ball(dimension: int) -> HighDimensionalProblem:
    """Sine-Gordon on the unit ball, two-body interactions."""
    return ball_problem(
        "sine-gordon-ball",
        "Laplace u + sin u = g on the ball, u = 0 on the sphere",
        jnp.sin,
        Interaction(two_body, 2, dimension),
    )


def sine_gordon_ball_three_body(dimension: int) -> HighDimensionalProblem:
    """Sine-Gordon on the unit ball, three-body interactions."""
    return ball_problem(
        "sine-gordon-ball-three-body",
        "Laplace u + sin u = g on the ball, u = 0 on the sphere",
        jnp.sin,
        Interaction(three_body, 3, dimension),
    )


def allen_cahn_ball(dimension: int) -> HighDimensionalProblem:
    """Allen-Cahn on the unit ball, two-body interactions."""
    return ball_problem(
        "allen-cahn-ball",
        "Laplace u + u - u^3 = g on the ball, u = 0 on the sphere",
        lambda u: u - u**3,
        Interaction(two_body, 2, dimension),
    )
