"""Low-rank adaptation of a depth-two net."""

import math
from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..._core import CertaxError
from ._arguments import check_finite


class LowRankFactors(eqx.Module):
    """What is trained: B of shape `(p, r)` and A of shape `(r, d)`."""

    left: Float[Array, "p r"]
    right: Float[Array, "r d"]


class LowRankNet(eqx.Module):
    """f(x; A, B) = aᵀ σ((W₀ + B A) x) with W₀ and a frozen.

    The factors are handed to the net instead of being a part of it, so that penalties,
    noise and decay of weights reach them and nothing else. With a penalty on both, any
    λ > 0 and a bounded smooth σ the Gibbs measure has a log-Sobolev inequality whose
    constant has neither r, p nor d in it. The loss is of fourth degree in (A, B), not
    globally smooth: train with [`tamed_gradient_descent`][] or [`tamed_langevin`][].

    **Arguments:**

    - `inner`: W₀, of shape `(p, d)`.
    - `outer`: a, of shape `(p,)`.
    - `activation`: σ; `jnp.tanh` and `jax.nn.sigmoid` are bounded.

    !!! example

        ```python
        net = LowRankNet(inner, outer)
        factors = net.factors(rank=2, key=jax.random.key(0))
        values = net(factors, inputs)
        ```

    **Reference:** `sun2026convergent`, see [`AttentionRegression`][].
    """

    inner: Float[Array, "p d"]
    outer: Float[Array, " p"]
    activation: Callable = eqx.field(static=True)

    def __init__(self, inner: Any, outer: Any, activation: Callable = jnp.tanh):
        self.inner, self.outer = jnp.asarray(inner), jnp.asarray(outer)
        self.activation = activation
        if self.inner.ndim != 2 or self.outer.shape != self.inner.shape[:1]:
            raise CertaxError(
                f"Inner weights of shape {self.inner.shape} and outer ones of "
                f"{self.outer.shape} make no net.",
                value=str(self.outer.shape),
                remedy="Give shapes (p, d) and (p,).",
            )

    def factors(self, rank: int, *, key: Any) -> LowRankFactors:
        """A fresh start: A Gaussian, B zero, so that the net is the frozen one."""
        p, d = self.inner.shape
        if not 1 <= rank <= min(p, d):
            raise CertaxError(
                f"The rank {rank} is outside of 1 to {min(p, d)}.",
                value=rank,
                remedy=f"Give a rank of at most {min(p, d)}.",
            )
        right = jax.random.normal(key, (rank, d), self.inner.dtype) / math.sqrt(d)
        return LowRankFactors(jnp.zeros((p, rank), self.inner.dtype), right)

    def __call__(self, factors: LowRankFactors, inputs: Array) -> Array:
        """Values of shape `(n,)` at inputs of shape `(n, d)`."""
        update = (inputs @ factors.right.T) @ factors.left.T
        return self.activation(inputs @ self.inner.T + update) @ self.outer


def squared_loss(predicted: Array, labels: Array) -> Array:
    """Half the squared error, summed over the outputs of an example and averaged over
    the examples, the first axis.
    """
    if predicted.shape != labels.shape:
        raise CertaxError(
            f"Predictions of shape {predicted.shape} do not fit labels of "
            f"{labels.shape}.",
            value=str(labels.shape),
            remedy="Give labels of the shape of the predictions.",
        )
    check_finite("labels", labels)
    return jnp.sum((predicted - labels) ** 2) / (2 * labels.shape[0])
