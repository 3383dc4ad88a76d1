"""The energy of wave equations: `docs/theory/wave.md`."""

from typing import NamedTuple

import numpy as np
from flint import arb

from ..equations._case import Case, Proof, positive
from ..equations._lift import Lift
from ..equations._means import mean_square_root
from ..equations._rates import bounded_slopes, closed, decay, initial_energy
from ..equations._slabs import energy_growth, slab_count, slab_squares
from ..kernel._algebra import ZERO, Polynomial, enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above
from ..kernel._leaves import Chunk
from ..kernel._models import Array

NORM = "L2"
PARAMETERS = ("slabs",)


class Equation(NamedTuple):
    """u_tt - sum c_i^2 u_ii + m u + g(u) = f; `slope` bounds |g'|."""

    speeds: dict[Coordinate, Polynomial]
    mass: Polynomial
    slope: arb


class Energies(NamedTuple):
    """Bounds of sqrt(2 E) up to each slab's end; 2 E is at least stiffness |e|^2.

    With a `lift`, e is the error of the lifted network.
    """

    time: Coordinate
    speeds: dict[Coordinate, Polynomial]
    stiffness: arb
    curve: list[arb]
    lift: Lift | None


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    found = energies(case)
    missed = found.lift.mean_square if found.lift else arb(0)
    curve = [above(e / found.stiffness.sqrt() + missed) for e in found.curve]
    field, time = case.problem.fields[0], found.time
    place = ", ".join(axis.interval for axis in found.speeds)
    sentence = (
        f"for every {time.interval}, the root of the integral over {place} of "
        f"|network - {field}|^2 is at most {{bound}}"
    )
    return Proof(curve[-1], curve, sentence)


def energies(case: Case) -> Energies:
    """Bounds of sqrt(2 E) by slabs, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time(velocity=True)
    equation = _equation(case, time)
    velocity = case.problem.of_kind("velocity")[0].values
    start = case.problem.of_kind("initial")[0].values
    lifted = closed(case, list(equation.speeds), [start, velocity])
    case.corners()
    case.smooth()
    mass, rate = _balance(case, equation, time)
    weights = {
        tuple(int(name == axis.name) for name in case.names): enclose(speed)
        for axis, speed in equation.speeds.items()
    }
    weights[tuple(int(name == time.name) for name in case.names)] = arb(1)
    weights[tuple(0 for _ in case.names)] = mass
    energy = initial_energy(case, time, weights)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        return (mean_square_root(chunk.residuals()[0]),)

    (roots,) = case.sweep(quantities)
    squares = slab_squares(case, time, roots, slabs)
    kappas = np.full(slabs, above(rate))
    stiffness = (decay(case, equation.speeds) + mass).lower()
    curve = energy_growth(case, time, energy, kappas, squares)
    case.solvable(
        "a unique solution with finite energy exists, and its energy changes by what"
        " the right-hand side does (Lions, Magenes 1972)"
    )
    return Energies(time, equation.speeds, stiffness, curve, lifted)


def _balance(case: Case, equation: Equation, time: Coordinate) -> tuple[arb, arb]:
    """The mass m of the energy and the rate L / sqrt(lambda_1 + m) of its growth.

    A part of the mass may be added to the energy and taken from g, whose slope grows by
    as much; the one that makes the rate least is.
    """
    mass, slope = enclose(equation.mass), equation.slope
    if not (mass > 0):
        mass, slope = arb(0), slope + abs(mass)
    stiff = (decay(case, equation.speeds) + mass).lower()
    excess = (slope - 2 * stiff).upper()
    moved = above(excess) if excess > 0 else 0.0
    if not stiff + moved > 0:
        moved = above(1 / enclose(time.length) ** 2)
    if moved:
        mass, stiff, slope = mass + moved, stiff + moved, slope + moved
    case.require(bool(stiff > 0), "energy", "the energy does not bound the error")
    case.passed("energy", "lambda_1 + m is positive")
    return mass, slope / stiff.sqrt()


def _equation(case: Case, time: Coordinate) -> Equation:
    """Checks the form and reads it off."""
    one = len(case.problem.fields) == len(case.problem.residual.outputs) == 1
    case.require(one, "equation", "there is more than one field or equation")
    linear, slope = bounded_slopes(case, case.equation(fields=True)[()])
    space = [axis for axis in case.problem.coordinates if axis is not time]
    case.require(bool(space), "equation", "there is no space coordinate beside time")
    ((twice, _),) = case.term(time.name, 2)
    reason = f"the coefficient of the second derivative in {time.name} is not exactly 1"
    rate = linear.pop(twice, ZERO)
    case.require(rate.rational == 1, "equation", reason)
    speeds = {}
    for axis in space:
        ((bend, _),) = case.term(axis.name, 2)
        speeds[axis] = -linear.pop(bend, ZERO)
        reason = f"the second derivative in {axis.name} has no constant < 0 in front"
        case.require(positive(speeds[axis]), "equation", reason)
    ((value, _),) = case.term()
    mass = linear.pop(value, ZERO)
    case.require(not mass.depends, "equation", "the mass is no constant")
    reason = "the equation has a term that this theorem does not know"
    case.require(not linear, "equation", reason)
    case.passed("equation", "u_tt - c^2 D^2 u + m u + g(u) = f, |g'| bounded")
    return Equation(speeds, mass, slope)
