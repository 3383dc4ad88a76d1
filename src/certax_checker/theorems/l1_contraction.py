"""L1 contraction of viscous conservation laws: `docs/theory/l1-contraction.md`."""

from flint import arb

from ..equations._case import Case, Proof
from ..equations._conservation import confined, conservation_law, contraction
from ..equations._lift import lift
from ..equations._means import mean_square_root
from ..equations._slabs import slab_count
from ..kernel._functions import above

NORM = "L1"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    space = conservation_law(case, time).space
    case.passed("equation", "u_t + F'(u) u_x - nu u_xx = f(x, t) with nu > 0")
    lifted = lift(case, space)
    if lifted is None:
        confined(case, space)
    else:
        confined(case, space, lifted.detail)
    case.smooth()
    start = case.initial_defect(time, "L1")
    if lifted is not None:
        start = above(arb(start) + lifted.integral)
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
