"""Gaussians with trained means and covariances, and the net on them."""

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import CertaxError
from ._layers import MLP


class GaussianFeatures(eqx.Module):
    """x ↦ F (exp(−½ |Λᵢ (x − μᵢ)|²))ᵢ, with a lower triangular Λᵢ for each Gaussian.

    The means μᵢ, the factors Λᵢ of the inverse covariances and the values F are
    trained. At the start the means are uniform in [-1, 1]^inputs and Λᵢ is 1/`scale`.

    **Arguments:**

    - `inputs`, `outputs`: sizes.
    - `gaussians`: how many.
    - `scale`: their standard deviation at the start.
    - `key`: random key for the means and values.
    """

    means: tuple[Float[Array, " gaussians"], ...]
    factors: tuple[tuple[Float[Array, " gaussians"], ...], ...]
    values: Float[Array, "outputs gaussians"]

    def __init__(
        self,
        inputs: int,
        outputs: int,
        gaussians: int,
        scale: float,
        *,
        key: PRNGKeyArray,
    ):
        if gaussians < 1 or not scale > 0:
            raise CertaxError(
                f"Gaussian features need at least one Gaussian and a positive scale, "
                f"not {gaussians} and {scale}.",
                value=gaussians,
                remedy="Give positive numbers.",
            )
        one, other = jax.random.split(key)
        drawn = jax.random.uniform(
            one, (inputs, gaussians), jnp.float64, minval=-1.0, maxval=1.0
        )
        self.means = tuple(drawn)
        self.factors = tuple(
            tuple(
                jnp.full((gaussians,), 1.0 / scale if i == j else 0.0, jnp.float64)
                for j in range(i + 1)
            )
            for i in range(inputs)
        )
        normal = jax.random.normal(other, (outputs, gaussians), jnp.float64)
        self.values = normal / gaussians**0.5

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        shifted = [x[i] - mean for i, mean in enumerate(self.means)]
        square = jnp.zeros_like(self.means[0])
        for row in self.factors:
            entry = row[0] * shifted[0]
            for factor, shift in zip(row[1:], shifted[1:], strict=False):
                entry = entry + factor * shift
            square = square + entry**2
        return self.values @ jnp.exp(-0.5 * square)


class GaussianNetwork(eqx.Module):
    """A multilayer perceptron on [`certax.nn.GaussianFeatures`][].

    **Arguments:**

    - `inputs`, `outputs`, `width`, `depth`, `activation`: as for [`certax.nn.MLP`][];
      there are `width` features.
    - `gaussians`, `scale`: of the features.
    - `key`: random key for the weights.

    ??? cite "Reference"

        ```bibtex
        @article{kang2024pig,
            title={{PIG}: Physics-informed {G}aussians as adaptive parametric mesh
                   representations},
            author={Kang, Namgyu and Oh, Jaemin and Hong, Youngjoon and Park, Eunbyung},
            journal={arXiv:2412.05994}, year={2024}}
        ```
    """

    features: GaussianFeatures
    network: MLP

    def __init__(
        self,
        inputs: int,
        outputs: int,
        width: int,
        depth: int,
        activation: str = "tanh",
        gaussians: int = 64,
        scale: float = 0.25,
        *,
        key: PRNGKeyArray,
    ):
        one, other = jax.random.split(key)
        self.features = GaussianFeatures(inputs, width, gaussians, scale, key=one)
        self.network = MLP(width, outputs, width, depth, activation, key=other)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        return self.network(self.features(x))
