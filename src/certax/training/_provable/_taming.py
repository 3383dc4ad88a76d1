"""Gradient steps that are never longer than one."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax

from ._arguments import Rate, check_rate, rate_at, scaled, tree_norm


class CountState(NamedTuple):
    """`count` are the steps so far."""

    count: jax.Array


def tamed_gradient_descent(learning_rate: Rate) -> optax.GradientTransformation:
    """The step −h g / (1 + h |g|), of the length h |g| / (1 + h |g|) < 1.

    It is gradient descent where gradients are small, and does not diverge on losses
    that grow like a fourth power, such as those of low-rank factors and attention with
    a Frobenius penalty, which are not globally smooth.

    **Arguments:**

    - `learning_rate`: h, or a schedule.

    !!! example

        ```python
        method = tamed_gradient_descent(0.1)
        state = method.init(weights)
        changes, state = method.update(gradient, state)
        weights = optax.apply_updates(weights, changes)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{sun2026convergent,
            title={Convergent stochastic training of attention and understanding
                   {LoRA}},
            author={Sun, Mingfei and Kumar, Dibyakanti and Frangi, Alejandro and
                    Mukherjee, Anirbit and others},
            journal={arXiv:2605.07959}, year={2026}}
        ```
    """
    check_rate(learning_rate)

    def init(params):
        del params
        return CountState(jnp.zeros((), jnp.int32))

    def update(updates, state, params=None):
        del params
        norm = tree_norm(updates)
        h = jnp.asarray(rate_at(learning_rate, state.count), norm.dtype)
        changes = scaled(updates, -h / (1 + h * norm))
        return changes, CountState(state.count + 1)

    return optax.GradientTransformation(init, update)
