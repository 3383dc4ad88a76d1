"""How near GLM-Tron and Neuro-Tron come under attack, beside what was reached."""

import math
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from ..._core import CertaxError
from ._adversaries import AbstractAdversary
from ._arguments import check_positive
from ._neuro_tron import SensingNet


@dataclass(frozen=True)
class Recovery:
    """E|w_t − w*|² ≤ factor^t |w₀ − w*|² + floor².

    The moments in it are means over a sample of points, so the numbers are measured;
    as the sample grows they tend to those that are proved for fresh points of its law,
    attacked independently given x.

    **Attributes:**

    - `factor`: of the mean squared error, a step.
    - `floor`: of the root mean square error; 0 without attacks.
    - `learning_rate`: η.
    - `largest_learning_rate`: the largest η that the theorem admits.
    """

    factor: float
    floor: float
    learning_rate: float
    largest_learning_rate: float

    def bound(self, start: float, steps: int) -> float:
        """On the root mean square error after so many steps from an error `start`."""
        return math.sqrt(self.factor**steps * start**2 + self.floor**2)

    def beside(self, reached: float) -> str:
        """The reached error and the floor, as a line."""
        return (
            f"reached |w − w*| = {reached:.3g}; guaranteed floor {self.floor:.3g} "
            "(root mean square, moments measured on a sample)"
        )


def recovery_of_gate(
    inputs: Array | np.ndarray,
    target: Array | np.ndarray,
    adversary: AbstractAdversary,
    learning_rate: float,
) -> Recovery:
    """The guarantee of [`glm_tron`][] with the moments of a sample.

    With λ the least eigenvalue of E[1{w*·x > 2θ} x xᵀ], κ = E[β 1{w*·x > 0} |x|],
    m = E[β |x|²], c the largest eigenvalue of E[1{w*·x > 0} |x|² x xᵀ] and η ≤ λ/(4c):
    factor 1 − ηλ/2 and floor² = 2θ²κ²/λ² + 4ηθ²m/λ.

    **Arguments:**

    - `inputs`: the sample, of shape `(N, n)`.
    - `target`: w*, of shape `(n,)`.
    - `adversary`: who gives θ and β.
    - `learning_rate`: η.

    **Raises:** `CertaxError` if η is larger than admitted, with the largest one, or if
    some direction is not seen clearly enough (λ = 0).
    """
    x, w = np.asarray(inputs, np.float64), np.asarray(target, np.float64)
    chances = np.asarray(adversary.chances(jnp.asarray(inputs)), np.float64)
    lengths = np.linalg.norm(x, axis=1)
    active, clear = x @ w > 0, x @ w > 2 * adversary.bound
    least = _extremes((x.T * clear) @ x / len(x))[0]
    largest = _extremes((x.T * (active * lengths**2)) @ x / len(x))[1]
    kappa = float(np.mean(chances * active * lengths))
    second = float(np.mean(chances * lengths**2))
    return _recovery(least, largest, kappa, second, adversary.bound, learning_rate)


def recovery_of_net(
    inputs: Array | np.ndarray,
    net: SensingNet,
    adversary: AbstractAdversary,
    learning_rate: float,
    batch: int,
    mixing: Array | np.ndarray | None = None,
) -> Recovery:
    """The guarantee of [`neuro_tron`][] with the moments of a sample.

    With H = (q(1 + slope)/2) M E[x xᵀ] Āᵀ, λ the least eigenvalue of its symmetric
    part, κ = E[β|x|], m = E[β|x|²], c = |M|² q² E[a(x)²|x|²]/b + (1 − 1/b)|H|² where
    a(x) is the mean of |Aᵢ x|, and η ≤ λ/(4c): factor 1 − ηλ/2 and
    floor² = |M|² (2θ²κ²/λ² + 4ηθ²m/λ).

    **Arguments:**

    - `inputs`: a sample of a law with x and −x equally likely, of shape `(N, n)`.
    - `net, mixing`: as in [`neuro_tron`][].
    - `adversary`: who gives θ and β.
    - `learning_rate`: η.
    - `batch`: b.

    **Raises:** `CertaxError` as [`recovery_of_gate`][].
    """
    x = np.asarray(inputs, np.float64)
    matrices = np.asarray(net.matrices, np.float64)
    mean = matrices.mean(axis=0)
    m = mean if mixing is None else np.asarray(mixing, np.float64)
    h = net.scale * (1 + net.slope) / 2 * m @ (x.T @ x / len(x)) @ mean.T
    least = _extremes((h + h.T) / 2)[0]
    norm = float(np.linalg.norm(m, 2))
    lengths = np.linalg.norm(x, axis=1)
    sensed = np.zeros(len(x))
    for matrix in matrices:
        sensed += np.linalg.norm(x @ matrix.T, axis=1) / len(matrices)
    single = norm**2 * net.scale**2 * float(np.mean(sensed**2 * lengths**2))
    largest = single / batch + (1 - 1 / batch) * float(np.linalg.norm(h, 2)) ** 2
    chances = np.asarray(adversary.chances(jnp.asarray(inputs)), np.float64)
    kappa = norm * float(np.mean(chances * lengths))
    second = norm**2 * float(np.mean(chances * lengths**2))
    return _recovery(least, largest, kappa, second, adversary.bound, learning_rate)


def _recovery(least, largest, kappa, second, bound, rate) -> Recovery:
    check_positive("learning rate", rate, "a step must go somewhere")
    if not least > 0:
        raise CertaxError(
            f"The least eigenvalue that drives the recovery is {least:.3g}, not "
            "positive: some direction is never seen clearly enough.",
            value=float(least),
            remedy="Lower the bound θ, or take more or other points.",
        )
    admitted = least / (4 * largest)
    if rate > admitted:
        raise CertaxError(
            f"The learning rate {rate:.3g} is above {admitted:.3g}, the largest one "
            "that the guarantee admits.",
            value=rate,
            remedy=f"Take {0.995 * admitted:.3g} or less.",
        )
    squared = 2 * (bound * kappa / least) ** 2 + 4 * rate * bound**2 * second / least
    return Recovery(1 - rate * least / 2, math.sqrt(squared), rate, admitted)


def _extremes(matrix: np.ndarray) -> tuple[float, float]:
    values = np.linalg.eigvalsh(matrix)
    return float(values[0]), float(values[-1])
