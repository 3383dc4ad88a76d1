"""Residual-adaptive nets: blocks that start as the identity, with a learned skip."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import CertaxError
from ._fourier_features import FourierFeatures
from ._layers import Linear, activations, check_shape


class ResidualBlock(eqx.Module):
    """x ↦ x + α (h(x) − x), with α = 0 at the start and three layers in h, the first
    two of which mix two encodings of the input.
    """

    layers: tuple[Linear, Linear, Linear]
    skip: Float[Array, ""]

    def __init__(self, width: int, *, key: PRNGKeyArray):
        one, two, three = (
            Linear(width, width, key=k) for k in jax.random.split(key, 3)
        )
        self.layers = (one, two, three)
        self.skip = jnp.zeros((), jnp.float64)

    def __call__(
        self,
        x: Float[Array, " width"],
        base: Float[Array, " width"],
        difference: Float[Array, " width"],
        activation: str,
    ) -> Float[Array, " width"]:
        sigma = activations[activation]
        h = x
        for layer in self.layers[:-1]:
            h = base + sigma(layer(h)) * difference
        return x + self.skip * (sigma(self.layers[-1](h)) - x)


class ResidualAdaptive(eqx.Module):
    """Blocks on Fourier features whose share in the answer is learned.

    A fresh net is linear in its features, however deep it is; depth enters only as far
    as the residual asks for it.

    **Arguments:**

    - `inputs`, `outputs`: sizes.
    - `width`: of the blocks, even: half as many frequencies.
    - `depth`: number of blocks, with three layers each.
    - `activation`: as for [`certax.nn.MLP`][].
    - `scale`: of the [`certax.nn.FourierFeatures`][].
    - `key`: random key for the weights.

    ??? cite "Reference"

        ```bibtex
        @article{wang2024piratenets,
            title={{PirateNets}: Physics-informed deep learning with residual adaptive
                   networks},
            author={Wang, Sifan and Li, Bowen and Chen, Yuhan and Perdikaris, Paris},
            journal={arXiv:2402.00326}, year={2024}}
        ```
    """

    features: FourierFeatures
    encoders: tuple[Linear, Linear]
    blocks: tuple[ResidualBlock, ...]
    last: Linear
    activation: str = eqx.field(static=True)

    def __init__(
        self,
        inputs: int,
        outputs: int,
        width: int,
        depth: int,
        activation: str = "tanh",
        scale: float = 2.0,
        *,
        key: PRNGKeyArray,
    ):
        check_shape(inputs, outputs, width, depth, activation)
        if width % 2:
            raise CertaxError(
                f"The width {width} of a residual-adaptive net is odd, but its "
                "features are pairs of a sine and a cosine.",
                value=width,
                remedy="Give an even width.",
            )
        first, second, third, last, *keys = jax.random.split(key, depth + 4)
        self.features = FourierFeatures(inputs, width // 2, scale, key=first)
        self.encoders = (
            Linear(width, width, key=second),
            Linear(width, width, key=third),
        )
        self.blocks = tuple(ResidualBlock(width, key=k) for k in keys)
        self.last = Linear(width, outputs, key=last)
        self.activation = activation

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        sigma = activations[self.activation]
        x = self.features(x)
        one, other = (sigma(encoder(x)) for encoder in self.encoders)
        for block in self.blocks:
            x = block(x, one, other - one, self.activation)
        return self.last(x)
