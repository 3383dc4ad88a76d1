"""What all nets have in common: how they are made, and applied to a batch."""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, PRNGKeyArray, Shaped

# The axis over which batch normalization takes means.
batch_axis = "batch"


def build(kind: type, *sizes: Any, key: PRNGKeyArray, **settings: Any) -> Any:
    """A net in float32 and its state.

    **Arguments:**

    - `kind`: one of the classes here; the rest are its arguments.
    """
    made = eqx.nn.make_with_state(kind)(*sizes, key=key, **settings)
    single = lambda a: a.astype(jnp.float32) if eqx.is_inexact_array(a) else a
    return jax.tree.map(single, made)


def apply(
    net: Any, state: Any, inputs: Shaped[Array, "n ..."], key: PRNGKeyArray
) -> tuple[Any, Any]:
    """The outputs for a batch, and the state after it; each example has its key."""
    keys = jax.random.split(key, len(inputs))
    one = lambda x, s, k: net(x, s, key=k)
    over = jax.vmap(one, (0, None, 0), (0, None), axis_name=batch_axis)
    return over(inputs, state, keys)


def parameter_count(make: Callable[[PRNGKeyArray], Any]) -> int:
    """The number of trained numbers of a net, without drawing them.

    **Arguments:**

    - `make`: from a key to a net and its state.
    """
    net, _ = eqx.filter_eval_shape(make, jax.random.key(0))
    leaves = [leaf for leaf in jax.tree.leaves(net) if hasattr(leaf, "dtype")]
    return sum(leaf.size for leaf in leaves if jnp.issubdtype(leaf.dtype, jnp.floating))
