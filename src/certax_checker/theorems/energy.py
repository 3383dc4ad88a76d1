"""The energy method for parabolic equations and conservation laws:
`docs/theory/energy.md`.
"""

from typing import NamedTuple

import numpy as np
from flint import arb

from ..equations._case import Case, Proof, only_coordinates, positive
from ..equations._linearizations import coefficient
from ..equations._means import mean_square_root
from ..equations._rates import closed, decay, least_slope, reaction
from ..equations._slabs import energy_growth, slab_count, slab_squares, slab_suprema
from ..kernel._algebra import ZERO, Polynomial, enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above, ball
from ..kernel._leaves import Chunk
from ..kernel._models import Array, Model, add, multiply, negate, scale, upper_end

NORM = "L2"
PARAMETERS = ("slabs",)
CLASSICAL = (
    "a classical solution exists and is unique (Ladyzenskaja, Solonnikov, Ural'ceva"
    " 1968)"
)
ENTROPY = "the solution is the entropy solution, which exists and is unique"


class Equation(NamedTuple):
    """u_t - a D^2 u + (alpha u + beta) grad u + g(u) = f, entry by coordinate."""

    bends: dict[Coordinate, Polynomial]
    fluxes: dict[Coordinate, Polynomial]
    drifts: dict[Coordinate, Polynomial]
    reaction: tuple[Polynomial, Polynomial, Polynomial]
    forcing: Polynomial


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    equation = _equation(case, time)
    initial = case.problem.of_kind("initial")[0].values
    lifted = closed(case, list(equation.bends), [initial])
    case.corners()
    case.smooth()
    start = arb(case.initial_defect(time, "L2"))

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        rate = upper_end(negate(_damping(case, chunk, equation)))
        return mean_square_root(chunk.residuals()[0]), rate

    roots, rates = case.sweep(quantities)
    least = decay(case, equation.bends)
    suprema = slab_suprema(case, time, rates, slabs).tolist()
    kappas = np.array([above(arb(rate) - least) for rate in suprema])
    squares = slab_squares(case, time, roots, slabs)
    missed = lifted.mean_square if lifted else arb(0)
    errors = energy_growth(case, time, start, kappas, squares)
    curve = [above(error + missed) for error in errors]
    _solvable(case, equation)
    field = case.problem.fields[0]
    place = ", ".join(axis.interval for axis in equation.bends)
    sentence = (
        f"for every {time.interval}, the root of the integral over {place} of "
        f"|network - {field}|^2 is at most {{bound}}"
    )
    return Proof(curve[-1], curve, sentence)


def _equation(case: Case, time: Coordinate) -> Equation:
    """Checks the form and reads it off."""
    parts = case.evolution(time)
    space = [axis for axis in case.problem.coordinates if axis is not time]
    case.require(bool(space), "equation", "there is no space coordinate beside time")
    ((value, _),) = case.term()
    made = Equation({}, {}, {}, reaction(case, parts), parts.pop((), ZERO))
    case.require(only_coordinates(made.forcing), "equation", "the forcing depends on u")
    for axis in space:
        bend = -parts.pop(case.term(axis.name, 2), ZERO)
        reason = f"the second derivative in {axis.name} has not a constant <= 0 there"
        case.require(not bend or positive(bend), "equation", reason)
        slope = case.term(axis.name, 1)
        drift = parts.pop(slope, ZERO)
        flux = parts.pop(tuple(sorted([*slope, (value, 1)])), ZERO)
        reason = f"the flux in {axis.name} is not quadratic in u, constant in front"
        case.require(not flux.depends, "equation", reason)
        reason = f"the drift in {axis.name} is no function of the coordinates"
        case.require(only_coordinates(drift), "equation", reason)
        made.bends[axis], made.fluxes[axis], made.drifts[axis] = bend, flux, drift
    reason = "the equation has a term that this theorem does not know"
    case.require(not parts and only_coordinates(made.reaction[0]), "equation", reason)
    moving = any((*made.bends.values(), *made.fluxes.values(), *made.drifts.values()))
    case.require(moving, "equation", "there is no derivative in space")
    case.passed(
        "equation", "u_t - a D^2 u + (alpha u + beta) grad u + g(u) = f, a >= 0"
    )
    return made


def _damping(case: Case, chunk: Chunk, equation: Equation) -> Model:
    """c + 1/2 sum alpha_i u_i - 1/2 div beta, with c the least slope of g."""
    zero = tuple(0 for _ in case.names)
    c1, c2, c3 = equation.reaction
    made = least_slope(chunk, [c1, c2, c3]) if c3 else coefficient(chunk, zero, zero)
    for axis, flux in equation.fluxes.items():
        first = tuple(int(name == axis.name) for name in case.names)
        if flux:
            slope = chunk.derivative(case.problem.fields[0], first)
            half = ball(enclose(flux) / 2, chunk.length)
            made = add(made, multiply([(half, slope)], chunk.degree))
        if equation.drifts[axis].depends:
            divergence = coefficient(chunk, first, first)
            made = add(made, scale(divergence, 1, 2), -1)
    return made


def _solvable(case: Case, equation: Equation) -> None:
    """Which solution the bound speaks about, and why it exists."""
    c1, _, c3 = equation.reaction
    periodic = all(case.is_periodic(axis.name) for axis in equation.bends)
    varies = any(drift.depends for drift in equation.drifts.values())
    if all(equation.bends.values()):
        case.solvable(CLASSICAL)
    elif any(equation.bends.values()):
        case.solvable(
            "the equation does not diffuse in every direction: a classical solution is"
            " assumed to exist", "assumed",
        )  # fmt: skip
    elif periodic and not c3:
        case.solvable(ENTROPY + " (Kruzkov 1970)")
    elif not (c1 or c3 or varies or equation.forcing or len(equation.bends) > 1):
        case.solvable(
            ENTROPY + ", with the wall data in the sense of Bardos, Le Roux and Nedelec"
            " (1979; Otto 1996)"
        )  # fmt: skip
    else:
        case.solvable(
            ENTROPY + ", by assumption; at walls that are not periodic the data hold"
            " in the sense of Bardos, Le Roux and Nedelec", "assumed",
        )  # fmt: skip
