"""From a Taylor model to an interval: the smallest and the largest value on the box."""

import jax.numpy as jnp
from jaxtyping import Array

from . import _taylor_models as tm
from ._taylor_models import Space, TaylorModel


def ends(a: TaylorModel, space: Space) -> tuple[Array, Array]:
    """A lower and an upper bound of every enclosed function over the box.

    A monomial whose exponents are all even lies in [0, 1] there, any other in [-1, 1].
    Where something is not finite, the bounds are infinite.
    """
    even = [not any(n % 2 for n in m) for m in space.monomials]
    odd_size = tm.magnitude(
        [c for c, e in zip(a.coefficients, even, strict=True) if not e]
    )
    squares = [
        c
        for c, e in zip(a.coefficients[1:], even[1:], strict=True)
        if e and c is not None
    ]
    center = a.coefficients[0]
    center = jnp.zeros(()) if center is None else center

    def above(sign: float) -> Array:
        """An upper bound of sign a."""
        parts = [jnp.maximum(sign * c, 0.0) for c in squares]
        size = tm.add_all([odd_size, a.radius, *parts])
        size = jnp.asarray(0.0) if size is None else size
        size = size * (1.0 + (len(a.coefficients) + 4.0) * tm.u) + tm.tiny
        end = sign * center + size
        end = end + (4.0 * tm.u * (jnp.abs(center) + size) + tm.tiny)
        return jnp.where(jnp.isfinite(end), end, jnp.inf)

    return -above(-1.0), above(1.0)
