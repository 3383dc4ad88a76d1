"""Comparison for Hamilton-Jacobi evolutions: `docs/theory/hamilton-jacobi.md`."""

import numpy as np

from ..equations._case import Case, Proof
from ..equations._hamiltonians import attained, hamiltonian
from ..equations._slabs import growth, slab_count, slab_suprema
from ..equations._walls import surrounded
from ..kernel._algebra import enclose
from ..kernel._functions import above

NORM = "Linf"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    law = hamiltonian(case, time)
    case.passed("equation", "u_t + c u + H(x, t, Du) - a D^2 u = 0, H continuous")
    space = [axis for axis in case.problem.coordinates if axis is not time]
    case.require(bool(space), "equation", "there is no space coordinate")
    initial = case.problem.of_kind("initial")[0].values
    periodic, wall = surrounded(case, space, [initial])
    case.corners()
    case.smooth(kinks=True)
    start = case.initial_defect(time)
    (residual,) = case.sweep(lambda chunk: (chunk.residuals()[0].bound,))
    rhos = slab_suprema(case, time, residual, slabs)
    kappas = np.full(slabs, above(enclose(-law.rate)))
    curve = growth(case, time, start, kappas, rhos, wall)
    attained(case, law, periodic)
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(curve[-1], curve, sentence)
