"""Reads what kind of equation a residual is, off its exact normal form."""

from dataclasses import dataclass

import flint

from .._core import Program, _normal_form as nf

Powers = dict[int, nf.Form]


class NoMatch(Exception):
    """The equation is not of a theorem's kind; the message says in which respect."""


@dataclass(frozen=True)
class ScalarEquation:
    """One equation in one field u, linear in the derivatives:
    Σ_α c_α(u) D^α u + z(u) + source = 0, with c_α and z polynomials in u.

    - `derivatives`: for each multi-index the coefficient, by powers of u.
    - `zeroth`: z by powers of u, from 1.
    - `source`: a function of the coordinates.
    """

    derivatives: dict[tuple[int, ...], Powers]
    zeroth: Powers
    source: nf.Form

    def coefficient(self, orders: tuple[int, ...]) -> nf.Form:
        """The coefficient of a derivative, where it does not depend on u."""
        powers = self.derivatives.get(orders, {})
        if set(powers) - {0}:
            raise NoMatch(f"the coefficient of the derivative {orders} depends on u")
        return powers.get(0, nf.number(0))


def scalar_equation(residual: Program, fields: tuple[str, ...]) -> ScalarEquation:
    """**Raises:** [`NoMatch`][] if there are several fields or equations, or if
    derivatives are multiplied with each other.
    """
    if len(fields) != 1 or len(residual.outputs) != 1:
        raise NoMatch("it is a system")
    form = nf.interpret(residual, {})["0"]
    if not isinstance(form, nf.Form):
        raise NoMatch("its normal form is not scalar")
    try:
        parts = nf.split(form)
    except ValueError as error:
        raise NoMatch(str(error)) from None
    derivatives: dict[tuple[int, ...], Powers] = {}
    zeroth: Powers = {}
    source = nf.number(0)
    for monomial, coefficient in parts.items():
        power = sum(p for atom, p in monomial if not any(atom[2]))
        higher = [(atom[2], p) for atom, p in monomial if any(atom[2])]
        if not monomial:
            source = coefficient
        elif not higher:
            zeroth[power] = coefficient
        elif len(higher) == 1 and higher[0][1] == 1:
            derivatives.setdefault(higher[0][0], {})[power] = coefficient
        else:
            raise NoMatch("it is not linear in the derivatives")
    return ScalarEquation(derivatives, zeroth, source)


def is_constant(form: nf.Form) -> bool:
    """Whether a form is a real number."""
    return not form.depends_on("coordinate", "derivative")


def enclose_constant(form: nf.Form) -> flint.arb:
    """A constant form as an Arb ball."""
    total = flint.arb(0)
    for monomial, coefficient in form.terms:
        value = flint.arb(flint.fmpq(coefficient.numerator, coefficient.denominator))
        for atom, power in monomial:
            value *= _atom(atom) ** power
        total += value
    return total


def _atom(atom: nf.Atom) -> flint.arb:
    match atom:
        case ("pi",):
            return flint.arb.pi()
        case ("inverse", form):
            return 1 / enclose_constant(form)
        case ("function", "sinpi", form):
            return flint.arb.sin_pi(enclose_constant(form))
        case ("function", "cospi", form):
            return flint.arb.cos_pi(enclose_constant(form))
        case ("function", "logistic", form):
            return 1 / (1 + (-enclose_constant(form)).exp())
        case ("function", "softplus", form):
            return (1 + enclose_constant(form).exp()).log()
        case ("function", name, form):
            return getattr(enclose_constant(form), name)()
    raise NoMatch(f"{atom} is not a constant")


def positive(form: nf.Form) -> bool:
    """Whether a form is a constant proved to be positive."""
    return is_constant(form) and bool(enclose_constant(form) > 0)
