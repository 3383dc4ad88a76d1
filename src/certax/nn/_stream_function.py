"""Velocities from a stream function: divergence-free as a formula."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import AbstractShape, CertaxError, Exact, TracedCondition, cospi, sinpi
from ._ansatz import Ansatz
from ._folding import fold
from ._layers import MLP, activations

# Derivatives of the activations, from the argument and the value.
_slopes = {
    "tanh": lambda z, a: 1.0 - a**2,
    "sin": lambda z, a: jnp.cos(z),
    "softplus": lambda z, a: jax.nn.sigmoid(z),
    "logistic": lambda z, a: a * (1.0 - a),
    "swish": lambda z, a: a + (1.0 - a) * jax.nn.sigmoid(z),
}


class StreamFunction(eqx.Module):
    """(û, v̂, p̂, ...) = (ψ_y, −ψ_x, N₁, ...) with a net (ψ, N₁, ...): û_x + v̂_y = 0.

    The derivatives of the net are written out layer by layer in the operations of
    programs, which have no derivative of their own. Prescribed velocities are not built
    in: data of ψ do not follow from them without an integration.

    **Arguments:**

    - `domain`: a box with two coordinates besides time, x and y in this order.
    - `fields`: their names, the two components of the velocity first.
    - `conditions`: as data; they say what is periodic, and which coordinate is time.
    - `width`, `depth`, `activation`, `factorized`: of the [`certax.nn.MLP`][].
    - `key`: random key for the weights.

    **Raises:** `CertaxError` if there are not two space coordinates and two fields.
    """

    base: Ansatz
    turn: Exact
    axes: tuple[int, int] = eqx.field(static=True)

    def __init__(
        self,
        domain: AbstractShape,
        fields: tuple[str, ...],
        conditions: Sequence[TracedCondition],
        width: int,
        depth: int,
        activation: str = "tanh",
        *,
        factorized: bool = False,
        key: PRNGKeyArray,
    ):
        times = {c.coordinate for c in conditions if c.kind == "initial"}
        axes = [i for i, name in enumerate(domain.names) if name not in times]
        if len(axes) != 2 or len(fields) < 2:
            raise CertaxError(
                "A stream function needs two space coordinates and two fields, not "
                f"{len(axes)} and {len(fields)}.",
                value=len(axes),
                remedy="Leave network.form out.",
            )
        self.axes = (axes[0], axes[1])
        self.turn = Exact("2*pi")
        self.base = Ansatz(
            domain,
            ("psi", *fields[2:]),
            conditions,
            width,
            depth,
            activation,
            hard=False,
            factorized=factorized,
            mapped=False,
            key=key,
        )

    def __call__(self, *coordinates: Float[Array, ""]) -> tuple[Float[Array, ""], ...]:
        network = fold(self.base.network)
        assert isinstance(network, MLP)
        tangents = [self._tangent(coordinates, axis) for axis in self.axes]
        values, slopes = _with_derivatives(
            network, self.base.features(coordinates), tangents
        )
        rest = [values[i] for i in range(1, len(self.base.fields))]
        return (slopes[1][0], -slopes[0][0], *rest)

    def _tangent(
        self, coordinates: tuple[Array, ...], axis: int
    ) -> Float[Array, " features"]:
        """The derivative of the features by one coordinate."""
        found = []
        for i, x in enumerate(coordinates):
            length = self.base.upper[i].value - self.base.lower[i].value
            zero = jnp.zeros(())
            if self.base.periodic[i]:
                phase, rate = 2.0 * x / length, self.turn.value / length
                pair = [rate * cospi(phase), -rate * sinpi(phase)]
                found += pair if i == axis else [zero, zero]
            else:
                found.append(2.0 / length if i == axis else zero)
        return jnp.stack(found)


def _with_derivatives(
    network: MLP,
    x: Float[Array, " inputs"],
    tangents: Sequence[Float[Array, " inputs"]],
) -> tuple[Float[Array, " outputs"], list[Float[Array, " outputs"]]]:
    """The outputs and their derivatives along each tangent."""
    moving = list(tangents)
    for layer in network.layers[:-1]:
        z = layer(x)
        x = activations[network.activation](z)
        slope = _slopes[network.activation](z, x)
        moving = [slope * (layer.weight @ tangent) for tangent in moving]
    last = network.layers[-1]
    return last(x), [last.weight @ tangent for tangent in moving]
