"""Two branches for convection: where a value comes from, and what it is there."""

from collections.abc import Sequence

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float, PRNGKeyArray

from .._core import CertaxError
from ._ansatz import Ansatz
from ._layers import MLP


class Lagrangian(eqx.Module):
    """û(x, t) = v̂(ξ(x, t), t) with ξ = x − d(x, t) M(features): the state on learned
    characteristics, followed back towards the start.

    The distance d of the hard constraint makes ξ = x wherever data are prescribed, so û
    agrees with all data exactly as v̂ does; without a hard constraint d is time, from 0
    to 1. M, the branch of the characteristics, starts as a constant: zero, or what
    `moving` sets. With v̂ = u₀ + d N the fresh answer is then u₀ carried along.

    A periodic û needs data whose formulas are periodic on the real line.

    **Arguments:**

    - `state`: v̂, any [`certax.nn.Ansatz`][].
    - `time`: the coordinate that is not displaced.
    - `width`, `depth`, `activation`: of M.
    - `key`: random key for M.

    **Raises:** `CertaxError` if fields have data on different faces.

    ??? cite "Reference"

        ```bibtex
        @article{mojgani2023kolmogorov,
            title={Kolmogorov n-width and {L}agrangian physics-informed neural networks:
                   a causality-conforming manifold for convection-dominated {PDE}s},
            author={Mojgani, Rambod and Balajewicz, Maciej and Hassanzadeh, Pedram},
            journal={Computer Methods in Applied Mechanics and Engineering},
            year={2023}}
        ```
    """

    state: Ansatz
    displacement: MLP
    time: str = eqx.field(static=True)

    def __init__(
        self,
        state: Ansatz,
        time: str,
        width: int,
        depth: int,
        activation: str = "tanh",
        *,
        key: PRNGKeyArray,
    ):
        given = () if state.constraint is None else state.constraint.conditions
        if any(set(c.fields) != set(state.fields) for c in given):
            raise CertaxError(
                "A Lagrangian net moves all fields alike, but some data are those of "
                "some fields only.",
                value="lagrangian",
                remedy="Choose another network.kind, or set training.hard=false.",
            )
        self.state, self.time = state, time
        outputs = len(state.coordinates) - 1
        made = MLP(state.inputs, outputs, width, depth, activation, key=key)
        last = lambda net: net.layers[-1].weight
        self.displacement = eqx.tree_at(last, made, jnp.zeros_like(last(made)))

    def __call__(self, *coordinates: Float[Array, ""]) -> tuple[Float[Array, ""], ...]:
        return self.state(*self.origin(*coordinates))

    def moving(self, speeds: Sequence[float]) -> "Lagrangian":
        """The same with M for these speeds, one a space coordinate, as its start."""
        place = self.state.coordinates.index(self.time)
        duration = self.state.upper[place].value - self.state.lower[place].value
        last = lambda net: net.displacement.layers[-1].bias
        return eqx.tree_at(last, self, duration * jnp.asarray(speeds, jnp.float64))

    def origin(self, *coordinates: Float[Array, ""]) -> tuple[Float[Array, ""], ...]:
        """(ξ, t), in the order of the coordinates."""
        moves = self.displacement(self.state.features(coordinates))
        point = dict(zip(self.state.coordinates, coordinates, strict=True))
        distance = self._distance(point)
        space = [name for name in self.state.coordinates if name != self.time]
        for i, name in enumerate(space):
            point[name] = point[name] - distance * moves[i]
        return tuple(point.values())

    def _distance(self, point: dict[str, Array]) -> Array:
        if self.state.constraint is not None:
            return self.state.constraint.distance(point, self.state.fields[0])
        place = self.state.coordinates.index(self.time)
        lower, upper = self.state.lower[place].value, self.state.upper[place].value
        return (point[self.time] - lower) / (upper - lower)
