from typing import ClassVar

from ..._core import Program
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch
from .._hypotheses import Hypothesis
from ._elliptic_energy import AbstractDiffusion, diffusion, exact_walls


class AbstractNewtonKantorovich(AbstractDiffusion):
    """One for −a·D²u + g(x, u) = 0, g a polynomial in u of degree two or three."""

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "-a D^2 u + g(x, u) = 0, g cubic in u"),
            *exact_walls(problem, fields),
            hyp.smooth(fields),
            hyp.checked("data", "the data of meeting faces agree exactly"),
            hyp.checked("linearization", "g' stays above minus the least eigenvalue"),
            hyp.checked("contraction", "the Newton map contracts a ball"),
            hyp.checked("solution", "existence and uniqueness by contraction"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"radius": "1"}


class NewtonKantorovich(AbstractNewtonKantorovich):
    """‖∇(û − u)‖₂ for −a·D²u + g(x, u) = 0, g a polynomial in u of degree two or three,
    where the linearization at û is coercive: u exists, and is the only solution in a
    ball around û.

    Hypotheses, all checked: the equation, walls, smoothness, data, linearization,
    contraction. The proof is in `docs/theory/newton-kantorovich.md`.

    ??? cite

        ```bibtex
        @book{nakao2019numerical, author={Nakao, M. T. and Plum, M. and Watanabe, Y.},
          title={Numerical Verification Methods and Computer-Assisted Proofs for Partial
          Differential Equations}, publisher={Springer}, year={2019}}
        ```
    """

    name: ClassVar[str] = "newton-kantorovich"
    norm: ClassVar[str] = "H1"

    def match(self, problem: Problem) -> None:
        _semilinear(problem)


class NewtonKantorovichSupremum(AbstractNewtonKantorovich):
    """sup |û − u| ≤ ½ √(L/a) times the energy norm's bound, in one dimension.

    Hypotheses, all checked: the equation, walls, smoothness, data, linearization,
    contraction. The proof is in `docs/theory/newton-kantorovich.md`.

    ??? cite

        ```bibtex
        @book{nakao2019numerical, author={Nakao, M. T. and Plum, M. and Watanabe, Y.},
          title={Numerical Verification Methods and Computer-Assisted Proofs for Partial
          Differential Equations}, publisher={Springer}, year={2019}}
        ```
    """

    name: ClassVar[str] = "newton-kantorovich-supremum"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension > 1:
            raise NoMatch("it has more than one coordinate")
        _semilinear(problem)


def _semilinear(problem: Problem) -> None:
    if problem.domain.dimension > 3:
        raise NoMatch("it has more than three coordinates")
    powers = set(diffusion(problem).zeroth)
    if powers - {1, 2, 3}:
        raise NoMatch("it is of higher degree than three")
    if not powers & {2, 3}:
        raise NoMatch("it is linear")
