"""Transport along characteristics: `docs/theory/transport.md`."""

import numpy as np

from ..equations._case import Case, Proof, only_coordinates, positive
from ..equations._slabs import growth, slab_count, slab_suprema
from ..equations._walls import missed, reached
from ..kernel._algebra import ZERO, Polynomial, enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above

NORM = "Linf"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    speeds, decay = _equation(case, time)
    wall = max(_walls(case, name, speed) for name, speed in speeds.items())
    reached(case, wall)
    case.smooth()
    start = case.initial_defect(time)
    (residual,) = case.sweep(lambda chunk: (chunk.residuals()[0].bound,))
    rhos = slab_suprema(case, time, residual, slabs)
    kappas = np.full(slabs, above(enclose(-decay)))
    curve = growth(case, time, start, kappas, rhos, wall)
    case.solvable("it is the one given by characteristics, and may jump across them")
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(curve[-1], curve, sentence)


def _equation(case: Case, time: Coordinate) -> tuple[dict[str, Polynomial], Polynomial]:
    """Checks the form; returns the speeds by coordinate, and c."""
    parts = case.evolution(time)
    speeds = {
        name: parts.pop(case.term(name, 1), ZERO)
        for name in case.names
        if name != time.name
    }
    moving = any(speeds.values())
    case.require(moving, "equation", "there is no first derivative in space")
    decay = parts.pop(case.term(), ZERO)
    fixed = not decay.depends and not any(speed.depends for speed in speeds.values())
    case.require(fixed, "equation", "a speed or the decay rate is no constant")
    forcing = parts.pop((), ZERO)
    case.require(only_coordinates(forcing), "equation", "the forcing depends on u")
    reason = "the equation has a term that this theorem does not know"
    case.require(not parts, "equation", reason)
    case.passed("equation", "u_t + a grad u + c u = f with constants a and c")
    return speeds, decay


def _walls(case: Case, name: str, speed: Polynomial) -> float:
    """Periodic, or Dirichlet data where the characteristics enter and nowhere else.

    **Returns:** a bound of what the network misses there.
    """
    if case.is_periodic(name):
        case.seam(name)
        return 0.0
    sides = case.sides(name)
    if not speed:
        reason = f"nothing moves in {name}, so data on its walls are contradictory"
        case.require(not sides, "walls", reason)
        return 0.0
    known = positive(speed) or positive(-speed)
    case.require(known, "walls", f"the sign of the speed in {name} is not proved")
    inflow, outflow = ("lower", "upper") if positive(speed) else ("upper", "lower")
    reason = f"data on the {outflow} end of {name}, where characteristics leave"
    case.require(outflow not in sides, "walls", reason + ", are contradictory")
    return missed(case, case.axis(name), (inflow,))
