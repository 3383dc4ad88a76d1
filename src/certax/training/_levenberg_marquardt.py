"""The Levenberg-Marquardt method with geodesic acceleration.

With Cholesky's method this is Levenberg-Marquardt as it is known, and dense
Gauss-Newton where the damping is small; with conjugate gradients it is Gauss-Newton
without a matrix.
"""

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ._batches import Batch
from ._losses import ResidualLoss
from ._memory import Size
from ._normal_equations import AbstractNormalSolver, Cholesky, ConjugateGradients
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
    until a step is taken. `accelerated=False` leaves `a` out; `solver` says how the
    equations are solved.

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
    solver: AbstractNormalSolver = field(default_factory=Cholesky)

    def memory(self, size: Size) -> int:
        return self.solver.memory(size)

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
        equations = self.solver.at(loss, state.weights, data)
        gradient, scale = equations.gradient, equations.mean_diagonal
        damping, rise = float(state.damping), 2.0
        for _ in range(self.max_trials):
            solve = equations.solver(damping * scale)
            if solve is not None:
                velocity = solve(-gradient)
                if self.accelerated:
                    bend = loss.second_derivative(state.weights, velocity, data)
                    acceleration = solve(-equations.pull(bend))
                else:
                    acceleration = np.zeros_like(velocity)
                size = self.acceleration_limit * np.linalg.norm(velocity)
                if np.linalg.norm(acceleration) <= size:
                    weights = state.weights + velocity + 0.5 * acceleration
                    value = loss.value(weights, data)
                    # L(w) minus the quadratic model at w + v.
                    promised = -2 * gradient @ velocity - velocity @ (
                        equations.product(velocity)
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


def gauss_newton(
    *, tolerance: float = 1e-3, max_iterations: int = 200, accelerated: bool = False
) -> LevenbergMarquardt:
    """Gauss-Newton steps by conjugate gradients: no matrix is stored.

    For nets whose Jacobian does not fit. The damping is that of
    [`LevenbergMarquardt`][]; see [`ConjugateGradients`][] for the two limits.
    """
    solver = ConjugateGradients(tolerance, max_iterations)
    return LevenbergMarquardt(accelerated=accelerated, solver=solver)
