"""Gradient clipping with a floor under its step, and the plain one."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from ..._core import CertaxError
from ._arguments import (
    Rate,
    check_positive,
    check_rate,
    check_within,
    rate_at,
    scaled,
    tree_norm,
)

Groups = Callable[[Any], Any]


class ClippingState(NamedTuple):
    """`count` are the steps so far; in `floored` of them the floor acted, in some
    group: δ was larger than γ / |g|. Where `floored` stays zero, the run is one of
    plain clipping.
    """

    count: jax.Array
    floored: jax.Array


def delta_gclip(
    learning_rate: Rate,
    threshold: float,
    floor: float,
    *,
    groups: Groups | None = None,
    decoupled: bool = False,
) -> optax.GradientTransformationExtraArgs:
    """Regularized gradient clipping, δ-GClip:  w ← w − h g,

        h = η min(1, max(δ, γ / |g|)),   |g| the norm of all gradients together.

    For a squared loss that is β-smooth and satisfies |∇L|² ≥ 2μL in a ball around the
    start of radius 2 √(2 L(w₀) / μ), and η ≤ 1/β, every step takes the factor
    1 − ηδμ or better and no iterate leaves the ball. With stochastic gradients of error
    θ the mean of |∇L|² comes down to θ² / δ, which does not vanish with η, since h
    depends on g; with h from an independent batch it is β η θ² / δ.

    **Arguments:**

    - `learning_rate`: η, or a schedule.
    - `threshold`: γ > 0.
    - `floor`: δ in (0, 1]; 1 is gradient descent.
    - `groups`: from the weights to a tree of labels of the same structure; norms are
        then taken over the leaves of one label each. The released code does so with
        the groups of its optimizer. The rate is the same, the radius of the ball
        (1 + δ) / (2 √δ) times as large.
    - `decoupled`: takes h from `update(..., independent=gradient)`, the gradient on
        another batch.

    **Returns:** an optax transformation; its state is a [`ClippingState`][].

    **Raises:** `CertaxError` for δ outside (0, 1] or γ ≤ 0.

    !!! example

        ```python
        method = delta_gclip(0.2, threshold=1.0, floor=1e-3)
        state = method.init(weights)
        changes, state = method.update(gradient, state)
        weights = optax.apply_updates(weights, changes)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{tucat2025regularized,
            title={Regularized gradient clipping provably trains wide and deep neural
                   networks},
            author={Tucat, Matteo and Mukherjee, Anirbit and Sun, Mingfei and Sen,
                    Procheta and Rivasplata, Omar},
            journal={Transactions on Machine Learning Research},
            year={2025}, note={arXiv:2404.08624}}
        ```
    """
    check_within("floor δ", floor, "(0, 1]", lambda x: 0 < x <= 1)
    return _clipping(learning_rate, threshold, floor, groups, decoupled)


def gclip(
    learning_rate: Rate, threshold: float, *, groups: Groups | None = None
) -> optax.GradientTransformationExtraArgs:
    """Plain gradient clipping,  w ← w − η min(1, γ / |g|) g.

    No theorem of [`delta_gclip`][] holds for it: without a floor the step vanishes as
    the gradient grows.

    **Arguments:** as in [`delta_gclip`][].
    """
    return _clipping(learning_rate, threshold, 0.0, groups, False)


def _clipping(learning_rate, threshold, floor, groups, decoupled):
    check_rate(learning_rate)
    check_positive("threshold γ", threshold, "gradients longer than that are clipped")

    def init(params):
        del params
        return ClippingState(jnp.zeros((), jnp.int32), jnp.zeros((), jnp.int32))

    def update(updates, state, params=None, *, independent=None, **extra):
        del params, extra
        if decoupled and independent is None:
            raise CertaxError(
                "Decoupled clipping has no gradient to take its step from.",
                remedy="Call update(..., independent=gradient on another batch).",
            )
        measured = independent if decoupled else updates
        rate = rate_at(learning_rate, state.count)
        together = lambda tree: jax.tree.map(lambda _: 0, tree)
        labels = (groups or together)(updates)
        norms = _group_norms(measured, labels)
        factors = {
            k: rate * jnp.minimum(1, jnp.maximum(floor, threshold / n))
            for k, n in norms.items()
        }
        changes = jax.tree.map(
            lambda leaf, label: scaled(leaf, -factors[label]), updates, labels
        )
        clipped = [threshold < floor * n for n in norms.values()]
        floored = jnp.any(jnp.stack(clipped)) if clipped else jnp.zeros((), bool)
        return changes, ClippingState(state.count + 1, state.floored + floored)

    return optax.GradientTransformationExtraArgs(init, update)


def _group_norms(gradient: Any, labels: Any) -> dict[Any, jax.Array]:
    """Where the norm is zero the step is zero whatever its factor: the ratio is then
    infinite and the minimum with one takes it.
    """
    members: dict[Any, list] = {}
    structure = jax.tree.structure(gradient)
    if structure != jax.tree.structure(labels):
        raise CertaxError(
            "The labels of the groups have another structure than the weights.",
            value=str(jax.tree.structure(labels)),
            remedy="Give one label for each array of weights.",
        )
    pairs = zip(jax.tree.leaves(gradient), jax.tree.leaves(labels), strict=True)
    for leaf, label in pairs:
        members.setdefault(label, []).append(leaf)
    return {label: tree_norm(leaves) for label, leaves in members.items()}
