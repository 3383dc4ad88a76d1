"""Step sizes and numbers of steps with which RMSProp and Adam are proved to arrive."""

import math
from dataclasses import dataclass

import numpy as np

from ..._core import CertaxError
from ._analyzed_adam import Step
from ._analyzed_rmsprop import check_decay
from ._arguments import check_positive, check_within


@dataclass(frozen=True)
class AdaptivePlan:
    """Within `steps` steps some gradient is at most ε (in mean square where it is
    stochastic), under the hypotheses of the function that made the plan.

    `learning_rate` is `None` where it changes with the gradient.
    """

    learning_rate: float | None
    steps: float


def plan_rmsprop(
    smoothness: float,
    gradient_bound: float,
    gap: float,
    accuracy: float,
    *,
    decay: float = 0.9,
    xi: float = 1e-8,
) -> AdaptivePlan:
    """[`analyzed_rmsprop`][] with full gradients: α = √((1 − b) ξ) / L and
    T = (2L/ε²) √((σ² + ξ) / ((1 − b) ξ)) (f(w₁) − min f).

    **Arguments:**

    - `smoothness`: L along the way.
    - `gradient_bound`: σ ≥ |∇f| along the way.
    - `gap`: f(w₁) − min f, or more.
    - `accuracy`: ε.
    - `decay, xi`: b and ξ.

    **Reference:** `de2018convergence`, see [`analyzed_rmsprop`][], there with a smaller
    step.
    """
    _check(smoothness, gradient_bound, gap, accuracy, decay, xi)
    least, most = (1 - decay) * xi, gradient_bound**2 + xi
    steps = 2 * smoothness / accuracy**2 * math.sqrt(most / least) * gap
    return AdaptivePlan(math.sqrt(least) / smoothness, steps)


def plan_stochastic_rmsprop(
    smoothness: float,
    gradient_bound: float,
    gap: float,
    accuracy: float,
    *,
    moment_ratio: float = 1.0,
    decay: float = 0.9,
    xi: float = 1e-8,
) -> AdaptivePlan:
    """[`analyzed_rmsprop`][] of constant α on unbiased gradients g, with all constants
    fixed in time.

    Hypotheses: |g| ≤ σ, and E|gᵢ| ≤ κ |∂ᵢf| for each coordinate, with κ = 1 where all
    gradients of single examples agree in their signs. It implies gᵢ = 0 wherever
    ∂ᵢf = 0, and holds rarely for mini-batches: measure [`moment_ratio`][]. With
    r = (κ − 1)/(κ + 1) and c = 1/√(σ² + ξ) − r/√((1 − b) ξ) > 0,

        α = √(2 (1 − b) ξ (f(w₁) − min f) / (L σ² T)),
        T = 2 L σ² (f(w₁) − min f) / ((1 − b) ξ c² ε⁴).

    **Arguments:** as in [`plan_rmsprop`][]; `moment_ratio` is κ.

    **Raises:** `CertaxError` where c ≤ 0, with the largest κ that is admitted.

    **Reference:** for κ = 1 `de2018convergence`, see [`analyzed_rmsprop`][].
    """
    _check(smoothness, gradient_bound, gap, accuracy, decay, xi)
    check_within("moment ratio κ", moment_ratio, "[1, ∞)", lambda x: x >= 1)
    least, most = (1 - decay) * xi, gradient_bound**2 + xi
    share = (moment_ratio - 1) / (moment_ratio + 1)
    speed = 1 / math.sqrt(most) - share / math.sqrt(least)
    if speed <= 0:
        limit = math.sqrt(least / most)
        largest = (1 + limit) / (1 - limit)
        raise CertaxError(
            f"The moment ratio κ = {moment_ratio:g} is not below {largest:g}: "
            "gradients disagree too often for RMSProp's proof.",
            value=moment_ratio,
            remedy="Take a larger ξ, a smaller decay or larger batches.",
        )
    noise = smoothness * gradient_bound**2 / least
    steps = 2 * noise * gap / (speed**2 * accuracy**4)
    return AdaptivePlan(math.sqrt(2 * gap / (noise * steps)), steps)


def plan_adam(
    smoothness: float,
    gradient_bound: float,
    gap: float,
    accuracy: float,
    step: Step = "longer",
) -> AdaptivePlan:
    """The steps after which [`deterministic_adam`][] has met some |∇f| ≤ ε.

    T = 18 L (ε + 2σ)² (f(w₁) − min f) / ε⁴ for the `"longer"` step, and
    (9/4) L (ε + 2σ)⁴ (f(w₁) − min f) / (σ ε⁵) for the `"shorter"`, published one. The
    number printed with it, 9 L σ² (f(w₂) − min f) / ε⁶, is too small: f = w²/2, σ = 10
    and ε = 5 need 29 steps where it says 2.5.

    **Arguments:** as in [`plan_rmsprop`][].
    """
    _check(smoothness, gradient_bound, gap, accuracy, 0.0, 1.0)
    width = accuracy + 2 * gradient_bound
    if step == "longer":
        steps = 18 * smoothness * width**2 * gap / accuracy**4
    else:
        steps = 2.25 * smoothness * width**4 * gap / (gradient_bound * accuracy**5)
    return AdaptivePlan(None, steps)


def moment_ratio(gradients: np.ndarray) -> float:
    """The largest ratio of mean |gᵢ| to |mean gᵢ| over coordinates; measured.

    One says that no two examples disagree in any sign; infinity is no error, and the
    usual value near stationary points.

    **Arguments:**

    - `gradients`: of single examples or batches, of shape `(N, p)`.
    """
    array = np.asarray(gradients, np.float64)
    sizes, means = np.abs(array).mean(axis=0), np.abs(array.mean(axis=0))
    moving = sizes > 0
    with np.errstate(divide="ignore"):
        ratios = sizes[moving] / means[moving]
    return float(np.max(ratios, initial=1.0))


def _check(smoothness, gradient_bound, gap, accuracy, decay, xi) -> None:
    check_positive("smoothness L", smoothness, "it is divided by")
    check_positive("bound σ of the gradient", gradient_bound, "a gradient has a size")
    check_positive("accuracy ε", accuracy, "no method finds an exact zero")
    check_positive("ξ", xi, "without it v may vanish")
    check_within("gap", gap, "[0, ∞)", lambda x: x >= 0)
    check_decay("decay", decay)
