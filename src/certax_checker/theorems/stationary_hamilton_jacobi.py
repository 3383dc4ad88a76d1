"""Comparison for stationary equations: `docs/theory/hamilton-jacobi.md`."""

from flint import arb

from ..equations._case import Case, Proof, positive
from ..equations._hamiltonians import attained, hamiltonian
from ..equations._walls import surrounded
from ..kernel._algebra import enclose
from ..kernel._functions import above

NORM = "Linf"
PARAMETERS = ()


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    steady = not case.problem.of_kind("initial") and "initial" not in case.trees
    case.require(steady, "equation", "there is an initial condition")
    law = hamiltonian(case)
    reason = "the constant in front of u is not proved positive"
    case.require(positive(law.rate), "equation", reason)
    case.passed("equation", "c u + H(x, Du) - a D^2 u = 0 with c > 0, H continuous")
    periodic, wall = surrounded(case, list(case.problem.coordinates), [])
    case.corners()
    case.smooth(kinks=True)
    (residual,) = case.sweep(lambda chunk: (chunk.residuals()[0].bound,))
    bound = max(wall, above(arb(float(residual.max())) / enclose(law.rate)))
    attained(case, law, periodic)
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(bound, [], sentence)
