"""L1 contraction of viscous conservation laws: `docs/theory/l1-contraction.md`."""

import numpy as np
from flint import arb

from .._algebra import ZERO, enclose
from .._case import Case, Proof, only_coordinates, positive
from .._documents import Coordinate
from .._functions import above
from .._leaves import volume
from .._lift import Wall, lift
from .._models import UP, mean_square_root
from .._slabs import slab_count, slab_sums

NORM = "L1"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    space = _equation(case, time)
    walls = lift(case, space)
    initial = case.problem.of_kind("initial")[0].values
    if case.is_periodic(space.name):
        case.seam(space.name, [initial])
        case.passed("walls", f"the network is periodic in {space.name}")
        case.passed("data", "the data are smooth and periodic on the real line")
    else:
        for side in ("lower", "upper"):
            case.wall(space.name, side)
        if not walls:
            case.passed("walls", "the network equals the data on both walls, exactly")
        case.corners()
    case.smooth()
    start = case.initial_defect(time, integral=True)
    (norms,) = case.sweep(lambda chunk: (mean_square_root(chunk.residuals()[0]),))
    sums = slab_sums(case, time, norms * case.trees["residual"].volumes, slabs)
    box = arb(volume(case.subject, case.names))
    lifted = _lifted(case, space, walls) if walls else arb(0)
    start = arb(start) + lifted
    curve = [above(start + box * arb(value)) for value in sums.tolist()]
    case.solvable(
        "for positive viscosity and these data a unique classical solution exists"
        " (Ladyzenskaja, Solonnikov, Ural'ceva 1968)"
    )
    field = case.problem.fields[0]
    sentence = (
        f"for every {time.interval}, the integral over {space.interval} of "
        f"|network - {field}| is at most {{bound}}"
    )
    return Proof(curve[-1], curve, sentence)


def _lifted(case: Case, space: Coordinate, walls: list[Wall]) -> arb:
    """The largest integral over space of what was subtracted, at any time.

    A linear function with the absolute values a and b at the ends of an interval of
    length L has an integral of its absolute value of at most (a + b) L / 2.
    """
    both = sum((wall.misses for wall in walls), np.zeros(1)) * UP
    integral = arb(float(both.max())) * enclose(space.length) / 2
    case.passed(
        "walls",
        f"the network misses the data there by at most {float(both.max())!r} on both "
        "together; the linear lift of this is subtracted and added to the bound",
    )
    return integral


def _equation(case: Case, time: Coordinate) -> Coordinate:
    """Checks u_t + F'(u) u_x - nu u_xx = f and returns the space coordinate."""
    two = len(case.problem.coordinates) == 2
    case.require(two, "equation", "there is not one space coordinate beside time")
    (space,) = [c for c in case.problem.coordinates if c is not time]
    parts = case.evolution(time)
    viscosity = -parts.pop(case.term(space.name, 2), ZERO)
    reason = "the coefficient of the second derivative is not a negative constant"
    case.require(positive(viscosity), "equation", reason)
    plain = only_coordinates(parts.pop((), ZERO))
    case.require(plain, "equation", "the forcing is no function of the coordinates")
    (slope,), ((value, _),) = case.term(space.name, 1), case.term()
    for product, coefficient in parts.items():
        rest = [factor for factor in product if factor != slope]
        flux = len(rest) == len(product) - 1 and all(f == value for f, _ in rest)
        reason = "a term is no polynomial in u with constant coefficients times u_x"
        case.require(flux and not coefficient.depends, "equation", reason)
    case.passed("equation", "u_t + F'(u) u_x - nu u_xx = f(x, t) with nu > 0")
    return space
