"""Stochastic gradient descent on a loss with a Frobenius penalty, and its start."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax

from ._arguments import Rate, check_positive, check_rate, squared_norm


def regularized_sgd(learning_rate: Rate, regularization: float) -> Any:
    """Gradient steps on `L + regularization / 2 * |W|²`, from gradients of `L`.

        W ← W − s (g + λ W).

    On a depth-two net with its outer weights fixed, a bounded smooth activation and
    squared or logistic loss the regularized loss is a Villani function, and steps of a
    constant size s, from the start [`gibbs_start`][], approach its minimum. `|W|` runs
    over everything that is trained.

    **Arguments:**

    - `learning_rate`: s, or a schedule.
    - `regularization`: λ > 0.

    **Returns:** an optax transformation.

    **Raises:** `CertaxError` for λ ≤ 0.

    !!! example

        ```python
        method = regularized_sgd(0.1, regularization=0.13)
        state = method.init(weights)
        changes, state = method.update(jax.grad(loss)(weights), state, weights)
        weights = optax.apply_updates(weights, changes)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{gopalani2025global,
            title={Global convergence of {SGD} on two layer neural nets},
            author={Gopalani, Pulkit and Mukherjee, Anirbit},
            journal={Information and Inference},
            year={2025}, note={arXiv:2210.11452}}
        @article{gopalani2024logistic,
            title={Global convergence of {SGD} for logistic loss on two layer neural
                   nets},
            author={Gopalani, Pulkit and Jha, Samyak and Mukherjee, Anirbit},
            journal={Transactions on Machine Learning Research},
            year={2024}, note={arXiv:2309.09258}}
        ```
    """
    check_rate(learning_rate)
    check_regularization(regularization)
    return optax.chain(
        optax.add_decayed_weights(regularization),
        optax.scale_by_learning_rate(learning_rate),
    )


def regularized(
    loss: Callable[..., jax.Array], regularization: float
) -> Callable[..., jax.Array]:
    """The function `loss(W, ...) + regularization / 2 * |W|²`.

    **Raises:** `CertaxError` for a regularization that is not positive.
    """
    check_regularization(regularization)

    def total(weights: Any, *arguments: Any) -> jax.Array:
        return loss(weights, *arguments) + regularization / 2 * squared_norm(weights)

    return total


def gibbs_start(
    key: jax.Array, weights: Any, temperature: float, regularization: float
) -> Any:
    """Weights drawn from N(0, (s / 2λ) I), in the shapes of `weights`.

    From here the relative entropy to the Gibbs measure exp(−(2/s) L̃) is at most
    (2/s) times the mean of the unregularized loss L ≥ 0 over these draws.

    **Arguments:**

    - `temperature`: s > 0.
    - `regularization`: λ > 0.
    """
    check_positive("temperature", temperature, "the start is a Gaussian of that width")
    check_regularization(regularization)
    leaves, structure = jax.tree.flatten(weights)
    width = jnp.sqrt(temperature / (2 * regularization))
    keys = jax.random.split(key, max(1, len(leaves)))
    drawn = [
        width.astype(leaf.dtype) * jax.random.normal(k, leaf.shape, leaf.dtype)
        for k, leaf in zip(keys, leaves, strict=False)
    ]
    return jax.tree.unflatten(structure, drawn)


def check_regularization(regularization: float) -> None:
    """**Raises:** `CertaxError` unless λ > 0."""
    why = "without a penalty nothing keeps the weights from infinity"
    check_positive("regularization", regularization, why)
