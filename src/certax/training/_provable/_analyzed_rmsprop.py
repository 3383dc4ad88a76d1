"""RMSProp as it was analyzed: the small number inside the average."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from ._arguments import Rate, check_positive, check_rate, check_within, rate_at


class SquaresState(NamedTuple):
    """`squares` are the averages v, of the structure of the weights."""

    count: jax.Array
    squares: Any


def analyzed_rmsprop(
    learning_rate: Rate, decay: float = 0.9, xi: float = 1e-8
) -> optax.GradientTransformation:
    """v ← b v + (1 − b)(g² + ξ), from v = 0;  w ← w − α g / √v.

    In optax's `rmsprop` the small number is added to v at each step; here it is part of
    the average, so that (1 − b) ξ ≤ v ≤ |g|² + ξ, which the theorems need. Which α they
    take, and for which gradients, is in [`plan_rmsprop`][] and
    [`plan_stochastic_rmsprop`][].

    **Arguments:**

    - `learning_rate`: α, or a schedule.
    - `decay`: b in [0, 1).
    - `xi`: ξ > 0.

    !!! example

        ```python
        method = analyzed_rmsprop(1e-3, decay=0.99, xi=1e-6)
        state = method.init(weights)
        changes, state = method.update(gradient, state)
        weights = optax.apply_updates(weights, changes)
        ```

    ??? cite "Reference"

        ```bibtex
        @inproceedings{de2018convergence,
            title={Convergence guarantees for {RMSProp} and {ADAM} in non-convex
                   optimization and an empirical comparison to {N}esterov
                   acceleration},
            author={De, Soham and Mukherjee, Anirbit and Ullah, Enayat},
            booktitle={ICML Workshop on Modern Trends in Nonconvex Optimization},
            year={2018}, note={arXiv:1807.06766}}
        ```
    """
    check_rate(learning_rate)
    check_decay("decay", decay)
    check_positive("ξ", xi, "without it v may vanish")

    def init(params):
        return SquaresState(
            jnp.zeros((), jnp.int32), jax.tree.map(jnp.zeros_like, params)
        )

    def update(updates, state, params=None):
        del params
        squares = jax.tree.map(
            lambda v, g: decay * v + (1 - decay) * (g * g + xi), state.squares, updates
        )
        rate = rate_at(learning_rate, state.count)
        changes = jax.tree.map(
            lambda v, g: -jnp.asarray(rate, g.dtype) * g / jnp.sqrt(v),
            squares,
            updates,
        )
        return changes, SquaresState(state.count + 1, squares)

    return optax.GradientTransformation(init, update)


def check_decay(name: str, decay: float) -> None:
    """**Raises:** `CertaxError` unless a rate of averaging lies in [0, 1)."""
    check_within(name, decay, "[0, 1)", lambda x: 0 <= x < 1)
