"""Sub- and supersolutions of one equation: `docs/theory/comparison-ode.md`."""

import numpy as np
from flint import arb, fmpq

from ..equations._case import Case, Proof
from ..equations._linearizations import jacobian
from ..equations._slabs import grow
from ..kernel._algebra import enclose
from ..kernel._errors import Malformed
from ..kernel._functions import above
from ..kernel._leaves import Chunk, sweep
from ..kernel._models import TINY, UNIT, UP, Array, Model, negate, upper_end
from ..kernel._numbers import decimal
from ..kernel._trees import Tree

NORM = "Linf"
PARAMETERS = ("tube",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    tube = case.parameters["tube"]
    if type(tube) is not str or decimal(tube) <= 0:
        raise Malformed("tube is not as the theorem wants it", "parameters")
    delta = decimal(tube)
    limit = arb(fmpq(delta.numerator, delta.denominator))
    _equation(case)
    axis = case.time()
    alone = len(case.problem.conditions) == 1
    case.require(alone, "time", "an initial value problem has no other conditions")
    case.smooth()
    high, low = _initial(case)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        residual, slope = chunk.residuals()[0], jacobian(chunk, above(limit))[0][0]
        varying = {m: c for m, c in residual.terms.items() if any(m)}
        means = mean_end(residual), mean_end(negate(residual))
        rates = upper_end(negate(slope)), upper_end(slope)
        return *means, *rates, Model(varying, residual.radius).bound

    up, down, fast, slow, spread = case.sweep(quantities)
    tree, length = case.trees["residual"], enclose(axis.length)
    # `high` is above the network minus the solution, `low` above its negative.
    largest = _larger(high, low)
    for k in range(tree.leaves):
        step = 2 * arb(tree.halves[0, k]) * length
        rates = float(-slow[k]), float(fast[k])
        # On the way the error differs by this from what the mean residual makes of it.
        ripple = (step * arb(spread[k])).upper()
        extra = max(map(abs, rates)) * ripple
        before = _larger(high, low)
        high = advance(high, *rates, above(arb(up[k]) + extra), step)
        low = advance(low, *rates, above(arb(down[k]) + extra), step)
        reached = (_larger(before, _larger(high, low)) + ripple).upper()
        inside, largest = bool(reached < limit), _larger(largest, reached)
        reason = f"the error bound leaves the tube of radius {tube}"
        case.require(inside, "tube", f"{reason} on {tree.describe(k)}")
    case.passed("tube", f"the error stays below {tube} at the ends of all slabs")
    case.solvable("existence and uniqueness follow by continuation", "checked")
    field = case.problem.fields[0]
    sentence = (
        f"the solution {field} exists for all {axis.interval} and is unique, and for "
        f"every {axis.interval}, |network - {field}| is at most {{bound}}"
    )
    return Proof(max(0.0, above(largest)), [], sentence)


def mean_end(a: Model) -> Array:
    """An upper bound of the mean over a leaf in one variable."""
    middle = np.zeros(1)
    for (n,), c in a.terms.items():
        middle = middle + c / (n + 1.0) if n % 2 == 0 else middle
    slack = ((len(a.terms) + 3) * UNIT * a.total + a.radius) * UP + TINY
    return middle + slack + (np.abs(middle) + slack) * 2 * UNIT


def advance(start: arb, slow: float, fast: float, push: float, step: arb) -> arb:
    """Where z is at the end of a slab at most: z' = max(slow z, fast z) + push.

    With one sign of z the equation is linear and z monotone. Where the sign changes on
    the way, the other rate makes a difference of second order.
    """
    positive = bool(start > 0) or (bool(start == 0) and push >= 0)
    end = grow(start, fast if positive else slow, push, step)
    if not end.is_finite():
        return arb("inf")
    if (positive and end >= 0) or (not positive and end <= 0):
        return end
    both = ((abs(arb(slow)) + abs(arb(fast))) * step).exp()
    end = end + (arb(fast) - arb(slow)) * abs(arb(push)) * step * step * both
    return arb(0) if positive and not end <= 0 else end.upper()


def _equation(case: Case) -> None:
    """Checks y' = f(t, y) with coefficient exactly 1 for one field."""
    problem = case.problem
    one = len(problem.coordinates) == 1
    case.require(one, "equation", "there is more than one coordinate")
    one = len(problem.fields) == len(problem.residual.outputs) == 1
    case.require(one, "equation", "there is more than one field or equation")
    form = case.equation(fields=True)[()]
    slope = ("derivative", (problem.fields[0], (1,)))
    reason = "the equation is not y' = f(t, y), solved for the derivative"
    # Without this the atom below would be a new one, which depends on nothing.
    case.require(slope in form.depends, "equation", reason)
    rest = form - case.algebra.atom(slope)
    others = [d for d in rest.depends if d[0] == "derivative" and any(d[1][1])]
    case.require(not others, "equation", reason)
    case.passed("equation", "y' = f(t, y), the derivative once with coefficient 1")


def _initial(case: Case) -> tuple[arb, arb]:
    """Upper bounds of the initial error and of its negative."""
    condition, axis = case.problem.of_kind("initial")[0], case.problem.coordinates[0]
    given = "initial" in case.trees
    case.require(not given, "initial defect", "there is no tree over a point")
    if case.matches(condition, "lower"):
        case.passed("initial defect", "zero by substitution")
        return arb(0), arb(0)
    point = Tree(np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(1, dtype=int))

    def ends(chunk: Chunk) -> tuple[Array, ...]:
        (defect,) = case.defect(chunk, condition)
        return upper_end(defect), upper_end(negate(defect))

    high, low = sweep(case.subject, point, [], ends, {axis.name: axis.lower})
    case.passed("initial defect", f"evaluated: in [{-float(low[0])}, {float(high[0])}]")
    return arb(float(high[0])), arb(float(low[0]))


def _larger(a: arb, b: arb) -> arb:
    """The larger of two exact numbers."""
    return a if a >= b else b
