"""The plan of Langevin Monte Carlo from its constants."""

import math
from dataclasses import dataclass

from ..._core import CertaxError
from ._arguments import check_positive


@dataclass(frozen=True)
class LangevinPlan:
    """A step and a number of steps after which the relative entropy is small.

    **Attributes:**

    - `step`, `steps`: h, and k.
    - `accuracy`: ε, of the relative entropy after k steps.
    - `rate`, `floor`: αh, and what does not fall.
    - `start`: the relative entropy of the start.
    """

    step: float
    steps: int
    accuracy: float
    rate: float
    floor: float
    start: float

    def entropy(self, steps: int) -> float:
        """What the theorem says after so many steps: exp(−αhk) KL₀ + 8hDβ²/α."""
        return math.exp(-self.rate * steps) * self.start + self.floor


def plan_langevin(
    log_sobolev: float,
    smoothness: float,
    *,
    dimension: int,
    start: float,
    accuracy: float,
) -> LangevinPlan:
    """For exp(−V) with the log-Sobolev constant C and −β ≤ ∇²V ≤ β, with α = 1/C,

        h = α/(4β²) min(1, ε/(4D)),   k ≥ ln(2 KL₀/ε) / (αh).

    In floating point, not rounded outward: a certificate has
    [`certax.certificates.langevin_guarantee`][].

    **Arguments:**

    - `log_sobolev`: C; 1/λ for V with ∇²V ≥ λ.
    - `smoothness`: β.
    - `dimension`: D.
    - `start`: KL₀.
    - `accuracy`: ε.

    **Returns:** a [`LangevinPlan`][].

    **Raises:** `CertaxError` for constants that are not positive, and a start that is
    negative or not finite.

    ??? cite "Reference"

        ```bibtex
        @inproceedings{vempala2019rapid,
            title={Rapid convergence of the unadjusted {L}angevin algorithm:
                   isoperimetry suffices},
            author={Vempala, Santosh and Wibisono, Andre},
            booktitle={Advances in Neural Information Processing Systems},
            year={2019}}
        ```
    """
    constants = {
        "log-Sobolev constant": log_sobolev,
        "smoothness": smoothness,
        "dimension": dimension,
        "accuracy": accuracy,
    }
    for name, value in constants.items():
        check_positive(name, value, "the theorem divides by it")
    if not (math.isfinite(start) and start >= 0):
        raise CertaxError(
            f"The relative entropy of the start is {start}; none is negative or "
            "infinite here.",
            value=start,
            remedy="Give a finite number of at least 0.",
        )
    alpha = 1 / log_sobolev
    step = alpha / (4 * smoothness**2) * min(1.0, accuracy / (4 * dimension))
    count = math.log(max(1.0, 2 * start / accuracy)) / (alpha * step)
    floor = 8 * step * dimension * smoothness**2 / alpha
    return LangevinPlan(
        step, max(1, math.ceil(count)), accuracy, alpha * step, floor, start
    )
