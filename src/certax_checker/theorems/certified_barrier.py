"""Linear equations with a checked barrier: `docs/theory/certified-barrier.md`."""

from ..equations._barriers import PARAMETERS as PARAMETERS, bound, read_barrier
from ..equations._case import Case, Proof, only_coordinates
from ..equations._elliptic import classical, leading, orientation, walls
from ..equations._forms import coefficients
from ..equations._linearizations import expansion
from ..kernel._jets import Jet
from ..kernel._leaves import Chunk
from ..kernel._models import Model

NORM = "Linf"


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    orders, zeroth = leading(case)
    # Divisors, roots and logarithms of fields are refused here.
    case.single()
    parts = coefficients(zeroth)
    linear = set(parts) <= {(), case.term()} and all(
        map(only_coordinates, parts.values())
    )
    case.require(linear, "equation", "the equation is not linear in u")
    barrier = read_barrier(case)
    walls(case, exact=False)
    case.smooth()
    field = case.problem.fields[0]
    sign = orientation(case, orders)
    case.passed("equation", "-a D^2 u + b grad u + c u = f, functions of x, a >= 0")

    def slope(chunk: Chunk, w: Jet) -> Model:
        return expansion(chunk, {}, {field: w})[1]

    value = bound(case, barrier, slope, orders, sign)
    classical(case, orders)
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(value, [], sentence)
