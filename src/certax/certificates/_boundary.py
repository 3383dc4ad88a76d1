"""Whether û meets the data exactly: by substitution in the program, and for periodic
coordinates by following what is periodic through the program.
"""

from dataclasses import dataclass
from fractions import Fraction

from .._core import Program, TracedCondition, _normal_form as nf
from ..problems import Problem


def meets(
    fields: Program, problem: Problem, condition: TracedCondition, side: str
) -> bool:
    """Whether û equals the condition's data exactly on a face; not if one is free."""
    name = condition.coordinate
    index = problem.domain.names.index(name)
    ends = problem.domain.lower if side == "lower" else problem.domain.upper
    end = nf.constant(ends[index])
    assert condition.values is not None
    data = nf.interpret(condition.values, {})
    values = nf.interpret(fields, {name: end})
    for field in problem.fields:
        value, wanted = values[field], data.get(field)
        if not isinstance(value, nf.Form) or not isinstance(wanted, nf.Form):
            return False
        if not (value - wanted).is_zero:
            return False
    return True


@dataclass(frozen=True)
class _Affine:
    """slope x + (something without x)."""

    slope: nf.Form


_Periodic = object()
_Antiperiodic = object()  # changes its sign from one period to the next
_Unknown = object()
_odd = ("neg", "sin", "sinpi", "tanh", "erf")
_even = ("cos", "cospi")


def is_periodic(program: Program, problem: Problem, coordinate: str) -> bool:
    """Whether every output is periodic in a coordinate, with the domain's length as a
    period, as a function on the real line. Then value and all derivatives match at
    the seam.
    """
    index = problem.domain.names.index(coordinate)
    length = nf.constant(problem.domain.upper[index]) - nf.constant(
        problem.domain.lower[index]
    )
    values: list = []
    exact: list = []
    for item in program.inputs:
        here = item.kind == "coordinate" and item.name == coordinate
        values.append(_Affine(nf.number(1)) if here else _Periodic)
        constant = item.kind == "constant"
        exact.append(nf.constant(item.value) if constant else None)
    for op, arguments, extra in program.ops:
        args = [values[a] for a in arguments]
        forms = [exact[a] for a in arguments]
        exact.append(_exact(op, forms, extra))
        values.append(_follow(op, args, forms, extra, length))
    return all(values[i] is _Periodic for i in program.outputs.values())


def _exact(op: str, forms: list, extra: int | None):
    scalar = op not in ("stack", "index", "broadcast", "matvec", "dot", "sum")
    if not scalar or any(f is None for f in forms):
        return None
    return nf.combine(op, forms, extra)


def _follow(op: str, args: list, forms: list, extra: int | None, length: nf.Form):
    if all(a is _Periodic for a in args):
        return _Periodic
    if any(a is _Unknown for a in args):
        return _Unknown
    if any(a is _Antiperiodic for a in args):
        return _with_sign(op, args, extra)
    slopes = [a.slope if isinstance(a, _Affine) else nf.number(0) for a in args]
    match op:
        case "add":
            return _affine(slopes[0] + slopes[1])
        case "sub":
            return _affine(slopes[0] - slopes[1])
        case "neg":
            return _affine(-slopes[0])
        case "mul" if forms[0] is not None:
            return _affine(forms[0] * slopes[1])
        case "mul" if forms[1] is not None:
            return _affine(slopes[0] * forms[1])
        case "div" if forms[1] is not None:
            return _affine(slopes[0] / forms[1])
        case "sin" | "cos":
            turns = slopes[0] * length / (nf.number(2) * nf.pi())
        case "sinpi" | "cospi":
            turns = slopes[0] * length * nf.number(Fraction(1, 2))
        case _:
            return _Unknown
    count = turns.rational
    if count is None or (2 * count).denominator != 1:
        return _Unknown
    return _Periodic if count.denominator == 1 else _Antiperiodic


def _with_sign(op: str, args: list, extra: int | None):
    """Operations of which an argument changes its sign with each period."""
    signs = [a is _Antiperiodic for a in args]
    if not all(a is _Periodic or a is _Antiperiodic for a in args):
        return _Unknown
    if op in ("mul", "div"):
        return _Periodic if all(signs) else _Antiperiodic
    if op in ("add", "sub"):
        return _Antiperiodic if all(signs) else _Unknown
    if op == "ipow":
        return _Antiperiodic if (extra or 0) % 2 else _Periodic
    if op in _odd:
        return _Antiperiodic
    return _Periodic if op in _even else _Unknown


def _affine(slope: nf.Form):
    return _Periodic if slope.is_zero else _Affine(slope)
