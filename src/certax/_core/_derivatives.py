"""Derivatives of the fields for training, by nested forward differentiation. XLA shares
what the nested passes have in common.
"""

from collections.abc import Callable, Iterable

import jax
import jax.numpy as jnp
from jaxtyping import Array

MultiIndex = tuple[int, ...]


def derivatives(
    fields: Callable[[Array], dict[str, Array]],
    point: Array,
    orders: Iterable[MultiIndex],
) -> dict[MultiIndex, dict[str, Array]]:
    """All fields' derivatives at one point.

    **Arguments:**

    - `fields`: maps a point of shape `(dimension,)` to scalars.
    - `point`: shape `(dimension,)`.
    - `orders`: the multi-indices wanted.
    """
    found = {}
    for index in orders:
        function = fields
        for axis, count in enumerate(index):
            for _ in range(count):
                function = _along(function, axis)
        found[index] = function(point)
    return found


def _along(function: Callable, axis: int) -> Callable:
    def differentiated(point: Array):
        direction = jnp.zeros_like(point).at[axis].set(1.0)
        return jax.jvp(function, (point,), (direction,))[1]

    return differentiated
