"""Attention regression, the form whose training is proved."""

import math
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..._core import CertaxError


class AttentionRegression(eqx.Module):
    """f(X) = Σ_h softmax(X Q_h K_hᵀ Xᵀ / √m) X V_h for T tokens of d numbers.

    The heads are summed and there is no trained matrix behind them: with one, the proof
    of what follows fails. Everything is trained, so a Frobenius penalty on the module
    is one on (Q, K, V), and with any λ > 0 the Gibbs measure of the penalized squared
    loss has a Poincaré inequality, for all data and sizes with T ≥ 2.

    **Arguments:**

    - `size`: d.
    - `outputs`: of each token.
    - `inner`: m, of the products of queries and keys.
    - `heads`: their number.
    - `key`: a random key for the start.

    !!! example

        ```python
        net = AttentionRegression(3, 1, inner=4, heads=2, key=jax.random.key(0))
        values = jax.vmap(net)(tokens)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{sun2026convergent,
            title={Convergent stochastic training of attention and understanding
                   {LoRA}},
            author={Sun, Mingfei and Kumar, Dibyakanti and Frangi, Alejandro and
                    Mukherjee, Anirbit and others},
            journal={arXiv:2605.07959}, year={2026}}
        ```
    """

    query: Float[Array, "h d m"]
    key: Float[Array, "h d m"]
    value: Float[Array, "h d out"]

    def __init__(
        self, size: int, outputs: int, *, inner: int, heads: int = 1, key: Any
    ):
        if min(size, outputs, inner, heads) < 1:
            raise CertaxError(
                "Attention needs sizes of one or more.",
                value=min(size, outputs, inner, heads),
                remedy="Give positive whole numbers.",
            )
        keys = jax.random.split(key, 3)
        width = 1 / math.sqrt(size)
        shapes = (heads, size, inner), (heads, size, inner), (heads, size, outputs)
        self.query, self.key, self.value = (
            width * jax.random.normal(k, shape)
            for k, shape in zip(keys, shapes, strict=True)
        )

    def __call__(self, tokens: Float[Array, "T d"]) -> Float[Array, "T out"]:
        """The outputs of all tokens of one example."""
        queries = jnp.einsum("td,hdm->htm", tokens, self.query)
        keys = jnp.einsum("td,hdm->htm", tokens, self.key)
        scores = jnp.einsum("htm,hsm->hts", queries, keys)
        weights = jax.nn.softmax(scores / math.sqrt(self.key.shape[2]), axis=-1)
        return jnp.einsum("hts,sd,hdo->to", weights, tokens, self.value)
