"""The bounds of arXiv 2310.05169 on the line and in the plane, and ours."""

import math
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Defects:
    """Integrals of squares on the line: of the initial misfit, of the misfits at both
    walls, of the residual; and the largest net value at the right wall.
    """

    initial: float
    walls: float
    roots_of_walls: float
    residual: float
    right: float


def theorem_on_the_line(delta: float, defects: Defects) -> float:
    """Theorem 4.2: ∫∫(û - u)² is at most this; infinite where it overflows.

    (1 + C e^C) [∫R_tb² + 2 C_2b Σ∫R_sb² + 2 C_1b Σ(∫R_sb²)^½ + ∫∫R²], C = 1 + 2/(1-δ),
    C_1b = (1-δ)^-2, C_2b = max û(1,·) + 3/(2(1-δ)).
    """
    gap = 1 - delta
    constant = 1 + 2 / gap
    if constant > 700:
        return math.inf
    inside = defects.initial + defects.residual
    inside += 2 * (defects.right + 1.5 / gap) * defects.walls
    inside += 2 / gap**2 * defects.roots_of_walls
    return (1 + constant * math.exp(constant)) * inside


def our_factor(delta: str | Fraction) -> float:
    r"""With exact data on walls and start: $\int\int e^2 \le A \int\int R^2$.

    From d/dt‖e‖² = -∫u_x e² + 2∫R e and -u_x = 1/(1-t),

    $$\|e(t)\| \le \int_{t_0}^t \sqrt{(1-\tau)/(1-t)} \|R(\tau)\| d\tau,$$

    and by Cauchy and Schwarz A = a²/2 log(a/b) - (a² - b²)/4, a = 2 - δ, b = 1 - δ.
    Rounded up.
    """
    delta = Fraction(delta)
    a, b = 2 - delta, 1 - delta
    value = float(a**2 / 2) * math.log(a / b) - float((a**2 - b**2) / 4)
    return value * (1 + 1e-12)


def their_factor(delta: str | Fraction) -> float:
    """1 + C e^C, C = 1 + 2/(1-δ), of the same integral; rounded up."""
    constant = float(1 + 2 / (1 - Fraction(delta)))
    if constant > 700:
        return math.inf
    return (1 + constant * math.exp(constant)) * (1 + 1e-12)


@dataclass(frozen=True)
class PlaneDefects:
    """Integrals in the plane: squared initial misfit, residual, exact and net fields;
    and the largest gradients of the exact and of the net fields.
    """

    initial: float
    residual: float
    exact: float
    net: float
    exact_gradient: float
    net_gradient: float


def log_theorem_in_the_plane(defects: PlaneDefects) -> float:
    """Theorem 4.1: log ∫|û - u|² ≤ log(C1 C2 / 4) + C1 / √2, with d² = 4."""
    one = 1 + 4 * defects.exact_gradient + 4 * defects.net_gradient
    two = defects.initial + defects.residual
    two += 4 * defects.exact_gradient * defects.exact
    two += 4 * defects.net_gradient * defects.net
    return math.log(one * two / 4) + one / math.sqrt(2)
