"""What the algorithms refuse before they start."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer

from ..._core import CertaxError

# A number, or a function of the count of steps.
Rate = Any


def check_positive(name: str, value: Any, why: str) -> None:
    """**Raises:** `CertaxError` unless a number is positive and finite. What is being
    traced cannot be looked at and passes.
    """
    if not is_traced(value) and not (math.isfinite(value) and value > 0):
        raise CertaxError(
            f"The {name} is {float(value):g}; {why}.",
            value=float(value),
            remedy=f"Give a positive {name}.",
        )


def check_within(name: str, value: Any, interval: str, inside: Callable) -> None:
    """**Raises:** `CertaxError` unless a number lies in an interval, given as a text
    and as a function.
    """
    if not is_traced(value) and not (math.isfinite(value) and inside(value)):
        raise CertaxError(
            f"The {name} is {float(value):g}, outside of {interval}.",
            value=float(value),
            remedy=f"Give a {name} in {interval}.",
        )


def check_rate(rate: Rate, name: str = "learning rate") -> None:
    """**Raises:** `CertaxError` for a constant rate that is not positive."""
    if not callable(rate):
        check_positive(name, rate, "a step must go somewhere")


def check_finite(name: str, values: Any) -> None:
    """**Raises:** `CertaxError` if known numbers are NaN or infinite."""
    if is_traced(values):
        return
    array = np.asarray(values)
    wrong = np.argwhere(~np.isfinite(array))
    if wrong.size:
        where = tuple(int(k) for k in wrong[0])
        raise CertaxError(
            f"The {name} hold {array[where]} at {list(where)}; guarantees are "
            "about finite numbers.",
            value=float(array[where]),
            remedy=f"Leave out or repair what is missing in the {name}.",
        )


def rate_at(rate: Rate, count: Any) -> Any:
    """A rate after so many steps."""
    return rate(count) if callable(rate) else rate


def is_traced(value: Any) -> bool:
    """Whether JAX is tracing and there is no number to look at yet."""
    return isinstance(value, Tracer)


def scaled(tree: Any, factor: Any) -> Any:
    """A tree times a scalar, each leaf in its own number type."""
    return jax.tree.map(lambda leaf: leaf * jnp.asarray(factor, leaf.dtype), tree)


def tree_norm(tree: Any) -> jax.Array:
    """The Euclidean norm of all leaves together; 0 of an empty tree."""
    return jnp.sqrt(squared_norm(tree))


def squared_norm(tree: Any) -> jax.Array:
    """The sum of the squares of all leaves."""
    return jnp.asarray(sum((jnp.vdot(x, x) for x in jax.tree.leaves(tree)), 0.0))
