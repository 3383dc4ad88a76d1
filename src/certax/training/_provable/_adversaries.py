"""Who poisons the labels: bounded noise with a probability that may depend on x."""

import abc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from ..._core import CertaxError
from ._arguments import check_finite, check_within, is_traced

Probability = float | Callable[[jax.Array], jax.Array]


@dataclass(frozen=True)
class AbstractAdversary(abc.ABC):
    """Adds ξ with |ξ| ≤ θ to the labels of attacked points.

    A point x is attacked with probability β(x), independently of all others given x.
    This is the class that the guarantees of GLM-Tron and Neuro-Tron are about.

    **Arguments:**

    - `bound`: θ ≥ 0.
    - `probability`: β, a number or a function from points `(b, n)` to `(b,)`.
    """

    bound: float
    probability: Probability = 1.0

    def __post_init__(self):
        check_within("bound θ", self.bound, "[0, ∞)", lambda x: x >= 0)
        if not callable(self.probability):
            _check_probabilities(jnp.asarray(self.probability))

    @abc.abstractmethod
    def noise(
        self, key: jax.Array, inputs: jax.Array, labels: jax.Array, predicted: jax.Array
    ) -> jax.Array:
        """ξ for each point, were it attacked."""

    def poison(
        self,
        key: jax.Array,
        inputs: jax.Array,
        labels: jax.Array,
        predicted: jax.Array | None = None,
    ) -> jax.Array:
        """The labels after the attack.

        **Arguments:**

        - `key`: a random key.
        - `inputs`: of shape `(b, n)`.
        - `labels`: the true ones, of shape `(b,)`.
        - `predicted`: those of the current weights, for adversaries that look at them.

        **Raises:** `CertaxError`, or an error at run time under `jax.jit`, if β leaves
        [0, 1] or |ξ| exceeds θ: an adversary outside the class.
        """
        check_finite("labels", labels)
        chance_key, noise_key = jax.random.split(key)
        chance = self.chances(inputs).astype(labels.dtype)
        predicted = jnp.zeros_like(labels) if predicted is None else predicted
        noise = self.noise(noise_key, inputs, labels, predicted).astype(labels.dtype)
        bound = jnp.asarray(self.bound, labels.dtype)
        outside = ~(jnp.abs(noise) <= bound)
        message = f"An adversary of bound {self.bound:g} adds more than its bound."
        noise = _refuse(noise, outside, message, "Lower its noise or raise its bound.")
        attacked = jax.random.uniform(chance_key, labels.shape, labels.dtype) < chance
        return labels + jnp.where(attacked, noise, 0)

    def chances(self, inputs: jax.Array) -> jax.Array:
        """β at each point, of shape `(b,)`."""
        if not callable(self.probability):
            return jnp.full(inputs.shape[:1], self.probability)
        return _check_probabilities(self.probability(inputs))


@dataclass(frozen=True)
class AlternatingAdversary(AbstractAdversary):
    """+θ and −θ in turn along the batch; it knows nothing. Published experiments with
    Neuro-Tron have this one.
    """

    def noise(self, key, inputs, labels, predicted):
        del key, inputs, predicted
        signs = jnp.where(jnp.arange(labels.shape[0]) % 2 == 0, 1.0, -1.0)
        return jnp.asarray(self.bound, labels.dtype) * signs.astype(labels.dtype)


@dataclass(frozen=True)
class ObliviousAdversary(AbstractAdversary):
    """+θ or −θ by a fair coin."""

    def noise(self, key, inputs, labels, predicted):
        del inputs, predicted
        signs = jax.random.rademacher(key, labels.shape, labels.dtype)
        return jnp.asarray(self.bound, labels.dtype) * signs


@dataclass(frozen=True)
class SignCorrelatedAdversary(AbstractAdversary):
    """θ sign(v · x), which pulls the weights along v; `direction` is v."""

    direction: Any = field(kw_only=True)

    def noise(self, key, inputs, labels, predicted):
        del key, predicted
        signs = jnp.sign(inputs @ jnp.asarray(self.direction, inputs.dtype))
        return jnp.asarray(self.bound, labels.dtype) * signs.astype(labels.dtype)


@dataclass(frozen=True)
class AdaptiveAdversary(AbstractAdversary):
    """−θ times the sign of what the current weights miss: it hides the error."""

    def noise(self, key, inputs, labels, predicted):
        del key, inputs
        return -jnp.asarray(self.bound, labels.dtype) * jnp.sign(labels - predicted)


@dataclass(frozen=True)
class CustomAdversary(AbstractAdversary):
    """ξ by a function of `(key, inputs, labels, predicted)`, held to its bound."""

    function: Callable[..., jax.Array] = field(kw_only=True)

    def noise(self, key, inputs, labels, predicted):
        return self.function(key, inputs, labels, predicted)


def _check_probabilities(chances: jax.Array) -> jax.Array:
    outside = ~((chances >= 0) & (chances <= 1))
    message = "An adversary attacks with a probability outside of [0, 1]."
    return _refuse(chances, outside, message, "Give a β between 0 and 1.")


def _refuse(
    values: jax.Array, outside: jax.Array, message: str, remedy: str
) -> jax.Array:
    if is_traced(outside):
        return eqx.error_if(values, outside, f"{message} {remedy}")
    if np.any(outside):
        value = float(np.asarray(values)[np.asarray(outside)].flat[0])
        raise CertaxError(message, value=value, remedy=remedy)
    return values
