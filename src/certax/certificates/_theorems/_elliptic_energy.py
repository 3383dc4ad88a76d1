from typing import ClassVar

from ..._core import Program
from ...bounds import Refinement
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, ScalarEquation, positive, scalar_equation
from .._hypotheses import Hypothesis
from ._base import AbstractTheorem
from ._searches import even_cuts


class AbstractDiffusion(AbstractTheorem):
    """One that integrates the residual of a diffusion between exact walls."""

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        """A tight integral over the domain."""
        cuts = even_cuts(problem.domain.dimension, 8)
        return Refinement("mean", tolerance, degree, cuts)


class AbstractEllipticEnergy(AbstractDiffusion):
    """One for −a·D²u + c(x) u = f."""

    def match(self, problem: Problem) -> None:
        if set(diffusion(problem).zeroth) - {1}:
            raise NoMatch("it is not linear")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "-a D^2 u + c u = f, c above minus the eigenvalue"),
            *exact_walls(problem, fields),
            hyp.smooth(fields),
            hyp.checked("data", "the data of meeting faces agree exactly"),
            hyp.cited("solution", "a unique weak solution exists"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {}


class EllipticEnergy(AbstractEllipticEnergy):
    """‖û − u‖₂ ≤ ‖r‖₂ / (λ₁ + inf c) for −a·D²u + c(x) u = f with Dirichlet data, λ₁
    the least eigenvalue of −a·D² on the box.

    Hypotheses, all checked but the last: the equation, walls, smoothness, data; cited:
    a weak solution exists. The proof is in `docs/theory/elliptic-energy.md`.

    ??? cite

        ```bibtex
        @book{brezis2011functional, author={Brezis, H.}, title={Functional Analysis,
          {S}obolev Spaces and Partial Differential Equations}, year={2011}}
        ```
    """

    name: ClassVar[str] = "elliptic-energy"
    norm: ClassVar[str] = "L2"


class EllipticGradient(AbstractEllipticEnergy):
    """‖∇(û − u)‖₂ ≤ ‖r‖₂ √λ₁ / (√a (λ₁ + min(0, inf c))) for −a·D²u + c(x) u = f with
    Dirichlet data, √a the least √a_i.

    Hypotheses, all checked but the last: the equation, walls, smoothness, data; cited:
    a weak solution exists. The proof is in `docs/theory/elliptic-energy.md`.

    ??? cite

        ```bibtex
        @book{brezis2011functional, author={Brezis, H.}, title={Functional Analysis,
          {S}obolev Spaces and Partial Differential Equations}, year={2011}}
        ```
    """

    name: ClassVar[str] = "elliptic-gradient"
    norm: ClassVar[str] = "H1"


def diffusion(problem: Problem) -> ScalarEquation:
    """−a·D²u + g(x, u) = 0 with constants a of one sign.

    **Raises:** [`NoMatch`][] for anything else.
    """
    if problem.time is not None:
        raise NoMatch("it has an initial condition")
    equation = scalar_equation(problem.residual, problem.fields)
    for orders in equation.derivatives:
        if sum(orders) != 2 or max(orders) != 2:
            raise NoMatch(f"it has the derivative {orders}")
    found = [equation.coefficient(orders) for orders in equation.derivatives]
    if len(found) != problem.domain.dimension:
        raise NoMatch("it has not a second derivative in every coordinate")
    if not (all(positive(-c) for c in found) or all(positive(c) for c in found)):
        raise NoMatch("its second derivatives have no constants of one sign in front")
    return equation


def exact_walls(problem: Problem, fields: Program) -> list[Hypothesis]:
    """û meets the Dirichlet data on every wall exactly."""
    return [
        hyp.failed("walls", f"{name} is periodic")
        if problem.condition("periodic", name) is not None
        else hyp.wall(fields, problem, name, ("lower", "upper"))
        for name in problem.domain.names
    ]
