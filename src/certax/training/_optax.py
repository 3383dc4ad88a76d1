"""Any optax transformation as an optimizer, and the named ones."""

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from ._batches import Batch
from ._losses import ResidualLoss
from ._memory import Size
from ._optimizer import AbstractOptimizer, StepInfo
from ._soap import scale_by_soap
from ._terms import Terms, differentiable_value

Shapes = tuple[tuple[int, ...], ...]


class OptaxState(NamedTuple):
    """`inner` is optax's state; `count` are the steps since it was last reset."""

    weights: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    count: np.ndarray
    inner: Any


@dataclass(frozen=True)
class Optax(AbstractOptimizer):
    """An optax `GradientTransformation`, schedules and line searches included.

    **Arguments:**

    - `name`: stands for the transformation in checkpoints, so two that differ need
        different names.
    - `transformation`: what optax applies to the gradients.
    - `whole`: whether a step looks at all points. Otherwise step `k` uses chunk `k`
        modulo the number of chunks, and `value` is the loss on that chunk; a line
        search needs all points.
    - `shapes`: those of the weights in their order, for transformations that look at
        matrices; without them the weights are one vector.

    !!! example

        ```python
        import optax
        from certax.training import Optax

        optimizer = Optax("nadam(1e-3)", optax.nadam(1e-3))
        ```
    """

    name: str
    transformation: optax.GradientTransformation = field(repr=False)
    whole: bool = False
    shapes: Shapes | None = None

    def memory(self, size: Size) -> int:
        with jax.enable_x64(True):
            weights = jax.ShapeDtypeStruct((size.weights,), np.float64)
            leaves = jax.tree.leaves(jax.eval_shape(self._start, weights))
        bytes_of_state = sum(leaf.size * leaf.dtype.itemsize for leaf in leaves)
        return 2 * bytes_of_state + 32 * size.weights

    def init(self, loss: ResidualLoss, weights: np.ndarray, data: Batch) -> OptaxState:
        weights = np.asarray(weights, dtype=np.float64)
        return self._begin(weights, *loss.value_and_gradient(weights, data))

    def renew(self, loss: ResidualLoss, state: OptaxState, data: Batch) -> OptaxState:
        if not self.whole:
            return state
        value, gradient = loss.value_and_gradient(state.weights, data)
        return state._replace(value=np.asarray(value), gradient=gradient)

    def update(
        self, loss: ResidualLoss, state: OptaxState, data: Batch
    ) -> tuple[OptaxState, StepInfo]:
        if self.whole:
            return self._step_on_all(loss, state, data)
        chunk = int(state.count) % data.chunks
        value, gradient = loss.chunk_value_and_gradient(state.weights, data, chunk)
        with jax.enable_x64(True):
            found = _step(self, state.weights, value, gradient, state.inner)
        weights, inner = jax.tree.map(np.asarray, found)
        count = np.asarray(state.count + 1)
        return OptaxState(weights, np.asarray(value), gradient, count, inner), (
            StepInfo()
        )

    def _step_on_all(
        self, loss: ResidualLoss, state: OptaxState, data: Batch
    ) -> tuple[OptaxState, StepInfo]:
        with jax.enable_x64(True):
            found = _searching_step(
                *(self, loss.terms, state.weights, state.value, state.gradient),
                *(state.inner, *data),
            )
        weights, inner, search = jax.tree.map(np.asarray, found)
        if search is None:
            value, gradient = loss.value_and_gradient(weights, data)
        else:
            value, gradient = float(search[0]), search[1]
            if not value < float(state.value):
                return self._reset(state)
        count = np.asarray(state.count + 1)
        return OptaxState(weights, np.asarray(value), gradient, count, inner), (
            StepInfo()
        )

    def _reset(self, state: OptaxState) -> tuple[OptaxState, StepInfo]:
        if int(state.count) == 0:
            return state, StepInfo("No step along the gradient lowers the loss.", True)
        anew = self._begin(state.weights, float(state.value), state.gradient)
        return anew, StepInfo("The line search failed; the curvature was forgotten.")

    def _begin(self, weights: np.ndarray, value: float, gradient) -> OptaxState:
        with jax.enable_x64(True):
            inner = jax.tree.map(np.asarray, self._start(weights))
        return OptaxState(weights, np.asarray(value), gradient, np.asarray(0), inner)

    def _start(self, weights):
        return self.transformation.init(self._split(weights))

    def _split(self, vector):
        if self.shapes is None:
            return vector
        ends = np.cumsum([math.prod(shape) for shape in self.shapes])[:-1].tolist()
        parts = zip(jnp.split(vector, ends), self.shapes, strict=True)
        return tuple(part.reshape(shape) for part, shape in parts)

    def _apply(self, weights, gradient, inner, **extra):
        transformation = optax.with_extra_args_support(self.transformation)
        split = self._split(weights)
        changes, inner = transformation.update(
            self._split(gradient), inner, split, grad=self._split(gradient), **extra
        )
        joined = _join(changes)
        return weights + joined, inner


def _join(tree):
    return jnp.concatenate([leaf.reshape(-1) for leaf in jax.tree.leaves(tree)])


@jax.jit(static_argnums=0)
def _step(method: Optax, weights, value, gradient, inner):
    return method._apply(weights, gradient, inner, value=value)


@jax.jit(static_argnums=(0, 1))
def _searching_step(
    method: Optax, terms: Terms, weights, value, gradient, inner, *data
):
    """Also the value and gradient that a line search leaves behind, if there is one."""
    of_vector = differentiable_value(terms, *data)
    value_of = lambda tree: of_vector(_join(tree))
    weights, inner = method._apply(
        weights, gradient, inner, value=value, value_fn=value_of
    )
    value = optax.tree.get(inner, "value")
    gradient = optax.tree.get(inner, "grad")
    search = None if value is None or gradient is None else (value, _join(gradient))
    return weights, inner, search


def adam(
    learning_rate: float = 5e-3, decay_steps: int = 2000, final_ratio: float = 0.1
) -> Optax:
    """Adam on one chunk after the other, with a cosine schedule.

    The rate falls from `learning_rate` to `final_ratio * learning_rate` over
    `decay_steps` steps. A step on one chunk costs a fraction of a step on all points
    and finds the right basin as well.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{kingma2015adam,
            title={Adam: A method for stochastic optimization},
            author={Kingma, Diederik P. and Ba, Jimmy},
            booktitle={International Conference on Learning Representations},
            year={2015}}
        ```
    """
    schedule = optax.cosine_decay_schedule(learning_rate, decay_steps, final_ratio)
    name = f"adam{(learning_rate, decay_steps, final_ratio)}"
    return Optax(name, optax.adam(schedule))


def soap(
    shapes: Shapes,
    *,
    learning_rate: float = 3e-3,
    decay_steps: int = 2000,
    final_ratio: float = 0.1,
) -> Optax:
    """SOAP, Adam in the eigenbasis of Shampoo, on one chunk after the other.

    `shapes` are those of the weights; see [`scale_by_soap`][] for the method.
    """
    schedule = optax.cosine_decay_schedule(learning_rate, decay_steps, final_ratio)
    transformation = optax.chain(
        scale_by_soap(), optax.scale_by_learning_rate(schedule)
    )
    name = f"soap{(learning_rate, decay_steps, final_ratio)}"
    return Optax(name, transformation, shapes=shapes)


def lbfgs(memory: int = 50) -> Optax:
    """L-BFGS on all points with optax's line search for the strong Wolfe conditions.

    `memory` is the number of steps whose change of the gradient is kept. Where no step
    is found the memory is emptied, and where none is found after that, the step is
    called stalled.

    ??? cite "Reference"

        ```bibtex
        @article{liu1989limited,
            title={On the limited memory {BFGS} method for large scale optimization},
            author={Liu, Dong C. and Nocedal, Jorge},
            journal={Mathematical Programming},
            volume={45}, pages={503--528}, year={1989}}
        ```
    """
    return Optax(f"lbfgs({memory})", optax.lbfgs(memory_size=memory), whole=True)
