"""Functions that certax knows exactly and JAX does not have."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, ArrayLike


@jax.jit
def sinpi(x: ArrayLike) -> Array:
    """sin(πx), exact at integers and half-integers.

    **Arguments:**

    - `x`: a number, an array or a field.

    !!! example

        ```python
        cx.Initial(lambda x: -cx.sinpi(x))
        ```
    """
    x = jnp.asarray(x)
    # The reduction to |r| <= 1/2 is exact, so integers give exactly zero.
    turns = jnp.round(x)
    odd = jnp.abs(turns - 2.0 * jnp.round(0.5 * turns))
    return (1.0 - 2.0 * odd) * jnp.sin(jnp.pi * (x - turns))


@jax.jit
def cospi(x: ArrayLike) -> Array:
    """cos(πx), exact at integers and half-integers.

    **Arguments:**

    - `x`: a number, an array or a field.
    """
    # Not cos(π(x - turns)): the double next to π/2 is no zero of the cosine.
    return sinpi(jnp.asarray(x) + 0.5)
