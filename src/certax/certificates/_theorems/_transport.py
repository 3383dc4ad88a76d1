from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...problems import Problem, faces
from .. import _hypotheses as hyp
from .._equations import NoMatch, is_constant, positive, scalar_equation
from .._hypotheses import Hypothesis
from ._searches import AbstractSlabSearch


class Transport(AbstractSlabSearch):
    """sup |û − u| along characteristics for u_t + a·∇u + c u = f, constant a and c.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect; cited: the solution by characteristics. The proof is in
    `docs/theory/transport.md`.
    """

    name: ClassVar[str] = "transport"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension < 2 or problem.time is None:
            raise NoMatch("it needs space coordinates and an initial condition")
        time = problem.domain.names.index(problem.time)
        equation = scalar_equation(problem.residual, problem.fields)
        for orders in equation.derivatives:
            coefficient = equation.coefficient(orders)
            if sum(orders) != 1 or not is_constant(coefficient):
                raise NoMatch("it has more than first derivatives, constant in front")
            if orders[time] and coefficient.rational != 1:
                raise NoMatch("the coefficient of the time derivative is not one")
        in_time = tuple(int(i == time) for i in range(problem.domain.dimension))
        if in_time not in equation.derivatives:
            raise NoMatch("it has no time derivative")
        if len(equation.derivatives) < 2:
            raise NoMatch("it transports nothing")
        if set(equation.zeroth) - {1} or not all(
            is_constant(c) for c in equation.zeroth.values()
        ):
            raise NoMatch("the term of order zero is not a constant times u")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        equation = scalar_equation(problem.residual, problem.fields)
        found = [
            hyp.checked("equation", "u_t + a.grad u + c u = f, constant a and c"),
            hyp.time(problem),
        ]
        for axis, name in enumerate(problem.domain.names):
            orders = tuple(int(i == axis) for i in range(problem.domain.dimension))
            if name == problem.time:
                continue
            found.append(_inflow(fields, problem, name, equation.coefficient(orders)))
            if problem.condition("periodic", name) is not None:
                found.append(hyp.periodic_data(problem, name))
        found += [hyp.smooth(fields), hyp.initial_defect(fields, problem)]
        found.append(hyp.cited("solution", "the solution by characteristics"))
        return found


def _inflow(fields: Program, problem: Problem, name: str, speed: nf.Form) -> Hypothesis:
    """Data where characteristics enter, and nowhere else."""
    if problem.condition("periodic", name) is not None:
        return hyp.seam(fields, problem, name)
    given = {side for axis, side, _ in faces(problem.conditions) if axis == name}
    if speed.is_zero:
        if given:
            return hyp.failed("walls", f"nothing moves in {name}, yet it has data")
        return hyp.checked("walls", f"nothing moves in {name}")
    if not positive(speed) and not positive(-speed):
        return hyp.failed("walls", f"the sign of the speed in {name} is not proved")
    inflow, outflow = ("lower", "upper") if positive(speed) else ("upper", "lower")
    if outflow in given:
        return hyp.failed(
            "walls",
            f"there are data at the {outflow} end of {name}, where characteristics "
            "leave",
        )
    return hyp.near_wall(fields, problem, name, (inflow,))
