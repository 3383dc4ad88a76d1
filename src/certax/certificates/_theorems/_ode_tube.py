from typing import ClassVar

import equinox as eqx

from ..._core import Program, _normal_form as nf
from ...bounds import Refinement
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch
from .._hypotheses import Hypothesis
from ._base import AbstractTheorem


class OdeTube(AbstractTheorem):
    """sup |ŷ − y| by slabs, E⁺ = e^{mh} E + ρ h φ(mh), m a bound of the logarithmic
    norm in a tube around ŷ. Existence and uniqueness of y are part of the conclusion.

    Hypotheses, all checked: the equation, time, tube, smoothness, initial defect. The
    proof is in `docs/theory/ode-tube.md`.

    **Arguments:**

    - `tube`: the radius of the tube, an exact positive decimal.
    - `logarithmic_norm`: `"2"` or `"infinity"`.

    ??? cite

        ```bibtex
        @phdthesis{dahlquist1958stability, author={Dahlquist, G.},
          title={Stability and error bounds in the numerical integration of ordinary
          differential equations}, school={Stockholm}, year={1958}}
        ```
    """

    tube: str = eqx.field(static=True, default="1e-3")
    logarithmic_norm: str = eqx.field(static=True, default="2")
    name: ClassVar[str] = "ode-tube"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension != 1 or problem.time is None:
            raise NoMatch("it needs one coordinate and an initial condition")
        if len(problem.conditions) != 1:
            raise NoMatch("it has more than an initial condition")
        if problem.equations != len(problem.fields):
            raise NoMatch("it has not as many equations as fields")
        used = set()
        for form in hyp.forms_of(problem):
            found = [a for a in form.atoms if a[0] == "derivative" and any(a[2])]
            if len(found) != 1 or found[0][2] != (1,):
                raise NoMatch("an equation is not solved for one first derivative")
            (atom,) = found
            rest = form - nf.derivative(atom[1], atom[2])
            if atom in rest.atoms:
                raise NoMatch("the coefficient of a derivative is not one")
            used.add(atom[1])
        if used != set(problem.fields):
            raise NoMatch("some field's derivative does not occur")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "y' = f(t, y)"),
            hyp.time(problem),
            hyp.checked("tube", f"the error stays below the tube's radius {self.tube}"),
            hyp.smooth(fields),
            hyp.initial_defect(fields, problem),
            hyp.checked("solution", "existence and uniqueness by continuation"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"tube": self.tube, "logarithmic_norm": self.logarithmic_norm}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        # Many slabs even where the residual is small: the logarithmic norm is sharp
        # only on short ones.
        return Refinement("slabs", tolerance, degree, (9,), slabs=512)
