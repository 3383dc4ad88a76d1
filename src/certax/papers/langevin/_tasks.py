"""Nets of depth two with their data, and their losses in JAX."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ...certificates import (
    Guarantee,
    Landscape,
    ShallowNet,
    landscape,
    langevin_guarantee as guarantee,
)
from ...training import gibbs_start, regularized

_activations: dict[str, Callable] = {
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "softplus": jax.nn.softplus,
}


@dataclass(frozen=True)
class Task:
    """A net, made data and what is wanted of Langevin Monte Carlo.

    **Attributes:**

    - `outer`: of every gate.
    - `regularization`, `temperature`, `accuracy`: λ, s, and ε in relative entropy, as
      decimal text.
    """

    activation: str
    loss: Literal["squared", "logistic"]
    width: int
    dimension: int
    points: int
    outer: float
    regularization: str
    temperature: str
    accuracy: str
    seed: int

    @property
    def key(self) -> str:
        numbers = (self.regularization, self.temperature, self.accuracy)
        text = "-".join(n.replace(".", "p") for n in numbers)
        return f"{self.activation}-{self.loss}-{text}"

    @property
    def words(self) -> str:
        return f"{self.activation}, {self.loss} loss"

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "gates": self.width,
            "inputs": self.dimension,
            "points": self.points,
            "a": self.outer,
            "λ": self.regularization,
            "s": self.temperature,
            "ε": self.accuracy,
            "seed": self.seed,
        }

    @cached_property
    def net(self) -> ShallowNet:
        """Inputs of length at most one; labels: a ramp, or the sign, of the first."""
        generator = np.random.default_rng(self.seed)
        x = generator.uniform(-1, 1, size=(self.points, self.dimension))
        x /= np.maximum(1, np.linalg.norm(x, axis=1, keepdims=True))
        signs, ramp = np.where(x[:, 0] < 0, -1.0, 1.0), (1 + x[:, 0]) / 2
        y = ramp if self.loss == "squared" else signs
        outer = np.full(self.width, self.outer)
        return ShallowNet(
            outer,
            self.activation,
            x,
            y,
            "squared" if self.loss == "squared" else "logistic",
        )

    @cached_property
    def ground(self) -> Landscape:
        return landscape(self.net, self.regularization)

    def plan(self, step: float | None = None) -> Guarantee:
        """Of Langevin Monte Carlo; a given step may be above the admissible one."""
        asked = self.ground, self.temperature, self.accuracy, step
        return guarantee(*asked, unproved=step is not None)

    def risk(self, weights: Float[Array, "p d"], rows: Any = slice(None)) -> Array:
        """L(W), on some rows of the data or on all."""
        x = jnp.asarray(self.net.inputs)[rows]
        y = jnp.asarray(self.net.targets)[rows]
        f = _activations[self.activation](x @ weights.T) @ jnp.asarray(self.net.outer)
        if self.loss == "squared":
            return jnp.mean((f - y) ** 2) / 2
        return jnp.mean(jax.nn.softplus(-y * f))

    def total(self, weights: Float[Array, "p d"], rows: Any = slice(None)) -> Array:
        """L(W) + λ/2 |W|²."""
        return regularized(self.risk, float(self.regularization))(weights, rows)

    @property
    def zero(self) -> Float[Array, "p d"]:
        return jnp.zeros((self.width, self.dimension), jnp.float64)

    def starts(self, key: Array, count: int) -> Float[Array, "n p d"]:
        """Draws from N(0, (s/2λ) I)."""
        s, weight = float(self.temperature), float(self.regularization)
        draw = lambda key: gibbs_start(key, self.zero, s, weight)
        return jax.vmap(draw)(jax.random.split(key, count))

    @cached_property
    def least(self) -> float:
        """The least regularized loss that BFGS finds from zero and from eight draws."""
        import scipy.optimize

        slope = jax.jit(jax.value_and_grad(lambda w: self.total(w.reshape(self.shape))))
        wide = 1 / math.sqrt(float(self.regularization))
        drawn = np.random.default_rng(self.seed).normal(size=(8, self.net.parameters))
        ends = [
            scipy.optimize.minimize(slope, start, jac=True, method="BFGS").fun
            for start in (0 * drawn[0], *(wide * drawn))
        ]
        return float(min(ends))

    @property
    def shape(self) -> tuple[int, int]:
        return self.width, self.dimension

    def inequalities_hold(self, positions: np.ndarray) -> bool:
        """⟨W, ∇L̃⟩ ≥ m|W|² − b and |∇L| ≤ G at weights of shape `(n, p, d)`."""
        total, plain = (
            np.asarray(jax.jit(jax.vmap(jax.grad(f)))(positions))
            for f in (self.total, self.risk)
        )
        constants = self.ground.constants
        inner = np.sum(positions * total, axis=(1, 2))
        square = np.sum(positions**2, axis=(1, 2))
        rate, defect = constants["rate"].value, constants["defect"].value
        held = np.all(inner >= rate * square - defect)
        if "gradient_bound" in constants:
            lengths = np.sqrt(np.sum(plain**2, axis=(1, 2)))
            held &= np.all(lengths <= constants["gradient_bound"].value)
        return bool(held)
