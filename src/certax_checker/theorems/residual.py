"""Norms of the residual over the domain, which are claims of their own."""

import re

import numpy as np
from flint import arb

from ..equations._case import Case, Proof
from ..equations._means import mean_square_root
from ..equations._slabs import slab_count, slab_integrals, slab_suprema
from ..kernel._errors import Malformed
from ..kernel._functions import above, powers
from ..kernel._leaves import Chunk, sum_up, volume
from ..kernel._models import TINY, UP, Array, Model

PARAMETERS = ("slabs",)
# Powers of small numbers underflow; roots of what covers that are small up to here.
MOST = 16


def prove(case: Case, norm: str) -> Proof:
    """The largest absolute component, or the integral of a power of all of them.

    With the parameter `slabs` the curve has the norm over each slab of time.
    """
    power = _power(norm)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        sizes = [_mean(model, power) for model in chunk.residuals()]
        if not power:
            return (np.maximum.reduce(np.broadcast_arrays(*sizes)),)
        return (np.add.reduce(np.broadcast_arrays(*sizes)) * UP,)

    (values,) = case.sweep(quantities)
    case.passed("defined", "every operation is defined on every leaf")
    pieces = np.zeros(0)
    if case.parameters:
        slabs, time = slab_count(case.parameters), case.time()
        collect = slab_integrals if power else slab_suprema
        pieces = collect(case, time, values, slabs)
    if not power:
        what = "at every point of the domain each absolute component of the residual"
        bound = float(values.max())
        return Proof(bound, pieces.tolist(), f"{what} is at most {{bound}}")
    box = arb(volume(case.subject, case.names))
    whole = sum_up(values * case.trees["residual"].volumes * UP + TINY)
    bound, *curve = (
        above((box * arb(integral)).root(power))
        for integral in [whole, *pieces.tolist()]
    )
    what = {
        1: "the integral over the domain of the sum of the absolute residuals",
        2: "the root of the integral over the domain of the squared residuals' sum",
    }.get(power, f"the {power}th root of the integral over the domain of the sum of "
                 f"the absolute residuals to the power {power}")  # fmt: skip
    return Proof(bound, curve, f"{what} is at most {{bound}}")


def _power(norm: str) -> int:
    """The p of `Lp`; 0 for the supremum."""
    if norm == "Linf":
        return 0
    if not re.fullmatch(r"L[1-9][0-9]?", norm) or int(norm[1:]) > MOST:
        raise Malformed(f"{norm!r} is not a norm", "norm")
    return int(norm[1:])


def _mean(model: Model, power: int) -> Array:
    """A bound of |r| on a leaf, or of the mean of |r|^p: below two by the mean square,
    above it with the supremum to the power p - 2.
    """
    if not power:
        return model.bound
    root = mean_square_root(model)
    if power == 1:
        return root
    square = root * root * UP + TINY
    if power == 2:
        return square
    return square * powers(model.bound, power - 2) * UP + TINY
