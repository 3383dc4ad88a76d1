from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, positive, scalar_equation
from .._hypotheses import Hypothesis
from ._searches import AbstractSupremumSearch


class Barrier(AbstractSupremumSearch):
    """sup |û − u| ≤ min_i L_i²/(8 a_i) sup |r| for −a·D²u = f with Dirichlet data.

    Hypotheses, all checked but the last: the equation, walls, smoothness, data; cited:
    a solution exists. The proof is in `docs/theory/barrier.md`.

    ??? cite

        ```bibtex
        @book{gilbarg2001elliptic, author={Gilbarg, D. and Trudinger, N. S.},
          title={Elliptic Partial Differential Equations of Second Order}, year={2001}}
        ```
    """

    name: ClassVar[str] = "barrier"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.time is not None:
            raise NoMatch("it has an initial condition")
        equation = scalar_equation(problem.residual, problem.fields)
        if equation.zeroth:
            raise NoMatch("it has a term of order zero in u")
        coefficients: list[nf.Form] = []
        for orders in equation.derivatives:
            if sum(orders) != 2 or max(orders) != 2:
                raise NoMatch(f"it has the derivative {orders}")
            coefficients.append(equation.coefficient(orders))
        if len(coefficients) != problem.domain.dimension:
            raise NoMatch("it has not a second derivative in every coordinate")
        same_sign = all(positive(-c) for c in coefficients) or all(
            positive(c) for c in coefficients
        )
        if not same_sign:
            raise NoMatch("its second derivatives have coefficients of both signs")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        found = [hyp.checked("equation", "-a.D2 u = f, constant a > 0")]
        for name in problem.domain.names:
            if problem.condition("periodic", name) is not None:
                found.append(hyp.failed("walls", f"{name} is periodic"))
            else:
                found.append(hyp.near_wall(fields, problem, name, ("lower", "upper")))
        found += [
            hyp.smooth(fields),
            hyp.checked("data", "the data of meeting faces agree exactly"),
            hyp.cited("solution", "a unique solution exists"),
        ]
        return found

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {}
