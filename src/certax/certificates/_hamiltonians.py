"""Reads a Hamilton-Jacobi equation off its exact normal form."""

from dataclasses import dataclass

from .._core import _normal_form as nf
from ..problems import Problem
from ._equations import NoMatch, enclose_constant, is_constant, positive


@dataclass(frozen=True)
class Hamiltonian:
    """The equation [u_t +] rate u + H(x, [t,] Du) − a·D²u = 0, a ≥ 0 constant.

    - `separate`: no term of H depends on coordinates and on the gradient both.
    """

    rate: nf.Form
    separate: bool


def hamiltonian(problem: Problem) -> Hamiltonian:
    """**Raises:** [`NoMatch`][] if something else than the gradient is known of u."""
    if len(problem.fields) != 1 or problem.equations != 1:
        raise NoMatch("it is a system")
    form = nf.interpret(problem.residual, {})["0"]
    if not isinstance(form, nf.Form):
        raise NoMatch("its normal form is not scalar")
    names = problem.domain.names
    if problem.time is not None:
        slope, form = _taken(form, problem, (problem.time, 1))
        if slope.rational != 1:
            raise NoMatch("the coefficient of the time derivative is not one")
    spaces = [name for name in names if name != problem.time]
    if not spaces:
        raise NoMatch("it has no space coordinate")
    for name in spaces:
        bend, form = _taken(form, problem, (name, 2))
        if not bend.is_zero and not positive(-bend):
            raise NoMatch("a diffusion coefficient is not a positive constant")
    rate, form = _taken(form, problem, None)
    for atom in form.atoms:
        if atom[0] == "derivative" and sum(atom[2]) != 1:
            raise NoMatch(f"it has the derivative {atom[2]}")
    steep = [
        nf.Form(((monomial, coefficient),))
        for monomial, coefficient in form.terms
        if nf.Form(((monomial, coefficient),)).depends_on("derivative")
    ]
    if all(map(_plain, steep)):
        raise NoMatch("it is linear in the gradient, with constants in front")
    _check_defined(form)
    return Hamiltonian(rate, not any(t.depends_on("coordinate") for t in steep))


def _taken(
    form: nf.Form, problem: Problem, which: tuple[str, int] | None
) -> tuple[nf.Form, nf.Form]:
    """The constant in front of a derivative that occurs nowhere else, and the rest."""
    names = problem.domain.names
    orders = tuple(which[1] * (n == which[0]) if which else 0 for n in names)
    atom = ("derivative", problem.fields[0], orders)
    front, rest = nf.number(0), nf.number(0)
    for monomial, coefficient in form.terms:
        if (atom, 1) in monomial:
            other = tuple(f for f in monomial if f != (atom, 1))
            front = front + nf.Form(((other, coefficient),))
        else:
            rest = rest + nf.Form(((monomial, coefficient),))
    if not is_constant(front) or atom in rest.atoms:
        what = f"the derivative {orders}" if any(orders) else "u itself"
        raise NoMatch(f"{what} stands elsewhere than behind a constant")
    return front, rest


def _plain(term: nf.Form) -> bool:
    """A constant times one slope."""
    ((monomial, _),) = term.terms
    moving = [
        (a[0], p)
        for a, p in monomial
        if nf.Form(((((a, 1),), term.terms[0][1]),)).depends_on(
            "derivative", "coordinate"
        )
    ]
    return moving == [("derivative", 1)]


def _check_defined(form: nf.Form) -> None:
    """Divisors, roots and logarithms of the gradient must be positive everywhere."""
    for atom in form.atoms:
        partial = atom[0] == "inverse" or (
            atom[0] == "function" and atom[1] in ("sqrt", "log")
        )
        if partial and atom[-1].depends_on("derivative") and not _above_zero(atom[-1]):
            raise NoMatch("a divisor, root or logarithm of the gradient may vanish")


def _above_zero(form: nf.Form) -> bool:
    signs = [
        coefficient > 0 and all(p % 2 == 0 or _positive_atom(a) for a, p in monomial)
        for monomial, coefficient in form.terms
    ]
    certain = [all(_positive_atom(a) for a, _ in m) for m, _ in form.terms]
    return all(signs) and any(certain)


def _positive_atom(atom: nf.Atom) -> bool:
    if atom[0] == "function" and atom[1] == "exp":
        return True
    alone = nf.Form(((((atom, 1),), nf.number(1).terms[0][1]),))
    return is_constant(alone) and bool(enclose_constant(alone) > 0)
