"""The maximum principle for parabolic equations: `docs/theory/maximum-principle.md`."""

from .._algebra import ZERO, Polynomial
from .._case import Case, Proof, only_coordinates, positive
from .._documents import Coordinate
from .._leaves import Chunk
from .._models import Array, negate, upper_end
from .._rates import least_slope
from .._slabs import growth, slab_count, slab_suprema

NORM = "Linf"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    cubic, full = _equation(case, time)
    space = [axis for axis in case.problem.coordinates if axis is not time]
    for axis in space:
        if case.is_periodic(axis.name):
            case.seam(axis.name, [case.problem.of_kind("initial")[0].values])
        else:
            for side in ("lower", "upper"):
                case.wall(axis.name, side)
    case.passed("walls", "the network is periodic or equals the data, exactly")
    case.corners()
    case.smooth()
    start = case.initial_defect(time)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        slope = least_slope(chunk, cubic) if cubic else chunk.jacobian()[0][0]
        return chunk.residuals()[0].bound, upper_end(negate(slope))

    residual, kappa = case.sweep(quantities)
    rhos = slab_suprema(case, time, residual, slabs)
    kappas = slab_suprema(case, time, kappa, slabs)
    curve = growth(case, time, start, kappas, rhos)
    if full:
        case.solvable(
            "a classical solution, continuous on the closed cylinder, exists and is"
            " unique (Ladyzenskaja, Solonnikov, Ural'ceva 1968)"
        )
    else:
        case.solvable(
            "the equation does not diffuse in every direction: a classical solution,"
            " continuous on the closed cylinder, is assumed to exist",
            "assumed",
        )
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(curve[-1], curve, sentence)


def _equation(case: Case, time: Coordinate) -> tuple[list[Polynomial], bool]:
    """Checks the form; returns c1, c2, c3 if it is cubic, and whether all a_i > 0."""
    parts, diffusing = case.evolution(time), 0
    space = [name for name in case.names if name != time.name]
    for name in space:
        bend = parts.pop(case.term(name, 2), ZERO)
        reason = f"the second derivative in {name} has not a constant <= 0 in front"
        case.require(not bend or positive(-bend), "equation", reason)
        diffusing += bool(bend)
        drift = parts.pop(case.term(name, 1), ZERO)
        reason = f"the drift in {name} is no function of the coordinates"
        case.require(only_coordinates(drift), "equation", reason)
    case.require(diffusing > 0, "equation", "there is no second derivative in space")
    forcing = parts.pop((), ZERO)
    case.require(only_coordinates(forcing), "equation", "the forcing depends on u")
    ((value, _),) = case.term()
    c1, c2, c3 = (parts.pop(((value, n),), ZERO) for n in (1, 2, 3))
    reason = "the equation has a term that this theorem does not know"
    case.require(not parts, "equation", reason)
    case.require(only_coordinates(c1), "equation", reason)
    cubic = bool(c2) or bool(c3)
    constant = not (c1.depends | c2.depends | c3.depends)
    reason = "the reaction is neither linear nor a cubic with positive leading constant"
    case.require(not cubic or (constant and positive(c3)), "equation", reason)
    case.passed("equation", "u_t - a D^2 u + b grad u + g(u) = f, a >= 0 constant")
    return [c1, c2, c3] if cubic else [], diffusing == len(space)
