"""Compiled code rounds a value alike wherever it computes it again.

XLA fuses a cheap value into the kernel of every consumer. If one copy were contracted
(a b + c with one rounding) and another not, a composition would be expanded at one
point and evaluated at another. `docs/theory/enclosure.md` assumes that this does not
happen.
"""

import jax
import jax.numpy as jnp
import numpy as np
import pytest


def first(x, unit):
    """x by way of a reduction, so by another kernel."""
    return jnp.sum(x[:, None] * unit[None, :], axis=1)


def largest(x, other, unit):
    """x by way of a reduction whose kernel needs `other` too."""
    low = jnp.minimum(other, -1e30)
    return jnp.max(jnp.where(unit[None, :] > 0.5, x[:, None], low[:, None]), axis=1)


programs = {
    "product and sum": lambda a, b, c, d, e: (x := a * b + c, [x, first(x, e)]),
    "product kept": lambda a, b, c, d, e: (
        x := (p := a * b) + c,
        [x, first(x, e), largest(x, p, e)],
    ),
    "two products": lambda a, b, c, d, e: (
        x := (p := a * b) + (q := c * d),
        [x, first(x, e), largest(x, p, e), largest(x, q, e)],
    ),
    "sum and difference": lambda a, b, c, d, e: (
        x := a * b + c * d,
        [x, largest(x, a * b - c * d, e), first(x, e)],
    ),
    "through functions": lambda a, b, c, d, e: (
        x := a * b + c * d,
        [x, largest(x, jnp.sqrt(jnp.abs(x)), e), largest(x, 1.0 / x, e)],
    ),
}


@pytest.mark.parametrize("name", programs)
def test_copies_of_a_value_are_equal(name, seed, x64):
    rng = np.random.default_rng(seed)
    a, b, c, d = (jnp.asarray(rng.normal(size=4096)) for _ in range(4))
    unit = jnp.zeros(8).at[0].set(1.0)
    _, copies = jax.jit(programs[name])(a, b, c, d, unit)
    for copy in copies[1:]:
        assert np.array_equal(np.asarray(copies[0]), np.asarray(copy))
