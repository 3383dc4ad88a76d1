"""What several theorems need to know about how fast an error can grow."""

from collections.abc import Mapping

import numpy as np
from flint import arb

from ..kernel._algebra import ZERO, Polynomial, enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above, ball
from ..kernel._jets import Index
from ..kernel._leaves import Chunk, sum_up, sweep, volume
from ..kernel._models import TINY, UP, Array, Model, add, multiply
from ._case import Case, positive
from ._lift import Lift, lift_alone
from ._means import euclidean, mean_square_root

STEEPEST = {
    "sin": arb(1), "cos": arb(1), "sinpi": arb.pi(), "cospi": arb.pi(), "tanh": arb(1),
    "erf": 2 / arb.pi().sqrt(), "logistic": arb(1) / 4, "softplus": arb(1),
}  # fmt: skip


def least_slope(chunk: Chunk, cubic: list[Polynomial]) -> Model:
    """3/4 c3 u^2 + 1/2 c2 u + c1 - c2^2 / (4 c3), the least divided difference."""
    c1, c2, c3 = (enclose(c) for c in cubic)
    first, second = ball(c2 / 2, chunk.length), ball(3 * c3 / 4, chunk.length)
    rest = ball(c1 - c2 * c2 / (4 * c3), chunk.length)
    u = chunk.field(chunk.subject.problem.fields[0])
    square = multiply([(u, u)], chunk.degree)
    return add(rest, multiply([(first, u), (second, square)], chunk.degree))


def reaction(case: Case, parts: dict) -> tuple[Polynomial, Polynomial, Polynomial]:
    """Takes the terms c1 u + c2 u^2 + c3 u^3 out of the parts of an equation.

    **Raises:** `Refusal` unless c2 = c3 = 0, or all are constants and c3 > 0.
    """
    ((value, _),) = case.term()
    c1, c2, c3 = (parts.pop(((value, n),), ZERO) for n in (1, 2, 3))
    constant = not (c1.depends | c2.depends | c3.depends)
    reason = "the reaction is neither linear nor a cubic with positive leading constant"
    linear = not c2 and not c3
    case.require(linear or (constant and positive(c3)), "equation", reason)
    return c1, c2, c3


def decay(case: Case, axes: dict[Coordinate, Polynomial]) -> arb:
    """A lower end of the sum of a_i pi^2 / L_i^2 over the Dirichlet coordinates.

    It is the least eigenvalue of -a D^2; periodic coordinates contribute nothing.
    """
    total = arb(0)
    for axis, a in axes.items():
        if not case.is_periodic(axis.name):
            total += enclose(a) * (arb.pi() / enclose(axis.length)) ** 2
    return total.lower()


def closed(case: Case, space: list[Coordinate], data: list) -> Lift | None:
    """The error vanishes on every wall, or is periodic with all derivatives.

    **Returns:** what was subtracted from the network for that, if anything was.
    """
    lifted = lift_alone(case, space)
    for axis in space:
        if case.is_periodic(axis.name):
            case.seam(axis.name, data)
        else:
            for side in ("lower", "upper"):
                case.wall(axis.name, side)
    exactly = "the network is periodic or equals the data, exactly"
    case.passed("walls", lifted.detail if lifted else exactly)
    return lifted


def initial_energy(case: Case, time: Coordinate, weights: Mapping[Index, arb]) -> arb:
    """A bound of the root of the integral of sum w_a |D^a (network - data)|^2.

    **Arguments:** `weights` w_a >= 0 by multi-index a, of order one at most; where a is
    the first derivative in time the data are the velocity.
    """
    velocity = bool(case.problem.of_kind("velocity"))
    condition = case.problem.of_kind("initial")[0]
    exact = case.moves(time) if velocity else case.matches(condition, "lower")
    given, name = "initial" in case.trees, "initial defect"
    reason = "a tree `initial` is given, but the defect is zero by substitution"
    case.require(not (exact and given), name, reason)
    if exact:
        case.passed(name, "zero by substitution, with its derivatives")
        return arb(0)
    reason = "the initial defect is not zero by substitution: give a tree `initial`"
    case.require(given, name, reason)
    tree, others = case.trees["initial"], [n for n in case.names if n != time.name]
    field, forward = case.problem.fields[0], case.problem.index(time.name)

    def size(chunk: Chunk) -> tuple[Array, ...]:
        data = chunk.evaluate(condition.values, weights)[field]
        found = []
        for index, weight in weights.items():
            wanted = data.get(index, Model({}, np.zeros(1)))
            if index[forward]:
                wanted = chunk.data(case.problem.of_kind("velocity")[0].values)[field]
            defect = add(chunk.derivative(field, index), wanted, -1)
            found.append(mean_square_root(defect) * above(weight.sqrt()) * UP)
        return (euclidean(found),)

    (values,) = sweep(case.subject, tree, others, size, {time.name: time.lower})
    squares = values * values * tree.volumes * UP + TINY
    total = arb(sum_up(squares)) * arb(volume(case.subject, others))
    bound = above(total.sqrt())
    case.passed(name, f"in energy, on {tree.leaves} leaves: at most {bound!r}")
    return arb(bound)


def bounded_slopes(case: Case, form: Polynomial) -> tuple[dict, arb]:
    """The coefficients of the field and its derivatives, by these, and a bound of |g'|.

    The rest of the form is g, a sum of constants times functions of bounded slope, each
    of a constant times the field plus a function of the coordinates.
    """
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
        inner, inside = bounded_slopes(case, atom.key[1])
        ((value, _),) = case.term()
        factor = inner.pop(value, ZERO)
        affine = not inner and inside == 0 and not factor.depends
        case.require(affine, "equation", reason)
        slope += abs(enclose(rest) * enclose(factor)) * STEEPEST[atom.key[0]]
    return parts, slope
