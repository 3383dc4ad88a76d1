"""The modified multilayer perceptron."""

import equinox as eqx
import jax
from jaxtyping import Array, Float, PRNGKeyArray

from ._layers import Linear, activations, check_shape, linear_layers


class ModifiedMLP(eqx.Module):
    """Hidden layers that mix two encodings of the input: h ↦ U + σ(W h + b) (V − U).

    U and V are layers of the input itself, so every layer sees it, and products of
    features arise that a plain net needs depth for.

    **Arguments:** as for [`certax.nn.MLP`][].

    ??? cite "Reference"

        ```bibtex
        @article{wang2021understanding,
            title={Understanding and mitigating gradient flow pathologies in
                   physics-informed neural networks},
            author={Wang, Sifan and Teng, Yujun and Perdikaris, Paris},
            journal={SIAM Journal on Scientific Computing}, volume={43}, year={2021}}
        ```
    """

    encoders: tuple[Linear, Linear]
    layers: tuple[Linear, ...]
    activation: str = eqx.field(static=True)

    def __init__(
        self,
        inputs: int,
        outputs: int,
        width: int,
        depth: int,
        activation: str = "tanh",
        *,
        key: PRNGKeyArray,
    ):
        check_shape(inputs, outputs, width, depth, activation)
        first, second, *keys = jax.random.split(key, depth + 3)
        self.encoders = (
            Linear(inputs, width, key=first),
            Linear(inputs, width, key=second),
        )
        self.layers = linear_layers(inputs, outputs, width, keys)
        self.activation = activation

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        sigma = activations[self.activation]
        one, other = (sigma(encoder(x)) for encoder in self.encoders)
        difference = other - one
        for layer in self.layers[:-1]:
            x = one + sigma(layer(x)) * difference
        return self.layers[-1](x)
