"""The usual optimizers, each with the best of several rates, as baselines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import PRNGKeyArray

Make = Callable[[Any], optax.GradientTransformation]
rates = (1.0, 0.3, 0.1, 0.03, 0.01)
decoupled = "AdamW's decay is decoupled, so another loss is minimized."


def usual_optimizers(decay: float) -> Mapping[str, Make]:
    """By name, each from its rate. AdamW has the decay of the penalty, decoupled."""
    return {
        "SGD": optax.sgd,
        "Adam": optax.adam,
        "AdamW": lambda rate: optax.adamw(rate, weight_decay=decay),
        "SGD, clipped by the global norm": lambda rate: optax.chain(
            optax.clip_by_global_norm(1.0), optax.sgd(rate)
        ),
    }


def descend(
    make: Make,
    objective: Callable[[Any, PRNGKeyArray], Any],
    start: Any,
    *,
    steps: int,
    key: PRNGKeyArray,
    rates: Sequence[float] = rates,
) -> Any:
    """The weights after so many steps, side by side for all rates as a first axis.

    **Arguments:**

    - `objective`: of the weights and of a key that draws the batch.
    """

    def run(rate):
        method = make(rate)

        def step(carry, key):
            weights, state = carry
            gradient = jax.grad(objective)(weights, key)
            changes, state = method.update(gradient, state, weights)
            return (optax.apply_updates(weights, changes), state), None

        first = start, method.init(start)
        (weights, _), _ = jax.lax.scan(step, first, jax.random.split(key, steps))
        return weights

    return jax.jit(jax.vmap(run))(jnp.asarray(rates))


def best_rate(values: Any, rates: Sequence[float] = rates) -> tuple[int, float]:
    """Which rate ends lowest, and that rate; a diverged run counts as infinite."""
    ends = jnp.where(jnp.isfinite(values), values, jnp.inf)
    index = int(jnp.argmin(ends))
    return index, rates[index]
