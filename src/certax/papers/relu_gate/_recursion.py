"""The exact mean square of GLM-Tron's error for normal inputs and coin-toss attacks."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Recursion:
    r"""Second moments of e = w − w*, which follow a linear recursion.

    For x ~ N(0, I), ‖w*‖ = 1 and z = w*·x the gate 1{y > θ} depends on z and on the
    attack only: unattacked points pass above θ, those with +θ above 0, those with −θ
    above 2θ. So $(E e_\parallel^2, E \|e_\perp\|^2, E e_\parallel, 1)$ is multiplied by
    a matrix of moments of the normal law beyond these thresholds.

    **Attributes:**

    - `dimension`, `batch`, `step`: d, b, η; `bound`, `probability`: θ, β.
    """

    dimension: int
    batch: int
    step: float
    bound: float = 0.0
    probability: float = 0.0

    def matrix(self) -> Float[np.ndarray, "4 4"]:
        """Of one step."""
        d, b, eta = self.dimension, self.batch, self.step
        m, n, r = self._moments()
        drift = 1 - eta * m[2]
        rest = 1 - 1 / b
        made = np.zeros((4, 4))
        made[0] = (
            1 - 2 * eta * m[2] + eta**2 * (m[4] / b + rest * m[2] ** 2),
            eta**2 * m[2] / b,
            2 * eta * n[1] - 2 * eta**2 * (n[3] / b + rest * n[1] * m[2]),
            eta**2 * (r[2] / b + rest * n[1] ** 2),
        )
        across = eta**2 * (d - 1) / b
        made[1] = (
            across * m[2],
            1 - 2 * eta * m[0] + eta**2 * ((d + 1) * m[0] / b + rest * m[0] ** 2),
            -2 * across * n[1],
            across * r[0],
        )
        made[2] = 0, 0, drift, eta * n[1]
        made[3, 3] = 1
        return made

    def squares(self, start: Float[np.ndarray, " d"], steps: int) -> np.ndarray:
        """E‖e_t‖² for t = 0, ..., steps; the first coordinate is along w*."""
        along, across = start[0], float(start[1:] @ start[1:])
        state, matrix = np.array([along**2, across, along, 1.0]), self.matrix()
        found = [state[0] + state[1]]
        for _ in range(steps):
            state = matrix @ state
            found.append(state[0] + state[1])
        return np.array(found)

    @property
    def factor(self) -> float:
        """The spectral radius of the part that moves squares."""
        return float(np.max(np.abs(np.linalg.eigvals(self.matrix()[:2, :2]))))

    @property
    def floor(self) -> float:
        """lim E‖e_t‖²."""
        matrix = self.matrix()
        left = np.eye(3) - matrix[:3, :3]
        return float(np.sum(np.linalg.solve(left, matrix[:3, 3])[:2]))

    def _moments(self):
        """E[1 z^k], E[1 ξ z^k] and E[1 ξ² z^k], k = 0, ..., 4, behind the gate."""
        theta, beta = self.bound, self.probability
        kinds = (
            (1 - beta, theta, 0),
            (beta / 2, 0.0, theta),
            (beta / 2, 2 * theta, -theta),
        )
        tails = np.array([chance * beyond(level) for chance, level, _ in kinds])
        noise = np.array([xi for *_, xi in kinds])
        return tails.sum(axis=0), noise @ tails, noise**2 @ tails


def beyond(level: float) -> Float[np.ndarray, " 5"]:
    """E[1{z > a} z^k] for z ~ N(0, 1), k = 0, ..., 4."""
    tail = math.erfc(level / math.sqrt(2)) / 2
    density = math.exp(-(level**2) / 2) / math.sqrt(2 * math.pi)
    return np.array(
        [
            tail,
            density,
            level * density + tail,
            (level**2 + 2) * density,
            (level**3 + 3 * level) * density + 3 * tail,
        ]
    )
