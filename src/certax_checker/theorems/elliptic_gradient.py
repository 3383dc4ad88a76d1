"""The L2 norm of the error's gradient: `docs/theory/elliptic-energy.md`."""

from ..equations._case import Case, Proof
from ..kernel._functions import above
from .elliptic_energy import coercive

NORM = "H1"
PARAMETERS = ()


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    found = coercive(case)
    energy = found.residual / found.eigenvalue.sqrt()
    if not found.least >= 0:
        energy *= found.eigenvalue / (found.eigenvalue + found.least)
    value = above(energy / found.slowest.sqrt())
    field = case.problem.fields[0]
    sentence = (
        "the root of the integral over the domain of the squared length of the "
        f"gradient of network - {field} is at most {{bound}}"
    )
    return Proof(value, [], sentence)
