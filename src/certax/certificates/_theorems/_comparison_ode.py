from typing import ClassVar

from ..._core import Program
from ...bounds import Refinement
from ...problems import Problem
from .._equations import NoMatch
from .._hypotheses import Hypothesis
from ._base import AbstractTheorem
from ._ode_tube import OdeTube


class ComparisonOde(AbstractTheorem):
    """Sub- and supersolutions ŷ − s₊(t) ≤ y ≤ ŷ + s₋(t) of one equation y′ = f(t, y),
    from the signed residual: residuals of both signs cancel as they do in truth.
    Existence and uniqueness of y are part of the conclusion.

    Hypotheses, all checked: the equation, time, tube, smoothness, initial defect. The
    proof is in `docs/theory/comparison-ode.md`.

    ??? cite

        ```bibtex
        @book{walter1970differential, author={Walter, W.},
          title={Differential and Integral Inequalities}, publisher={Springer},
          year={1970}}
        ```
    """

    name: ClassVar[str] = "comparison-ode"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        OdeTube().match(problem)
        if len(problem.fields) != 1:
            raise NoMatch("it is a system")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return OdeTube().hypotheses(problem, fields)

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"tube": OdeTube().tube}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        return OdeTube().refinement(problem, slabs, degree, tolerance)
