"""Multilayer perceptrons in float64."""

from collections.abc import Sequence
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import CertaxError

Activation = Literal["tanh", "sin", "softplus", "logistic", "swish"]

activations = {
    "tanh": jnp.tanh,
    "sin": jnp.sin,
    "softplus": jax.nn.softplus,
    "logistic": jax.nn.sigmoid,
    "swish": jax.nn.silu,
}


class Linear(eqx.Module):
    """x ↦ W x + b, with Glorot-uniform W and b = 0 at the start."""

    weight: Float[Array, "outputs inputs"]
    bias: Float[Array, " outputs"]

    def __init__(self, inputs: int, outputs: int, *, key: PRNGKeyArray):
        limit = (6.0 / (inputs + outputs)) ** 0.5
        self.weight = jax.random.uniform(
            key, (outputs, inputs), jnp.float64, minval=-limit, maxval=limit
        )
        self.bias = jnp.zeros((outputs,), jnp.float64)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        return self.weight @ x + self.bias


class Affine(eqx.Module):
    """x ↦ W x + b with given weights."""

    weight: Float[Array, "outputs inputs"]
    bias: Float[Array, " outputs"]

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        return self.weight @ x + self.bias


def check_shape(
    inputs: int, outputs: int, width: int, depth: int, activation: str
) -> None:
    """**Raises:** `CertaxError` for an unknown activation or a size below one."""
    if activation not in activations:
        raise CertaxError(
            f"There is no activation {activation!r}.",
            value=activation,
            remedy=f"Choose from {', '.join(activations)}.",
        )
    if min(inputs, outputs, width, depth) < 1:
        raise CertaxError(
            f"A net needs sizes of at least one, not width {width}, depth {depth}.",
            value=min(width, depth),
            remedy="Give positive integers.",
        )


def linear_layers(
    inputs: int, outputs: int, width: int, keys: Sequence[PRNGKeyArray]
) -> tuple[Linear, ...]:
    """Layers in a row, one a key: hidden ones of a width, and the outputs."""
    sizes = [inputs] + [width] * (len(keys) - 1) + [outputs]
    ends = zip(sizes[:-1], sizes[1:], keys, strict=True)
    return tuple(Linear(a, b, key=k) for a, b, k in ends)


class MLP(eqx.Module):
    """A multilayer perceptron with a linear last layer.

    **Arguments:**

    - `inputs`, `outputs`: sizes.
    - `width`, `depth`: size and number of the hidden layers.
    - `activation`: `"tanh"`, `"sin"`, `"softplus"`, `"logistic"` or `"swish"`; all are
      smooth, as certificates of differential equations need.
    - `key`: random key for the weights.

    **Raises:** `CertaxError` for an unknown activation or a size below one.
    """

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
        keys = tuple(jax.random.split(key, depth + 1))
        self.layers = linear_layers(inputs, outputs, width, keys)
        self.activation = activation

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        for layer in self.layers[:-1]:
            x = activations[self.activation](layer(x))
        return self.layers[-1](x)
