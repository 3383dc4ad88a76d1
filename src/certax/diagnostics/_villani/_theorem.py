"""Theorem 1 of `docs/theory/villani.md`: bounds of a loss's derivatives, and the radius
beyond which |∇V|²/s − ΔV is positive.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from ..._core._balls import above, ball
from ._balls import in_balls
from ._regularizers import PowerRegularizer

# Coefficients of α^i ω^j, α the size of the outer and ω of the inner weights.
Powers = Mapping[tuple[int, int], arb]
# Coefficients of ρ^e.
Exponents = dict[Fraction, arb]
_widths = tuple(Fraction(2) ** n for n in range(-4, 5))


@dataclass(frozen=True, eq=False)
class GrowthBounds:
    r"""What is proved of a loss L of outer weights a and inner weights w, with
    α = ‖a‖ and ω = ‖w‖; all coefficients are at least 0.

    **Attributes:**

    - `parameters`: of both kinds.
    - `outer`: how many are outer ones; they come first.
    - `defect`: b ≥ 0 with ⟨a, ∇ₐL⟩ ≥ −b.
    - `laplacian`: the coefficients of B(α, ω) with ΔL ≤ B.
    - `radial`: those of C(α, ω) with ⟨w, ∇_wL⟩ ≥ −C; None if only a is trained.
    - `sentence`: which loss it is, for people.
    """

    parameters: int
    outer: int
    defect: arb
    laplacian: Powers
    radial: Powers | None
    sentence: str


@dataclass(frozen=True)
class Split:
    """Where the proof changes from outer to inner weights: at α = ε ρ^τ."""

    width: Fraction
    exponent: Fraction


@dataclass(frozen=True, eq=False)
class Minorant:
    """c ρ^e − Σ cᵢ ρ^eᵢ with eᵢ < e, cᵢ ≥ 0 and c > 0, times `front` ρ^`more`.

    Divided by its first power it increases, so it stays positive once it is.
    """

    lead: tuple[Fraction, arb]
    losses: Exponents
    front: arb
    more: Fraction

    @property
    def grows(self) -> bool:
        """Whether it tends to infinity."""
        exponent, coefficient = self.lead
        return (
            coefficient > 0
            and exponent + self.more > 0
            and all(e < exponent for e in self.losses)
        )

    def divided(self, radius: float) -> arb:
        """c − Σ cᵢ ρ^(eᵢ − e)."""
        exponent, coefficient = self.lead
        r = arb(radius)
        return coefficient - sum(
            (c * r ** ball(e - exponent) for e, c in self.losses.items()), arb(0)
        )

    def value(self, radius: float) -> arb:
        r, exponent = arb(radius), self.lead[0]
        return self.front * r ** ball(exponent + self.more) * self.divided(radius)


def minorants(
    bounds: GrowthBounds, regularizer: PowerRegularizer, temperature: arb, split: Split
) -> tuple[Minorant, ...]:
    """Of |∇V|²/s − ΔV at ‖θ‖ = ρ: where α ≥ ε ρ^τ, and where not. The least of their
    values is a bound from below.
    """
    s, q, weight = temperature, regularizer.power, ball(regularizer.weight)
    width, tau = ball(split.width), split.exponent
    bend = weight * (bounds.parameters + 2 * q - 2)
    lead = weight**2 / s
    near = Fraction(2 * q - 2) - 2 * tau
    outer: Exponents = {}
    _add(outer, near, (2 * weight * bounds.defect / s + bend) / width**2)
    for (i, j), c in bounds.laplacian.items():
        # α^(i−2) is largest at the upper or the lower end of the range of α.
        if i >= 2:
            _add(outer, Fraction(i - 2 + j), c)
        else:
            _add(outer, tau * (i - 2) + j, c * width ** (i - 2))
    found = [Minorant((Fraction(4 * q - 4), lead), outer, width**2, 2 * tau)]
    if bounds.radial is None:
        return tuple(found)
    inner: Exponents = {}
    _add(inner, 4 * q - 4 + 2 * tau, lead * width**2)
    _add(inner, Fraction(2 * q - 2), bend)
    for (i, j), c in bounds.radial.items():
        _add(inner, 2 * q - 2 + tau * i + j, 2 * weight * c * width**i / s)
    for (i, j), c in bounds.laplacian.items():
        _add(inner, tau * i + j, c * width**i)
    found.append(Minorant((Fraction(4 * q - 2), lead), inner, arb(1), Fraction(0)))
    return tuple(found)


def _add(sums: Exponents, exponent: Fraction, coefficient: arb) -> None:
    exponent = Fraction(exponent)
    if not coefficient.is_zero():
        sums[exponent] = sums.get(exponent, arb(0)) + coefficient


@in_balls
def confirmed(
    bounds: GrowthBounds,
    regularizer: PowerRegularizer,
    temperature: arb,
    split: Split,
    radius: float,
) -> bool:
    """Whether it is proved that |∇V|²/s − ΔV tends to infinity, for every s > 0, and is
    positive for ‖θ‖ ≥ radius at the given s.
    """
    parts = minorants(bounds, regularizer, temperature, split)
    if bounds.radial is None and (split.exponent, split.width) != (1, 1):
        return False
    return radius > 0 and all(p.grows and p.divided(radius) > 0 for p in parts)


@in_balls
def growth_radius(
    bounds: GrowthBounds, regularizer: PowerRegularizer, temperature: arb
) -> tuple[float, Split] | None:
    """The least radius found for which the growth is `confirmed`, with the split that
    proves it; None if the exponents do not suffice.
    """
    best: tuple[float, Split] | None = None
    for split in _splits(bounds, regularizer):
        parts = minorants(bounds, regularizer, temperature, split)
        if not all(p.grows for p in parts):
            continue
        radius = _least_radius(parts, best[0] if best else math.inf)
        if radius is not None:
            best = (radius, split)
    return best


def _splits(bounds: GrowthBounds, regularizer: PowerRegularizer) -> list[Split]:
    if bounds.radial is None:
        return [Split(Fraction(1), Fraction(1))]
    lowest = -8 * regularizer.power
    exponents = [Fraction(n, 4) for n in range(lowest, 4)]
    return [Split(width, tau) for tau in exponents for width in _widths]


def _least_radius(parts: tuple[Minorant, ...], most: float) -> float | None:
    """The least radius below `most` that serves, to a part in a thousand."""
    fits = lambda r: all(p.divided(r) > 0 for p in parts)
    high = 1.0
    while not fits(high):
        high *= 2
        if high > 2.0**200 or high / 2 > most:
            return None
    low = high / 2 if high > 1 else 2.0**-30
    while high - low > 1e-3 * high:
        middle = (low + high) / 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high if high < most else None


@in_balls
def lower_bound(
    bounds: GrowthBounds,
    regularizer: PowerRegularizer,
    temperature: arb,
    split: Split,
    radius: float,
) -> float:
    """What |∇V|²/s − ΔV is at least wherever ‖θ‖ is this radius."""
    parts = minorants(bounds, regularizer, temperature, split)
    return min(-above(-p.value(radius)) for p in parts)
