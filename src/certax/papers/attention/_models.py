"""Attention and low-rank adaptation with made data: losses and Lyapunov functions."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from ...certificates import Guarantee, ShallowNet, attention_guarantee, lora_guarantee
from ...training import AttentionRegression, LowRankNet, regularized, squared_loss


@dataclass(frozen=True, eq=False)
class AbstractModel(ABC):
    """A loss on made data, with a penalty λ, and its theorem at the temperature s.

    **Attributes:**

    - `regularization`, `temperature`: λ and s, as decimal text.
    """

    examples: int
    regularization: str
    temperature: str
    seed: int

    @property
    @abstractmethod
    def guarantee(self) -> Guarantee: ...

    @abstractmethod
    def weights(self, key: Array) -> Any:
        """A start of training."""

    @abstractmethod
    def risk(self, weights: Any, rows: Any = slice(None)) -> Array:
        """L, on some of the examples or on all."""

    @abstractmethod
    def lyapunov(self, weights: Any) -> Array:
        """Q."""

    @property
    @abstractmethod
    def drift(self) -> tuple[float, float]:
        """c and θ in AQ ≤ c − θQ."""

    def total(self, weights: Any, rows: Any = slice(None)) -> Array:
        """L + λ/2 |W|²."""
        return regularized(self.risk, float(self.regularization))(weights, rows)

    def excess(self, weights: Any) -> Array:
        """(AQ + θQ) / c, at most 1 by the theorem; A = Δ − (2/s) ∇L̃·∇."""
        flat, unravel = ravel_pytree(weights)
        lyapunov = lambda w: self.lyapunov(unravel(w))
        slope = jax.grad(lambda w: self.total(unravel(w)))(flat)
        pulled = 2 / float(self.temperature) * slope @ jax.grad(lyapunov)(flat)
        most, rate = self.drift
        return (self.laplacian - pulled + rate * lyapunov(flat)) / most

    @cached_property
    def laplacian(self) -> float:
        """ΔQ, the same everywhere as Q is quadratic."""
        with jax.ensure_compile_time_eval():
            flat, unravel = ravel_pytree(self.weights(jax.random.key(0)))
            bent = jax.hessian(lambda w: self.lyapunov(unravel(w)))(flat)
            return float(jnp.trace(bent))


@dataclass(frozen=True, eq=False)
class Attention(AbstractModel):
    """Regression by softmax attention; the labels are those of another such layer."""

    heads: int
    length: int
    size: int
    inner: int

    @cached_property
    def data(self) -> tuple[Float[Array, "n T d"], Float[Array, "n T 1"]]:
        shape = self.examples, self.length, self.size
        with jax.ensure_compile_time_eval():
            one, two = jax.random.split(jax.random.key(self.seed))
            tokens = jax.random.uniform(one, shape, jnp.float64, -1.0, 1.0)
            return tokens, jax.vmap(self.weights(two))(tokens)

    @cached_property
    def guarantee(self) -> Guarantee:
        tokens, targets = map(np.asarray, self.data)
        given = self.inner, self.regularization, self.temperature
        return attention_guarantee(tokens, targets, *given, heads=self.heads)

    def weights(self, key: Array) -> AttentionRegression:
        sizes = {"inner": self.inner, "heads": self.heads}
        return AttentionRegression(self.size, 1, **sizes, key=key)

    def risk(self, weights: Any, rows: Any = slice(None)) -> Array:
        tokens, targets = self.data
        return squared_loss(jax.vmap(weights)(tokens[rows]), targets[rows])

    def lyapunov(self, weights: Any) -> Array:
        ratio = 1 + self.guarantee["pull"] / float(self.regularization)
        keys = jnp.sum(weights.query**2) + jnp.sum(weights.key**2)
        return 1 + ratio * jnp.sum(weights.value**2) + keys / 2

    @property
    def drift(self) -> tuple[float, float]:
        # The rate may be rounded down, which makes the inequality weaker.
        return self.guarantee["drift"], self.guarantee["drift_rate"]


@dataclass(frozen=True, eq=False)
class LowRank(AbstractModel):
    """A frozen net that learns another one by factors of low rank; tanh."""

    rank: int
    width: int
    size: int

    @cached_property
    def data(self) -> tuple[LowRankNet, Float[Array, "n d"], Float[Array, " n"]]:
        outer, shape = np.full(self.width, 1 / self.width), (self.width, self.size)
        with jax.ensure_compile_time_eval():
            one, two, three = jax.random.split(jax.random.key(self.seed), 3)
            draw = lambda key: jax.random.normal(key, shape, jnp.float64)
            sizes = self.examples, self.size
            inputs = jax.random.uniform(three, sizes, jnp.float64, -1.0, 1.0)
            targets = jnp.tanh(inputs @ draw(two).T) @ outer
            return LowRankNet(draw(one), outer), inputs, targets

    @cached_property
    def guarantee(self) -> Guarantee:
        frozen, inputs, targets = self.data
        arrays = (frozen.outer, inputs, targets)
        outer, inputs, targets = map(np.asarray, arrays)
        net = ShallowNet(outer, "tanh", inputs, targets)
        given = self.rank, self.regularization, self.temperature
        return lora_guarantee(net, np.asarray(frozen.inner), *given)

    def weights(self, key: Array) -> Any:
        return self.data[0].factors(self.rank, key=key)

    def risk(self, weights: Any, rows: Any = slice(None)) -> Array:
        frozen, inputs, targets = self.data
        return squared_loss(frozen(weights, inputs[rows]), targets[rows])

    def lyapunov(self, weights: Any) -> Array:
        return 1 + jnp.sum(weights.left**2) + jnp.sum(weights.right**2)

    @property
    def drift(self) -> tuple[float, float]:
        """From AQ = 2D − (4/s)⟨W, ∇L̃⟩ ≤ 2D + 4b/s − (4λ/s)(Q − 1)."""
        s, rate = float(self.temperature), 4 * self.guarantee["rate"]
        count = self.rank * (self.width + self.size)
        most = 2 * count + 4 * self.guarantee["defect"] / s + rate / s
        return most, rate / s


def pull_with_projection(scale: float) -> float:
    """|⟨u, ∂L/∂u⟩| / (1 + v² + o²) for scores u·x, a value v and a projection o, each
    one number, on the tokens ±1 with the label 0.

    u = 1/2 and v = o = `scale`.
    """
    tokens = jnp.asarray([1.0, -1.0])

    def loss(score):
        p = jax.nn.softmax(score * tokens)
        return (p @ tokens * scale * scale) ** 2 / 2

    pull = 0.5 * jax.grad(loss)(0.5)
    return float(jnp.abs(pull) / (1 + 2 * scale**2))
