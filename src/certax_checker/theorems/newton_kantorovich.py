"""Semilinear equations by a contraction: `docs/theory/newton-kantorovich.md`."""

from typing import NamedTuple

from flint import arb, fmpq

from ..equations._case import Case, Proof
from ..equations._elliptic import Diffusion, diffusion, root_mean_square, signed, walls
from ..equations._linearizations import shifted
from ..kernel._errors import Malformed
from ..kernel._functions import above
from ..kernel._leaves import Chunk
from ..kernel._models import Array, negate, upper_end
from ..kernel._numbers import decimal

NORM = "H1"
PARAMETERS = ("radius",)


class Ball(NamedTuple):
    """A bound in the norm of sum a_i |d_i v|^2, and within what it is the only one."""

    radius: arb
    within: str
    slowest: arb
    equation: Diffusion


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    found = ball_of_solutions(case)
    field = case.problem.fields[0]
    value = above(found.radius / found.slowest.sqrt())
    sentence = (
        f"a weak solution {field} exists for which the root of the integral over the "
        f"domain of the squared length of the gradient of network - {field} is at most "
        f"{{bound}}, and {unique(found)}"
    )
    return Proof(value, [], sentence, "a")


def unique(found: Ball) -> str:
    """Among which functions there is no other solution."""
    terms = "the integral of sum a_i |d_i v|^2"
    if all(a == 1 for a in found.equation.constants):
        terms = "the integral of |grad v|^2"
    return (
        f"it is the only one for which the root of {terms}, v the difference from the "
        f"network, is at most {found.within} (of other solutions nothing is said)"
    )


def ball_of_solutions(case: Case) -> Ball:
    """Checks all hypotheses; a ball in which one solution lies, and only one."""
    within = case.parameters["radius"]
    if type(within) is not str or decimal(within) <= 0:
        raise Malformed("radius is not a positive decimal", "radius")
    equation = diffusion(case, 3)
    walls(case, exact=True)
    case.smooth()

    def reaction(chunk: Chunk) -> tuple[Array, ...]:
        _, slope, *higher = shifted(chunk, 3)
        fall = upper_end(negate(signed(slope, equation.sign)))
        return fall, higher[0].bound, higher[1].bound

    norm, values = root_mean_square(case, reaction)
    fall, second, third = (arb(float(v.max())) for v in values)
    eigenvalue = equation.eigenvalue
    reason = "the linearization is not proved to be coercive: g' falls below minus the"
    coercive = bool(fall < eigenvalue)
    case.require(coercive, "linearization", f"{reason} least eigenvalue")
    inverse = arb(1) if fall <= 0 else 1 / (1 - fall / eigenvalue)
    case.passed("linearization", f"its inverse is bounded by {above(inverse)!r}")
    three = len(case.names) <= 3
    case.require(three, "equation", "there are more than three coordinates")
    cube, fourth = embeddings(equation)
    gamma = 2 * second * cube, 3 * third * fourth
    radius = _radius(case, norm / eigenvalue.sqrt(), inverse, *gamma)
    case.passed("equation", "-a D^2 u + g(x, u) = 0, constants a > 0, g cubic in u")
    return Ball(radius, within, equation.slowest, equation)


def embeddings(equation: Diffusion) -> tuple[arb, arb]:
    """Constants of the integrals of |v|^3 and v^4, by powers of the energy norm."""
    product = arb(1)
    for a in equation.constants:
        product *= a
    eigenvalue, dimension = equation.eigenvalue, len(equation.constants)
    if dimension == 1:
        peak = (equation.lengths[0] / product).sqrt() / 2
        return peak / eigenvalue, peak * peak / eigenvalue
    if dimension == 2:
        fourth = 1 / (2 * product.sqrt() * eigenvalue)
    else:
        fourth = 1 / (3 * arb(3).sqrt() * product.sqrt() * eigenvalue.sqrt())
    return (fourth / eigenvalue).sqrt(), fourth


def _radius(case: Case, defect: arb, inverse: arb, first: arb, second: arb) -> arb:
    """The least radius found that the Newton map keeps, below the one to contract."""

    def kept(t: arb) -> arb:
        growth = first * t**2 / 2 + second * t**3 / 3
        return inverse * (defect + growth)

    within = decimal(case.parameters["radius"])
    outer = arb(fmpq(within.numerator, within.denominator))
    inside = bool(kept(outer) <= outer)
    contracts = bool(inverse * (first * outer + second * outer**2) < 1)
    reason = f"the Newton map does not contract the ball of radius {float(outer)!r}"
    case.require(inside and contracts, "contraction", reason)
    case.passed("contraction", f"the Newton map contracts the ball of {float(outer)!r}")
    case.solvable("existence and uniqueness follow by contraction", "checked")
    # Every smaller ball that is kept holds the solution too.
    radius = arb(above(kept(arb(0)) * (1 + arb(2) ** -30)))
    for _ in range(60):
        wanted = kept(radius)
        if wanted <= radius:
            return radius if radius <= outer else outer
        radius = arb(above(wanted * (1 + arb(2) ** -30)))
    return outer
