"""Whether a regularized loss is a Villani function: what is proved and what is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from flint import arb

from ..._core import CertaxError, NetworkSettings
from ...nn import Ansatz
from ...problems import Problem
from ._balls import above, ball, exact, in_balls
from ._equations import equation_loss
from ._loss import AbstractLoss
from ._rays import Ray, Sample, least_temperature, sampled, spoils
from ._regularizers import AbstractRegularizer, NoRegularizer, PowerRegularizer
from ._search import adversarial
from ._shallow import Trained
from ._theorem import Split, confirmed, growth_radius

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
                    f"s > {self.threshold:.2e}, so the third condition is refuted."
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
            whole = partial(_sum, self.loss, self.regularizer)
            follows = spoils(whole, ray, s) is not None
            if follows and self.threshold is not None:
                least = _least(self.loss, self.regularizer, ray)
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


def _suffices(bounds, power: int) -> bool:
    return growth_radius(bounds, PowerRegularizer(1, power), arb(1)) is not None


def villani_growth(
    problem: Problem,
    net: Ansatz | NetworkSettings,
    regularizer: AbstractRegularizer,
    *,
    temperature: float = 1.0,
    trained: Trained = "all",
    points: int = 16,
    search: bool = True,
    seed: int = 0,
) -> VillaniGrowth:
    r"""Whether the loss of a linear problem with a regularizer is a Villani function.

    That asks for $V \to \infty$, $\int e^{-2V/s} < \infty$ and
    $\|\nabla V\|^2/s - \Delta V \to \infty$ for every s > 0 (`docs/theory/villani.md`).

    **Arguments:**

    - `problem`: its equations are linear.
    - `net`: with one hidden layer, as `cx.NetworkSettings(width=4)` or an
      [`certax.nn.Ansatz`][].
    - `regularizer`: [`certax.diagnostics.PowerRegularizer`][], or one's own.
    - `temperature`: s for the radius and the table.
    - `trained`: `"all"` weights, or the `"outer"` ones of a linear last layer.
    - `points`: of collocation.
    - `search`: whether to look for adversarial directions; else suspected ones only.
    - `seed`: of the points, of a net from settings, and of the search.

    **Returns:** verdict, radius, direction and the table of rays.

    **Raises:** `CertaxError` if the problem is not linear, or the net has more hidden
    layers or an activation that is not bounded.

    !!! example

        ```python
        found = cx.diagnostics.villani_growth(
            heat, cx.NetworkSettings(width=4), cx.diagnostics.frobenius("0.1")
        )
        print(found)
        ```

    ??? cite "Reference"

        ```bibtex
        @article{shi2023learning,
            title={On learning rates and {S}chr{\\"o}dinger operators},
            author={Shi, Bin and Su, Weijie and Jordan, Michael I.},
            journal={Journal of Machine Learning Research}, volume={24}, year={2023},
            note={arXiv:2004.06977}}
        ```
    """
    loss = equation_loss(problem, net, points=points, trained=trained, seed=seed)
    return villani_growth_of(
        loss, regularizer, temperature=temperature, search=search, seed=seed
    )


def villani_growth_of(
    loss: AbstractLoss,
    regularizer: AbstractRegularizer,
    *,
    temperature: float = 1.0,
    search: bool = True,
    seed: int = 0,
) -> VillaniGrowth:
    """The same for any loss: [`certax.diagnostics.OperatorLoss`][] of a DeepONet,
    [`certax.diagnostics.CallableLoss`][], or one's own.

    **Arguments:**

    - `loss`: never negative; without `bounds` nothing is proved of it.
    - `regularizer`, `temperature`, `search`, `seed`: as for `villani_growth`.

    **Raises:** `CertaxError` if the loss cannot be enclosed, or the temperature is not
    positive.

    !!! example

        ```python
        wells = CallableLoss(lambda theta, xp: (theta @ theta - 1) ** 2, parameters=3)
        villani_growth_of(wells, NoRegularizer()).verdict
        ```
    """
    s = float(exact("temperature", temperature))
    whole = partial(_sum, loss, regularizer)
    suspected, of = loss.rays(), (loss, regularizer)
    found: tuple[Ray, ...] = ()
    if search:
        found = adversarial([loss, regularizer], loss.size, s, suspected, seed)
    # One ray is always looked at, so that a loss without enclosures is refused.
    alike = Ray(
        np.zeros(loss.size), np.full(loss.size, loss.size**-0.5), "all grow alike"
    )
    tried = [*suspected, *found, alike]
    known = _radius(loss, regularizer, s)
    if known is not None:
        radius, split = known
        rows = _table(whole, tried, s)
        return VillaniGrowth(*of, proved, s, radius, split, None, rows)
    for ray in tried:
        failed = _failure(loss, regularizer, whole, ray, s)
        if failed is not None:
            row, threshold, hot = failed
            others = [other for other in tried if other is not ray]
            rows = (row, *_table(whole, others, hot))
            return VillaniGrowth(*of, fails, hot, None, None, threshold, rows)
    rows = _table(whole, tried, s)
    return VillaniGrowth(*of, observed, s, None, None, None, rows)


def _sum(loss: AbstractLoss, regularizer: AbstractRegularizer, theta, xp):
    return loss(theta, xp) + regularizer(theta, xp)


@in_balls
def _radius(
    loss: AbstractLoss, regularizer: AbstractRegularizer, temperature: float
) -> tuple[float, Split] | None:
    bounds = loss.bounds()
    if bounds is None or not isinstance(regularizer, PowerRegularizer):
        return None
    return growth_radius(bounds, regularizer, arb(temperature))


@in_balls
def _failure(
    loss: AbstractLoss,
    regularizer: AbstractRegularizer,
    whole,
    ray: Ray,
    temperature: float,
) -> tuple[RayRow, float | None, float] | None:
    """A failure at this temperature, or at one where Theorem 2 proves it: the row, the
    temperature above which it is proved, and the one of the row.
    """
    threshold = _least(loss, regularizer, ray)
    s = temperature if threshold is None else max(temperature, 2.0 * threshold)
    shown = spoils(whole, ray, arb(s))
    if shown is None:
        return None
    _, samples = shown
    return RayRow(ray, samples), threshold, s


def _least(
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


def _table(whole, rays: Sequence[Ray], temperature: float) -> tuple[RayRow, ...]:
    rows = [RayRow(ray, sampled(whole, ray, arb(temperature))) for ray in rays]
    return tuple(sorted(rows, key=lambda row: row.samples[-1].lower))
