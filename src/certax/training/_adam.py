"""Adam on one chunk of the points at a time, with a cosine learning-rate schedule.

Adam only has to find the right basin; a step on one chunk costs a fraction of a step on
all points and finds it as well.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import numpy as np
import optax

from ._batches import Batch
from ._losses import ResidualLoss
from ._optimizer import AbstractOptimizer, StepInfo


class AdamState(NamedTuple):
    weights: np.ndarray
    value: np.ndarray
    count: np.ndarray
    moments: Any


@dataclass(frozen=True)
class Adam(AbstractOptimizer):
    """Adam (Kingma and Ba, 2015) through optax.

    The rate falls from `learning_rate` to `final_ratio * learning_rate` along a cosine
    over `decay_steps` steps. Step `k` uses chunk `k` modulo the number of chunks, so
    `value` is the loss on that chunk.
    """

    learning_rate: float = 5e-3
    decay_steps: int = 2000
    final_ratio: float = 0.1

    def _transformation(self) -> optax.GradientTransformation:
        return optax.adam(
            optax.cosine_decay_schedule(
                self.learning_rate, self.decay_steps, self.final_ratio
            )
        )

    def init(self, loss: ResidualLoss, weights: np.ndarray, data: Batch) -> AdamState:
        with jax.enable_x64(True):
            weights = np.asarray(weights, dtype=np.float64)
            moments = jax.tree.map(np.asarray, self._transformation().init(weights))
        value = np.asarray(loss.value(weights, data))
        return AdamState(weights, value, np.asarray(0), moments)

    def update(
        self, loss: ResidualLoss, state: AdamState, data: Batch
    ) -> tuple[AdamState, StepInfo]:
        value, gradient = loss.chunk_value_and_gradient(
            state.weights, data, int(state.count) % data.chunks
        )
        with jax.enable_x64(True):
            weights, moments = _apply(self, state.weights, gradient, state.moments)
        return AdamState(
            weights, np.asarray(value), np.asarray(state.count + 1), moments
        ), StepInfo()

    def renew(self, loss: ResidualLoss, state: AdamState, data: Batch) -> AdamState:
        return state


def _apply(adam: Adam, weights, gradient, moments):
    changes, moments = _update(adam, gradient, moments)
    return weights + np.asarray(changes), jax.tree.map(np.asarray, moments)


@jax.jit(static_argnums=0)
def _update(adam: Adam, gradient, moments):
    return adam._transformation().update(gradient, moments)
