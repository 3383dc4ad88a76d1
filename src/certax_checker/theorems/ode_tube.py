"""Logarithmic norms in a tube: `docs/theory/ode-tube.md`."""

import numpy as np
from flint import arb, fmpq

from ..equations._case import Case, Proof
from ..equations._linearizations import jacobian
from ..equations._slabs import grow
from ..kernel._algebra import enclose
from ..kernel._errors import Malformed
from ..kernel._functions import above
from ..kernel._leaves import Chunk, sweep
from ..kernel._models import TINY, UNIT, UP, Array, Model, add, negate, upper_end
from ..kernel._numbers import decimal
from ..kernel._trees import Tree

NORM = "Linf"
PARAMETERS = ("logarithmic_norm", "tube")


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    norm, tube = (case.parameters[key] for key in PARAMETERS)
    if norm not in ("2", "infinity") or type(tube) is not str or decimal(tube) <= 0:
        raise Malformed("logarithmic_norm or tube is not as the theorem wants it")
    euclidean, delta = norm == "2", decimal(tube)
    limit = arb(fmpq(delta.numerator, delta.denominator))
    order = _equations(case)
    axis = case.time()
    alone = len(case.problem.conditions) == 1
    case.require(alone, "time", "an initial value problem has no other conditions")
    case.smooth()
    start = _initial(case, euclidean)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        residuals, slopes = chunk.residuals(), jacobian(chunk, above(limit))
        defects = [residuals[i].bound for i in order]
        return _length(defects, euclidean), _growth([slopes[i] for i in order], norm)

    rho, kappa = case.sweep(quantities)
    tree, length = case.trees["residual"], enclose(axis.length)
    error = largest = arb(start)
    for k in range(tree.leaves):
        inside = bool(error < limit)
        error = grow(error, kappa[k], rho[k], 2 * arb(tree.halves[0, k]) * length)
        inside = inside and bool(error < limit)
        reason = f"the error bound leaves the tube of radius {tube}"
        case.require(inside, "tube", f"{reason} on {tree.describe(k)}")
        largest = largest if error <= largest else error
    case.passed("tube", f"the error bound stays below {tube} at the ends of all slabs")
    case.solvable("existence and uniqueness follow by continuation", "checked")
    fields = ", ".join(case.problem.fields)
    what = f"|network - {fields}|"
    if len(order) > 1:
        fields = f"({fields})"
        what = "Euclidean norm" if euclidean else "largest absolute component"
        what = f"the {what} of network - {fields}"
    sentence = (
        f"the solution {fields} exists for all {axis.interval} and is unique, and for "
        f"every {axis.interval}, {what} is at most {{bound}}"
    )
    return Proof(above(largest), [], sentence)


def _equations(case: Case) -> list[int]:
    """For each field the number of the equation that holds its derivative."""
    fields, problem = case.problem.fields, case.problem
    one = len(problem.coordinates) == 1
    case.require(one, "equation", "there is more than one coordinate")
    square = len(problem.residual.outputs) == len(fields)
    case.require(square, "equation", "there are not as many equations as fields")
    order: dict[str, int] = {}
    for i in range(len(fields)):
        form = case.equation(str(i), fields=True)[()]
        reason = f"equation {i} is not y' = f(t, y), solved for one derivative"
        slopes = [
            monomial
            for monomial in form.terms
            if any(f.key[0] == "derivative" and any(f.key[1][1]) for f, _ in monomial)
        ]
        case.require(len(slopes) == 1, "equation", reason)
        (factor, exponent), *others = slopes[0]
        case.require(not others and exponent == 1, "equation", reason)
        case.require(form.terms[slopes[0]] == 1, "equation", reason)
        field, orders = factor.key[1]
        case.require(orders == (1,) and field not in order, "equation", reason)
        rest = form - case.algebra.atom(factor.key)
        inner = [d for d in rest.depends if d[0] == "derivative" and any(d[1][1])]
        case.require(not inner, "equation", reason)
        order[field] = i
    case.passed("equation", "y' = f(t, y), each derivative once with coefficient 1")
    return [order[field] for field in fields]


def _initial(case: Case, euclidean: bool) -> float:
    """The initial error: zero by substitution, or evaluated at the point."""
    condition, axis = case.problem.of_kind("initial")[0], case.problem.coordinates[0]
    if case.matches(condition, "lower"):
        case.passed("initial defect", "zero by substitution")
        return 0.0
    point = Tree(np.zeros((0, 1)), np.zeros((0, 1)), np.zeros(1, dtype=int))
    defect = sweep(
        case.subject, point, [],
        lambda chunk: tuple(m.bound for m in case.defect(chunk, condition)),
        {axis.name: axis.lower},
    )  # fmt: skip
    bound = float(_length(defect, euclidean)[0])
    case.passed("initial defect", f"evaluated: at most {bound!r}")
    return bound


def _length(values: list[Array], euclidean: bool) -> Array:
    """An upper bound of the norm of vectors with these bounds of their entries."""
    made = values[0]
    for value in values[1:]:
        square = (made * made + value * value) * UP + TINY
        made = np.sqrt(square) * UP if euclidean else np.maximum(made, value)
    return made


def _growth(residual: list[list[Model]], norm: str) -> Array:
    """An upper bound of the logarithmic norm of minus this matrix of models."""
    rows = []
    for i, entries in enumerate(residual):
        row = upper_end(negate(entries[i]))
        for j, entry in enumerate(entries):
            if j != i and norm == "2":
                row = _plus(row, 0.5 * add(entry, residual[j][i]).bound)
            elif j != i:
                row = _plus(row, entry.bound)
        rows.append(row)
    return np.maximum.reduce(np.broadcast_arrays(*rows))


def _plus(a: Array, b: Array) -> Array:
    """An upper bound of a + b."""
    return a + b + (np.abs(a) + np.abs(b)) * UNIT
