"""The regularized loss of a shallow net: convexity, smoothness, dissipativity."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import arb

from ..._core._balls import positive_number
from .._hypotheses import Hypothesis, checked
from ._balls import ball, in_balls, largest, second_moment, total
from ._guarantee import Constant, at_least, at_most, recalled
from ._net import ShallowNet


@dataclass(frozen=True, eq=False)
class Landscape:
    r"""The constants of $\tilde L(W) = L(W) + \frac\lambda2 \|W\|^2$, as balls.

    Proofs: `docs/theory/trainability.md`.

    **Attributes:**

    - `regularization`: λ, exact.
    - `threshold`: ρ with Hess L ≥ −ρ, where there is one. Above it everything is
      convex, and no Langevin machinery is needed.
    - `smoothness`: β with Hess ≤ β for the regularized loss, where there is one.
    - `rate`, `defect`: m and b with ⟨W, ∇L̃⟩ ≥ m ‖W‖² − b.
    - `slope`: G ≥ ‖∇L‖, where there is one; `oscillation`: sup L − inf L, likewise.
    - `critical`: the published threshold λ_c, as recalled.
    - `at_zero`: L(0), which needs no training.
    """

    net: ShallowNet
    regularization: Fraction
    threshold: arb | None
    smoothness: arb | None
    rate: arb
    defect: arb
    slope: arb | None
    oscillation: arb | None
    critical: arb
    at_zero: arb

    @property
    def weight(self) -> arb:
        return ball(self.regularization)

    @cached_property
    @in_balls
    def strong_convexity(self) -> arb | None:
        """λ − ρ, if that is certainly positive."""
        if self.threshold is None or not self.weight > self.threshold:
            return None
        return (self.weight - self.threshold).lower()

    @property
    def verdict(self) -> str:
        """`"strongly convex"` or `"dissipative"`; one of them always holds."""
        return "dissipative" if self.strong_convexity is None else "strongly convex"

    @property
    def advice(self) -> str:
        """What follows for training, in a sentence."""
        weight = float(self.regularization)
        if self.strong_convexity is not None:
            return (
                f"the regularization {weight:.6g} is above the threshold, so the loss "
                "is strongly convex: it has one minimizer, gradient descent converges "
                "to it linearly, and the Villani machinery is not needed"
            )
        why = (
            "there is no such threshold, since the net is unbounded"
            if self.threshold is None
            else "the regularization is not above the convexity threshold"
        )
        return (
            f"{why}; the loss is dissipative, as it is for every positive "
            "regularization, so its Gibbs measures satisfy Poincaré inequalities"
        )

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        net = self.net
        return (
            checked("data", f"{len(net.targets)} points, every number finite"),
            checked(
                "activation",
                f"{net.activation} has bounded first and second derivatives",
            ),
            checked(
                "regularization",
                f"{float(self.regularization):.6g} > 0 on every trained weight",
            ),
        )

    @property
    def constants(self) -> Mapping[str, Constant]:
        """Rounded outward."""
        found = {
            "threshold": self.threshold,
            "smoothness": self.smoothness,
            "defect": self.defect,
            "gradient_bound": self.slope,
            "oscillation": self.oscillation,
        }
        made = {
            name: at_most(value, _meanings[name])
            for name, value in found.items()
            if value is not None
        }
        made["rate"] = at_least(self.rate, "m in <W, grad> >= m |W|^2 - b")
        if self.strong_convexity is not None:
            made["strong_convexity"] = at_least(
                self.strong_convexity, "least eigenvalue of every Hessian"
            )
        made["critical"] = recalled(self.critical, "the published threshold lambda_c")
        return made


_meanings = {
    "threshold": "regularization above which the loss is strongly convex",
    "smoothness": "Lipschitz constant of the gradient",
    "defect": "b in <W, grad> >= m |W|^2 - b",
    "gradient_bound": "length of the gradient without the regularizer",
    "oscillation": "largest minus least value of the unregularized loss",
}


@in_balls
def landscape(net: ShallowNet, regularization: float | str | Fraction) -> Landscape:
    """The constants of the regularized loss.

    **Arguments:**

    - `regularization`: λ > 0; text such as `"0.13"` is exact, a float means its binary
      value.

    **Raises:** `CertaxError` if λ is not positive.

    !!! example

        ```python
        landscape(net, "0.13").verdict  # "strongly convex"
        ```
    """
    weight = positive_number("regularization", regularization)
    strength, sigma = ball(weight), net.sigma
    first, second, most = net.sizes
    ones = [arb(1)] * len(net.targets)
    moment = second_moment(net.inputs, ones)
    length = largest(net.lengths)
    squared = net.loss == "squared"
    # A bound of |dl/df|, point by point.
    if not squared:
        residuals, bend = ones, arb(1) / 4
    elif sigma.bound is not None:
        residuals = [abs(y) + first * sigma.bound for y in net.target_balls]
        bend = arb(1)
    else:
        residuals, bend = None, arb(1)
    threshold = smoothness = slope = None
    if residuals is not None:
        curved = second_moment(net.inputs, residuals) if squared else moment
        threshold = most * sigma.curvature * curved
        gauss_newton = bend * second**2 * sigma.slope**2 * moment
        smoothness = strength + gauss_newton + threshold
        slope = largest(residuals) * sigma.slope * second * moment.sqrt()
    rate, defect = _dissipativity(net, strength, residuals)
    factor = 2 if squared else arb(1) / 2
    return Landscape(
        net=net,
        regularization=weight,
        threshold=threshold,
        smoothness=smoothness,
        rate=rate,
        defect=defect,
        slope=slope,
        oscillation=oscillation(net),
        critical=factor * sigma.slope**2 * length**2 * second**2,
        at_zero=net.mean_loss([first_output(net)] * len(net.targets)),
    )


def first_output(net: ShallowNet) -> arb:
    """f(x; 0), the same for every x."""
    return total(net.outer_balls) * net.sigma.value(arb(0))


def _dissipativity(
    net: ShallowNet, strength: arb, residuals: list[arb] | None
) -> tuple[arb, arb]:
    first, second, _ = net.sizes
    count, reach = len(net.targets), net.sigma.reach
    if reach is not None and residuals is not None:
        return strength, first * reach * total(residuals) / count
    if residuals is None:
        # z σ'(z) = σ(z) − e(z) with 0 ≤ e ≤ ln 2 for softplus.
        offset = first * arb(2).log()
        squares = [(abs(y) + offset) ** 2 for y in net.target_balls]
        return strength, total(squares) / (4 * count)
    linear = net.sigma.slope * second * total(net.lengths) / count
    return strength / 2, linear**2 / (2 * strength)


def oscillation(net: ShallowNet) -> arb | None:
    """A bound of sup L − inf L over all weights, if σ is bounded."""
    ends = net.ends()
    if ends is None:
        return None
    first, _, _ = net.sizes
    if net.loss == "logistic":
        # ln (1 + e^F) − ln (1 + e^−F) = F.
        assert net.sigma.bound is not None
        return first * net.sigma.bound
    low, high = ends
    gaps = [abs(y - low).max(abs(high - y)) for y in net.target_balls]
    return total([gap**2 / 2 for gap in gaps]) / len(gaps)
