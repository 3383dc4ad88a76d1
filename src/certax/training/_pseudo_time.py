"""Pseudo-time stepping: a steady problem followed as an evolution to its end."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from ._batches import Batch
from ._losses import ResidualLoss
from ._memory import Size, matrix_bytes
from ._normal_equations import damped_solver
from ._optimizer import AbstractOptimizer, StepInfo


class PseudoTimeState(NamedTuple):
    weights: np.ndarray
    value: np.ndarray
    lowest: np.ndarray
    rate: np.ndarray
    signs: np.ndarray


@dataclass(frozen=True)
class PseudoTime(AbstractOptimizer):
    """Linearly implicit Euler steps of `u_s + r(u) = 0` in pseudo-time `s`.

    Each step minimizes `|(û - û_old) / tau + r(û)|^2` to first order in the weights:

        min over v of |R + (J + S M / tau) v|^2 + damping |v|^2,   w+ = w + v,

    where `J` and `M` are the Jacobians of residual and fields, and the signs `S`, those
    of the traces of `J M^T`, make the evolution a stable one however the equations are
    written. `tau` grows as the residual falls, `tau+ = tau |r_old| / |r|` (switched
    evolution relaxation), and at least by the factor `growth`. The
    residual may rise to `rise` times its lowest value so far; `tau` falls until it does
    no more. What is reported is the loss of the steady equations.

    **Arguments:**

    - `fields`: the field that evolves by each term; zero for terms that do not evolve.

    ??? cite "Reference"

        ```bibtex
        @article{kelley1998convergence,
            title={Convergence analysis of pseudo-transient continuation},
            author={Kelley, C. T. and Keyes, David E.},
            journal={SIAM Journal on Numerical Analysis}, year={1998}}
        ```
    """

    fields: ResidualLoss = field(repr=False, compare=False)
    damping: float = 1e-8
    rise: float = 2.0
    growth: float = 1.25
    max_trials: int = 20

    def memory(self, size: Size) -> int:
        rows, square = (size.rows, size.weights), (size.weights, size.weights)
        return matrix_bytes(rows, rows, rows, square, square)

    def init(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> PseudoTimeState:
        weights = np.asarray(weights, dtype=np.float64)
        value = np.asarray(loss.value(weights, data))
        rows, mass = self._rows(loss, weights, data)[1:]
        terms = loss.number_of_terms(weights, data.points.shape[-1])
        traces = np.sum((rows * mass).reshape(-1, terms, weights.size), axis=(0, 2))
        scale = np.sum(mass**2)
        rate = np.sqrt(np.sum(rows**2) / scale) if scale > 0 else 0.0
        signs = np.where(traces < 0, -1.0, 1.0)
        return PseudoTimeState(weights, value, value, np.asarray(rate), signs)

    def renew(
        self, loss: ResidualLoss, state: PseudoTimeState, data: Batch
    ) -> PseudoTimeState:
        value = np.asarray(loss.value(state.weights, data))
        return state._replace(value=value, lowest=value)

    def update(
        self, loss: ResidualLoss, state: PseudoTimeState, data: Batch
    ) -> tuple[PseudoTimeState, StepInfo]:
        values, rows, mass = self._rows(loss, state.weights, data)
        signed = np.tile(state.signs, len(values) // len(state.signs))[:, None] * mass
        rate, damping = float(state.rate), self.damping
        for _ in range(self.max_trials):
            matrix = rows + rate * signed
            normal = matrix.T @ matrix
            solve = damped_solver(normal, damping * np.trace(normal) / len(normal))
            if solve is not None:
                weights = state.weights - solve(matrix.T @ values)
                value = loss.value(weights, data)
                if value <= self.rise**2 * float(state.lowest):
                    ratio = np.sqrt(value / float(state.value))
                    grown = rate * min(ratio, 1.0 / self.growth)
                    return state._replace(
                        weights=weights,
                        value=np.asarray(value),
                        lowest=np.minimum(value, state.lowest),
                        rate=np.asarray(grown),
                    ), StepInfo()
            rate, damping = 2.0 * rate, 10.0 * damping
        note = (
            f"No pseudo-time step is possible from the loss {float(state.value):.3e}."
        )
        return state, StepInfo(note, stalled=True)

    def _rows(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """R, J and M, of as many rows as there are points times terms."""
        linear, fields = (
            loss.jacobian(weights, data),
            self.fields.jacobian(weights, data),
        )
        return (
            np.concatenate(linear.values),
            np.concatenate(linear.jacobians),
            np.concatenate(fields.jacobians),
        )
