"""Saddle-free Newton: the Hessian with its negative eigenvalues turned around."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import linalg

from certax._core import CertaxError

from ._batches import Batch
from ._losses import ResidualLoss
from ._memory import Size, matrix_bytes
from ._optimizer import AbstractOptimizer, StepInfo


class SaddleFreeNewtonState(NamedTuple):
    weights: np.ndarray
    value: np.ndarray
    damping: np.ndarray


@dataclass(frozen=True)
class SaddleFreeNewton(AbstractOptimizer):
    """Steps `-(|H| + mu I)^-1 g` with the absolute Hessian.

    If `H = V diag(e) V^T`, then `|H| = V diag(|e|) V^T`: Newton's step towards a
    minimum, and away from a saddle point, which attracts Newton's own. `mu` is a
    multiple of the mean `|e|`, falls after a step that lowers the loss and rises until
    there is one. A Hessian costs as much as several `p` gradients and its eigenvalues
    about `9 p^3` operations, so nets of more than `max_weights` weights are refused.

    ??? cite "Reference"

        ```bibtex
        @article{dauphin2014identifying,
            title={Identifying and attacking the saddle point problem in
                   high-dimensional non-convex optimization},
            author={Dauphin, Yann N. and Pascanu, Razvan and Gulcehre, Caglar and
                    Cho, Kyunghyun and Ganguli, Surya and Bengio, Yoshua},
            journal={Advances in Neural Information Processing Systems},
            volume={27}, year={2014}}
        ```
    """

    initial_damping: float = 1e-3
    max_trials: int = 30
    max_weights: int = 3000

    def memory(self, size: Size) -> int:
        return matrix_bytes(*[(size.weights, size.weights)] * (2 * size.streams + 5))

    def check(self, size: Size) -> None:
        if size.weights > self.max_weights:
            needed = self.memory(size) / 2**30
            raise CertaxError(
                f"Saddle-free Newton takes nets of at most {self.max_weights} weights, "
                f"but this one has {size.weights}: each step would factorize a Hessian "
                f"with {needed:.3g} GiB of memory.",
                value=size.weights,
                remedy="Take training.optimizer=gauss-newton, or a smaller net.",
                kind="environment",
            )
        super().check(size)

    def init(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> SaddleFreeNewtonState:
        weights = np.asarray(weights, dtype=np.float64)
        return SaddleFreeNewtonState(
            weights,
            np.asarray(loss.value(weights, data)),
            np.asarray(self.initial_damping),
        )

    def renew(
        self, loss: ResidualLoss, state: SaddleFreeNewtonState, data: Batch
    ) -> SaddleFreeNewtonState:
        return state._replace(value=np.asarray(loss.value(state.weights, data)))

    def update(
        self, loss: ResidualLoss, state: SaddleFreeNewtonState, data: Batch
    ) -> tuple[SaddleFreeNewtonState, StepInfo]:
        _, gradient = loss.value_and_gradient(state.weights, data)
        hessian = loss.hessian(state.weights, data)
        if not (np.isfinite(hessian).all() and np.isfinite(gradient).all()):
            return state, StepInfo("The Hessian is not finite on these points.", True)
        eigenvalues, vectors = linalg.eigh((hessian + hessian.T) / 2)
        sizes = np.abs(eigenvalues)
        along = vectors.T @ gradient
        damping = float(state.damping)
        for _ in range(self.max_trials):
            shift = damping * sizes.mean()
            # Nothing moves along directions in which nothing is known to change.
            inverse = np.divide(
                1, sizes + shift, where=sizes + shift > 0, out=0 * sizes
            )
            weights = state.weights - vectors @ (inverse * along)
            value = loss.value(weights, data)
            if value < state.value:
                damping = max(damping / 3, 1e-18)
                return SaddleFreeNewtonState(
                    weights, np.asarray(value), np.asarray(damping)
                ), StepInfo()
            damping *= 4
        note = f"No step lowers the loss {float(state.value):.3e} on these points."
        anew = state._replace(damping=np.asarray(self.initial_damping))
        return anew, StepInfo(note, stalled=True)
