"""Hamilton-Jacobi equations: what is known of u is its gradient, perhaps diffused."""

from fractions import Fraction
from typing import NamedTuple

from ..kernel._algebra import ONE, Atom, Monomial, Polynomial
from ..kernel._documents import Coordinate
from ._case import Case, positive
from ._forms import made_of


class Hamiltonian(NamedTuple):
    """The equation [u_t +] rate u + H(x, [t,] Du) - a D^2 u = 0, a >= 0 constant.

    `separate` says that no term of H depends on coordinates and on the gradient both.
    """

    rate: Polynomial
    separate: bool


def hamiltonian(case: Case, time: Coordinate | None = None) -> Hamiltonian:
    """Checks that the one equation is of this form with an H that is continuous."""
    one = len(case.problem.fields) == len(case.problem.residual.outputs) == 1
    case.require(one, "equation", "there is more than one field or equation")
    case.algebra.partial.clear()
    form = case.forms(case.problem.residual)["0"]
    for argument in case.algebra.partial:
        defined = not made_of(argument, "derivative") or _above_zero(argument)
        reason = "a divisor, root or logarithm of u or its gradient may vanish"
        case.require(defined, "equation", reason)
    if time is not None:
        slope, form = _taken(case, form, time.name, 1)
        reason = f"the coefficient of the derivative in {time.name} is not exactly 1"
        case.require(slope == ONE, "equation", reason)
    space = [name for name in case.names if time is None or name != time.name]
    for name in space:
        bend, form = _taken(case, form, name, 2)
        reason = f"the second derivative in {name} has not a constant <= 0 in front"
        case.require(not bend or positive(-bend), "equation", reason)
    rate, form = _taken(case, form, "", 0)
    slopes = {("derivative", case.term(name, 1)[0][0]) for name in space}
    known = slopes | {("coordinate", name) for name in case.names}
    reason = "a derivative of u stands there that is none of its slopes in space"
    case.require(form.depends <= known, "equation", reason)
    terms = [Polynomial({m: c}) for m, c in form.terms.items()]
    steep = [term for term in terms if made_of(term, "derivative")]
    reason = "it is linear in the gradient with constants: other theorems are for that"
    case.require(not all(map(_plain, steep)), "equation", reason)
    return Hamiltonian(rate, not any(made_of(term, "coordinate") for term in steep))


def attained(case: Case, law: Hamiltonian, periodic: bool) -> None:
    """Notes why there is a viscosity solution, and that it attains the data."""
    if periodic and law.separate:
        case.solvable(
            "the solution is the one in the viscosity sense, which exists and is unique"
            " on the torus (Crandall, Ishii, Lions 1992)"
        )
        return
    case.solvable(
        "a solution in the viscosity sense, continuous on the closed domain and equal"
        " to the data there, is assumed to exist; the bound holds for every such one",
        "assumed",
    )


def _taken(case: Case, form: Polynomial, name: str, order: int
           ) -> tuple[Polynomial, Polynomial]:  # fmt: skip
    """The constant in front of a derivative, which occurs nowhere else, and the rest.

    **Raises:** `Refusal` where it occurs otherwise.
    """
    key = ("derivative", case.term(name, order)[0][0])
    front: dict[Monomial, Fraction] = {}
    rest: dict[Monomial, Fraction] = {}
    for monomial, c in form.terms.items():
        other = tuple((atom, n) for atom, n in monomial if atom.key != key)
        once = (case.algebra.atoms.get(key), 1) in monomial
        (front if once else rest)[other if once else monomial] = c
    coefficient, remaining = Polynomial(front), Polynomial(rest)
    alone = not coefficient.depends and key not in remaining.depends
    what = f"the derivative of order {order} in {name}" if order else "u itself"
    reason = f"{what} stands elsewhere than behind a constant"
    case.require(alone, "equation", reason)
    return coefficient, remaining


def _above_zero(a: Polynomial) -> bool:
    """Whether a is positive for all real values of what it is made of, term by term."""
    signs = [
        c > 0 and all(n % 2 == 0 or _positive_atom(atom) for atom, n in monomial)
        for monomial, c in a.terms.items()
    ]
    certain = [all(_positive_atom(atom) for atom, _ in m) for m in a.terms]
    return all(signs) and any(certain)


def _positive_atom(atom: Atom) -> bool:
    return atom.key[0] == "exp" or (atom.value is not None and bool(atom.value > 0))


def _plain(term: Polynomial) -> bool:
    """Whether a term is a constant times one slope."""
    ((monomial, _),) = term.terms.items()
    moving = [(atom.key[0], n) for atom, n in monomial if atom.depends]
    return moving == [("derivative", 1)]
