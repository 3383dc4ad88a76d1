"""The self-scaled Broyden method on a dense inverse Hessian."""

from dataclasses import dataclass
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from ._batches import Batch
from ._line_search import wolfe_search
from ._losses import ResidualLoss
from ._memory import Size, matrix_bytes
from ._optimizer import AbstractOptimizer, StepInfo


class SelfScaledBroydenState(NamedTuple):
    """`updates` counts the updates of `inverse_hessian` since it was last reset."""

    weights: np.ndarray
    value: np.ndarray
    gradient: np.ndarray
    inverse_hessian: np.ndarray
    updates: np.ndarray


@dataclass(frozen=True)
class SelfScaledBroyden(AbstractOptimizer):
    """Quasi-Newton steps with the self-scaled Broyden family ("SSBroyden").

    With `s` the step, `y` the change of the gradient and `H` the inverse Hessian,

        H+ = (H - Hy y^T H / y^T Hy + phi (y^T Hy) v v^T) / tau + s s^T / y^T s,
        v  = s / y^T s - Hy / y^T Hy,

    where `phi` and the scale `tau` depend on the curvature along the step. When the
    points are redrawn, `H` is kept. When the line search fails, `H` is reset to a
    multiple of the identity; when it fails again, the step is called stalled.

    ??? cite "Reference"

        ```bibtex
        @article{urban2025unveiling,
            title={Unveiling the optimization process of physics informed neural
                   networks: How accurate and competitive can PINNs be?},
            author={Urb{\\'a}n, Jorge F. and Stefanou, Petros and Pons, Jos{\\'e} A.},
            journal={Journal of Computational Physics},
            volume={523}, pages={113656}, year={2025}}

        @article{albaali2005wide,
            title={Wide interval for efficient self-scaling quasi-{N}ewton algorithms},
            author={Al-Baali, M. and Khalfan, H.},
            journal={Optimization Methods and Software},
            volume={20}, number={6}, pages={679--691}, year={2005}}
        ```
    """

    max_trials: int = 20

    def memory(self, size: Size) -> int:
        return matrix_bytes(*[(size.weights, size.weights)] * 4)

    def init(
        self, loss: ResidualLoss, weights: np.ndarray, data: Batch
    ) -> SelfScaledBroydenState:
        weights = np.asarray(weights, dtype=np.float64)
        value, gradient = loss.value_and_gradient(weights, data)
        return SelfScaledBroydenState(
            weights,
            np.asarray(value),
            gradient,
            np.eye(weights.size),
            np.asarray(0),
        )

    def renew(
        self, loss: ResidualLoss, state: SelfScaledBroydenState, data: Batch
    ) -> SelfScaledBroydenState:
        value, gradient = loss.value_and_gradient(state.weights, data)
        return state._replace(value=np.asarray(value), gradient=gradient)

    def update(
        self, loss: ResidualLoss, state: SelfScaledBroydenState, data: Batch
    ) -> tuple[SelfScaledBroydenState, StepInfo]:
        def value_and_gradient(weights):
            return loss.value_and_gradient(weights, data)

        with jax.enable_x64(True):
            direction = _direction(state.inverse_hessian, state.gradient)
        direction = np.asarray(direction)
        first = int(state.updates) == 0
        steepness = float(np.linalg.norm(state.gradient))
        if not np.isfinite(state.value) or not np.isfinite(steepness):
            return state, StepInfo("The loss is not finite on these points.", True)
        trial = wolfe_search(
            value_and_gradient,
            state.weights,
            float(state.value),
            state.gradient,
            direction,
            length=min(1.0, 1.0 / steepness) if first and steepness > 0 else 1.0,
            max_trials=self.max_trials,
        )
        if trial is None:
            if first:
                note = "No step along the gradient lowers the loss."
                return state, StepInfo(note, stalled=True)
            return state._replace(
                inverse_hessian=np.eye(state.weights.size),
                updates=np.asarray(0),
            ), StepInfo("The line search failed; the inverse Hessian was reset.")
        with jax.enable_x64(True):
            inverse_hessian = _broyden_update(
                state.inverse_hessian,
                trial.length * direction,
                trial.gradient - state.gradient,
                trial.length,
                state.gradient,
                first,
            )
        return SelfScaledBroydenState(
            trial.weights,
            np.asarray(trial.value),
            trial.gradient,
            inverse_hessian,
            np.asarray(state.updates + 1),
        ), StepInfo()


@jax.jit
def _direction(inverse_hessian, gradient):
    return -(inverse_hessian @ gradient)


@jax.jit
def _broyden_update(H, s, y, length, gradient, first):
    # Names and formulas as in the reference ("variant 2").
    n = s.shape[0]
    Hy = H @ y
    yHy = y @ Hy
    ys = y @ s
    rho = 1 / ys
    h = rho * yHy
    b = -length * rho * (s @ gradient)
    # a >= 0 by Cauchy and Schwarz; where it vanishes, theta- has only a limit.
    a = jnp.maximum(h * b - 1, 1e-14)
    rho_minus = jnp.minimum(1.0, h * (1 - jnp.sqrt(a / (1 + a))))
    theta_minus = (rho_minus - 1) / a
    theta_plus = 1 / rho_minus
    theta = jnp.maximum(theta_minus, jnp.minimum(theta_plus, (1 - b) / b))
    sigma = 1 + a * theta
    tau_1 = jnp.minimum(1.0, 1 / b)
    power = jnp.abs(sigma) ** (-1.0 / (n - 1))
    tau = jnp.where(
        theta > 0,
        tau_1 * jnp.minimum(power, 1 / theta),
        jnp.minimum(tau_1 * power, sigma),
    )
    tau = jnp.where(first, h / (1 + a * theta), tau)
    phi = (1 - theta) / (1 + a * theta)
    v = rho * s - Hy / yHy
    new = (
        H - jnp.outer(Hy, Hy) / yHy + phi * yHy * jnp.outer(v, v)
    ) / tau + rho * jnp.outer(s, s)
    return jnp.where(jnp.isfinite(tau) & (tau > 0) & (ys > 0), new, H)
