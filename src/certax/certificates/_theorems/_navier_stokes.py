from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...bounds import Refinement
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, positive
from .._hypotheses import Hypothesis
from ._base import AbstractTheorem
from ._energy import closed_in_space
from ._searches import mean_square_refinement

# Derivatives of fourth order in three variables are dear, and slabs mean leaves.
_most_slabs = 8


class NavierStokes(AbstractTheorem):
    """‖v̂(t) − v(t)‖₂ of the velocity v = (ψ_y, −ψ_x) on a torus, from the residual of
    the vorticity equation Δψ_t + ψ_y Δψ_x − ψ_x Δψ_y − ν Δ²ψ = g.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect; cited: a smooth flow exists. The proof is in `docs/theory/navier-stokes.md`.

    ??? cite

        ```bibtex
        @book{temam1995navier, author={Temam, R.},
          title={Navier-Stokes Equations and Nonlinear Functional Analysis},
          year={1995}}
        ```
    """

    name: ClassVar[str] = "navier-stokes"
    norm: ClassVar[str] = "H1"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension != 3 or problem.time is None:
            raise NoMatch("it needs two space coordinates and an initial condition")
        if len(problem.fields) != 1 or problem.equations != 1:
            raise NoMatch("it is a system, not one equation for the stream function")
        try:
            parts = nf.split(hyp.forms_of(problem)[0])
        except ValueError as error:
            raise NoMatch(str(error)) from None
        names, zero = problem.domain.names, nf.number(0)
        x, y = (n for n in names if n != problem.time)

        def product(*factors: dict[str, int]):
            orders = (tuple(f.get(n, 0) for n in names) for f in factors)
            atoms = [("derivative", problem.fields[0], o) for o in orders]
            return tuple(sorted(((a, 1) for a in atoms), key=repr))

        found = {tuple(sorted(m, key=repr)): c for m, c in parts.items() if m}
        sign = found.get(product({x: 2, problem.time: 1}), zero)
        turn = found.get(product({y: 1}, {x: 3}), zero)
        viscosity = zero - found.get(product({x: 4}), zero) * sign
        if sign.rational not in (1, -1) or turn.rational not in (1, -1):
            raise NoMatch("it is not the vorticity equation with coefficient one")
        if not positive(viscosity):
            raise NoMatch("the viscosity is not a positive constant")
        wanted = {product({x: 2, y: 2}): zero - nf.number(2) * viscosity * sign}
        for name, other, way in ((x, y, turn), (y, x, -turn)):
            wanted[product({name: 2, problem.time: 1})] = sign
            wanted[product({name: 4})] = zero - viscosity * sign
            wanted[product({other: 1}, {name: 3})] = way
            wanted[product({other: 1}, {name: 1, other: 2})] = way
        if found.keys() != wanted.keys() or any(
            not (found[key] - wanted[key]).is_zero for key in wanted
        ):
            raise NoMatch("it is not the vorticity equation")
        if {c.kind for c in problem.conditions} != {"initial", "periodic"}:
            raise NoMatch("it is not periodic in both space coordinates")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "the vorticity equation for the stream function"),
            *closed_in_space(problem, fields),
            hyp.cited("solution", "a unique smooth flow exists"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        return {"slabs": min(slabs, _most_slabs)}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        slabs = min(slabs, _most_slabs)
        return mean_square_refinement(problem, slabs, degree, tolerance)
