"""Modified GLM-Tron: one ReLU gate, recovered without gradients."""

from typing import Any

import jax
import jax.numpy as jnp
import optax

from ..._core import CertaxError
from ._arguments import Rate, check_finite, check_rate, check_within, rate_at
from ._taming import CountState


def glm_tron(
    learning_rate: Rate, noise_bound: float | jax.Array = 0.0
) -> optax.GradientTransformationExtraArgs:
    """Finds w* from labels y = max(0, w*·x) + ξ with |ξ| ≤ θ:

        w ← w + (η/b) Σ 1{y > θ} (y − w·x) x.

    The gate looks at the label, not at w, so this is no gradient. For fresh points with
    fourth moments, λ₁ the least eigenvalue of E[1{w*·x > 0} x xᵀ] and c the largest of
    Q/b + (1 − 1/b) Σ², the mean squared error takes the factor 1 − 2ηλ₁ + η²c or
    better a step where θ = 0; with the best η that is 1 − λ₁²/c, and for x ~ N(0, I)
    exactly so, with λ₁ = 1/2 and c = (n + 2) / (2b) + (1 − 1/b) / 4. With attacks there
    is a floor beside it, [`recovery_of_gate`][].

    **Arguments:**

    - `learning_rate`: η, or a schedule.
    - `noise_bound`: θ ≥ 0.

    **Returns:** an optax transformation whose update takes `inputs`, of shape `(b, n)`,
    and `labels`, of shape `(b,)`, in place of a gradient. The weights may be any tree
    with one array of shape `(n,)`.

    **Raises:** `CertaxError` for NaN labels and for weights of other shapes.

    !!! example

        ```python
        method = glm_tron(learning_rate=0.1)
        state = method.init(weights)
        changes, state = method.update(None, state, weights, inputs=x, labels=y)
        weights = optax.apply_updates(weights, changes)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{karmakar2022provable,
            title={Provable training of a {ReLU} gate with an iterative non-gradient
                   algorithm},
            author={Karmakar, Sayar and Mukherjee, Anirbit},
            journal={Neural Networks}, volume={151}, year={2022}}
        ```
    """
    check_rate(learning_rate)
    check_within("noise bound θ", noise_bound, "[0, ∞)", lambda x: x >= 0)

    def init(params):
        single_vector(params)
        return CountState(jnp.zeros((), jnp.int32))

    def update(updates, state, params=None, *, inputs=None, labels=None, **extra):
        del updates, extra
        w = single_vector(params)
        inputs, labels = checked_batch(inputs, labels, w.dtype)
        # Asked so that a NaN label under jit passes the gate and is seen.
        missed = jnp.where(labels <= noise_bound, 0, labels - inputs @ w)
        rate = jnp.asarray(rate_at(learning_rate, state.count), w.dtype)
        change = rate / labels.shape[0] * (missed @ inputs)
        changes = jax.tree.map(lambda _: change, params)
        return changes, CountState(state.count + 1)

    return optax.GradientTransformationExtraArgs(init, update)


def single_vector(weights: Any) -> jax.Array:
    """The only array of a tree.

    **Raises:** `CertaxError` if there are several, or it is no vector.
    """
    leaves = jax.tree.leaves(weights)
    shapes = [leaf.shape for leaf in leaves]
    if len(leaves) != 1 or leaves[0].ndim != 1:
        raise CertaxError(
            f"The weights have the shapes {shapes}; this algorithm trains one vector.",
            value=str(shapes),
            remedy="Give a tree with one array of shape (n,).",
        )
    return leaves[0]


def checked_batch(inputs: Any, labels: Any, dtype: Any) -> tuple[jax.Array, jax.Array]:
    """A batch in the precision of the weights.

    **Raises:** `CertaxError` for NaN, or arrays that are missing or do not belong
    together.
    """
    if inputs is None or labels is None:
        raise CertaxError(
            "This algorithm takes points, not a gradient, and was given none.",
            remedy="Call update(None, state, weights, inputs=x, labels=y).",
        )
    if inputs.ndim != 2 or labels.shape != inputs.shape[:1] or not labels.size:
        raise CertaxError(
            f"A batch has inputs of shape {inputs.shape} and labels of {labels.shape}.",
            value=str(labels.shape),
            remedy="Give inputs (b, n) and labels (b,), b at least one.",
        )
    check_finite("inputs", inputs)
    check_finite("labels", labels)
    return inputs.astype(dtype), labels.astype(dtype)
