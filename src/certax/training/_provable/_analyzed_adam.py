"""Adam as it was analyzed, and Nesterov's method as it was compared with."""

from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import optax

from ._analyzed_rmsprop import check_decay
from ._arguments import (
    Rate,
    check_positive,
    check_rate,
    check_within,
    rate_at,
    squared_norm,
)

Step = Literal["shorter", "longer"]


class MomentsState(NamedTuple):
    """`means` and `squares` are the averages m and v, structured as the weights."""

    count: jax.Array
    means: Any
    squares: Any


def analyzed_adam(
    learning_rate: Rate, b1: float = 0.9, b2: float = 0.999, xi: float = 1e-8
) -> optax.GradientTransformation:
    """m ← b₁ m + (1 − b₁) g;  v ← b₂ v + (1 − b₂) g²;  w ← w − α m / (√v + ξ).

    No bias is corrected, in contrast to optax's `adam`.

    **Arguments:**

    - `learning_rate`: α, or a schedule.
    - `b1, b2`: in [0, 1).
    - `xi`: ξ > 0.

    **Reference:** `de2018convergence`, see [`analyzed_rmsprop`][].

    !!! example

        ```python
        method = analyzed_adam(1e-3, b1=0.99, b2=0.999, xi=1e-6)
        state = method.init(weights)
        changes, state = method.update(gradient, state)
        weights = optax.apply_updates(weights, changes)
        ```
    """
    check_rate(learning_rate)
    return _adam(lambda count, gradient: rate_at(learning_rate, count), b1, b2, xi)


def deterministic_adam(
    smoothness: float,
    gradient_bound: float,
    accuracy: float,
    b2: float = 0.999,
    step: Step = "longer",
) -> optax.GradientTransformation:
    """Adam with full gradients and the step size of its proof.

    For an L-smooth f with |∇f| ≤ σ along the way it takes b₁ = ε/(ε + 2σ), ξ = 2σ and

        α_t = |g_t|² / (L (1 − b₁^t)²) · c,

    with c = 4ε / (3 (ε + 2σ)²) for the published, `"shorter"` step and
    c = 2 / (3 (ε + 2σ)) for the `"longer"` one. Some |∇f| ≤ ε is met within
    (9/4) L (ε + 2σ)⁴ (f(w₁) − min f) / (σ ε⁵) steps, or 18 L (ε + 2σ)² (f(w₁) − min f)
    / ε⁴: [`plan_adam`][].

    **Arguments:**

    - `smoothness`: L.
    - `gradient_bound`: σ.
    - `accuracy`: ε.
    - `b2`: in [0, 1).

    **Reference:** `de2018convergence`, see [`analyzed_rmsprop`][].

    !!! example

        ```python
        method = deterministic_adam(smoothness=1.0, gradient_bound=10.0, accuracy=0.5)
        state = method.init(weights)
        changes, state = method.update(gradient, state)
        weights = optax.apply_updates(weights, changes)
        ```
    """
    check_positive("smoothness L", smoothness, "the step is in proportion to 1/L")
    check_positive("bound σ of the gradient", gradient_bound, "ξ is twice that")
    check_positive("accuracy ε", accuracy, "no method finds an exact zero")
    width = accuracy + 2 * gradient_bound
    b1 = accuracy / width
    longer = step == "longer"
    constant = 2 / (3 * width) if longer else 4 * accuracy / (3 * width**2)

    def rate(count, gradient):
        squared = squared_norm(gradient)
        time = jnp.asarray(count + 1, squared.dtype)
        return squared * constant / (smoothness * (1 - b1**time) ** 2)

    return _adam(rate, b1, b2, 2 * gradient_bound)


def nesterov(learning_rate: Rate, momentum: float = 0.9) -> Any:
    """Nesterov's method:  v ← μ v + g;  w ← w − α (g + μ v).

    **Arguments:**

    - `learning_rate`: α, or a schedule.
    - `momentum`: μ in [0, 1).

    **Returns:** an optax transformation, `optax.sgd` with these settings.

    ??? cite "Reference"

        ```bibtex
        @article{nesterov1983method,
            title={A method for solving the convex programming problem with convergence
                   rate {O}(1/k²)},
            author={Nesterov, Yurii},
            journal={Doklady Akademii Nauk SSSR}, volume={269}, year={1983}}
        ```
    """
    check_rate(learning_rate)
    check_decay("momentum", momentum)
    return optax.sgd(learning_rate, momentum=momentum, nesterov=True)


def _adam(rate, b1, b2, xi):
    check_decay("b1", b1)
    check_decay("b2", b2)
    check_within("ξ", xi, "(0, ∞)", lambda x: x > 0)

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return MomentsState(jnp.zeros((), jnp.int32), zeros, zeros)

    def update(updates, state, params=None):
        del params
        alpha = rate(state.count, updates)
        means = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, state.means, updates)
        squares = jax.tree.map(
            lambda v, g: b2 * v + (1 - b2) * g * g, state.squares, updates
        )
        changes = jax.tree.map(
            lambda m, v: -jnp.asarray(alpha, m.dtype) * m / (jnp.sqrt(v) + xi),
            *(means, squares),
        )
        return changes, MomentsState(state.count + 1, means, squares)

    return optax.GradientTransformation(init, update)
