"""The supremum of a string's error by its energy: `docs/theory/wave.md`."""

from flint import arb

from ..equations._case import Case, Proof
from ..kernel._algebra import enclose
from ..kernel._functions import above
from .wave import energies

NORM = "Linf"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    two = len(case.names) == 2
    case.require(two, "equation", "there is not one space coordinate beside time")
    found = energies(case)
    ((space, speed),) = found.speeds.items()
    fixed = not case.is_periodic(space.name)
    case.require(fixed, "walls", "around a circle the error need vanish nowhere")
    factor = (enclose(space.length) / enclose(speed)).sqrt() / 2
    missed = arb(found.lift.supremum if found.lift else 0.0)
    curve = [above(factor * energy + missed) for energy in found.curve]
    field = case.problem.fields[0]
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(curve[-1], curve, sentence)
