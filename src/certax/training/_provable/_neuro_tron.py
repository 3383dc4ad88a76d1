"""Neuro-Tron: depth-two nets of one filter, recovered without derivatives."""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float

from ..._core import CertaxError
from ._arguments import Rate, check_positive, check_rate, check_within, rate_at
from ._glm_tron import checked_batch, single_vector
from ._taming import CountState


class SensingNet(eqx.Module):
    """f(x) = (q/k) Σᵢ σ(w · Aᵢ x) with a leaky rectifier σ and known matrices Aᵢ.

    A convolution of one filter has the selectors of its patches for Aᵢ.

    **Arguments:**

    - `matrices`: Aᵢ, of shape `(k, r, n)`.
    - `slope`: of σ for negative arguments, in [0, 1].
    - `scale`: q > 0.
    """

    matrices: Float[Array, "k r n"]
    slope: float = eqx.field(static=True)
    scale: float = eqx.field(static=True)

    def __init__(self, matrices: Any, slope: float = 0.0, scale: float = 1.0):
        check_within("slope", slope, "[0, 1]", lambda x: 0 <= x <= 1)
        check_positive("scale q", scale, "the net is multiplied by it")
        self.matrices = jnp.asarray(matrices)
        self.slope, self.scale = slope, scale

    def __call__(self, weights: Array, inputs: Array) -> Array:
        """The net's values, of shape `(b,)`, at inputs of shape `(b, n)`."""
        # Aᵢᵀ w once for the batch: k r n products, not b times as many.
        filters = jnp.einsum("krn,r->nk", self.matrices.astype(weights.dtype), weights)
        before = inputs @ filters
        after = jnp.where(before > 0, before, self.slope * before)
        return self.scale * jnp.mean(after, axis=1)

    @property
    def mean_matrix(self) -> Array:
        """The mean of the Aᵢ, of shape `(r, n)`."""
        return jnp.mean(self.matrices, axis=0)


def neuro_tron(
    learning_rate: Rate, net: SensingNet, mixing: Any = None
) -> optax.GradientTransformationExtraArgs:
    """Finds w* from labels y = f(x; w*) + ξ with |ξ| ≤ θ:

        w ← w + η M (1/b) Σ (y − f(x; w)) x.

    For x and −x equally likely, the mean of f(x; w) x is linear in w, so the mean step
    is one of a linear system whatever the rectifier does, and no derivative of it is
    taken. With fresh points of finite fourth moments, λ the least eigenvalue of the
    symmetric part of (q(1 + slope)/2) M Σ Āᵀ, positive for M = Ā of full rank, and
    η ≤ λ/(4c), the mean squared error takes the factor 1 − ηλ/2 a step down to a floor
    that is linear in θ, [`recovery_of_net`][]. Data sets that are not symmetric are not
    covered.

    **Arguments:**

    - `learning_rate`: η, or a schedule.
    - `net`: f, a [`SensingNet`][].
    - `mixing`: M, of shape `(r, n)`; without it the mean of the Aᵢ.

    **Returns:** an optax transformation whose update takes `inputs` and `labels`, see
    [`glm_tron`][].

    !!! example

        ```python
        net = SensingNet(matrices)
        method = neuro_tron(1e-3, net)
        state = method.init(weights)
        changes, state = method.update(None, state, weights, inputs=x, labels=y)
        weights = optax.apply_updates(weights, changes)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{karmakar2023depth,
            title={Depth-2 neural networks under a data-poisoning attack},
            author={Karmakar, Sayar and Mukherjee, Anirbit and Papamarkou, Theodore},
            journal={Neurocomputing}, volume={532}, year={2023}}
        ```
    """
    check_rate(learning_rate)
    mixing = net.mean_matrix if mixing is None else jnp.asarray(mixing)
    if mixing.shape != net.matrices.shape[1:]:
        raise CertaxError(
            f"The mixing matrix has the shape {mixing.shape}, the matrices of the net "
            f"{net.matrices.shape[1:]}.",
            value=str(mixing.shape),
            remedy="Give one of the net's shape (r, n).",
        )

    def init(params):
        single_vector(params)
        return CountState(jnp.zeros((), jnp.int32))

    def update(updates, state, params=None, *, inputs=None, labels=None, **extra):
        del updates, extra
        w = single_vector(params)
        inputs, labels = checked_batch(inputs, labels, w.dtype)
        correlation = (labels - net(w, inputs)) @ inputs / labels.shape[0]
        rate = jnp.asarray(rate_at(learning_rate, state.count), w.dtype)
        change = rate * (mixing.astype(w.dtype) @ correlation)
        changes = jax.tree.map(lambda _: change, params)
        return changes, CountState(state.count + 1)

    return optax.GradientTransformationExtraArgs(init, update)
