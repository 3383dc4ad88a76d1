from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, is_constant, positive
from .._hypotheses import Hypothesis
from ._energy import closed_in_space
from ._searches import AbstractMeanSquareSearch

_bounded_slope = {
    *("sin", "cos", "sinpi", "cospi", "tanh", "erf", "logistic", "softplus")
}


class Wave(AbstractMeanSquareSearch):
    """‖û(t) − u(t)‖₂ through the energy of u_tt − c²·D²u + m u + g(u) = f, with |g'|
    bounded by a constant: wave, Klein-Gordon and sine-Gordon equations.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect, data, energy; cited: a solution with finite energy exists. The proof is in
    `docs/theory/wave.md`.

    ??? cite

        ```bibtex
        @book{lions1972nonhomogeneous, author={Lions, J.-L. and Magenes, E.},
          title={Non-Homogeneous Boundary Value Problems and Applications}, year={1972}}
        ```
    """

    name: ClassVar[str] = "wave"
    norm: ClassVar[str] = "L2"

    def match(self, problem: Problem) -> None:
        time = problem.time
        if problem.domain.dimension < 2 or time is None:
            raise NoMatch("it needs space coordinates and an initial condition")
        if problem.condition("velocity", time) is None:
            raise NoMatch("it needs an initial velocity")
        if len(problem.fields) != 1 or problem.equations != 1:
            raise NoMatch("it is a system")
        parts = _linear_parts(hyp.forms_of(problem)[0])
        names = problem.domain.names
        for name in names:
            orders = tuple(2 * int(n == name) for n in names)
            coefficient = parts.pop(orders, nf.number(0))
            if name == time and coefficient.rational != 1:
                raise NoMatch("the coefficient of u_tt is not one")
            if name != time and not positive(-coefficient):
                raise NoMatch(f"the second derivative in {name} has no constant < 0")
        if not is_constant(parts.pop((0,) * len(names), nf.number(0))):
            raise NoMatch("the mass is not a constant")
        if parts:
            raise NoMatch(f"it has the derivative {next(iter(parts))}")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "u_tt - c^2 D^2 u + m u + g(u) = f, |g'| bounded"),
            *closed_in_space(problem, fields),
            hyp.cited("solution", "a solution with finite energy exists"),
        ]


class WaveSupremum(AbstractMeanSquareSearch):
    """sup |û − u| ≤ ½ √(L/c²) √(2E) for the error's energy E on an interval of length L
    with Dirichlet data at both ends.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect, data, energy; cited: a solution with finite energy exists. The proof is in
    `docs/theory/wave.md`.
    """

    name: ClassVar[str] = "wave-supremum"
    norm: ClassVar[str] = "Linf"

    def match(self, problem: Problem) -> None:
        Wave().match(problem)
        if problem.domain.dimension > 2:
            raise NoMatch("it has more than one space coordinate")
        if any(c.kind == "periodic" for c in problem.conditions):
            raise NoMatch("around a circle the error need vanish nowhere")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return Wave().hypotheses(problem, fields)


def _linear_parts(form: nf.Form) -> dict[tuple[int, ...], nf.Form]:
    """The coefficients by multi-index; functions of bounded slope are left out.

    **Raises:** `NoMatch` for any other term in u.
    """
    parts: dict[tuple[int, ...], nf.Form] = {}
    for monomial, number in form.terms:
        wild = [f for f in monomial if _moves(f[0])]
        rest = nf.Form(((tuple(f for f in monomial if f not in wild), number),))
        if not wild:
            continue
        (atom, power), *others = wild
        if others or power != 1:
            raise NoMatch("a term is neither linear nor of bounded slope")
        if atom[0] == "derivative":
            parts[atom[2]] = parts.get(atom[2], nf.number(0)) + rest
            continue
        if atom[0] != "function" or atom[1] not in _bounded_slope:
            raise NoMatch("a term is neither linear nor of bounded slope")
        inner = _linear_parts(atom[2])
        if not is_constant(rest) or any(
            any(orders) or not is_constant(c) for orders, c in inner.items()
        ):
            raise NoMatch("a nonlinear term is not a constant times f(c u + d)")
    return parts


def _moves(atom: nf.Atom) -> bool:
    return atom[0] == "derivative" or (
        isinstance(atom[-1], nf.Form) and atom[-1].depends_on("derivative")
    )
