"""Gradient and curvature of a loss at a net, over all data."""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from ..architectures import apply
from ..comparisons import Task, Trained, scaled
from ..datasets import Labeled

_chunk = 500
_tolerance: Any = 1e-3


def gradient_norm_and_least_eigenvalue(
    task: Task, trained: Trained, part: Labeled, most: int = 1000
) -> tuple[float, float]:
    """|∇f| and the least eigenvalue of the Hessian of the mean loss over the first
    examples of a part, by Lanczos' method on products with the Hessian. Measured: the
    eigenvalue is right to some thousandths of the largest one.
    """
    part = part.part(0, most)
    chunks = [
        part.part(k, min(k + _chunk, len(part))) for k in range(0, len(part), _chunk)
    ]
    weights, rest = eqx.partition(trained.net, eqx.is_inexact_array)
    flat, back = ravel_pytree(weights)

    @jax.jit
    def total(flat, inputs, labels):
        inputs = task.prepare(scaled(task, inputs), None)
        net = eqx.combine(back(flat), rest)
        outputs, _ = apply(net, trained.state, inputs, jax.random.key(0))
        return jnp.sum(task.losses(outputs, inputs, labels)) / len(part)

    gradient = jax.jit(jax.grad(total))

    @jax.jit
    def product(flat, vector, inputs, labels):
        slope = lambda w: jax.grad(total)(w, inputs, labels)
        return jax.jvp(slope, (flat,), (vector,))[1]

    arrays = [(jnp.asarray(c.inputs), jnp.asarray(c.labels)) for c in chunks]
    slope = sum(np.asarray(gradient(flat, *a), np.float64) for a in arrays)

    def hessian(vector):
        v = jnp.asarray(vector.ravel(), flat.dtype)
        return sum(np.asarray(product(flat, v, *a), np.float64) for a in arrays)

    top = _largest(flat.size, hessian)
    if top < 0:
        return float(np.linalg.norm(slope)), top
    # The least eigenvalue may be near zero, where Lanczos' method is slow; that of the
    # difference is far from it.
    least = top - _largest(flat.size, lambda vector: top * vector - hessian(vector))
    return float(np.linalg.norm(slope)), least


def _largest(size: int, product: Callable[[np.ndarray], Any]) -> float:
    """The eigenvalue of largest size of a symmetric matrix; NaN if it is not found."""
    start = np.random.default_rng(0).normal(size=size)
    try:
        found = eigsh(
            _Operator(size, product), 1, which="LM", v0=start, ncv=min(size, 16),
            tol=_tolerance, maxiter=40, return_eigenvectors=False,
        )  # fmt: skip
    except ArpackNoConvergence:
        return float("nan")
    return float(found[0])


class _Operator(LinearOperator):
    """A symmetric matrix by its products with vectors."""

    def __init__(self, size: int, product: Callable[[np.ndarray], Any]):
        super().__init__(np.float64, (size, size))
        self._product = product

    def _matvec(self, x: np.ndarray) -> Any:
        return self._product(x)
