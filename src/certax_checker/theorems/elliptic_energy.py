"""The L2 norm of the error by energy: `docs/theory/elliptic-energy.md`."""

from typing import NamedTuple

import numpy as np
from flint import arb

from ..equations._case import Case, Proof
from ..equations._elliptic import diffusion, root_mean_square, signed, walls
from ..equations._linearizations import expansion
from ..kernel._functions import above
from ..kernel._leaves import Chunk
from ..kernel._models import Array, Model, negate, upper_end

NORM = "L2"
PARAMETERS = ()


class Coercive(NamedTuple):
    """|r|_2, the least eigenvalue, lower bounds of c and the least a_i."""

    residual: arb
    eigenvalue: arb
    least: arb
    slowest: arb


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    found = coercive(case)
    value = above(found.residual / (found.eigenvalue + found.least))
    field = case.problem.fields[0]
    sentence = (
        "the root of the integral over the domain of the square of "
        f"network - {field} is at most {{bound}}"
    )
    return Proof(value, [], sentence)


def coercive(case: Case) -> Coercive:
    """Checks all hypotheses of -sum a_i u_ii + c(x) u = f with c > -eigenvalue."""
    equation = diffusion(case, 1)
    walls(case, exact=True)
    case.smooth()
    field = case.problem.fields[0]

    def reaction(chunk: Chunk) -> tuple[Array]:
        zero = chunk.plain.zero
        one = {field: {zero: Model({chunk.plain.constant: np.ones(1)}, np.zeros(1))}}
        slope = expansion(chunk, {}, one)[1]
        return (upper_end(negate(signed(slope, equation.sign))),)

    norm, (fall,) = root_mean_square(case, reaction)
    least, eigenvalue = -arb(float(fall.max())), equation.eigenvalue
    reason = f"c is not proved to stay above -{float(eigenvalue)!r}, minus the least"
    coerces = bool(eigenvalue + least > 0)
    case.require(coerces, "equation", f"{reason} eigenvalue")
    case.passed("equation", "-a D^2 u + c(x) u = f, constants a > 0, c > -eigenvalue")
    case.solvable("a unique weak solution exists (Lax, Milgram)")
    return Coercive(norm, eigenvalue, least, equation.slowest)
