"""What is found out about the growth of a loss, as an outcome that teaches."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from flint import arb

from ..._core import CertaxError
from ..._core._balls import above, ball
from ._balls import in_balls
from ._loss import AbstractLoss
from ._rays import Ray, Sample, least_temperature, spoils
from ._regularizers import AbstractRegularizer, NoRegularizer, PowerRegularizer
from ._theorem import GrowthBounds, Split, confirmed, growth_radius

Verdict = Literal[
    "proved",
    "fails along a direction (exhibited)",
    "growth observed, not proved",
]
proved: Verdict = "proved"
fails: Verdict = "fails along a direction (exhibited)"
observed: Verdict = "growth observed, not proved"


@dataclass(frozen=True, eq=False)
class RayRow:
    """One ray of the table: |∇V|²/s − ΔV at growing radii, enclosed."""

    ray: Ray
    samples: tuple[Sample, ...]

    def __str__(self) -> str:
        cells = (f"{x.radius:g}: {x.upper:.2e}" for x in self.samples[::3])
        return f"{self.ray.story}: " + ", ".join(cells)


@dataclass(frozen=True, eq=False)
class VillaniGrowth:
    """What is known of |∇V|²/s − ΔV far away, V a loss with a regularizer.

    **Attributes:**

    - `verdict`: `"proved"` (V is a Villani function), `"fails along a direction
      (exhibited)"` or `"growth observed, not proved"`.
    - `temperature`: s; if the verdict is a failure, one at which it fails.
    - `radius`: beyond it |∇V|²/s − ΔV is proved to be positive.
    - `split`: where the proof changes from outer to inner weights.
    - `threshold`: if growth fails, the s above which that is proved for all large radii
      of the ray, if it is.
    - `rays`: the table of rays, the one that fails or grows least first.
    """

    loss: AbstractLoss
    regularizer: AbstractRegularizer
    verdict: Verdict
    temperature: float
    radius: float | None
    split: Split | None
    threshold: float | None
    rays: tuple[RayRow, ...]

    @property
    def direction(self) -> Ray | None:
        """The ray on which growth fails."""
        return self.rays[0].ray if self.verdict == fails else None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found and what follows, for people."""
        what = f"V = {self.loss.words} + {self.regularizer.words}"
        s, worst = f"s = {self.temperature:.3g}", self.rays[0]
        if self.verdict == proved:
            bounds = self.loss.bounds()
            assert bounds is not None
            return (
                f"Proved: {what} is a Villani function, for {bounds.sentence}.",
                f"|grad V|^2/s - Laplace V tends to infinity for every s > 0, and for "
                f"{s} it is positive wherever |theta| >= {self.radius:.4g}.",
                "So e^(-2V/s) satisfies a Poincare inequality for every s, and noisy "
                "gradient flow converges to it exponentially.",
            )
        first, last = worst.samples[0], worst.samples[-1]
        if self.verdict == fails:
            sure = "" if self.threshold is not None else ", as far as is seen"
            told = [
                f"Fails along a direction (exhibited): {what} is no Villani "
                f"function{sure}.",
                f"On a ray ({worst.ray.story}) |grad V|^2/s - Laplace V with {s} is at "
                f"most {first.upper:.2e} at rho = {first.radius:.3g} and at most "
                f"{last.upper:.2e} at rho = {last.radius:.3g}.",
            ]
            if last.value_upper <= max(2 * first.value_upper, 1e-9):
                told.append(
                    f"V itself stays below {last.value_upper:.3g} there, so it does "
                    "not tend to infinity either."
                )
            if self.threshold is not None:
                told.append(
                    "By Theorem 2 it tends to minus infinity on that ray for every "
                    f"s > {self.threshold:.2e}, so the condition is refuted."
                )
            told.append(_advice(self.loss))
            return tuple(told)
        return (
            f"Growth observed, not proved: no direction was found on which "
            f"|grad V|^2/s - Laplace V of {what} stays bounded.",
            f"On the worst ray ({worst.ray.story}), with {s}, it is at least "
            f"{last.lower:.2e} at rho = {last.radius:.3g}. A search proves nothing.",
            _advice(self.loss),
        )

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    @in_balls
    def verify(self) -> None:
        """Derives the verdict again from the loss and the regularizer.

        **Raises:** `CertaxError` if it does not follow.
        """
        s = arb(self.temperature)
        if self.verdict == proved:
            bounds, known = self.loss.bounds(), self.regularizer
            follows = (
                bounds is not None
                and isinstance(known, PowerRegularizer)
                and self.split is not None
                and self.radius is not None
                and confirmed(bounds, known, s, self.split, self.radius)
            )
        elif self.verdict == fails:
            ray = self.rays[0].ray
            whole = partial(whole_loss, self.loss, self.regularizer)
            follows = spoils(whole, ray, s) is not None
            if follows and self.threshold is not None:
                least = proved_above(self.loss, self.regularizer, ray)
                follows = least is not None and least <= self.threshold
        else:
            follows = self.radius is None and self.threshold is None
        if not follows:
            raise CertaxError(
                f"The verdict {self.verdict!r} does not follow from the loss and the "
                "regularizer.",
                value=self.verdict,
                remedy="Take what villani_growth returns as it is.",
            )


def _advice(loss: AbstractLoss) -> str:
    bounds = loss.bounds()
    if bounds is None:
        return (
            "No theorem knows this loss; a Poincare inequality may hold all the same."
        )
    powers = range(1, 17)
    least = next(q for q in powers if _suffices(bounds, q))
    return (
        f"The regularizer |theta|^{2 * least} is proved to suffice, with any positive "
        "weight. For a Poincare inequality alone less may do."
    )


def _suffices(bounds: GrowthBounds, power: int) -> bool:
    return growth_radius(bounds, PowerRegularizer(1, power), arb(1)) is not None


def whole_loss(
    loss: AbstractLoss, regularizer: AbstractRegularizer, theta: Any, xp: Any
) -> Any:
    """V."""
    return loss(theta, xp) + regularizer(theta, xp)


def proved_above(
    loss: AbstractLoss, regularizer: AbstractRegularizer, ray: Ray
) -> float | None:
    """The temperature of Theorem 2, rounded up."""
    if ray.degree is None or not any(_same(ray, known) for known in loss.rays()):
        return None
    if isinstance(regularizer, NoRegularizer):
        least = least_temperature(ray, arb(0), 1)
    elif isinstance(regularizer, PowerRegularizer):
        least = least_temperature(ray, ball(regularizer.weight), regularizer.power)
    else:
        return None
    return None if least is None else above(least)


def _same(one: Ray, other: Ray) -> bool:
    return (
        one.offset.tobytes() == other.offset.tobytes()
        and one.direction.tobytes() == other.direction.tobytes()
    )
