"""Poincaré and logarithmic Sobolev constants of the Gibbs measure, by every method."""

from collections.abc import Mapping
from dataclasses import dataclass

from flint import arb

from ._balls import above, in_balls, largest, total
from ._landscape import Landscape
from ._net import positive

_names = {
    "convexity": "strong convexity (Bakry and Émery)",
    "oscillation": "bounded loss (Holley and Stroock)",
    "slope": "Lipschitz loss (smoothing, then both of the former)",
    "drift": "Lyapunov function (Bakry, Barthe, Cattiaux and Guillin)",
}


@dataclass(frozen=True, eq=False)
class Isoperimetry:
    r"""Constants of $\pi_s \propto e^{-\frac2s \tilde L}$, as balls, by method.

    $\mathrm{Var}(\varphi) \le C_P\, E \|\nabla \varphi\|^2$ and
    $\mathrm{KL} \le \frac{C_{LS}}2 \mathrm{FI}$.

    **Attributes:**

    - `sobolev`: logarithmic Sobolev constants; each is a Poincaré constant as well.
    - `poincare`: what is a Poincaré constant only.
    """

    temperature: arb
    sobolev: Mapping[str, arb]
    poincare: Mapping[str, arb]

    @property
    def binding(self) -> str:
        """The method whose Poincaré constant is the least."""
        return _least({**self.sobolev, **self.poincare})

    @property
    def binding_sobolev(self) -> str | None:
        return _least(self.sobolev) if self.sobolev else None

    @property
    def poincare_constant(self) -> arb:
        """The least Poincaré constant."""
        return {**self.sobolev, **self.poincare}[self.binding]

    @property
    def sobolev_constant(self) -> arb | None:
        """The least logarithmic Sobolev constant."""
        return self.sobolev[self.binding_sobolev] if self.binding_sobolev else None

    @property
    def useless(self) -> bool:
        """Whether the least constant is finite and of no use."""
        return above(self.poincare_constant) > 1e9


def describe(method: str) -> str:
    """The method in words."""
    return _names[method]


def _least(constants: Mapping[str, arb]) -> str:
    # Each is valid, so any choice is; midpoints decide where even those overflow.
    names = list(constants)
    best = names[0]
    for name in names[1:]:
        if constants[name].upper() < constants[best].upper():
            best = name
    return best


@in_balls
def isoperimetry(landscape: Landscape, temperature: float | str) -> Isoperimetry:
    """Every constant that there is, and so the least of them.

    **Arguments:**

    - `temperature`: s > 0; as the noise of gradient descent its step.

    **Raises:** `CertaxError` if the temperature is not positive.
    """
    s = positive("temperature", temperature)
    weight, dimension = landscape.weight, landscape.net.parameters
    sobolev = {}
    if landscape.strong_convexity is not None:
        sobolev["convexity"] = s / (2 * landscape.strong_convexity)
    if landscape.oscillation is not None:
        grown = (2 * landscape.oscillation / s).exp()
        sobolev["oscillation"] = s / (2 * weight) * grown
    if landscape.slope is not None:
        kappa, steep = 2 * weight / s, 2 * landscape.slope / s
        spread = 2 * (8 / arb.pi()).sqrt() * steep**2 * arb(dimension).sqrt() / kappa
        sobolev["slope"] = 2 / kappa * spread.exp()
    return Isoperimetry(s, sobolev, {"drift": _drift(landscape, s)})


def _drift(landscape: Landscape, s: arb) -> arb:
    """With Q = 1 + ‖W‖², generator A: AQ ≤ −θ Q + B on a ball of radius R."""
    theta = 2 * landscape.rate / s
    excess = 2 * landscape.net.parameters + 4 * landscape.defect / s + theta
    square = excess / theta
    spread = (2 / s) * (
        _within(landscape, square.sqrt()) + landscape.weight * square / 2
    )
    return drift_constant(theta, excess, 2 * square.sqrt(), spread)


def drift_constant(theta: arb, excess: arb, diameter: arb, spread: arb) -> arb:
    """C_P from AQ ≤ −θQ + excess on a convex set of that diameter.

    On the set: Payne and Weinberger, then Holley and Stroock with the potential's
    oscillation `spread`.
    """
    local = (diameter / arb.pi()) ** 2 * spread.exp()
    return (1 + excess * local) / theta


def _within(landscape: Landscape, radius: arb) -> arb:
    """A bound of L on the ball of that radius; L ≥ 0."""
    if landscape.oscillation is not None:
        return landscape.oscillation
    net = landscape.net
    first, second, _ = net.sizes
    # |softplus(z)| ≤ ln 2 + |z|.
    most = first * arb(2).log() + second * largest(net.lengths) * radius
    if net.loss == "logistic":
        return arb(2).log() + most
    squares = [(abs(y) + most) ** 2 / 2 for y in net.target_balls]
    return total(squares) / len(squares)
