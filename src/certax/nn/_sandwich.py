"""Nets with a Lipschitz constant by construction."""

import math

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import CertaxError
from ._folding import AbstractParameterization
from ._layers import Affine, activations, check_shape

# Slopes in [0, 1], which the bound needs; sine and swish have others.
monotone_activations = ("tanh", "logistic", "softplus")


def cayley(free: Float[Array, "rows columns"]) -> Float[Array, "rows columns"]:
    """A matrix with orthonormal rows, no more of them than columns, from any matrix."""
    rows = free.shape[0]
    square, rest = free[:, :rows], free[:, rows:]
    identity = jnp.eye(rows, dtype=jnp.float64)
    skew = square.T - square + rest @ rest.T
    right = jnp.concatenate([(identity - skew).T, -2.0 * rest], axis=1)
    return jnp.linalg.solve((identity + skew).T, right)


class SandwichLayer(eqx.Module):
    """x ↦ C σ(W x + b), what a layer folds to."""

    inner: Affine
    outer: Float[Array, "outputs outputs"]
    activation: str = eqx.field(static=True)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        return self.outer @ activations[self.activation](self.inner(x))


class SandwichParameters(AbstractParameterization):
    """x ↦ √2 Aᵀ Ψ σ(√2 Ψ⁻¹ B g x + b) with A Aᵀ + B Bᵀ = 1 and Ψ = diag(exp(ψ)).

    For σ with slopes in [0, 1] it has the Lipschitz constant g, whatever the parameters
    are. The pair (A, B) is the Cayley transform of a free matrix, which is scaled to
    the length `length`.
    """

    free: Float[Array, "outputs both"]
    length: Float[Array, ""]
    logarithms: Float[Array, " outputs"]
    bias: Float[Array, " outputs"]
    gain: float = eqx.field(static=True)
    activation: str = eqx.field(static=True)

    def __init__(
        self,
        inputs: int,
        outputs: int,
        gain: float,
        activation: str,
        *,
        key: PRNGKeyArray,
    ):
        self.free = jax.random.normal(key, (outputs, outputs + inputs), jnp.float64)
        self.length = jnp.linalg.norm(self.free)
        self.logarithms = jnp.zeros((outputs,), jnp.float64)
        self.bias = jnp.zeros((outputs,), jnp.float64)
        self.gain, self.activation = gain, activation

    def folded(self) -> SandwichLayer:
        both = cayley(self.length * self.free / jnp.linalg.norm(self.free))
        rows = both.shape[0]
        scale = jnp.exp(self.logarithms)
        weight = math.sqrt(2) * self.gain * both[:, rows:] / scale[:, None]
        outer = math.sqrt(2) * both[:, :rows].T * scale
        return SandwichLayer(Affine(weight, self.bias), outer, self.activation)


class BoundedLinear(AbstractParameterization):
    """x ↦ g B x + b with B Bᵀ ≤ 1: its Lipschitz constant is at most g."""

    free: Float[Array, "outputs both"]
    length: Float[Array, ""]
    bias: Float[Array, " outputs"]
    gain: float = eqx.field(static=True)

    def __init__(self, inputs: int, outputs: int, gain: float, *, key: PRNGKeyArray):
        self.free = jax.random.normal(key, (outputs, outputs + inputs), jnp.float64)
        self.length = jnp.linalg.norm(self.free)
        self.bias = jnp.zeros((outputs,), jnp.float64)
        self.gain = gain

    def folded(self) -> Affine:
        both = cayley(self.length * self.free / jnp.linalg.norm(self.free))
        return Affine(self.gain * both[:, both.shape[0] :], self.bias)


class Sandwich(eqx.Module):
    """A net N with |N(x) − N(y)|₂ ≤ γ |x − y|₂ for every choice of its parameters.

    The stored weights are rounded, so the constant that is proved about them is the
    claim `lipschitz`, which knows nothing of this construction.

    **Arguments:**

    - `inputs`, `outputs`, `width`, `depth`: as for [`certax.nn.MLP`][].
    - `activation`: `"tanh"`, `"logistic"` or `"softplus"`.
    - `bound`: γ.
    - `key`: random key for the parameters.

    **Raises:** `CertaxError` for an activation with slopes outside of [0, 1].

    ??? cite "Reference"

        ```bibtex
        @inproceedings{wang2023direct,
            title={Direct parameterization of {L}ipschitz-bounded deep networks},
            author={Wang, Ruigang and Manchester, Ian R.},
            booktitle={ICML}, year={2023}, note={arXiv:2301.11526}}
        ```
    """

    layers: tuple[SandwichParameters, ...]
    last: BoundedLinear

    def __init__(
        self,
        inputs: int,
        outputs: int,
        width: int,
        depth: int,
        activation: str = "tanh",
        bound: float = 1.0,
        *,
        key: PRNGKeyArray,
    ):
        check_shape(inputs, outputs, width, depth, activation)
        if activation not in monotone_activations:
            raise CertaxError(
                f"A sandwich net cannot have the activation {activation!r}, whose "
                "slopes leave [0, 1].",
                value=activation,
                remedy=f"Choose from {', '.join(monotone_activations)}.",
            )
        if not bound > 0:
            raise CertaxError(
                f"The Lipschitz bound {bound} of a sandwich net is not positive.",
                value=bound,
                remedy="Give a positive number.",
            )
        root = math.sqrt(bound)
        sizes = [inputs] + [width] * depth
        *keys, final = jax.random.split(key, depth + 1)
        self.layers = tuple(
            SandwichParameters(a, b, root if i == 0 else 1.0, activation, key=k)
            for i, (a, b, k) in enumerate(zip(sizes[:-1], sizes[1:], keys, strict=True))
        )
        self.last = BoundedLinear(width, outputs, root, key=final)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        for layer in self.layers:
            x = layer(x)
        return self.last(x)
