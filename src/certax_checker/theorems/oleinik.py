"""From L1 to the maximum by Oleinik's one-sided bound: `docs/theory/oleinik.md`."""

from flint import arb

from ..equations._case import Case, Proof, positive
from ..equations._conservation import Law, confined, conservation_law, contraction
from ..equations._faces import face
from ..equations._means import mean_square_root
from ..equations._slabs import slab_count, slab_suprema
from ..kernel._algebra import ZERO, enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above
from ..kernel._jets import derivative
from ..kernel._leaves import Chunk, sweep
from ..kernel._models import Array, negate, upper_end

NORM = "Linf"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    law = conservation_law(case, time)
    periodic = case.is_periodic(law.space.name)
    convexity = _flux(case, law, periodic)
    confined(case, law.space)
    if not periodic:
        _homogeneous(case, law.space)
    case.smooth()
    start = case.initial_defect(time, "L1")
    steepest = _steepest(case, time, law.space)
    field = case.problem.fields[0]
    ((_, orders), _) = case.term(law.space.name, 1)[0]
    norms, falls = case.sweep(lambda chunk: (
        mean_square_root(chunk.residuals()[0]),
        upper_end(negate(chunk.derivative(field, orders))),
    ))  # fmt: skip
    means = contraction(case, time, start, norms, slabs)
    drops = slab_suprema(case, time, falls, slabs).tolist()
    step = enclose(time.length) / slabs
    length = enclose(law.space.length) if periodic else None
    curve = []
    for k in range(slabs):
        rise = steepest / (1 + convexity * steepest * k * step)
        slope = arb(max(0.0, above(arb(drops[k]) + rise)))
        curve.append(_peak(slope, arb(means[k]), length))
    case.solvable(
        "for positive viscosity and these data a unique classical solution exists,"
        " with a slope in x that is continuous up to the initial time"
        " (Ladyzenskaja, Solonnikov, Ural'ceva 1968)"
    )
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(max(curve), curve, sentence)


def _flux(case: Case, law: Law, periodic: bool) -> arb:
    """Checks that F is convex, even at Dirichlet walls, and that nothing forces.

    Returns a lower bound of F'' that is not negative.
    """
    case.require(law.source == ZERO, "equation", "the equation has a forcing")
    for power, coefficient in law.flux.items():
        if power == 0:
            reason = "with Dirichlet data the flux must be even: F'(u) has a constant"
            case.require(periodic, "equation", reason)
            continue
        reason = "the flux is not proved convex: F'(u) has an even power of u"
        case.require(power % 2 == 1, "equation", reason)
        reason = "the flux is not convex: F'(u) has a coefficient that is not positive"
        case.require(positive(coefficient), "equation", reason)
    curved = any(power > 0 for power in law.flux)
    case.require(curved, "equation", "the flux is linear in u")
    case.passed("equation", "u_t + F'(u) u_x - nu u_xx = 0 with nu > 0 and F'' >= 0")
    return enclose(law.flux.get(1, ZERO)).lower()


def _homogeneous(case: Case, space: Coordinate) -> None:
    """The Dirichlet data vanish on both walls."""
    reason = "the data on a wall are not zero, and there the slope need not decay"
    for condition in case.sides(space.name).values():
        zero = all(form == ZERO for form in case.forms(condition.values).values())
        case.require(zero, "walls", reason)
    case.passed("walls", "the data vanish on both walls")


def _steepest(case: Case, time: Coordinate, space: Coordinate) -> arb:
    """An upper bound of the initial data's largest slope, or zero."""
    index = case.problem.index(time.name)
    values = case.problem.of_kind("initial")[0].values
    unit = tuple(int(name == space.name) for name in case.names)

    def steepness(chunk: Chunk) -> tuple[Array, ...]:
        jet = chunk.evaluate(values, [unit])[case.problem.fields[0]]
        return (upper_end(derivative(jet, unit)),)

    (slopes,) = sweep(
        case.subject, face(case.trees["residual"], index), [space.name],
        steepness,
        {time.name: time.lower},
    )  # fmt: skip
    steepest = max(0.0, float(slopes.max()))
    case.passed("initial slope", f"u0' is at most {steepest!r}, enclosed")
    return arb(steepest)


def _peak(slope: arb, mean: arb, length: arb | None) -> float:
    """How high e can be if e_x >= -slope and its integral is at most this mean.

    `length` is the period; without one e vanishes at the walls.
    """
    if length is None or slope * length * length >= 2 * mean:
        return above((2 * slope * mean).sqrt())
    return above(mean / length + slope * length / 2)
