"""All optimizers, and what each is fed with, for the tests that they share."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from certax import training as ct


class Case(NamedTuple):
    """`make` takes a learning rate; `tron` says that points replace the gradient."""

    make: Callable
    tron: bool = False


matrices = jax.random.normal(jax.random.key(7), (4, 3, 5))

cases = {
    "regularized_sgd": Case(lambda rate: ct.regularized_sgd(rate, 0.13)),
    "tamed": Case(lambda rate: ct.tamed_gradient_descent(rate)),
    "delta_gclip": Case(lambda rate: ct.delta_gclip(rate, 0.5, 1e-2)),
    "delta_gclip by groups": Case(
        lambda rate: ct.delta_gclip(
            rate,
            0.5,
            1e-2,
            groups=lambda w: jax.tree.map(lambda leaf: leaf.ndim, w),
        )
    ),
    "gclip": Case(lambda rate: ct.gclip(rate, 0.5)),
    "rmsprop": Case(lambda rate: ct.analyzed_rmsprop(rate, 0.9, 1e-3)),
    "adam": Case(lambda rate: ct.analyzed_adam(rate, 0.9, 0.99, 1e-3)),
    "nesterov": Case(lambda rate: ct.nesterov(rate, 0.9)),
    "glm_tron": Case(lambda rate: ct.glm_tron(rate, 0.1), tron=True),
    "neuro_tron": Case(
        lambda rate: ct.neuro_tron(rate, ct.SensingNet(matrices)), tron=True
    ),
}
kernels = {
    "langevin": ct.langevin,
    "tamed": ct.tamed_langevin,
    "adjusted": ct.metropolis_adjusted_langevin,
}
gradient_cases = {n: c for n, c in cases.items() if not c.tron}


def regression(dtype=jnp.float32):
    """Inputs `(32, 3)` and smooth labels."""
    x = jax.random.normal(jax.random.key(1), (32, 3), dtype)
    return x, jnp.sin(x[:, 0]) + 0.5 * x[:, 1]


def tron_batch(name, dtype=jnp.float32):
    """Weights, inputs and labels for the algorithms without gradients."""
    x = jax.random.normal(jax.random.key(2), (16, 5), dtype)
    size = 3 if name == "neuro_tron" else 5
    return jnp.ones(size, dtype), x, jnp.maximum(0, x[:, 0])


def step(name, method, state, weights, gradient):
    """One update of any case."""
    if not cases[name].tron:
        return method.update(updates=gradient, state=state, params=weights)
    _, x, y = tron_batch(name, jax.tree.leaves(weights)[0].dtype)
    return method.update(None, state, weights, inputs=x, labels=y)
