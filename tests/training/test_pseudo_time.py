"""Pseudo-time steps: stable whichever sign an equation has, and slower than Newton."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from certax.training import (
    Phase,
    PseudoTime,
    Recipe,
    ResidualLoss,
    train,
)

pytestmark = pytest.mark.usefixtures("x64")
modes = np.arange(1, 5) * np.pi


def _field(weights, x):
    return jnp.sum(weights * jnp.sin(modes * x))


def _residual(sign):
    """Of -u'' + u^3 = f with the solution sin(pi x), or with another sign."""

    def one(weights, point):
        x = point[0]
        bend = jax.grad(jax.grad(_field, 1), 1)(weights, x)
        wanted = jnp.pi**2 * jnp.sin(jnp.pi * x) + jnp.sin(jnp.pi * x) ** 3
        return sign * (_field(weights, x) ** 3 - bend - wanted)[None]

    return lambda weights, points: jax.vmap(lambda p: one(weights, p))(points)


def _fields(weights, points):
    return jax.vmap(lambda p: _field(weights, p[0])[None])(points)


def _run(optimizer, residual, start, steps):
    phase = Phase("steady", optimizer, None, 64, report_every=5)
    recipe = Recipe("steady", (phase,), (4,), fresh_points=64)
    return train(residual, start, 1, recipe=recipe, seed=0, max_steps=steps)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_it_reaches_the_steady_state_for_either_sign(sign):
    start = np.array([0.5, -0.3, 0.2, 0.1])
    found = _run(PseudoTime(ResidualLoss(_fields)), _residual(sign), start, 30)
    assert np.allclose(found.weights, [1.0, 0.0, 0.0, 0.0], atol=1e-9)


def test_a_step_raises_the_residual_by_no_more_than_was_allowed():
    residual, start = _residual(-1.0), np.array([9.0, -7.0, 5.0, 8.0])
    seen: list[float] = []
    phase = Phase("steady", PseudoTime(ResidualLoss(_fields)), None, 64, report_every=1)
    recipe = Recipe("steady", (phase,), (4,), fresh_points=64)
    result = train(
        *(residual, start, 1),
        recipe=recipe,
        seed=0,
        max_steps=40,
        callback=lambda event, _: seen.append(event.residual_rms),
    )
    assert np.allclose(result.weights, [1.0, 0.0, 0.0, 0.0], atol=1e-6)
    lowest = np.minimum.accumulate(seen)
    assert np.all(np.array(seen[1:]) <= 2.0 * lowest[:-1] + 1e-12)


def test_terms_that_do_not_evolve_are_plain_least_squares():
    """Without any field that evolves it is the Gauss-Newton method."""
    still = ResidualLoss(lambda w, p: 0.0 * _fields(w, p))
    found = _run(PseudoTime(still), _residual(1.0), np.zeros(4), 10)
    assert np.allclose(found.weights, [1.0, 0.0, 0.0, 0.0], atol=1e-8)
