"""Fully connected nets as the papers use them, and Adam on all points at once."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, PRNGKeyArray

Parameters = list[tuple[Float[Array, "out in"], Float[Array, " out"]]]
Fields = Callable[[Float[Array, " d"]], Float[Array, " fields"]]
Activation = Callable[[Array], Array]


def initial_parameters(key: PRNGKeyArray, sizes: Sequence[int]) -> Parameters:
    """Xavier-normal weights and zero biases."""
    draw = jax.nn.initializers.glorot_normal()
    shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
    keys = jax.random.split(key, len(shapes))
    return [
        (draw(k, s, jnp.float64), jnp.zeros(s[0], jnp.float64))
        for k, s in zip(keys, shapes, strict=True)
    ]


def network(parameters: Parameters, activation: Activation) -> Fields:
    """The net as a function of a point."""

    def fields(point):
        value = point
        for matrix, bias in parameters[:-1]:
            value = activation(matrix @ value + bias)
        matrix, bias = parameters[-1]
        return matrix @ value + bias

    return fields


def size(parameters: Parameters) -> int:
    """The number of parameters."""
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))


def minimize(
    loss: Callable[[Any, PRNGKeyArray], Float[Array, ""]],
    parameters: Any,
    key: PRNGKeyArray,
    *,
    steps: int,
    rate: float,
) -> tuple[Any, Float[Array, ""]]:
    """Adam with a constant rate; every step has a key of its own.

    **Returns:** the last parameters and their loss.
    """
    adam = optax.adam(rate)

    def step(carry, key):
        parameters, state = carry
        updates, state = adam.update(jax.grad(loss)(parameters, key), state)
        return (optax.apply_updates(parameters, updates), state), None

    @jax.jit
    def descend(parameters):
        keys = jax.random.split(key, steps)
        carry = (parameters, adam.init(parameters))
        (last, _), _ = jax.lax.scan(step, carry, keys)
        return last, loss(last, keys[-1])

    return descend(parameters)
