"""Neuro-Tron in a weighted norm: the rate and the floor for one step size."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat
from jaxtyping import Float

from ..._core import CertaxError
from ._balls import (
    above,
    below,
    in_balls,
    largest_eigenvalue,
    least_eigenvalue,
    matrix,
    total,
)
from ._net import finite, positive, share
from ._neuro_tron import check_batch, moments


@dataclass(frozen=True)
class Attacked:
    r"""$v_{t+1} \le (1 - \gamma) v_t + 2u\sqrt{v_t} + n^2$, $v_t = E\,e_t^\top P e_t$.

    **Attributes:**

    - `shrink`: γ, rounded down; `pull`: u and `noise`: n², rounded up.
    - `stretch`: ‖e‖² is at most this times eᵀPe.
    """

    shrink: float
    pull: float
    noise: float
    stretch: float

    @property
    def floor(self) -> float:
        """What the root mean square distance tends to at most."""
        root = math.sqrt(self.pull**2 + self.shrink * self.noise)
        return (self.pull + root) / self.shrink * math.sqrt(self.stretch) * _slack

    def bounds(self, start: float) -> Iterator[float]:
        """On eᵀPe in the mean, from its value at the start, step by step."""
        value = start
        while True:
            yield value
            moved = (1 - self.shrink) * value + 2 * self.pull * math.sqrt(value)
            value = (moved + self.noise) * _slack


# More than the rounding of a few operations in float64.
_slack = 1 + 2.0**-48


@dataclass(frozen=True, eq=False)
class Contraction:
    r"""E ‖e + Δ‖²_P ≤ (1 − γ) ‖e‖²_P for a step Δ of Neuro-Tron without attack.

    **Attributes:**

    - `metric`: P, positive definite.
    - `shrink`: γ, rounded down; not positive if nothing is proved for this step.
    - `growth`: E ‖Δ‖²_P is at most this times ‖e‖²_P.
    - `spread`, `reach`: E‖Mx‖²_P, and the largest E(y·Mx)² over ‖y‖ dual to P at most
      one; `stretch` as in [`Attacked`][].
    - `step`: η; `batch`: b.
    """

    metric: Float[np.ndarray, "weights weights"]
    shrink: float
    growth: float
    spread: float
    reach: float
    stretch: float
    step: float
    batch: int

    @property
    def proved(self) -> bool:
        return self.shrink > 0

    def attacked(
        self, bound: float, probability: float, centered: bool = False
    ) -> Attacked:
        """With |ξ| ≤ θ at the probability β, independently given x.

        **Arguments:**

        - `bound`: θ; `probability`: β.
        - `centered`: whether signs are those of fair coins, or alternate along an even
          batch; otherwise ξ may depend on everything.

        **Raises:** `CertaxError` where nothing is proved for the step, and for what is
        no bound or no probability.
        """
        if not (math.isfinite(bound) and bound >= 0 and 0 <= probability <= 1):
            raise CertaxError(
                f"An attack of at most {bound} at the probability {probability} is "
                "none.",
                value=(bound, probability),
                remedy="Give a bound of at least 0 and a probability in [0, 1].",
            )
        if not self.proved:
            raise CertaxError(
                f"The step {self.step:.3g} is not proved to contract.",
                value=self.step,
                remedy="Take a smaller one, or another metric.",
            )
        alone = probability / self.batch
        size = self.step**2 * bound**2 * self.spread * _slack
        if centered:
            return Attacked(self.shrink, 0.0, size * alone * _slack, self.stretch)
        noise = size * (alone + (1 - 1 / self.batch) * probability**2) * _slack
        pull = self.step * bound * probability * math.sqrt(self.reach)
        pull = (pull + math.sqrt(self.growth * noise)) * _slack
        return Attacked(self.shrink, pull, noise, self.stretch)


@in_balls
def neuro_tron_contraction(
    sensing: Any,
    batch: int,
    step: float,
    *,
    power: float = 1.0,
    leak: float | str = 0,
    scale: float | str = 1,
    variance: float | str = 1,
    fourth_moment: float | str = 3,
) -> Contraction:
    r"""The rate of Neuro-Tron with $M = \bar A$ in the norm of
    $P = (\bar A \bar A^\top)^{-p}$.

    $\sigma_\alpha(z) = \frac{1 + \alpha}2 z + \frac{1 - \alpha}2 |z|$ splits $f_{w^*} -
    f_w$ into an odd and an even function of x, whose squares alone remain in the mean
    of even functions. With $K = E\,xx^\top (x^\top \bar A^\top P \bar A x)$ and any
    $p_i > 0$ of sum 1, $E\|\Delta\|^2_P \le e^\top \eta^2 C e$,

    $$C = \frac{q^2}b \Big( \frac{(1 + \alpha)^2}4 \bar A K \bar A^\top + \frac{(1 -
    \alpha)^2}4 \sum_i \frac{A_i K A_i^\top}{k^2 p_i} \Big) + (1 - \tfrac1b) H^\top P H,

    $$

    so that γ is the least eigenvalue of $\eta(PH + H^\top P) - \eta^2 C$ relative to P.
    Proof: `docs/theory/trainability.md`.

    **Arguments:**

    - `sensing`: $A_i$, shape `(gates, weights, inputs)`; `batch`: b; `step`: η.
    - `power`: p, 0 for the Euclidean norm.
    - `leak, scale, variance, fourth_moment`: as in [`neuro_tron_guarantee`][]; inputs
      have independent coordinates of one symmetric law.

    **Raises:** `CertaxError` for moments that no law has and an empty batch.
    """
    array = finite("sensing", sensing, 3)
    check_batch(batch)
    eta, outer = positive("step", step), positive("scale", scale)
    second, fourth = moments(variance, fourth_moment)
    slope = arb(0) if leak in (0, 0.0, "0") else share("leak", leak)
    parts = [matrix(part) for part in array]
    count = len(parts)
    mean = sum(parts[1:], parts[0]) * (arb(1) / count)
    metric, frame = _metric(array.mean(axis=0), power)
    weight, turn = matrix(metric), matrix(frame)
    drift = mean * mean.transpose() * (outer * (1 + slope) * second / 2)
    inner = mean.transpose() * weight * mean
    kernel = _quartic(inner, second, fourth)
    sizes = [arb(float(np.linalg.norm(part)) + 1e-300) for part in array]
    even = _zero(len(metric))
    for part, size in zip(parts, sizes, strict=True):
        share_of = count**2 * size / total(sizes)
        even = even + part * kernel * part.transpose() * (1 / share_of)
    odd = mean * kernel * mean.transpose()
    single = odd * ((1 + slope) ** 2 / 4) + even * ((1 - slope) ** 2 / 4)
    crossed = drift.transpose() * weight * drift
    square = single * (outer**2 / batch) + crossed * (1 - arb(1) / batch)
    pull = weight * drift + drift.transpose() * weight
    turned = turn.transpose() * weight * turn
    fall = turn.transpose() * (pull * eta - square * eta**2) * turn
    low, high = least_eigenvalue(turned), largest_eigenvalue(turned)
    if not low > 0:
        raise CertaxError(
            "The mean of the sensing matrices has no full rank that can be proved.",
            value=below(low),
            remedy="Take a smaller power, or other matrices.",
        )
    rise = largest_eigenvalue(turn.transpose() * square * turn) * eta**2 / low
    # ‖e‖² = ‖Ty‖² ≤ λmax(TᵀT)‖y‖² and eᵀPe ≥ λmin(TᵀPT)‖y‖².
    stretch = largest_eigenvalue(turn.transpose() * turn) / low
    return Contraction(
        metric=metric,
        shrink=below(least_eigenvalue(fall) / high),
        growth=above(rise),
        spread=above(second * inner.trace()),
        reach=above(second * largest_eigenvalue(inner)),
        stretch=above(stretch),
        step=float(step),
        batch=batch,
    )


def _metric(mean: np.ndarray, power: float) -> tuple[np.ndarray, np.ndarray]:
    """P, and a matrix T with TᵀPT near the identity; both need not be trusted."""
    values, vectors = np.linalg.eigh(mean @ mean.T)
    values = np.maximum(values, 1e-12 * values[-1])
    metric = vectors * values**-power @ vectors.T
    return (metric + metric.T) / 2, vectors * values ** (power / 2)


def _quartic(inner: arb_mat, second: arb, fourth: arb) -> arb_mat:
    """E xxᵀ (xᵀGx) for independent coordinates of one symmetric law."""
    size, trace = inner.nrows(), inner.trace()
    made = inner * (2 * second**2)
    for j in range(size):
        made[j, j] += second**2 * trace + (fourth - 3 * second**2) * inner[j, j]
    return made


def _zero(size: int) -> arb_mat:
    return arb_mat(size, size)
