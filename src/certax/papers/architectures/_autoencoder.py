"""An autoencoder whose way back is the transpose of its way in."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray


class TiedAutoencoder(eqx.Module):
    """x → σ(W₁x + b₁) → ... and back with the transposed matrices and biases of their
    own; ReLU inside, nothing at the end.

    **Arguments:**

    - `sizes`: the number of pixels, and the widths down to the code.
    """

    matrices: tuple[Float[Array, "out in"], ...]
    inward: tuple[Float[Array, " out"], ...]
    outward: tuple[Float[Array, " in"], ...]

    def __init__(self, sizes: Sequence[int], *, key: PRNGKeyArray):
        draw = jax.nn.initializers.glorot_normal()
        shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
        keys = jax.random.split(key, len(shapes))
        self.matrices = tuple(
            draw(k, shape, jnp.float32) for k, shape in zip(keys, shapes, strict=True)
        )
        self.inward = tuple(jnp.zeros(shape[0]) for shape in shapes)
        self.outward = tuple(jnp.zeros(shape[1]) for shape in shapes)

    def __call__(
        self,
        x: Float[Array, "..."],
        state: eqx.nn.State,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, " pixels"], eqx.nn.State]:
        """The pixels again, flat."""
        value = x.ravel()
        for matrix, bias in zip(self.matrices, self.inward, strict=True):
            value = jax.nn.relu(matrix @ value + bias)
        back = list(zip(self.matrices, self.outward, strict=True))[::-1]
        for matrix, bias in back[:-1]:
            value = jax.nn.relu(matrix.T @ value + bias)
        matrix, bias = back[-1]
        return matrix.T @ value + bias, state
