"""Energy natural gradient: steps that are steepest in the space of functions."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from ._batches import Batch
from ._losses import Linearization, ResidualLoss
from ._memory import Size, matrix_bytes
from ._normal_equations import Solve, damped_solver
from ._optimizer import AbstractOptimizer, StepInfo


class NaturalGradientState(NamedTuple):
    """`direction` is the last one, kept for the momentum."""

    weights: np.ndarray
    value: np.ndarray
    direction: np.ndarray


@dataclass(frozen=True)
class NaturalGradient(AbstractOptimizer):
    """Natural gradient in the energy inner product, with a line search.

    The Gram matrix of the tangent functions in the second derivative of the energy is
    inverted. Here the energy is the residual's, `E(u) = |r(u)|^2`, and its Gram matrix
    is taken at the linearized operator: `G_ij = <r'(u) d_i u, r'(u) d_j u>`. That is
    `J^T J`: for the residual's energy, and so for every problem that certax trains, the
    energy natural gradient is the Gauss-Newton direction (exactly the second
    derivative of the energy where the operator is linear). What differs from
    Levenberg-Marquardt is that the damping follows the loss and a line search chooses
    the step, and that there is a dual form. With momentum `m`,

        p+ = m p - (J^T J + d I)^-1 J^T (R + m J p)        form="primal",
        p+ = m p - J^T (J J^T + d I)^-1 (R + m J p)        form="dual" (Woodbury),

    the same step, of which the dual one costs `n^2 p + n^3 / 3` for `n` residuals and
    `p` weights: for more weights than residuals. `d` is `min(damping, L)` times the
    mean diagonal of `J^T J`, and more where rounding asks for it. The step is the best
    of `p+, p+/2, p+/4, ...`.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{muller2023achieving,
            title={Achieving high accuracy with {PINN}s via energy natural gradient
                   descent},
            author={M{\\"u}ller, Johannes and Zeinhofer, Marius},
            booktitle={International Conference on Machine Learning}, year={2023}}

        @article{guzman2025improving,
            title={Improving energy natural gradient descent through {W}oodbury,
                   momentum, and randomization},
            author={Guzm{\\'a}n-Cordero, Andr{\\'e}s and Dangel, Felix and Goldshlager,
                    Gil and Zeinhofer, Marius},
            journal={arXiv:2505.12149}, year={2025}}

        @article{goldshlager2024kaczmarz,
            title={A {K}aczmarz-inspired approach to accelerate the optimization of
                   neural network wavefunctions},
            author={Goldshlager, Gil and Abrahamsen, Nilin and Lin, Lin},
            journal={Journal of Computational Physics}, volume={516},
            pages={113351}, year={2024}}
        ```
    """

    form: Literal["primal", "dual"] = "primal"
    damping: float = 1e-10
    momentum: float = 0.0
    max_halvings: int = 30

    def memory(self, size: Size) -> int:
        rows = (size.rows, size.weights)
        if self.form == "dual":
            return matrix_bytes(rows, rows, *[(size.rows, size.rows)] * 3)
        squares = [(size.weights, size.weights)] * (size.streams + 2)
        return matrix_bytes(rows, *squares)

    def init(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> NaturalGradientState:
        weights = np.asarray(weights, dtype=np.float64)
        value = np.asarray(loss.value(weights, data))
        return NaturalGradientState(weights, value, np.zeros_like(weights))

    def renew(
        self, loss: ResidualLoss, state: NaturalGradientState, data: Batch
    ) -> NaturalGradientState:
        return state._replace(value=np.asarray(loss.value(state.weights, data)))

    def update(
        self, loss: ResidualLoss, state: NaturalGradientState, data: Batch
    ) -> tuple[NaturalGradientState, StepInfo]:
        linear, directions = self._at(loss, state, data)
        moments = [self.momentum, 0.0] if self.momentum else [0.0]
        for momentum in moments:
            direction = _direction(linear, directions, momentum * state.direction)
            if direction is None:
                continue
            found = self._search(loss, state, direction, data)
            if found is not None:
                return NaturalGradientState(*found, direction), StepInfo()
        note = f"No step lowers the loss {float(state.value):.3e} on these points."
        return state, StepInfo(note, stalled=True)

    def _at(
        self, loss: ResidualLoss, state: NaturalGradientState, data: Batch
    ) -> tuple[Linearization, Solve | None]:
        """The Jacobian, and `v -> (J^T J + d I)^-1 J^T v` on it."""
        relative = min(self.damping, float(state.value))
        if self.form == "primal":
            linear, matrix = loss.linearize(state.weights, data)
            pull = lambda v: linear.pull(_cut(v, linear))
        else:
            linear = loss.jacobian(state.weights, data)
            rows = np.concatenate(linear.jacobians)
            matrix = rows @ rows.T
        scale = float(np.trace(matrix)) / state.weights.size
        solve = None
        # Rounding may need more damping than was asked for.
        while solve is None and relative <= 1 and np.isfinite(scale):
            solve = damped_solver(matrix, relative * scale)
            relative = 10 * relative + 1e-16
        if solve is None:
            return linear, None
        if self.form == "primal":
            return linear, lambda v: solve(pull(v))
        return linear, lambda v: rows.T @ solve(v)

    def _search(
        self, loss: ResidualLoss, state: NaturalGradientState, direction, data: Batch
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """The best of the steps halved until they get worse again."""
        best, lowest = None, float(state.value)
        for halving in range(self.max_halvings + 1):
            weights = state.weights + 0.5**halving * direction
            value = loss.value(weights, data)
            if value < lowest:
                best, lowest = weights, value
            elif best is not None:
                break
        return None if best is None else (best, np.asarray(lowest))


def _direction(
    linear: Linearization, solve: Solve | None, carried: np.ndarray
) -> np.ndarray | None:
    if solve is None:
        return None
    values = np.concatenate(linear.values)
    if carried.any():
        values = values + np.concatenate([rows @ carried for rows in linear.jacobians])
    direction = carried - solve(values)
    return direction if np.isfinite(direction).all() else None


def _cut(vector: np.ndarray, linear: Linearization) -> list[np.ndarray]:
    ends = np.cumsum([len(block) for block in linear.values])[:-1].tolist()
    return np.split(vector, ends)
