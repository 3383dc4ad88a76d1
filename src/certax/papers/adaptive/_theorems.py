"""Runs of the analyzed methods, each step beside what was proved of it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ... import _api, training as ct
from ...certificates import ShallowNet, TrainingRun, landscape
from ..datasets import breast_cancer

_decay = 0.9


@dataclass(frozen=True, eq=False)
class Regression:
    """Breast cancer or not, by a shallow net of tanh with a Frobenius penalty: smooth,
    and its constants are proved.

    **Attributes:**

    - `width`: of the net.
    - `accuracy`: ε.
    - `steps`: at most so many.
    - `regularization`: λ as text; `offset`: ξ of RMSProp.
    """

    width: int
    accuracy: float
    steps: int
    seed: int
    regularization: str = "0.01"
    offset: float = 1e-2

    @cached_property
    def net(self) -> ShallowNet:
        data = breast_cancer().train
        x = data.inputs / np.linalg.norm(data.inputs, axis=1).max()
        outer = np.resize([1.0, -1.0], self.width) / math.sqrt(self.width)
        return ShallowNet(outer, "tanh", x, 2.0 * data.labels - 1)

    @cached_property
    def start(self) -> np.ndarray:
        random = np.random.default_rng(self.seed)
        return 0.5 * random.normal(size=(self.width, self.net.inputs.shape[1]))

    def loss(self, weights):
        x, y, a = (
            jnp.asarray(v) for v in (self.net.inputs, self.net.targets, self.net.outer)
        )
        missed = jnp.tanh(x @ weights.T) @ a - y
        penalty = float(self.regularization) * jnp.sum(weights**2) / 2
        return jnp.mean(missed**2) / 2 + penalty

    @cached_property
    def constants(self) -> tuple[float, float, float]:
        """L everywhere, σ where f is at most f(x₁), and f(x₁) ≥ f(x₁) − f*."""
        ground = landscape(self.net, self.regularization)
        assert ground.smoothness is not None and ground.slope is not None
        energy = float(jax.jit(self.loss)(jnp.asarray(self.start)))
        penalty = math.sqrt(2 * float(self.regularization) * energy)
        smooth, slope = float(ground.smoothness), float(ground.slope) + penalty
        # They come from sums of floats: a hair above.
        return smooth * (1 + 1e-9), slope * (1 + 1e-9), energy * (1 + 1e-9)

    def certified(self, algorithm: str) -> str:
        """What the checker says of the constants behind a method's guarantee."""
        options = {"accuracy": self.accuracy}
        if algorithm == "rmsprop":
            options |= {"offset": self.offset, "decay": _decay}
        run = TrainingRun(self.net, algorithm, options, self.regularization, self.start)
        return _api.certify(run, claim="trainability").verdict


@dataclass(frozen=True)
class Promise:
    """A theorem in the form f(x_t) − f(x_{t+1}) ≥ s |∇f(x_t)|^p as long as no gradient
    was at most ε.

    **Attributes:**

    - `share`, `power`: s and p.
    - `method`: the optax transformation.
    """

    method: Any
    share: float
    power: int
    accuracy: float
    gap: float

    @property
    def steps(self) -> float:
        return self.gap / (self.share * self.accuracy**self.power)

    def bound(self, steps: int) -> float:
        """Of the least |∇f| among so many points; never below ε."""
        reached = (self.gap / (self.share * steps)) ** (1 / self.power)
        return max(self.accuracy, reached)


def promises(task: Regression) -> dict[str, Callable[[], Promise]]:
    """The analyzed methods, with the published steps and with the longer ones."""
    epsilon, xi = task.accuracy, task.offset

    def rmsprop(longer: bool) -> Promise:
        smooth, slope, gap = task.constants
        least, most = (1 - _decay) * xi, slope**2 + xi
        root = math.sqrt(least / most)
        rate = math.sqrt(least) / smooth * (1 if longer else root)
        share = root / (2 * smooth) * (1 if longer else root)
        method = ct.analyzed_rmsprop(rate, _decay, xi)
        return Promise(method, share, 2, epsilon, gap)

    def adam(longer: bool) -> Promise:
        smooth, slope, gap = task.constants
        wide = epsilon + 2 * slope
        share = 1 / (18 * smooth * wide**2)
        if not longer:
            share = 4 * epsilon * slope / (9 * smooth * wide**4)
        step = "longer" if longer else "shorter"
        method = ct.deterministic_adam(smooth, slope, epsilon, _decay, step)
        return Promise(method, share, 4, epsilon, gap)

    return {
        "rmsprop": lambda: rmsprop(True),
        "rmsprop-published": lambda: rmsprop(False),
        "adam": lambda: adam(True),
        "adam-published": lambda: adam(False),
    }


def kept(task: Regression, promise: Promise) -> dict[str, Any]:
    """Runs a method and compares each step with the promise."""
    values, norms = followed(task, promise.method, task.steps)
    return judged(promise, values, norms)


def judged(promise: Promise, values: np.ndarray, norms: np.ndarray) -> dict[str, Any]:
    """**Arguments:**

    - `values`, `norms`: f and |∇f| at each point of a run.
    """
    short = np.flatnonzero(norms <= promise.accuracy)
    end = int(short[0]) if short.size else len(norms) - 1
    fallen = values[:end] - values[1 : end + 1]
    wanted = promise.share * norms[:end] ** promise.power
    # What rounding may take from a difference of two values of f.
    slack = 8 * np.finfo(np.float64).eps * np.abs(values[:end])
    times = [10**k for k in range(9) if 10**k <= len(norms)]
    least = np.minimum.accumulate(norms)
    reached = [float(least[t - 1]) for t in times]
    bounds = [promise.bound(t) for t in times]
    holds = bool(np.all(fallen >= wanted - slack)) and all(
        a <= b for a, b in zip(reached, bounds, strict=True)
    )
    needed: int | str = int(short[0]) if short.size else f"more than {end}"
    return {
        "steps promised": promise.steps,
        "steps needed": needed,
        "after steps": times,
        "bound": bounds,
        "least |g|": reached,
        "promised / actual decrease": float(np.max(wanted / fallen, initial=0.0)),
        "holds at each step": holds,
    }


def followed(task: Regression, method, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """f and |∇f| at each point of a run."""

    def step(carry, _):
        weights, state = carry
        value, gradient = jax.value_and_grad(task.loss)(weights)
        changes, state = method.update(gradient, state, weights)
        seen = value, jnp.linalg.norm(gradient)
        return (optax.apply_updates(weights, changes), state), seen

    @jax.jit
    def run(weights):
        carry = (weights, method.init(weights))
        return jax.lax.scan(step, carry, None, length=steps + 1)[1]

    values, norms = run(jnp.asarray(task.start))
    return np.asarray(values), np.asarray(norms)


def unproved(task: Regression, method) -> dict[str, Any]:
    """A method without a theorem here: its gradients only."""
    _, norms = followed(task, method, task.steps)
    least = np.minimum.accumulate(norms)
    times = [10**k for k in range(9) if 10**k <= len(norms)]
    short = np.flatnonzero(norms <= task.accuracy)
    return {
        "steps needed": int(short[0]) if short.size else f"more than {task.steps}",
        "after steps": times,
        "least |g|": [float(least[t - 1]) for t in times],
    }
