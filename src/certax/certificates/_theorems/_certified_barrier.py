from typing import ClassVar

from ..._core import Program
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, scalar_equation
from .._hypotheses import Hypothesis
from ._searches import AbstractSupremumSearch


class CertifiedBarrier(AbstractSupremumSearch):
    """|û − u| ≤ |ℓ| + w sup(|r| / 𝓛w) for linear equations
    𝓛u = −a:D²u + β·∇u + c u = f with coefficients that depend on x and Dirichlet data,
    r the residual of û − ℓ; the correction ℓ and the barrier w > 0, 𝓛w > 0 are part of
    the certificate.

    Hypotheses, all checked but the last: the equation, walls, barrier, smoothness,
    data; cited: a solution exists. The proof is in `docs/theory/certified-barrier.md`.

    ??? cite

        ```bibtex
        @book{gilbarg2001elliptic, author={Gilbarg, D. and Trudinger, N. S.},
          title={Elliptic Partial Differential Equations of Second Order}, year={2001}}
        ```
    """

    name: ClassVar[str] = "certified-barrier"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.time is not None:
            raise NoMatch("it has an initial condition")
        if problem.domain.dimension > 3:
            raise NoMatch("it has more than three coordinates")
        equation = scalar_equation(problem.residual, problem.fields)
        if set(equation.zeroth) - {1}:
            raise NoMatch("it is not linear")
        for orders in equation.derivatives:
            if sum(orders) > 2:
                raise NoMatch(f"it has the derivative {orders}")
            equation.coefficient(orders)
        if not any(sum(orders) == 2 for orders in equation.derivatives):
            raise NoMatch("it has no second derivative")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "-a D^2 u + b grad u + c u = f, linear"),
            *dirichlet_walls(problem),
            hyp.smooth(fields),
            hyp.checked("data", "the data of meeting faces agree exactly"),
            hyp.checked("barrier", "a positive barrier with a positive image"),
            hyp.cited("solution", "a unique solution exists"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {}


def dirichlet_walls(problem: Problem) -> list[Hypothesis]:
    """Data stand on every wall; û need not meet them."""
    found = []
    for name in problem.domain.names:
        sides = {
            side
            for c in problem.conditions
            if c.kind == "dirichlet" and c.coordinate == name
            for side in (("lower", "upper") if c.side == "both" else (c.side,))
        }
        if problem.condition("periodic", name) is not None:
            found.append(hyp.failed("walls", f"{name} is periodic"))
        elif len(sides) < 2:
            found.append(hyp.failed("walls", f"{name} has no data at both ends"))
    return found or [hyp.checked("walls", "there are data on every wall")]
