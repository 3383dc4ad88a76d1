"""A barrier and a correction that a certificate brings along, as programs."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..kernel._algebra import ZERO
from ..kernel._documents import read_functions
from ..kernel._errors import Malformed
from ..kernel._jets import Jet
from ..kernel._leaves import Chunk, sweep
from ..kernel._models import TINY, UP, Array, Model, add, upper_end
from ..kernel._program import Program
from ._case import Case
from ._elliptic import dominant, lower_end, signed
from ._faces import face

PARAMETERS = ("barrier", "barrier_weights")
Slope = Callable[[Chunk, Jet], Model]


class Barrier(NamedTuple):
    """A program with the outputs `barrier` and `correction`, and its weights."""

    program: Program
    tensors: dict[str, np.ndarray]


def read_barrier(case: Case) -> Barrier:
    """The program that the parameters name; smooth by its operations."""
    files = [case.files.get("parameter " + key) for key in PARAMETERS]
    program, weights = files
    if program is None or weights is None:
        raise Malformed("barrier or barrier_weights is not a file", "barrier")
    made = Barrier(*read_functions(
        program.data, weights, case.problem, case.algebra, "barrier"
    ))  # fmt: skip
    if sorted(made.program.outputs) != ["barrier", "correction"]:
        raise Malformed("the outputs are not barrier and correction", "barrier")
    corner = made.program.uses("max0")
    case.require(not corner, "barrier", "max0 is not differentiable everywhere")
    case.subject = case.subject._replace(attached=(made,))
    return made


def bound(case: Case, barrier: Barrier, slope: Slope, orders: list, sign: int) -> float:
    """sup(|correction| + A barrier), A = max(sup |r| / L barrier, sup |b| / barrier).

    r is the residual and b the defect on the walls of network - correction; `slope`
    gives the model of L barrier times the sign.
    """
    field = case.problem.fields[0]

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        made = chunk.evaluate(barrier.program, case.subject.orders, barrier.tensors)
        w, small = made["barrier"], made["correction"]
        moved = _difference(chunk.fields()[field], small)
        rise = lower_end(signed(slope(chunk, w), sign))
        inside = [
            jet.get(chunk.plain.zero, Model({}, np.zeros(1))) for jet in (w, small)
        ]
        least = lower_end(inside[0])
        good = (least > 0) & (rise > 0) & (dominant(chunk, orders, sign) > 0)
        defect = chunk.residuals({field: moved})[0].bound
        ratio = defect / np.where(rise > 0, rise, 1.0) * UP + TINY
        parts = ratio, upper_end(inside[0]), inside[1].bound, least, rise
        return (*parts, np.where(good, 1.0, -1.0))

    ratio, highest, small, least, rise, good = case.sweep(quantities)
    tree = case.trees["residual"]
    for values, what in (
        (least, "the barrier is not proved positive"),
        (rise, "the operator of the barrier is not proved positive"),
        (good, "the matrix of the second derivatives is not proved positive"),
    ):
        worst = int(np.argmin(values))
        place = tree.describe(worst)
        case.require(bool(values[worst] > 0), "barrier", f"{what} on {place}")
    case.passed("barrier", "positive, with a positive image, on every leaf")
    factor = max(float(ratio.max()), _walls(case, barrier))
    return float(((small + (factor * highest * UP + TINY)) * UP + TINY).max())


def _difference(a: Jet, b: Jet) -> Jet:
    absent = Model({}, np.zeros(1))
    return {i: add(a.get(i, absent), b.get(i, absent), -1) for i in {**a, **b}}


def _walls(case: Case, barrier: Barrier) -> float:
    """The largest |network - correction - data| / barrier on the walls."""
    largest = 0.0
    for axis in case.problem.coordinates:
        for side, condition in case.sides(axis.name).items():
            wall = axis.name, axis.end(side)
            made = case.forms(barrier.program, *wall)["correction"]
            if made == ZERO and case.matches(condition, side):
                continue
            tree = face(case.trees["residual"], case.names.index(axis.name), side)
            others = [name for name in case.names if name != axis.name]

            def quantities(chunk: Chunk) -> tuple[Array, ...]:
                made = chunk.data(barrier.program, barrier.tensors)
                defect = case.defect(chunk, condition)[0]
                total = add(defect, made["correction"], -1).bound
                least = lower_end(made["barrier"])
                ratio = total / np.where(least > 0, least, np.nan) * UP + TINY
                return (ratio,)

            (ratio,) = sweep(case.subject, tree, others, quantities, dict([wall]))
            largest = max(largest, float(ratio.max()))
    exact = (
        "exactly" if largest == 0 else "up to a defect that is bounded on its leaves"
    )
    case.passed("walls", f"network - correction equals the data on every wall, {exact}")
    return largest
