from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch
from .._hypotheses import Hypothesis
from ._certified_barrier import dirichlet_walls
from ._searches import AbstractSupremumSearch


class SemilinearBarrier(AbstractSupremumSearch):
    """|û − u| ≤ |ℓ| + w sup(|r| / 𝓛w) for −a:D²u + β·∇u + g(x, u) = 0 with Dirichlet
    data, 𝓛w = −a:D²w + β·∇w + c w with c the least slope of g: over all real u, or
    over a tube around û, and then u is a solution, the only one within the tube.

    Hypotheses, all checked but the last: the equation, walls, barrier, tube,
    smoothness, data; cited: existence between super- and subsolutions. The proof is in
    `docs/theory/semilinear-barrier.md`.

    ??? cite

        ```bibtex
        @article{amann1976fixed, author={Amann, H.}, title={Fixed point equations and
          nonlinear eigenvalue problems in ordered {B}anach spaces},
          journal={SIAM Review}, volume={18}, pages={620--709}, year={1976}}
        ```
    """

    name: ClassVar[str] = "semilinear-barrier"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.time is not None:
            raise NoMatch("it has an initial condition")
        if problem.domain.dimension > 3:
            raise NoMatch("it has more than three coordinates")
        if len(problem.fields) != 1 or problem.equations != 1:
            raise NoMatch("it is a system")
        (form,) = hyp.forms_of(problem)
        pure, nonlinear = set(), False
        for monomial, _ in form.terms:
            unknown = [a for a, _ in monomial if _fields(a)]
            inner = [orders for a in unknown for orders in _fields(a)]
            if not any(any(orders) for orders in inner):
                nonlinear |= any((a, 1) not in monomial for a in unknown)
                nonlinear |= any(a[0] != "derivative" for a in unknown)
                continue
            (atom, *others) = unknown
            if others or atom[0] != "derivative" or (atom, 1) not in monomial:
                raise NoMatch("a derivative has no function of x alone in front")
            if sum(atom[2]) > 2:
                raise NoMatch(f"it has the derivative {atom[2]}")
            pure |= {atom[2]} if max(atom[2]) == 2 else set()
        if len(pure) != problem.domain.dimension:
            raise NoMatch("it has not a second derivative in every coordinate")
        if not nonlinear:
            raise NoMatch("it is linear")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "-a D^2 u + b grad u + g(x, u) = 0"),
            *dirichlet_walls(problem),
            hyp.smooth(fields),
            hyp.checked("data", "the data of meeting faces agree exactly"),
            hyp.checked("barrier", "a positive barrier with a positive image"),
            hyp.checked("tube", "the error bound stays in the tube"),
            hyp.cited("solution", "a solution lies between the barriers"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"tube": "everywhere"}


def _fields(atom: nf.Atom) -> list[tuple[int, ...]]:
    """The orders of the derivatives that an atom is made of."""
    inner = atom[-1].atoms if atom[0] in ("function", "inverse") else (atom,)
    return [a[2] for a in inner if a[0] == "derivative"]
