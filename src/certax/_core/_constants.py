"""Exact constants inside modules."""

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ._exact import to_float


class Exact(eqx.Module):
    """A real number known exactly, as a leaf of a module. Traced programs hold its
    expression as a constant input; training sees the nearest double and leaves it be.

    **Arguments:**

    - `expression`: as in `docs/format.md`, section 2.
    """

    _value: np.ndarray
    expression: str = eqx.field(static=True)

    def __init__(self, expression: str):
        self.expression = expression
        self._value = np.array(to_float(expression))

    @property
    def value(self) -> Float[Array, ""]:
        return jnp.asarray(self._value)
