"""Many runs of one gate side by side."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jaxtyping import Array, Float

from ...training import (
    AbstractAdversary,
    AdaptiveAdversary,
    AlternatingAdversary,
    ObliviousAdversary,
    SignCorrelatedAdversary,
    glm_tron,
)
from ._laws import laws

names = {
    "glm-tron": "GLM-Tron",
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "clipped": "SGD, clipped by global norm",
}


# Of bound and probability one; runs scale and thin them.
adversaries: dict[str, Callable[[int], AbstractAdversary]] = {
    "oblivious": lambda d: ObliviousAdversary(1.0),
    "alternating": lambda d: AlternatingAdversary(1.0),
    "sign-correlated": lambda d: SignCorrelatedAdversary(1.0, direction=np.eye(d)[1]),
    "adaptive": lambda d: AdaptiveAdversary(1.0),
}


@dataclass(frozen=True)
class Runs:
    """Runs of a method from one start, with w* the first unit vector.

    **Attributes:**

    - `law`: the name of the inputs' law; `attack`: that of the adversary.
    - `steps`, `count`: of each run, and how many.
    """

    dimension: int
    batch: int
    steps: int
    count: int
    law: str = "normal"
    method: str = "glm-tron"
    attack: str = "oblivious"

    def start(self) -> np.ndarray:
        """At the distance 2 of w*, in equal parts along it and across."""
        start = np.zeros(self.dimension)
        start[:2] = 1 - math.sqrt(2), math.sqrt(2)
        return start

    def squares(
        self, seed: int, step: float, bound: float = 0.0, probability: float = 0.0
    ) -> Float[np.ndarray, "times count"]:
        """‖w_t − w*‖² for t = 0, ..., `steps`, with the step η, under θ and β."""
        keys = jax.random.split(jax.random.key(seed), self.count)
        found = np.asarray(_compiled(self)(keys, step, bound, probability)).T
        missed = self.start() - np.eye(self.dimension)[0]
        return np.concatenate([np.full((1, self.count), missed @ missed), found])


@cache
def _compiled(runs: Runs) -> Callable[..., Array]:
    return jax.jit(jax.vmap(partial(_one, runs), (0, None, None, None)))


def _one(runs: Runs, key, rate, bound, chance):
    init, update = _method(runs.method, rate, bound)
    adversary = adversaries[runs.attack](runs.dimension)
    target, weights = jnp.eye(runs.dimension)[0], jnp.asarray(runs.start())

    def step(carry, key):
        w, state = carry
        a, b, c = jax.random.split(key, 3)
        x = laws[runs.law].draw(a, (runs.batch, runs.dimension))
        y = jnp.maximum(0, x @ target)
        noise = adversary.noise(b, x, y, jnp.maximum(0, x @ w))
        attacked = jax.random.bernoulli(c, chance, y.shape)
        change, state = update(w, state, x, y + bound * jnp.where(attacked, noise, 0))
        w = w + change
        return (w, state), jnp.sum((w - target) ** 2)

    keys = jax.random.split(key, runs.steps)
    return jax.lax.scan(step, (weights, init(weights)), keys)[1]


def _method(name: str, step, bound) -> tuple[Callable, Callable]:
    if name == "glm-tron":
        tron = glm_tron(step, bound)
        return tron.init, lambda w, state, x, y: tron.update(
            w, state, w, inputs=x, labels=y
        )
    optimizer = {
        "sgd": lambda: optax.sgd(step),
        "adam": lambda: optax.adam(step),
        "adamw": lambda: optax.adamw(step),
        "clipped": lambda: optax.chain(optax.clip_by_global_norm(0.5), optax.sgd(step)),
    }[name]()
    loss = lambda w, x, y: jnp.mean((jnp.maximum(0, x @ w) - y) ** 2) / 2
    return optimizer.init, lambda w, state, x, y: optimizer.update(
        jax.grad(loss)(w, x, y), state, w
    )


def mean_and_error(squares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean over the runs and its standard error."""
    return squares.mean(axis=1), squares.std(axis=1, ddof=1) / np.sqrt(squares.shape[1])


def fitted_factor(means: np.ndarray, floor: float = 0.0) -> float:
    """Of E‖e‖² − floor a step, from its logarithms by least squares through the start.

    Only steps where a tenth of it is above the floor count.
    """
    left = means - floor
    count = len(left) if floor == 0 else int(np.argmax(left < floor / 10)) or len(left)
    times = np.arange(count)
    logs = np.log(left[:count] / left[0])
    return float(np.exp(np.sum(times * logs) / np.sum(times**2)))
