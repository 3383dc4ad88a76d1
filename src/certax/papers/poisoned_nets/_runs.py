"""Many runs of one method side by side: distances from w* along the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ...certificates import Contraction, neuro_tron_contraction
from ._methods import method
from ._setups import Setup, adversaries

records = 40


@dataclass(frozen=True)
class Record:
    """Of all values of what is swept, and all runs.

    **Attributes:**

    - `start`: ‖w₀ − w*‖ of every run.
    - `weighted`: eᵀPe at the start and then at the end of each of the equal parts.
    - `reached`: the mean of ‖w − w*‖ over the last part.
    """

    start: Float[np.ndarray, " runs"]
    weighted: Float[np.ndarray, "values runs records"]
    reached: Float[np.ndarray, "values runs"]

    @property
    def stuck(self) -> np.ndarray:
        """Which runs are left with a tenth or more of the distance at the start."""
        return ~(self.reached < 0.1 * self.start)


def contractions(setup: Setup, runs: int, seed: int) -> list[Contraction | None]:
    """What is proved of Neuro-Tron on the net of each run, where moments exist."""
    if setup.law.fourth_moment is None:
        return [None] * runs
    return [
        neuro_tron_contraction(
            np.asarray(setup.net(_key(seed, k))[0].matrices, np.float64),
            setup.batch,
            setup.step,
            scale=setup.scale,
            variance=setup.law.variance,
            fourth_moment=setup.law.fourth_moment,
        )
        for k in range(runs)
    ]


def starts(setup: Setup, runs: int, seed: int) -> Float[np.ndarray, " runs"]:
    """‖w₀ − w*‖ of every run."""
    found = [setup.net(_key(seed, k))[1] - 1 for k in range(runs)]
    return np.linalg.norm(np.asarray(found), axis=1)


def train(
    setup: Setup,
    name: str,
    attack: str,
    runs: int,
    seed: int,
    metrics: Float[np.ndarray, "runs r r"],
) -> Record:
    """All values and runs of a setup; every run has a net and points of its own."""
    same = replace(setup, key="", bounds=(), probabilities=())
    swept = jnp.asarray(setup.bounds), jnp.asarray(setup.probabilities)
    keys = jnp.stack([_key(seed, k) for k in range(runs)])
    found = _over_all(same, name, attack)(*swept, keys, jnp.asarray(metrics))
    start, squares, reached = (np.asarray(a) for a in found)
    return Record(start[0], squares, reached)


@cache
def _over_all(setup: Setup, name: str, attack: str) -> Callable[..., Any]:
    """Compiled once for setups that differ only in what is swept."""
    over_runs = jax.vmap(partial(_one, setup, name, attack), (None, None, 0, 0))
    return jax.jit(jax.vmap(over_runs, (0, 0, None, None)))


def _one(setup: Setup, name: str, attack: str, bound, chance, key, metric):
    adversary = adversaries(setup.inputs)[attack]
    net, target = setup.net(key)
    init, update = method(name, net, setup.step)
    weights = jnp.ones(setup.weights)

    def step(carry, key):
        w, state, total = carry
        a, b, c = jax.random.split(key, 3)
        x = setup.points(a)
        y = net(target, x)
        attacked = jax.random.bernoulli(b, chance, y.shape)
        noise = adversary.noise(c, x, y, net(w, x))
        w, state = update(state, w, x, y + bound * jnp.where(attacked, noise, 0))
        return (w, state, total + jnp.linalg.norm(w - target)), None

    def part(carry, key):
        keys = jax.random.split(key, setup.steps // records)
        (w, state, total), _ = jax.lax.scan(step, (*carry, jnp.zeros(())), keys)
        square = (w - target) @ metric @ (w - target)
        return (w, state), (square, total / len(keys))

    keys = jax.random.split(jax.random.fold_in(key, 1), records)
    _, (squares, means) = jax.lax.scan(part, (weights, init(weights)), keys)
    missed = weights - target
    squares = jnp.concatenate([(missed @ metric @ missed)[None], squares])
    return jnp.linalg.norm(missed), squares, means[-1]


def _key(seed: int, run: int):
    return jax.random.fold_in(jax.random.key(seed), run)
