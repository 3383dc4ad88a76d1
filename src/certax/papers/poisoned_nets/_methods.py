"""What moves the weights: Neuro-Tron, gradient descent twice, and usual optimizers."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float

from ...training import SensingNet, neuro_tron

Weights = Float[Array, " r"]
Update = Callable[[Any, Weights, Array, Array], tuple[Weights, Any]]
names = {
    "neuro-tron": "Neuro-Tron",
    "sgd": "SGD, correct gradient",
    "sgd-published": "SGD as in the public code",
    "adam": "Adam",
    "adamw": "AdamW",
    "clipped": "SGD, clipped by global norm",
}


def method(
    name: str, net: SensingNet, step: float
) -> tuple[Callable[[Weights], Any], Update]:
    """`init` and `update(state, weights, inputs, labels)` of a method.

    Adam and AdamW have the rate 0.01; the threshold of clipping is 100.
    """
    if name == "neuro-tron":
        tron = neuro_tron(step, net)

        def stepped(state, w, x, y):
            change, state = tron.update(w, state, w, inputs=x, labels=y)
            return w + jnp.asarray(change), state

        return tron.init, stepped
    optimizer = {
        "sgd": lambda: optax.sgd(step),
        "sgd-published": lambda: optax.sgd(step),
        "adam": lambda: optax.adam(1e-2),
        "adamw": lambda: optax.adamw(1e-2),
        "clipped": lambda: optax.chain(
            optax.clip_by_global_norm(100.0), optax.sgd(step)
        ),
    }[name]()
    gradient = _first_derivative if name == "sgd-published" else _gradient

    def update(state, w, x, y):
        change, state = optimizer.update(gradient(net, w, x, y), state, w)
        return w + jnp.asarray(change), state

    return optimizer.init, update


def _gradient(net: SensingNet, w: Weights, x: Array, y: Array) -> Weights:
    """Of half the mean square of what is missed."""
    return jax.grad(lambda v: jnp.mean((net(v, x) - y) ** 2) / 2)(w)


def _first_derivative(net: SensingNet, w: Weights, x: Array, y: Array) -> Weights:
    """With the gates of the first point of the batch for all its points."""
    filters = jnp.einsum("krn,r->kn", net.matrices, w)
    gates = jnp.where(filters @ x[0] > 0, 1.0, net.slope)
    mixed = net.scale * jnp.einsum("k,krn->rn", gates, net.matrices) / len(gates)
    return mixed @ ((net(w, x) - y) @ x) / len(y)
