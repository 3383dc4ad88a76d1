"""Nets that are even or odd by their formula, where a problem has mirrors."""

from collections.abc import Callable, Mapping, Sequence
from math import prod

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ._ansatz import Ansatz


class Mirrored(eqx.Module):
    """x ↦ o(x) N(e(x)), where e(x) has 2 xᵢ² - 1 in place of each mirrored feature xᵢ,
    and o(x) is the product of those in which an output is odd.

    Half of each such coordinate tells the net the other half.

    **Arguments:**

    - `network`: N, from features to outputs.
    - `mirrored`: the places of the features.
    - `odd`: for each output those of them in which it is odd.
    """

    network: Callable[[Array], Array]
    mirrored: tuple[int, ...] = eqx.field(static=True)
    odd: tuple[tuple[int, ...], ...] = eqx.field(static=True)

    def __call__(self, x: Float[Array, " inputs"]) -> Float[Array, " outputs"]:
        seen = [
            2.0 * x[i] ** 2 - 1.0 if i in self.mirrored else x[i]
            for i in range(x.shape[0])
        ]
        found = self.network(jnp.stack(seen))
        one = jnp.ones(())
        factors = [prod((x[i] for i in places), start=one) for places in self.odd]
        return found * jnp.stack(factors) if any(self.odd) else found


def mirrored(ansatz: Ansatz, reflections: Mapping[str, Sequence[int]]) -> Ansatz:
    """The ansatz with a net that is even or odd about the middle of coordinates.

    **Arguments:**

    - `reflections`: by coordinate, 1 for each field that is even in it and -1 for each
      that is odd.
    """
    # Of a periodic coordinate's two features the sine changes its sign.
    places = {
        name: i + sum(ansatz.periodic[:i]) for i, name in enumerate(ansatz.coordinates)
    }
    odd = tuple(
        tuple(places[name] for name, signs in reflections.items() if signs[k] < 0)
        for k in range(len(ansatz.fields))
    )
    seen = tuple(places[name] for name in reflections)
    return eqx.tree_at(lambda a: a.network, ansatz, Mirrored(ansatz.network, seen, odd))
