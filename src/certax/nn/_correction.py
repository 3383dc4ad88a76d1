"""Multi-stage nets: a second net on what the first one leaves, magnified."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import to_float
from ._ansatz import Ansatz
from ._layers import MLP, Affine


class Corrected(eqx.Module):
    """û + ε d N₂: an ansatz and, where no data change, a small second net.

    All of it is one program with plain weights, so claims about it need not know how
    it was found.

    **Arguments:**

    - `first`: û, folded.
    - `second`: of whose formula g + d N₂ only the part d N₂ is taken.
    - `size`: ε, the size of the error that is left.

    ??? cite "Reference"

        ```bibtex
        @article{wang2024multistage,
            title={Multi-stage neural networks: Function approximator of machine
                   precision},
            author={Wang, Yongji and Lai, Ching-Yao},
            journal={Journal of Computational Physics}, year={2024}}
        ```
    """

    first: eqx.Module
    second: Ansatz
    size: Float[Array, ""]

    def __init__(self, first: eqx.Module, second: Ansatz, size: float = 1.0):
        self.first, self.second = first, second
        self.size = jnp.asarray(size, jnp.float64)

    def __call__(self, *coordinates: Float[Array, ""]) -> tuple[Float[Array, ""], ...]:
        first, second = self.first(*coordinates), self.second.increment(*coordinates)  # type: ignore[operator]
        return tuple(a + self.size * b for a, b in zip(first, second, strict=True))


def with_waves(
    ansatz: Ansatz,
    frequencies: Sequence[float],
    width: int,
    depth: int,
    activation: str = "tanh",
    *,
    key: PRNGKeyArray,
) -> Ansatz:
    """The ansatz with a net that starts from waves of given frequencies.

    **Arguments:**

    - `frequencies`: for each coordinate, in periods on the length of the domain.
    - `width`, `depth`, `activation`: of the net; its first layer are the waves.
    - `key`: random key for its weights.
    """
    # Radians per unit of each feature: the frame of coordinates is scaled to [-1, 1],
    # and periodic ones turn through sine and cosine.
    domain = ansatz.shape
    lower, upper = (np.array([to_float(e) for e in ends]) for ends in domain.frame)
    shares = (upper - lower) / (domain.upper_floats - domain.lower_floats)
    scales: list[float] = []
    for i, frequency in enumerate(frequencies):
        turns = [frequency] * 2 if ansatz.periodic[i] else [np.pi * frequency]
        scales += [shares[i] * turn for turn in turns]
    scales += [1.0] * (ansatz.inputs - len(scales))
    one, other, last = jax.random.split(key, 3)
    rows = jax.random.normal(one, (width, len(scales)), jnp.float64)
    phases = jax.random.uniform(other, (width,), jnp.float64, -jnp.pi, jnp.pi)
    waves = Affine(rows * jnp.asarray(scales, jnp.float64), phases)
    rest = MLP(
        width, len(ansatz.fields), width, max(1, depth - 1), activation, key=last
    )
    network = Waves(waves, rest)
    return eqx.tree_at(lambda a: a.network, ansatz, network)


class Waves(eqx.Module):
    """x ↦ N(sin(W x + b))."""

    waves: Affine
    network: MLP

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        return self.network(jnp.sin(self.waves(x)))
