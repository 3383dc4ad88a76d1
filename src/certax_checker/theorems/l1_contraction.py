"""L1 contraction of viscous conservation laws: `docs/theory/l1-contraction.md`."""

from .._case import Case, Proof
from .._conservation import confined, conservation_law, contraction
from .._models import mean_square_root
from .._slabs import slab_count

NORM = "L1"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    space = conservation_law(case, time).space
    case.passed("equation", "u_t + F'(u) u_x - nu u_xx = f(x, t) with nu > 0")
    confined(case, space)
    case.smooth()
    start = case.initial_defect(time, "L1")
    (norms,) = case.sweep(lambda chunk: (mean_square_root(chunk.residuals()[0]),))
    curve = contraction(case, time, start, norms, slabs)
    case.solvable(
        "for positive viscosity and these data a unique classical solution exists"
        " (Ladyzenskaja, Solonnikov, Ural'ceva 1968)"
    )
    field = case.problem.fields[0]
    sentence = (
        f"for every {time.interval}, the integral over {space.interval} of "
        f"|network - {field}| is at most {{bound}}"
    )
    return Proof(curve[-1], curve, sentence)
