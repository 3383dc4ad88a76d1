"""Stochastic RMSProp where its hypothesis was made to hold, and on real data."""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ... import training as ct
from ._theorems import Regression


@dataclass(frozen=True)
class Agreement:
    """f = mean of f_p(x) = Σᵢ a_pi (√(1 + xᵢ²) − 1) with a_pi in (1/2, 3/2): all
    gradients have the signs of x, the same ones. L = max of the mean of a_p, σ² = the
    largest Σᵢ a_pi².
    """

    functions: int
    dimension: int
    accuracy: float
    runs: int
    seed: int
    decay: float = 0.9
    offset: float = 1.0

    def result(self, most: int) -> dict[str, Any]:
        """Several runs of as many steps as the theorem takes; `most` limits them."""
        random = np.random.default_rng(self.seed)
        a = random.uniform(0.5, 1.5, (self.functions, self.dimension))
        smooth, sigma = float(a.mean(0).max()), math.sqrt((a**2).sum(1).max())
        start = np.full(self.dimension, 2.0)
        gap = float(a.mean(0).sum() * (math.sqrt(5) - 1))
        plan = ct.plan_stochastic_rmsprop(
            smooth, sigma, gap, self.accuracy, decay=self.decay, xi=self.offset
        )
        slopes = a * (start / np.sqrt(1 + start**2))
        shown = {"κ": ct.moment_ratio(slopes), "steps promised": plan.steps}
        shown["ε²"] = self.accuracy**2
        if plan.steps > most:
            return shown | {"holds": f"more than {most} steps"}
        steps = math.ceil(plan.steps)
        method = ct.analyzed_rmsprop(plan.learning_rate, self.decay, self.offset)
        rows, mean = jnp.asarray(a), jnp.asarray(a.mean(0))

        def step(carry, key):
            x, state = carry
            shape = x / jnp.sqrt(1 + x**2)
            row = rows[jax.random.randint(key, (), 0, self.functions)]
            changes, state = method.update(row * shape, state, x)
            seen = jnp.sum((mean * shape) ** 2)
            return (optax.apply_updates(x, changes), state), seen

        def run(key):
            carry = (jnp.asarray(start), method.init(jnp.asarray(start)))
            return jax.lax.scan(step, carry, jax.random.split(key, steps))[1]

        keys = jax.random.split(jax.random.key(self.seed), self.runs)
        squares = np.asarray(jax.jit(jax.vmap(run))(keys))
        least = float(squares.mean(0).min())
        return shown | {"least mean |∇f|²": least, "holds": least <= shown["ε²"]}


def disagreement(task: Regression, batch: int, draws: int) -> dict[str, Any]:
    """κ of mini-batches at the start of a regression; measured, from some draws."""
    x, y = jnp.asarray(task.net.inputs), jnp.asarray(task.net.targets)
    outer, weights = jnp.asarray(task.net.outer), jnp.asarray(task.start)

    def loss(w, rows):
        missed = jnp.tanh(x[rows] @ w.T) @ outer - y[rows]
        return jnp.mean(missed**2) / 2 + float(task.regularization) * jnp.sum(w**2) / 2

    random = np.random.default_rng(task.seed)
    rows = jnp.asarray(random.integers(0, len(y), (draws, batch)))
    gradients = jax.jit(jax.vmap(jax.grad(loss), (None, 0)))(weights, rows)
    kappa = ct.moment_ratio(np.asarray(gradients).reshape(draws, -1))
    return {"κ": kappa, "holds": "does not apply"}
