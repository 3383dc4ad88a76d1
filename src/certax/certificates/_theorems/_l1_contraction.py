from typing import ClassVar

from ..._core import Program
from ...bounds import Refinement
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, positive, scalar_equation
from .._hypotheses import Hypothesis
from ._base import AbstractTheorem
from ._searches import even_cuts


class L1Contraction(AbstractTheorem):
    """‖û(t) − u(t)‖₁ ≤ ‖û(t₀) − u₀‖₁ + ∫‖r‖₁ for u_t + F(u)_x = ν u_xx + f, ν > 0.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect, data; cited: a classical solution exists. `docs/theory/l1-contraction.md`
    has the proof.

    ??? cite

        ```bibtex
        @article{kruzkov1970first,
          author={Kru{\\v z}kov, S. N.},
          title={First order quasilinear equations in several independent variables},
          journal={Math. USSR Sbornik}, volume={10}, year={1970}}
        ```
    """

    name: ClassVar[str] = "l1-contraction"
    norm: ClassVar[str] = "L1"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension != 2 or problem.time is None:
            raise NoMatch("it needs one space coordinate and an initial condition")
        time = problem.domain.names.index(problem.time)
        equation = scalar_equation(problem.residual, problem.fields)
        in_time = tuple(int(i == time) for i in range(2))
        once, twice = (tuple(n * (i != time) for i in range(2)) for n in (1, 2))
        extra = set(equation.derivatives) - {in_time, once, twice}
        if extra:
            raise NoMatch(f"it has the derivatives {sorted(extra)}")
        if equation.coefficient(in_time).rational != 1:
            raise NoMatch("the coefficient of the time derivative is not one")
        if not positive(-equation.coefficient(twice)):
            raise NoMatch("the viscosity is not a positive constant")
        flux = equation.derivatives.get(once, {})
        if any(c.depends_on("coordinate") for c in flux.values()):
            raise NoMatch("the flux depends on x or t")
        if equation.zeroth:
            raise NoMatch("it has a term of order zero in u")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        space = next(n for n in problem.domain.names if n != problem.time)
        found = [
            hyp.checked("equation", "u_t + F'(u) u_x - nu u_xx = f, constant nu > 0"),
            hyp.time(problem),
            hyp.wall(fields, problem, space, ("lower", "upper")),
            hyp.smooth(fields),
            hyp.initial_defect(fields, problem),
        ]
        if problem.condition("periodic", space) is not None:
            found.append(hyp.periodic_data(problem, space))
        else:
            found.append(hyp.checked("data", "initial and wall data agree exactly"))
        found.append(hyp.cited("solution", "a unique classical solution exists"))
        return found

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"slabs": slabs}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        return Refinement("mean", tolerance, degree, even_cuts(2, 9))
