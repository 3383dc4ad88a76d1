"""Random Fourier features, and the net on them."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import CertaxError
from ._layers import MLP, Affine


class FourierFeatures(eqx.Module):
    """x ↦ sin(B x + φ): sines and cosines of random frequencies, which are trained too.

    The entries of B are normal with standard deviation `scale` and come in pairs, with
    φ = 0 for the sine and φ = π/2 for the cosine.

    **Arguments:**

    - `inputs`: size of x.
    - `frequencies`: how many; there are twice as many features.
    - `scale`: radians that a change of x by one makes, typically.
    - `key`: random key for B.
    """

    layer: Affine

    def __init__(
        self, inputs: int, frequencies: int, scale: float, *, key: PRNGKeyArray
    ):
        if frequencies < 1 or not scale > 0:
            raise CertaxError(
                f"Fourier features need at least one frequency and a positive scale, "
                f"not {frequencies} and {scale}.",
                value=frequencies,
                remedy="Give positive numbers.",
            )
        drawn = scale * jax.random.normal(key, (frequencies, inputs), jnp.float64)
        phases = jnp.repeat(jnp.array([0.0, jnp.pi / 2], jnp.float64), frequencies)
        self.layer = Affine(jnp.concatenate([drawn, drawn]), phases)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " features"]:
        return jnp.sin(self.layer(x))


class FourierNetwork(eqx.Module):
    """A multilayer perceptron on [`certax.nn.FourierFeatures`][].

    **Arguments:**

    - `inputs`, `outputs`, `width`, `depth`, `activation`: as for [`certax.nn.MLP`][].
    - `frequencies`, `scale`: of the features.
    - `key`: random key for the weights.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{tancik2020fourier,
            title={Fourier features let networks learn high frequency functions in low
                   dimensional domains},
            author={Tancik, Matthew and others}, booktitle={NeurIPS}, year={2020}}
        ```
    """

    features: FourierFeatures
    network: MLP

    def __init__(
        self,
        inputs: int,
        outputs: int,
        width: int,
        depth: int,
        activation: str = "tanh",
        frequencies: int = 16,
        scale: float = 2.0,
        *,
        key: PRNGKeyArray,
    ):
        one, other = jax.random.split(key)
        self.features = FourierFeatures(inputs, frequencies, scale, key=one)
        self.network = MLP(
            2 * frequencies, outputs, width, depth, activation, key=other
        )

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        return self.network(self.features(x))
