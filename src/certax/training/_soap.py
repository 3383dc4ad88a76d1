"""SOAP as an optax transformation; optax has none."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax


class SoapState(NamedTuple):
    """Each leaf of `leaves` is a `_Leaf`."""

    count: jax.Array
    leaves: Any


class _Leaf(NamedTuple):
    """One array's averages: first moment, second moment in the eigenbasis, and for each
    of its sides Shampoo's matrix with its eigenvectors."""

    first: jax.Array
    second: jax.Array
    sides: tuple[tuple[jax.Array, jax.Array], ...]


def scale_by_soap(
    b1: float = 0.95,
    b2: float = 0.95,
    eps: float = 1e-8,
    shampoo_decay: float = 0.95,
    frequency: int = 10,
) -> optax.GradientTransformation:
    """Adam in the eigenbasis of Shampoo's matrices.

    For a gradient `G` of shape `(m, n)`, averages `L` of `G G^T` and `R` of `G^T G`
    have eigenvectors `P` and `Q`, and with Adam's moments `M` and `V`,

        step = P (P^T M Q / (sqrt(V) + eps)) Q^T,   V an average of (P^T G Q)^2.

    The eigenvectors follow by one step of power iteration and a QR factorization every
    `frequency` steps. Vectors have no sides and get Adam. The first step sets up `L`
    and `R` and moves nothing.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{vyas2025soap,
            title={{SOAP}: Improving and stabilizing {S}hampoo using {A}dam},
            author={Vyas, Nikhil and Morwani, Depen and Zhao, Rosie and Shapira, Itai
                    and Brandfonbrener, David and Janson, Lucas and Kakade, Sham},
            booktitle={International Conference on Learning Representations},
            year={2025}}
        ```
    """

    def init(params):
        def leaf(array):
            sizes = array.shape if array.ndim == 2 else ()
            sides = tuple((jnp.zeros((n, n)), jnp.eye(n)) for n in sizes)
            return _Leaf(jnp.zeros_like(array), jnp.zeros_like(array), sides)

        return SoapState(jnp.zeros((), int), jax.tree.map(leaf, params))

    def update(updates, state, params=None):
        del params
        count = state.count
        correction = jnp.sqrt(1 - b2**count) / jnp.maximum(1 - b1**count, 1e-300)
        pairs = jax.tree.map(
            lambda gradient, leaf: jax.lax.cond(
                count == 0, _set_up, step, gradient, leaf, count, correction
            ),
            updates,
            state.leaves,
        )
        is_pair = lambda node: type(node) is tuple and isinstance(node[-1], _Leaf)
        take = lambda k: jax.tree.map(lambda pair: pair[k], pairs, is_leaf=is_pair)
        return take(0), SoapState(count + 1, take(1))

    def step(gradient, leaf, count, correction):
        first = b1 * leaf.first + (1 - b1) * gradient
        rotated = _rotated(gradient, leaf.sides)
        second = b2 * leaf.second + (1 - b2) * rotated**2
        scaled = _rotated(first, leaf.sides) / (jnp.sqrt(second) + eps)
        change = correction * _rotated_back(scaled, leaf.sides)
        products = _products(gradient, leaf.sides)
        averages = [
            shampoo_decay * average + (1 - shampoo_decay) * product
            for (average, _), product in zip(leaf.sides, products, strict=True)
        ]
        sides = tuple(
            (average, basis)
            for average, (_, basis) in zip(averages, leaf.sides, strict=True)
        )
        moved = _Leaf(first, second, sides)
        return change, jax.lax.cond(
            count % frequency == 0, _turn, lambda leaf: leaf, moved
        )

    def _set_up(gradient, leaf, count, correction):
        del count, correction
        sides = tuple(
            ((1 - shampoo_decay) * product, jnp.linalg.eigh(product)[1][:, ::-1])
            for product in _products(gradient, leaf.sides)
        )
        return jnp.zeros_like(gradient), leaf._replace(sides=sides)

    return optax.GradientTransformation(init, update)


def _products(gradient, sides):
    return (gradient @ gradient.T, gradient.T @ gradient) if sides else ()


def _rotated(array, sides):
    if not sides:
        return array
    (_, left), (_, right) = sides
    return left.T @ array @ right


def _rotated_back(array, sides):
    if not sides:
        return array
    (_, left), (_, right) = sides
    return left @ array @ right.T


def _turn(leaf: _Leaf) -> _Leaf:
    """The eigenvectors after one power iteration, largest estimated eigenvalue first;
    the second moment keeps to its eigenvectors.
    """
    second, sides = leaf.second, []
    for axis, (average, basis) in enumerate(leaf.sides):
        order = jnp.argsort(-jnp.sum(basis * (average @ basis), axis=0))
        second = jnp.take(second, order, axis=axis)
        sides.append((average, jnp.linalg.qr(average @ basis[:, order])[0]))
    return _Leaf(leaf.first, second, tuple(sides))
