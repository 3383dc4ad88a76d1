from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...bounds import Refinement
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, positive, scalar_equation
from .._hypotheses import Hypothesis
from ._base import AbstractTheorem
from ._l1_contraction import L1Contraction


class Oleinik(AbstractTheorem):
    """sup |û − u| ≤ √(2 K a) for u_t + F(u)_x = ν u_xx with a convex flux, where a is
    the bound of L1 contraction and K one of −(û − u)_x by Oleinik's u_x ≤ M(t).

    Hypotheses, all checked but the last: the equation, time, walls (Dirichlet data must
    vanish), smoothness, initial defect, initial slope, data; cited: a classical
    solution exists. The proof is in `docs/theory/oleinik.md`.

    ??? cite

        ```bibtex
        @article{oleinik1957discontinuous, author={Ole{\\u\\i}nik, O. A.},
          title={Discontinuous solutions of non-linear differential equations},
          journal={Uspekhi Mat. Nauk}, volume={12}, year={1957}}
        ```
    """

    name: ClassVar[str] = "oleinik"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        L1Contraction().match(problem)
        equation = scalar_equation(problem.residual, problem.fields)
        if not equation.source.is_zero:
            raise NoMatch("it has a forcing")
        (space,) = _spaces(problem)
        flux = equation.derivatives.get(_once(problem, space), {})
        powers = {power: c for power, c in flux.items() if not c.is_zero}
        if not set(powers) - {0}:
            raise NoMatch("its flux is linear")
        if any(power and power % 2 == 0 for power in powers):
            raise NoMatch("its flux is not proved convex: F' has an even power of u")
        if any(power and not positive(c) for power, c in powers.items()):
            raise NoMatch("its flux is not convex")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        (space,) = _spaces(problem)
        found = L1Contraction().hypotheses(problem, fields)
        found[0] = hyp.checked("equation", "u_t + F'(u) u_x - nu u_xx = 0, F'' >= 0")
        if problem.condition("periodic", space) is None:
            found.append(_vanishing(problem, space))
        found.append(hyp.checked("initial slope", "enclosed on the initial face"))
        return found

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"slabs": slabs}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        return L1Contraction().refinement(problem, slabs, degree, tolerance)


def _spaces(problem: Problem) -> list[str]:
    return [n for n in problem.domain.names if n != problem.time]


def _once(problem: Problem, space: str) -> tuple[int, ...]:
    return tuple(int(n == space) for n in problem.domain.names)


def _vanishing(problem: Problem, space: str) -> Hypothesis:
    """Homogeneous data, and a flux that is even, so that both reflect oddly."""
    equation = scalar_equation(problem.residual, problem.fields)
    constant = equation.derivatives[_once(problem, space)].get(0)
    if constant is not None and not constant.is_zero:
        return hyp.failed("walls", "the flux is not even, as Dirichlet data need it")
    for condition in problem.conditions:
        if condition.kind == "dirichlet" and condition.values is not None:
            values = nf.interpret(condition.values, {}).values()
            if not all(isinstance(v, nf.Form) and v.is_zero for v in values):
                return hyp.failed(
                    "walls", f"the data at the ends of {space} are not zero"
                )
    return hyp.checked("walls", "the data vanish on both walls")
