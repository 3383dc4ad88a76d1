"""A quadratic barrier for elliptic equations: `docs/theory/barrier.md`."""

from flint import arb

from ..equations._case import Case, Proof, only_coordinates, positive
from ..equations._walls import surrounded
from ..kernel._algebra import ZERO, enclose
from ..kernel._functions import above

NORM = "Linf"
PARAMETERS = ()


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    constant = _equation(case)
    for axis in case.problem.coordinates:
        case.require(not case.is_periodic(axis.name), "walls", "a wall is periodic")
    _, wall = surrounded(case, list(case.problem.coordinates), [])
    case.corners()
    case.smooth()
    (residual,) = case.sweep(lambda chunk: (chunk.residuals()[0].bound,))
    case.solvable(
        "a solution in C2(domain), continuous up to the walls, exists and is unique"
        " (Gilbarg, Trudinger, chapter 4)"
    )
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    bound = above(constant * arb(float(residual.max())) + arb(wall))
    return Proof(bound, [], sentence)


def _equation(case: Case) -> arb:
    """Checks -a D^2 u = f or its negative; returns min L_i^2 / (8 a_i), enclosed."""
    steady = not case.problem.of_kind("initial") and "initial" not in case.trees
    case.require(steady, "equation", "there is an initial condition")
    parts = case.single()
    bends = [parts.pop(case.term(name, 2), ZERO) for name in case.names]
    down, up = all(positive(-bend) for bend in bends), all(map(positive, bends))
    reason = "the second derivatives do not all have constants of one sign in front"
    case.require(down or up, "equation", reason)
    plain = only_coordinates(parts.pop((), ZERO))
    case.require(plain and not parts, "equation", "another term than f(x) stands there")
    case.passed("equation", "-a D^2 u = f with positive constants a")
    lengths = [enclose(axis.length) for axis in case.problem.coordinates]
    constants = [
        length * length / (8 * abs(enclose(bend)))
        for length, bend in zip(lengths, bends, strict=True)
    ]
    return min(constants, key=above)
