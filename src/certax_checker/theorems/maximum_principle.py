"""The maximum principle for parabolic equations: `docs/theory/maximum-principle.md`."""

import math
from typing import NamedTuple

import numpy as np

from ..equations._case import Case, Proof, only_coordinates, positive
from ..equations._linearizations import shifted
from ..equations._rates import least_slope
from ..equations._slabs import growth, slab_count, slab_suprema
from ..equations._tubes import narrowest
from ..equations._walls import surrounded
from ..kernel._algebra import ZERO, Polynomial
from ..kernel._documents import Coordinate
from ..kernel._leaves import Chunk
from ..kernel._models import TINY, UNIT, UP, Array, negate, upper_end

NORM = "Linf"
PARAMETERS = ("slabs",)
LITERATURE = " (Ladyzenskaja, Solonnikov, Ural'ceva 1968)"


class Law(NamedTuple):
    """The degree in u; c1, c2, c3 of a cubic that grows; whether all a_i > 0."""

    degree: int
    cubic: list[Polynomial]
    full: bool


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    law = _equation(case, time)
    space = [axis for axis in case.problem.coordinates if axis is not time]
    initial = case.problem.of_kind("initial")[0].values
    _, wall = surrounded(case, space, [])
    for axis in [axis for axis in space if case.is_periodic(axis.name)]:
        case.closes(axis, initial)
    case.corners()
    case.smooth()
    start = case.initial_defect(time)
    residual, *rates = case.sweep(lambda chunk: _quantities(chunk, law))
    rhos = slab_suprema(case, time, residual, slabs)

    def curve(tube: float) -> list[float]:
        kappas = slab_suprema(case, time, _rate(law, rates, tube), slabs)
        return growth(case, time, start, kappas, rhos, wall)

    free = law.degree <= 1 or bool(law.cubic)
    proved = curve(0.0) if law.degree <= 1 else narrowest(case, curve, free)
    _solution(case, law, free)
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(proved[-1], proved, sentence)


def _equation(case: Case, time: Coordinate) -> Law:
    """Checks that the equation is linear in the derivatives, polynomial in u."""
    parts, diffusing = case.evolution(time), 0
    space = [name for name in case.names if name != time.name]
    for name in space:
        bend = parts.pop(case.term(name, 2), ZERO)
        reason = f"the second derivative in {name} has not a constant <= 0 in front"
        case.require(not bend or positive(-bend), "equation", reason)
        diffusing += bool(bend)
    case.require(diffusing > 0, "equation", "there is no second derivative in space")
    slopes = {case.term(name, 1)[0] for name in space}
    ((value, _),) = case.term()
    degree, drifts, reaction = 0, False, {1: ZERO, 2: ZERO, 3: ZERO}
    for product, coefficient in parts.items():
        power = dict(product).get(value, 0)
        moving = [factor for factor in product if factor[0] != value]
        fits = not moving or (len(moving) == 1 and moving[0] in slopes)
        reason = "a term is no polynomial in u, nor such a one times a first derivative"
        case.require(fits, "equation", reason)
        reason = "a coefficient is no function of the coordinates"
        case.require(only_coordinates(coefficient), "equation", reason)
        degree, drifts = max(degree, power), drifts or bool(moving and power)
        if not moving:
            reaction[power] = coefficient
    cubic = [reaction[n] for n in (1, 2, 3)]
    constant = not any(c.depends for c in cubic) and not drifts
    grows = degree == 3 and constant and positive(cubic[2])
    case.passed(
        "equation", "u_t - a D^2 u + b(x, t, u) grad u + g(x, t, u) = 0, a >= 0"
    )
    return Law(degree, cubic if grows else [], diffusing == len(space))


def _quantities(chunk: Chunk, law: Law) -> tuple[Array, ...]:
    """The residual, the parts of -c by powers of the tube, and -c for every u."""
    parts = shifted(chunk, max(law.degree, 1))
    rates = [upper_end(negate(parts[1]))]
    for n, part in enumerate(parts[2:], 2):
        # An even power of the error has the sign of its coefficient.
        one_sided = np.maximum(upper_end(negate(part)), 0.0)
        rates.append(one_sided if n % 2 else part.bound)
    if law.cubic:
        rates.append(upper_end(negate(least_slope(chunk, law.cubic))))
    return chunk.residuals()[0].bound, *rates


def _rate(law: Law, rates: list[Array], tube: float) -> Array:
    """An upper bound of -c on each leaf for errors up to `tube`, which may be inf."""
    if math.isinf(tube):
        return rates[-1]
    spread = np.zeros(1)
    for rate in rates[max(law.degree, 1) - 1 : 0 : -1]:
        spread = (spread + rate) * tube
    spread = spread * UP + TINY
    near = rates[0] + spread + (np.abs(rates[0]) + spread) * 2 * UNIT
    return np.minimum(near, rates[-1]) if law.cubic else near


def _solution(case: Case, law: Law, free: bool) -> None:
    """Why there is a solution, and only one."""
    if not law.full:
        case.solvable(
            "the equation does not diffuse in every direction: a classical solution,"
            " continuous on the closed cylinder, is assumed to exist",
            "assumed",
        )
        return
    known = "a classical solution, continuous on the closed cylinder, exists"
    lasts = " and is" if free else " as long as it is bounded, as it is here, and is"
    case.solvable(known + lasts + " unique" + LITERATURE)
