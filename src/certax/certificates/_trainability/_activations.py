"""What the theorems need of an activation: suprema over the whole real line."""

from dataclasses import dataclass

from flint import arb

from ..._core import CertaxError
from ._balls import in_balls


@dataclass(frozen=True)
class Activation:
    """Suprema of σ, as balls; `None` where there is none.

    **Attributes:**

    - `lower`, `upper`: the ends of σ's range.
    - `slope`: sup |σ'|, `curvature`: sup |σ''|.
    - `reach`: sup |z σ'(z)|.
    """

    name: str
    slope: arb
    curvature: arb
    lower: arb | None = None
    upper: arb | None = None
    reach: arb | None = None

    @property
    def bound(self) -> arb | None:
        """sup |σ|."""
        if self.lower is None or self.upper is None:
            return None
        return abs(self.lower).max(abs(self.upper))

    @property
    def bounded(self) -> bool:
        return self.upper is not None

    def value(self, z: arb) -> arb:
        if self.name == "softplus":
            # ln(1 + e^z) without overflow.
            return z.max(arb(0)) + (-abs(z)).exp().log1p()
        return z.tanh() if self.name == "tanh" else (1 + (z / 2).tanh()) / 2

    def derivative(self, z: arb) -> arb:
        if self.name == "softplus":
            return (1 + (z / 2).tanh()) / 2
        if self.name == "tanh":
            return 1 - z.tanh() ** 2
        return (1 - (z / 2).tanh() ** 2) / 4


@in_balls
def activation(name: str) -> Activation:
    """The suprema for `sigmoid`, `tanh` or `softplus`.

    **Raises:** `CertaxError` for any other: a ReLU has no second derivative.
    """
    root = arb(3).sqrt()
    if name == "sigmoid":
        return Activation(
            name, arb(1) / 4, 1 / (6 * root), arb(0), arb(1), _tanh_reach() / 2
        )
    if name == "tanh":
        return Activation(name, arb(1), 4 / (3 * root), arb(-1), arb(1), _tanh_reach())
    if name == "softplus":
        return Activation(name, arb(1), arb(1) / 4)
    raise CertaxError(
        f"The activation {name!r} has no constants here.",
        value=name,
        remedy="Choose sigmoid, tanh or softplus; the theorems need two bounded "
        "derivatives, which a ReLU has not.",
    )


def _tanh_reach() -> arb:
    """sup z(1 − tanh²z) = ζ − 1/(4ζ) where 2ζ tanh ζ = 1, on a bracket of ζ."""
    low, high = arb("0.771702319209"), arb("0.771702319210")
    assert 2 * low * low.tanh() < 1 < 2 * high * high.tanh()
    bracket = low.union(high)
    return bracket - 1 / (4 * bracket)
