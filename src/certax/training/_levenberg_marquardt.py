"""The Levenberg-Marquardt method with geodesic acceleration."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import linalg

from ._batches import Batch
from ._losses import ResidualLoss
from ._optimizer import AbstractOptimizer, StepInfo


class LevenbergMarquardtState(NamedTuple):
    weights: np.ndarray
    value: np.ndarray
    damping: np.ndarray


@dataclass(frozen=True)
class LevenbergMarquardt(AbstractOptimizer):
    """Damped Gauss-Newton steps, bent along the geodesic, for `L = |R|^2`.

        (J^T J + mu I) v = -J^T R           the velocity,
        (J^T J + mu I) a = -J^T R''[v, v]   the acceleration,
        w+ = w + v + a / 2,

    taken when `L` falls and `|a| <= acceleration_limit |v|`. The loss of a net has
    long curved valleys; the acceleration follows them, and reaches in one tenth of the
    steps what plain steps reach. `mu` is a multiple of the mean diagonal of `J^T J`. It
    falls where the loss falls as its quadratic model says (Nielsen's rule) and rises
    until a step is taken. `accelerated=False` leaves `a` out.

    ??? cite "Reference"

        ```bibtex
        @article{transtrum2012improvements,
            title={Improvements to the {L}evenberg-{M}arquardt algorithm for nonlinear
                   least-squares minimization},
            author={Transtrum, Mark K. and Sethna, James P.},
            journal={arXiv:1201.5885}, year={2012}}

        @techreport{nielsen1999damping,
            title={Damping parameter in {M}arquardt's method},
            author={Nielsen, Hans Bruun},
            institution={Technical University of Denmark}, number={IMM-REP-1999-05},
            year={1999}}
        ```
    """

    accelerated: bool = True
    initial_damping: float = 1e-3
    acceleration_limit: float = 0.75
    largest_fall: float = 3.0
    max_trials: int = 30

    def init(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> LevenbergMarquardtState:
        weights = np.asarray(weights, dtype=np.float64)
        return LevenbergMarquardtState(
            weights,
            np.asarray(loss.value(weights, data)),
            np.asarray(self.initial_damping),
        )

    def renew(
        self, loss: ResidualLoss, state: LevenbergMarquardtState, data: Batch
    ) -> LevenbergMarquardtState:
        return state._replace(value=np.asarray(loss.value(state.weights, data)))

    def update(
        self, loss: ResidualLoss, state: LevenbergMarquardtState, data: Batch
    ) -> tuple[LevenbergMarquardtState, StepInfo]:
        linear = loss.linearize(state.weights, data)
        scale = float(np.trace(linear.normal)) / state.weights.size
        damping, rise = float(state.damping), 2.0
        for _ in range(self.max_trials):
            solve = _damped_solver(linear.normal, damping * scale)
            if solve is not None:
                velocity = solve(-linear.gradient)
                if self.accelerated:
                    bend = loss.second_derivative(state.weights, velocity, data)
                    acceleration = solve(-linear.pull(bend))
                else:
                    acceleration = np.zeros_like(velocity)
                size = self.acceleration_limit * np.linalg.norm(velocity)
                if np.linalg.norm(acceleration) <= size:
                    weights = state.weights + velocity + 0.5 * acceleration
                    value = loss.value(weights, data)
                    # L(w) minus the quadratic model at w + v.
                    promised = -2 * linear.gradient @ velocity - velocity @ (
                        linear.normal @ velocity
                    )
                    if value < state.value and promised > 0:
                        kept = min((float(state.value) - value) / promised, 1.0)
                        fall = max(1 / self.largest_fall, 1 - (2 * kept - 1) ** 3)
                        return LevenbergMarquardtState(
                            weights,
                            np.asarray(value),
                            np.asarray(max(damping * fall, 1e-18)),
                        ), StepInfo()
            damping *= rise
            rise *= 2
            if not math.isfinite(damping):
                break
        note = f"No step lowers the loss {float(state.value):.3e} on these points."
        return state._replace(damping=np.asarray(self.initial_damping)), StepInfo(
            note, stalled=True
        )


def _damped_solver(normal: np.ndarray, damping: float):
    # The transpose of a symmetric matrix is itself, in the order LAPACK wants.
    damped = normal.T.copy(order="F")
    damped[np.diag_indices_from(damped)] += damping
    try:
        factor = linalg.cho_factor(
            damped, lower=True, overwrite_a=True, check_finite=False
        )
    except linalg.LinAlgError:
        return None
    return lambda right: linalg.cho_solve(factor, right, check_finite=False)
