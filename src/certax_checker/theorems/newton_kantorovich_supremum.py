"""The supremum of the error in one dimension: `docs/theory/newton-kantorovich.md`."""

from ..equations._case import Case, Proof
from ..kernel._functions import above
from .newton_kantorovich import ball_of_solutions, unique

NORM = "Linf"
PARAMETERS = ("radius",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    one = len(case.names) == 1
    case.require(one, "equation", "there is more than one coordinate")
    found = ball_of_solutions(case)
    ((length,), field) = found.equation.lengths, case.problem.fields[0]
    value = above((length / found.slowest).sqrt() / 2 * found.radius)
    sentence = (
        f"a weak solution {field} exists such that at every point of the domain"
        f" |network - {field}| is at most {{bound}}, and {unique(found)}"
    )
    return Proof(value, [], sentence, "a")
