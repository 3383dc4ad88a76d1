"""The energy of wave equations: `docs/theory/wave.md`."""

from typing import NamedTuple

import numpy as np
from flint import arb

from .._algebra import ZERO, Polynomial, enclose
from .._case import Case, Proof, positive
from .._documents import Coordinate
from .._functions import above
from .._leaves import Chunk
from .._models import Array, mean_square_root
from .._rates import closed, decay, initial_energy
from .._slabs import energy_growth, slab_count, slab_squares

NORM = "L2"
PARAMETERS = ("slabs",)
STEEPEST = {
    "sin": arb(1), "cos": arb(1), "sinpi": arb.pi(), "cospi": arb.pi(), "tanh": arb(1),
    "erf": 2 / arb.pi().sqrt(), "logistic": arb(1) / 4, "softplus": arb(1),
}  # fmt: skip


class Equation(NamedTuple):
    """u_tt - sum c_i^2 u_ii + m u + g(u) = f; `slope` bounds |g'|."""

    speeds: dict[Coordinate, Polynomial]
    mass: Polynomial
    slope: arb


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time(velocity=True)
    equation = _equation(case, time)
    velocity = case.problem.of_kind("velocity")[0].values
    start = case.problem.of_kind("initial")[0].values
    closed(case, list(equation.speeds), [start, velocity])
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
    stiffness = (decay(case, equation.speeds) + mass).sqrt()
    energies = energy_growth(case, time, energy, kappas, squares)
    curve = [above(e / stiffness) for e in energies]
    case.solvable(
        "a unique solution with finite energy exists, and its energy changes by what"
        " the right-hand side does (Lions, Magenes 1972)"
    )
    field = case.problem.fields[0]
    place = ", ".join(axis.interval for axis in equation.speeds)
    sentence = (
        f"for every {time.interval}, the root of the integral over {place} of "
        f"|network - {field}|^2 is at most {{bound}}"
    )
    return Proof(curve[-1], curve, sentence)


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
    linear, slope = _split(case, case.equation(fields=True)[()])
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


def _split(case: Case, form: Polynomial) -> tuple[dict, arb]:
    """The coefficients of field and derivatives, and a bound of the slope of g."""
    parts: dict = {}
    slope = arb(0)
    for monomial, number in form.terms.items():
        wild = [f for f in monomial if any(d[0] == "derivative" for d in f[0].depends)]
        rest = Polynomial({tuple(f for f in monomial if f not in wild): number})
        if not wild:
            continue
        (atom, exponent), *others = wild
        reason = "a term is neither linear nor a constant times a bounded slope"
        case.require(not others and exponent == 1, "equation", reason)
        if atom.key[0] == "derivative":
            parts[atom.key[1]] = parts.get(atom.key[1], ZERO) + rest
            continue
        known = atom.key[0] in STEEPEST and not rest.depends
        case.require(known, "equation", reason)
        inner, inside = _split(case, atom.key[1])
        ((value, _),) = case.term()
        factor = inner.pop(value, ZERO)
        affine = not inner and inside == 0 and not factor.depends
        case.require(affine, "equation", reason)
        slope += abs(enclose(rest) * enclose(factor)) * STEEPEST[atom.key[0]]
    return parts, slope
