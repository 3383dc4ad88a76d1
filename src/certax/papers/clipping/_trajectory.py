"""A net for which the theorem holds, and its run beside the proved rate."""

import math
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ... import _api, training as ct
from ...certificates import ShallowNet, TrainingRun


@dataclass(frozen=True)
class Fit:
    """Points on a sphere, fitted by a wide net that starts at zero.

    **Attributes:**

    - `width`: an even number; units come in pairs that cancel at the start.
    - `size`: of the targets.
    """

    width: int
    points: int = 4
    dimension: int = 4
    size: float = 0.1
    seed: int = 0

    def net(self) -> tuple[ShallowNet, np.ndarray]:
        """The net with its data, and the weights at the start."""
        random = np.random.default_rng(self.seed)
        x = random.normal(size=(self.points, self.dimension))
        x /= np.linalg.norm(x, axis=1, keepdims=True)
        half = random.normal(size=(self.width // 2, self.dimension))
        outer = np.repeat([1.0, -1.0], self.width // 2) / math.sqrt(self.width)
        y = self.size * random.choice([-1.0, 1.0], self.points)
        return ShallowNet(outer, "tanh", x, y), np.concatenate([half, half])


def guaranteed(fit: Fit, floor: float, threshold: float, steps: int) -> dict[str, Any]:
    """Certifies, then runs δ-GClip with the admissible step and compares every step
    with what was promised.
    """
    net, start = fit.net()
    options = {"floor": floor, "accuracy": 1e-6, "threshold": threshold}
    run = TrainingRun(net, "delta-gclip", options, start=start)
    certificate = _api.certify(run, claim="trainability")
    found = certificate.guarantee
    if "radius" not in found.constants:
        return {"verdict": found.verdict, "reason": found.reason}
    eta, mu, radius = (found[name] for name in ("step", "mu", "radius"))
    losses, distances, state = followed(
        net, start, ct.delta_gclip(eta, threshold, floor), steps
    )
    promised = losses[0] * (1 - eta * floor * mu) ** np.arange(steps + 1)
    times = [10**k for k in range(9) if 10**k < steps] + [steps]
    return {
        "after steps": times,
        "bound": [float(promised[t] / losses[0]) for t in times],
        "loss": [float(losses[t] / losses[0]) for t in times],
        "verdict": f"{found.verdict}; constants {certificate.verdict}",
        "μ": mu,
        "η": eta,
        "R": radius,
        "bound at the end": promised[-1] / losses[0],
        "loss at the end": losses[-1] / losses[0],
        "largest loss / bound": float(np.max((losses / promised)[1:])),
        "largest distance / R": float(np.max(distances) / radius),
        "holds at each step": bool(
            np.all(losses <= promised * (1 + 1e-12)) and np.all(distances <= radius)
        ),
        "floor acted": float(state.floored / state.count),
    }


def followed(net: ShallowNet, start: np.ndarray, method, steps: int):
    """Losses and distances from the start at each point of a run, and the optimizer's
    last state.
    """
    x, y, a = (jnp.asarray(v) for v in (net.inputs, net.targets, net.outer))

    def loss(weights):
        return jnp.sum((jnp.tanh(x @ weights.T) @ a - y) ** 2) / 2

    def step(carry, _):
        weights, state = carry
        value, gradient = jax.value_and_grad(loss)(weights)
        changes, state = method.update(gradient, state, weights)
        seen = value, jnp.linalg.norm(weights - start)
        return (optax.apply_updates(weights, changes), state), seen

    @jax.jit
    def run(weights):
        carry = (weights, method.init(weights))
        carry, seen = jax.lax.scan(step, carry, None, length=steps + 1)
        return seen, carry[1]

    (losses, distances), state = run(jnp.asarray(start))
    return np.asarray(losses), np.asarray(distances), state


def untrained() -> dict[str, Any]:
    """The start itself."""
    return {"verdict": "no training", "loss at the end": 1.0}
