from typing import ClassVar

from ..._core import Program
from ...problems import Problem, Solution
from .. import _hypotheses as hyp
from .._equations import NoMatch, positive, scalar_equation
from .._hypotheses import Hypothesis
from .._outlook import growth_exponent, unpromising
from ._searches import AbstractSlabSearch


class MaximumPrinciple(AbstractSlabSearch):
    """sup |û − u| by slabs, E⁺ = e^{κh} E + ρ h φ(κh), for parabolic equations
    u_t − a·D²u + β(x, t, u)·∇u + g(x, t, u) = 0 with β and g polynomials in u. Where κ
    depends on the error, it is taken on a tube that the error is shown not to leave.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect, data, tube; cited: a classical solution exists. The proof is in
    `docs/theory/maximum-principle.md`.

    ??? cite

        ```bibtex
        @book{protter1967maximum, author={Protter, M. H. and Weinberger, H. F.},
          title={Maximum Principles in Differential Equations}, year={1967}}
        ```
    """

    name: ClassVar[str] = "maximum-principle"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension < 2 or problem.time is None:
            raise NoMatch("it needs space coordinates and an initial condition")
        time = problem.domain.names.index(problem.time)
        equation = scalar_equation(problem.residual, problem.fields)
        diffusive = False
        for orders in equation.derivatives:
            if sum(orders) == 1 and orders[time] == 0:
                continue
            coefficient = equation.coefficient(orders)
            if sum(orders) == 1 and orders[time] == 1:
                if coefficient.rational != 1:
                    raise NoMatch("the coefficient of the time derivative is not one")
            elif orders[time]:
                raise NoMatch("it has a higher or mixed derivative in time")
            elif sum(orders) == 2 and max(orders) == 2:
                if not positive(-coefficient):
                    raise NoMatch("a diffusion coefficient is not a positive constant")
                diffusive = True
            else:
                raise NoMatch(f"it has the derivative {orders}")
        in_time = tuple(int(i == time) for i in range(problem.domain.dimension))
        if in_time not in equation.derivatives:
            raise NoMatch("it has no time derivative")
        if not diffusive:
            raise NoMatch("it has no diffusion")

    def discouraged(self, solution: Solution) -> str:
        return unpromising(growth_exponent(solution))

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        spaces = [n for n in problem.domain.names if n != problem.time]
        found = [
            hyp.checked("equation", "parabolic, drift and reaction polynomials in u"),
            hyp.time(problem),
        ]
        found += [hyp.near_wall(fields, problem, n, ("lower", "upper")) for n in spaces]
        found += [hyp.smooth(fields), hyp.initial_defect(fields, problem)]
        for name in spaces:
            if problem.condition("periodic", name) is not None:
                found.append(hyp.continuous_data(problem, name))
            else:
                found.append(
                    hyp.checked("data", f"data agree exactly, walls of {name}")
                )
        found.append(_solution(problem, spaces))
        return found


def _solution(problem: Problem, spaces: list[str]) -> Hypothesis:
    names = problem.domain.names
    twice = {tuple(2 * (n == name) for n in names) for name in spaces}
    used = {i.orders for i in problem.residual.of_kind("derivative")}
    if twice <= used:
        return hyp.cited("solution", "a unique classical solution exists")
    # Without diffusion towards a wall, data there may be attained by no solution.
    return hyp.assumed(
        "solution",
        "the equation does not diffuse in every direction; a classical solution, "
        "continuous on the closed cylinder, is assumed to exist",
    )
