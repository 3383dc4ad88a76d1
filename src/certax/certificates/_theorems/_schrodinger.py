from typing import ClassVar

from ..._core import Program, _normal_form as nf
from ...problems import Problem
from .. import _hypotheses as hyp
from .._equations import NoMatch, is_constant, positive
from .._hypotheses import Hypothesis
from ._energy import closed_in_space
from ._searches import AbstractMeanSquareSearch

Powers = tuple[tuple[tuple[str, tuple[int, ...]], int], ...]


class Schrodinger(AbstractMeanSquareSearch):
    """‖û(t) − w(t)‖₂ for i w_t + a·D²w + V w = f, V real, and for
    i w_t + a w_xx + k|w|²w = 0, written as two real equations for w = p + i q.

    Hypotheses, all checked but the last: the equation, time, walls, smoothness, initial
    defect, data, the maximum of |w|; cited: a solution exists. The proof is in
    `docs/theory/schrodinger.md`.

    ??? cite

        ```bibtex
        @book{cazenave2003semilinear, author={Cazenave, T.},
          title={Semilinear {S}chr{\\"o}dinger Equations}, year={2003}}
        ```
    """

    name: ClassVar[str] = "schrodinger"
    norm: ClassVar[str] = "L2"

    def match(self, problem: Problem) -> None:
        if problem.domain.dimension < 2 or problem.time is None:
            raise NoMatch("it needs space coordinates and an initial condition")
        if len(problem.fields) != 2 or problem.equations != 2:
            raise NoMatch("it has not two fields and two equations")
        try:
            equations = [nf.split(form) for form in hyp.forms_of(problem)]
        except ValueError as error:
            raise NoMatch(str(error)) from None
        tables = [{_factors(m): c for m, c in parts.items()} for parts in equations]
        p, q = problem.fields
        if _power(problem, {p: 1}, problem.time) not in tables[0]:
            tables.reverse()
        first, second = _half(problem, tables[0], p, q), _half(problem, tables[1], q, p)
        if any(not (a + b).is_zero for a, b in zip(first, second, strict=True)):
            raise NoMatch(
                "the equations are not real and imaginary part of a Schroedinger "
                "equation"
            )
        *bends, potential, cubic = first
        if not cubic.is_zero and (len(bends) > 1 or not potential.is_zero):
            raise NoMatch("with a cubic term it has a potential or a second dimension")

    def hypotheses(self, problem: Problem, fields: Program) -> list[Hypothesis]:
        return [
            hyp.checked("equation", "i w_t + a D^2 w + V w + k |w|^2 w = f"),
            *closed_in_space(problem, fields),
            hyp.cited("solution", "a unique solution exists for all times"),
        ]


def _factors(monomial: nf.Monomial) -> Powers:
    return tuple(sorted(((atom[1], atom[2]), power) for atom, power in monomial))


def _power(
    problem: Problem, powers: dict[str, int], axis: str | None = None, order: int = 1
) -> Powers:
    """Powers of the fields, or of a derivative of them."""
    orders = tuple(order * int(n == axis) for n in problem.domain.names)
    return tuple(sorted(((field, orders), n) for field, n in powers.items()))


def _half(problem: Problem, parts: dict[Powers, nf.Form], m: str, o: str):
    """The coefficients b, V and k of m_t + Σ b_i o_ii + V o + k (m² + o²) o = f."""
    zero = nf.number(0)
    rate = parts.pop(_power(problem, {m: 1}, problem.time), zero).rational
    if rate not in (1, -1):
        raise NoMatch(f"the coefficient of the derivative of {m} in time is not 1")
    parts = {key: c * nf.number(rate) for key, c in parts.items()}
    spaces = [n for n in problem.domain.names if n != problem.time]
    found = [parts.pop(_power(problem, {o: 1}, n, 2), zero) for n in spaces]
    if not all(positive(c) or positive(-c) for c in found):
        raise NoMatch("a second derivative has no constant in front, or zero")
    found.append(parts.pop(_power(problem, {o: 1}), zero))
    cubic = parts.pop(_power(problem, {o: 3}), zero)
    mixed = parts.pop(_power(problem, {o: 1, m: 2}), zero)
    forcing = parts.pop((), zero)
    if parts:
        raise NoMatch("it has a term that no Schroedinger equation has")
    if not (cubic - mixed).is_zero or not is_constant(cubic):
        raise NoMatch("the cubic term is not a real constant times |w|^2 w")
    if not cubic.is_zero and not forcing.is_zero:
        raise NoMatch("with a cubic term it has a forcing")
    return [*found, cubic]
