"""What the theorems on regularized nets say of a trajectory, entry by entry."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..certificates import ShallowNet
from ._inequalities import Inequality
from ._shallow import Weights, regularized, value_and_gradient


@dataclass(frozen=True)
class Constants:
    """Of a net and a regularization λ; what does not exist is `None`.

    **Attributes:**

    - `rho`, `beta`: Hess L̃ is at least λ − ρ and at most β; `slope`: ‖∇L‖ ≤ G.
    - `rate`, `defect`: ⟨W, ∇L̃⟩ ≥ m‖W‖² − b; `oscillation`: sup L − inf L.
    """

    rate: float
    defect: float
    rho: float | None = None
    beta: float | None = None
    slope: float | None = None
    oscillation: float | None = None

    @classmethod
    def of(cls, known) -> "Constants":
        """From those of a landscape, which are rounded outward."""
        names = ("threshold", "smoothness", "gradient_bound", "oscillation")
        some = (known[name].value if name in known else None for name in names)
        return cls(known["rate"].value, known["defect"].value, *some)


def everywhere(
    net: ShallowNet, path: Weights, regularization: str, known: Constants
) -> list[Inequality]:
    """What holds at all weights, and so along every trajectory."""
    weight = float(Fraction(regularization))
    losses, plain = value_and_gradient(net, path)
    gradients = plain + weight * path
    squares = _dot(path, path)
    made = [
        Inequality(
            "dissipativity",
            known.rate * squares - known.defect,
            _dot(path, gradients),
        )
    ]
    if known.slope is not None:
        made.append(
            Inequality("gradient", np.sqrt(_dot(plain, plain)), np.array(known.slope))
        )
    if known.oscillation is not None:
        made.append(
            Inequality(
                "oscillation", losses - losses.min(), np.array(known.oscillation)
            )
        )
    moved, turned = _differences(path), _differences(gradients)
    far = _dot(moved, moved)
    # Nearer than this, differences of gradients are rounding.
    seen = far > 1e-16 * (1 + squares.max())
    far, bent = far[seen], _dot(moved, turned)[seen]
    if known.beta is not None and far.size:
        made.append(
            Inequality(
                "smoothness", np.sqrt(_dot(turned, turned)[seen]), known.beta * far**0.5
            )
        )
    if known.rho is not None and far.size:
        made.append(Inequality("curvature", (weight - known.rho) * far, bent))
    return made


def of_descent(
    net: ShallowNet, path: Weights, regularization: str, step: float
) -> list[Inequality]:
    """Of gradient descent with η ≤ 1/β: the loss falls, and some gradient is short."""
    losses, gradients = regularized(net, path, regularization)
    squares = _dot(gradients, gradients)
    fall = losses[:-1] - step / 2 * squares[:-1]
    count = np.arange(1, len(path))
    shortest = np.minimum.accumulate(squares[:-1])
    return [
        Inequality("descent", losses[1:], fall + 1e-14),
        Inequality("short gradient", shortest, 2 * losses[0] / (step * count)),
    ]


def of_convexity(
    net: ShallowNet,
    path: Weights,
    regularization: str,
    factor: float,
    least: np.ndarray,
) -> list[Inequality]:
    """Above ρ, with the factor 1 − η(λ − ρ): of the gap a step, and of the distance."""
    losses, _ = regularized(net, path, regularization)
    (lowest,), _ = regularized(net, least[None], regularization)
    powers = factor ** np.arange(len(path))
    gaps = losses - lowest
    away = np.sqrt(_dot(path - least, path - least))
    return [
        Inequality("gap", gaps[1:], powers[1:] * gaps[0] + 1e-14),
        Inequality("distance", away[1:], powers[1:] * away[0] + 1e-11),
    ]


def together(one: Weights, other: Weights, factor: float) -> Inequality:
    """Two trajectories with the same randomness come nearer by a factor a step."""
    away = np.sqrt(_dot(one - other, one - other))
    powers = factor ** np.arange(len(one))
    return Inequality("two runs", away[1:], powers[1:] * away[0] + 1e-12)


def in_a_ball(path: Weights, weight: float, slope: float) -> Inequality:
    """Of stochastic descent with sλ ≤ 1: ‖W‖ ≤ max(‖W₀‖, G/λ), G that of a point."""
    sizes = np.sqrt(_dot(path, path))
    return Inequality("ball", sizes[1:], np.array(max(sizes[0], slope / weight)))


def fitted_exponent(path: Weights, least: np.ndarray) -> float:
    """Of the distance to the minimizer, a step: from its last, slowest part that is
    well above rounding.
    """
    away = np.sqrt(_dot(path - least, path - least))
    last = int(np.argmax(away < 1e-7 * away[0])) or len(away)
    first = last // 2
    logs = np.log(away[first:last])
    return float(-np.polyfit(np.arange(first, last), logs, 1)[0])


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sum(a * b, axis=(1, 2))


def _differences(values: np.ndarray) -> np.ndarray:
    """Between neighbors, and between the first and all others."""
    return np.concatenate([values[1:] - values[:-1], values[1:] - values[:1]])
