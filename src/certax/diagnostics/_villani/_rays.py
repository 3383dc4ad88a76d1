"""Rays in the space of parameters, and how |∇V|²/s − ΔV goes along them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import arb
from jaxtyping import Float

from ..._core._balls import above, below
from ._balls import in_balls
from ._curved import Function, curvature, growth_value

radii = tuple(2.0**n for n in range(2, 15))
_far = tuple(2.0**n for n in range(2, 61, 4))


@dataclass(frozen=True, eq=False)
class Ray:
    r"""θ = offset + ρ direction.

    **Attributes:**

    - `offset`, `direction`: shape `(parameters,)`.
    - `story`: why it was tried, in words.
    - `degree`, `coefficient`: if it is proved that ΔL ≥ coefficient ρ^degree up to
      lower powers of ρ; else None.
    - `threshold`: s₀ with ‖∇L‖² ≤ s₀ ΔL, up to lower powers again.
    """

    offset: Float[np.ndarray, " parameters"]
    direction: Float[np.ndarray, " parameters"]
    story: str
    degree: int | None = None
    coefficient: arb | None = None
    threshold: arb | None = None

    def at(self, radius: float) -> np.ndarray:
        """The nearest floats."""
        return self.offset + radius * self.direction

    @in_balls
    def exactly(self, radius: float) -> list[arb]:
        r = arb(radius)
        pairs = zip(self.offset, self.direction, strict=True)
        return [arb(float(o)) + r * arb(float(d)) for o, d in pairs]

    @cached_property
    def length(self) -> float:
        return float(np.linalg.norm(self.direction))


@dataclass(frozen=True)
class Sample:
    """At ρ on a ray: bounds of V and of |∇V|²/s − ΔV that certainly hold."""

    radius: float
    value_lower: float
    value_upper: float
    lower: float
    upper: float


@in_balls
def sampled(
    function: Function, ray: Ray, temperature: arb, at: Sequence[float] = radii
) -> tuple[Sample, ...]:
    """V and |∇V|²/s − ΔV at points of a ray, enclosed."""
    found = []
    for radius in at:
        point = curvature(function, ray.exactly(radius))
        grown = growth_value(point, temperature)
        ends = below(point.value), above(point.value), below(grown), above(grown)
        found.append(Sample(radius, *ends))
    return tuple(found)


def falls(samples: Sequence[Sample]) -> bool:
    """Whether |∇V|²/s − ΔV is certainly negative at the last half of the points, and at
    each 1.5 times as deep as at the one before.
    """
    last = samples[len(samples) // 2 :]
    pairs = zip(last[:-1], last[1:], strict=True)
    return last[0].upper < 0 and all(b.upper < 1.5 * a.lower for a, b in pairs)


def stays_bounded(samples: Sequence[Sample]) -> bool:
    """Whether it is certainly never above 0 in the last half of the points, or never
    above what it was before.
    """
    half = len(samples) // 2
    cap = max(0.0, *(sample.lower for sample in samples[:half]))
    return all(sample.upper <= cap for sample in samples[half:])


def spoils(
    function: Function, ray: Ray, temperature: arb
) -> tuple[str, tuple[Sample, ...]] | None:
    """In which way growth fails on a ray, if enclosures show it: `"falls"` at doubling
    radii, or `"bounded"` up to 2⁵⁶.
    """
    samples = sampled(function, ray, temperature)
    if falls(samples):
        return "falls", samples
    if samples[-1].lower > max(1.0, samples[0].upper):
        return None
    samples = sampled(function, ray, temperature, _far)
    return ("bounded", samples) if stays_bounded(samples) else None


@in_balls
def least_temperature(ray: Ray, weight: arb, power: int) -> arb | None:
    """Theorem 2: above which s |∇V|²/s − ΔV tends to minus infinity along the ray, for
    the regularizer (λ/2q)‖θ‖^2q (λ = 0 for none); None where the theorem says nothing.
    """
    if ray.degree is None or ray.coefficient is None or ray.threshold is None:
        return None
    if not ray.coefficient > 0:
        return None
    if weight.is_zero() or 4 * power - 2 < ray.degree:
        return ray.threshold
    if 4 * power - 2 > ray.degree:
        return None
    square = sum((arb(float(d)) ** 2 for d in ray.direction), arb(0))
    size = weight**2 * square ** (2 * power - 1) / ray.coefficient
    return (size.sqrt() + ray.threshold.sqrt()) ** 2
