"""What is minimized where conditions are soft."""

import jax.numpy as jnp
import numpy as np
import pytest
from helpers import closed_form

import certax as cx
from certax._api._objective import residual_function

pytestmark = pytest.mark.usefixtures("x64")


def test_a_velocity_is_a_term_of_its_own():
    """û = x + 3 t x² for u_tt = u_xx with u = x and u_t = x at the start."""
    problem = cx.Problem(
        domain=cx.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.tt - u.xx,
        conditions=(
            cx.Initial(lambda x: x, velocity=lambda x: x),
            cx.Dirichlet("x", 0, "lower"),
            cx.Dirichlet("x", lambda t: 1 + t, "upper"),
        ),
    )
    made = closed_form(problem, lambda x, t, pi, a: x + a * t * x**2, a=3.0)
    terms = residual_function(problem, made.network, hard=False)
    (found,) = terms(jnp.array([3.0]), jnp.array([[0.5, 0.25]]))
    # The equation, the value, the velocity 3 x² − x, and the two walls.
    expected = [-6 * 0.25, 0.0, 3 * 0.25 - 0.5, 0.0, 2 * 0.25]
    assert np.allclose(found, expected, atol=1e-14)
    (hard,) = residual_function(problem, made.network, True)(
        jnp.array([3.0]), jnp.array([[0.5, 0.25]])
    )
    assert hard.shape == (1,)
