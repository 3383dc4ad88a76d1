from typing import ClassVar

from ..._core import Program
from ...bounds import Refinement
from ...problems import Problem, Solution
from .. import _hypotheses as hyp
from .._equations import NoMatch, is_constant, positive, scalar_equation
from .._hypotheses import Hypothesis
from .._outlook import growth_exponent, unpromising
from ._base import AbstractTheorem
from ._searches import even_cuts


class Energy(AbstractTheorem):
    """‖û(t) − u(t)‖₂ by slabs, E⁺ = e^{κh} E + √(h φ(2κh)) ‖r‖₂, for
    u_t − a·D²u + (α u + β)·∇u + g(u) = f, a ≥ 0, with g linear or cubic;
    κ = sup(−c − ½ α·∇û + ½ div β) − λ₁.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect, data; cited or assumed: the solution exists. The proof is in
    `docs/theory/energy.md`.

    ??? cite

        ```bibtex
        @book{dafermos2016hyperbolic, author={Dafermos, C. M.},
          title={Hyperbolic Conservation Laws in Continuum Physics}, year={2016}}
        ```
    """

    name: ClassVar[str] = "energy"
    norm: ClassVar[str] = "L2"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension < 2 or problem.time is None:
            raise NoMatch("it needs space coordinates and an initial condition")
        names = problem.domain.names
        equation = scalar_equation(problem.residual, problem.fields)
        in_time = tuple(int(n == problem.time) for n in names)
        for orders in equation.derivatives:
            if orders == in_time:
                if equation.coefficient(orders).rational != 1:
                    raise NoMatch("the coefficient of the time derivative is not one")
            elif orders[names.index(problem.time)]:
                raise NoMatch("it has a higher or mixed derivative in time")
            elif sum(orders) == 2 and max(orders) == 2:
                if not positive(-equation.coefficient(orders)):
                    raise NoMatch("a diffusion coefficient is not a positive constant")
            elif sum(orders) == 1:
                powers = equation.derivatives[orders]
                if set(powers) - {0, 1} or not all(
                    is_constant(c) for n, c in powers.items() if n
                ):
                    raise NoMatch("a flux is not quadratic in u with a constant factor")
            else:
                raise NoMatch(f"it has the derivative {orders}")
        if in_time not in equation.derivatives or len(equation.derivatives) < 2:
            raise NoMatch("it has no time derivative or no derivative in space")
        if set(equation.zeroth) - {1, 2, 3}:
            raise NoMatch("the reaction is of higher degree than three")
        if set(equation.zeroth) & {2, 3}:
            if not all(is_constant(c) for c in equation.zeroth.values()):
                raise NoMatch("a nonlinear reaction has coefficients that vary")
            if 3 not in equation.zeroth or not positive(equation.zeroth[3]):
                raise NoMatch("the reaction's cubic coefficient is not positive")

    def discouraged(self, solution: Solution) -> str:
        # A square grows with what is half the slope of a quadratic flux.
        return unpromising(0.5 * growth_exponent(solution))

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "parabolic or a conservation law, quadratic flux"),
            *closed_in_space(problem, fields),
            hyp.cited("solution", "a classical or entropy solution"),
        ]

    def parameters(self, problem: Problem, slabs: int) -> dict[str, int | str]:
        # No more than the cuts in time: a leaf in two slabs is charged to both.
        return {"slabs": min(slabs, 2 ** _cuts(problem)[0])}

    def refinement(
        self, problem: Problem, slabs: int, degree: int, tolerance: float
    ) -> Refinement:
        # As for the other mean norms, so that they share their trees.
        return Refinement("mean", tolerance, degree, _cuts(problem))


def _cuts(problem: Problem) -> tuple[int, ...]:
    return even_cuts(problem.domain.dimension, 9)


def closed_in_space(problem: Problem, fields: Program) -> list[Hypothesis]:
    """What every energy method needs: the error vanishes on walls or is periodic."""
    spaces = [n for n in problem.domain.names if n != problem.time]
    found = [hyp.time(problem)]
    found += [hyp.wall(fields, problem, n, ("lower", "upper")) for n in spaces]
    found += [hyp.smooth(fields), hyp.initial_defect(fields, problem)]
    return found + [
        hyp.periodic_data(problem, n)
        for n in spaces
        if problem.condition("periodic", n) is not None
    ]
