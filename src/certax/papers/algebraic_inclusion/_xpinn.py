"""XPINN: one net a subdomain."""

from typing import Any

import jax
import jax.numpy as jnp

from .._flows import Flow, fractional_error, mean_square
from .._methods import Training, draw_points, loss_terms
from .._networks import initial_parameters, minimize, network


def xpinn(flow: Flow, training: Training, *, pieces: int, seed: int) -> dict[str, Any]:
    """XPINN: the first coordinate is cut into pieces, each with a net of its own.

    On interfaces the loss adds the mean squares of each side's distance from the mean
    of both, and of the jump of the residual; all weights are one.

    Source: Jagtap and Karniadakis, Extended physics-informed neural networks (XPINNs),
    Communications in Computational Physics 28 (2020).
    """
    keys = jax.random.split(jax.random.key(seed), 4)
    low, high = flow.lower[0], flow.upper[0]
    cuts = jnp.linspace(low, high, pieces + 1)
    inside, start, walls = draw_points(flow, training, False, keys[0])
    seams = [
        flow.draw(k, training.points // 2).at[:, 0].set(cut)
        for k, cut in zip(
            jax.random.split(keys[1], pieces - 1), cuts[1:-1], strict=True
        )
    ]
    fields = lambda parameters: network(parameters, training.activation)

    def whole(parameters):
        nets = [fields(p) for p in parameters]

        def value(point):
            piece = jnp.clip(jnp.searchsorted(cuts, point[0]) - 1, 0, pieces - 1)
            return jnp.stack([net(point) for net in nets])[piece]

        return value

    terms = loss_terms(flow, "vanilla", False)

    def loss(parameters, _):
        total = terms(whole(parameters), inside, start, walls)
        for left, right, points in zip(parameters, parameters[1:], seams, strict=False):
            one, other = fields(left), fields(right)
            jump = lambda p, a=one, b=other: a(p) - b(p)
            total += mean_square(jump, points) / 2
            total += mean_square(
                lambda p, a=one, b=other: flow.residual(a, p) - flow.residual(b, p),
                points,
            )
        return total

    parameters = [
        initial_parameters(k, training.sizes(flow))
        for k in jax.random.split(keys[2], pieces)
    ]
    parameters, value = minimize(
        loss, parameters, keys[3], steps=training.steps, rate=training.rate
    )
    error = jax.jit(lambda p: fractional_error(flow, whole(p)))(parameters)
    return {"fractional error": float(error), "loss": float(value)}
