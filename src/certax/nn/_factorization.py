"""Random weight factorization."""

from typing import TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from ._folding import AbstractParameterization
from ._layers import Affine, Linear

Net = TypeVar("Net")


class FactorizedLinear(AbstractParameterization):
    """x ↦ diag(exp(s)) V x + b, which folds to x ↦ W x + b.

    At the start W is what the given layer has, and s is normal with mean 1 and standard
    deviation 1/10: every neuron then learns at a rate of its own.

    **Arguments:**

    - `layer`: the layer to start as.
    - `key`: random key for s.

    ??? cite "Reference"

        ```bibtex
        @article{wang2022random,
            title={Random weight factorization improves the training of continuous
                   neural representations},
            author={Wang, Sifan and Wang, Hanwen and Seidman, Jacob H. and
                    Perdikaris, Paris},
            journal={arXiv:2210.01274}, year={2022}}
        ```
    """

    logarithms: Float[Array, " outputs"]
    direction: Float[Array, "outputs inputs"]
    bias: Float[Array, " outputs"]

    def __init__(self, layer: Linear, *, key: PRNGKeyArray):
        outputs = layer.bias.shape[0]
        normal = jax.random.normal(key, (outputs,), jnp.float64)
        self.logarithms = 1.0 + 0.1 * normal
        self.direction = layer.weight / jnp.exp(self.logarithms)[:, None]
        self.bias = layer.bias

    def folded(self) -> Affine:
        weight = jnp.exp(self.logarithms)[:, None] * self.direction
        return Affine(weight, self.bias)


def factorized(module: Net, *, key: PRNGKeyArray) -> Net:
    """The net with every linear layer in it factorized."""
    is_layer = lambda node: isinstance(node, Linear)
    leaves, structure = jax.tree.flatten(module, is_leaf=is_layer)
    keys = jax.random.split(key, len(leaves))
    made = [
        FactorizedLinear(leaf, key=k) if is_layer(leaf) else leaf
        for leaf, k in zip(leaves, keys, strict=True)
    ]
    return jax.tree.unflatten(structure, made)
