"""Trajectories of regularized nets: descent, stochastic descent, the diffusion."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array

from ..training import gibbs_start, regularized, regularized_sgd, sgd_diffusion
from ._shallow import Task

methods = {
    "gd": "gradient descent",
    "sgd": "regularized SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "clipped": "SGD, clipped by global norm",
}
_activations: dict[str, Callable[[Array], Array]] = {
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "softplus": jax.nn.softplus,
}


def starts(task: Task, seed: int, regularization: str, count: int) -> np.ndarray:
    """W₀ ~ N(0, (s/2λ) I) for s = 1, the start of the theorems."""
    shape = jnp.zeros((task.width, task.dimension))
    weight = float(Fraction(regularization))
    keys = jax.random.split(jax.random.key(seed), count)
    return np.asarray(jnp.stack([gibbs_start(k, shape, 1.0, weight) for k in keys]))


def descend(
    task: Task, seed: int, regularization: str, method: str, step: float, steps: int,
    start: np.ndarray, batch: int | None = None,
) -> np.ndarray:  # fmt: skip
    """Weights at all steps, of shape `(steps + 1, width, dimension)`; batches are
    drawn anew, all points without `batch`.
    """
    net, weight = task.net(seed), float(Fraction(regularization))
    keys = jax.random.split(jax.random.key(seed + 1), steps)
    data = tuple(map(jnp.asarray, (net.outer, net.inputs, net.targets)))
    run = _compiled(_shape_of(task), method, batch)
    return np.asarray(run(data, jnp.asarray(start), keys, weight, step))


def diffuse(
    task: Task, seed: int, regularization: str, temperature: float, end: float,
    step: float, begin: np.ndarray, *, same_noise: bool = False, saves: int = 50,
) -> np.ndarray:  # fmt: skip
    """Paths of the diffusion, of shape `(starts, saves + 1, width, dimension)`."""
    net, weight = task.net(seed), float(Fraction(regularization))
    keys = jax.random.split(jax.random.key(seed + 2), len(begin))
    keys = jnp.stack([keys[0]] * len(begin)) if same_noise else keys
    data = tuple(map(jnp.asarray, (net.outer, net.inputs, net.targets)))
    run = _diffusing(_shape_of(task), saves)
    found = run(data, jnp.asarray(begin), keys, weight, temperature, end, step)
    return np.concatenate([np.asarray(begin)[:, None], np.asarray(found)], axis=1)


def _shape_of(task: Task) -> Task:
    """What decides the compiled code."""
    return replace(task, outer=1.0, alternating=False)


def _loss(task: Task, weights, data):
    outer, x, y = data
    f = _activations[task.activation](x @ weights.T) @ outer
    if task.loss == "squared":
        return jnp.mean((f - y) ** 2) / 2
    return jnp.mean(jax.nn.softplus(-y * f))


@cache
def _compiled(task: Task, method: str, batch: int | None) -> Callable[..., Array]:
    def run(data, start, keys, weight, step):
        optimizer = _optimizer(method, step, weight)
        penalty = weight if method in ("adam", "clipped") else 0.0

        def objective(weights, chosen):
            return _loss(task, weights, chosen) + penalty / 2 * jnp.sum(weights**2)

        def one(carry, key):
            weights, state = carry
            chosen = data
            if batch is not None:
                rows = jax.random.choice(key, task.points, (batch,), replace=False)
                chosen = (data[0], data[1][rows], data[2][rows])
            gradient = jax.grad(objective)(weights, chosen)
            change, state = optimizer.update(gradient, state, weights)
            weights = jax.tree.map(jnp.add, weights, change)
            return (weights, state), weights

        _, path = jax.lax.scan(one, (start, optimizer.init(start)), keys)
        return jnp.concatenate([start[None], path])

    return jax.jit(run)


def _optimizer(method: str, step: Any, weight: Any) -> Any:
    match method:
        case "gd" | "sgd":
            return regularized_sgd(step, weight)
        case "adam":
            return optax.adam(1e-2)
        case "adamw":
            return optax.adamw(1e-2, weight_decay=weight)
        case _:
            return optax.chain(optax.clip_by_global_norm(1.0), optax.sgd(step))


@cache
def _diffusing(task: Task, saves: int) -> Callable[..., Array]:
    def one(data, weight, temperature, end, step, start, key):
        total = regularized(partial(_loss, task, data=data), weight)
        return sgd_diffusion(
            total,
            start,
            temperature=temperature,
            end=end,
            step=step,
            key=key,
            saves=saves,
        ).weights

    def run(data, begin, keys, *numbers):
        return jax.vmap(partial(one, data, *numbers))(begin, keys)

    return jax.jit(run)
