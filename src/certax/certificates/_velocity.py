"""Whether û meets initial data of second order exactly: û = u₀ + s v₀ + O(s²)."""

from .._core import Program, _normal_form as nf
from ..problems import Problem

# A value and its derivative in time; None where it is not known.
Dual = tuple[nf.Form | None, nf.Form | None]
_zero = nf.number(0)
_nothing: Dual = (_zero, _zero)
_opaque: Dual = (None, None)


def moves(fields: Program, problem: Problem) -> bool:
    """Whether value and velocity of û at the start are the given ones exactly."""
    time = problem.time
    assert time is not None
    start, velocity = (problem.condition(k, time) for k in ("initial", "velocity"))
    assert start is not None and velocity is not None
    assert start.values is not None and velocity.values is not None
    wanted = nf.interpret(start.values, {}), nf.interpret(velocity.values, {})
    lower = problem.domain.lower[problem.domain.names.index(time)]
    found = _run(fields, time, nf.constant(lower))
    for field in problem.fields:
        for value, given in zip(found[field], wanted, strict=True):
            form = given[field]
            if value is None or not isinstance(form, nf.Form):
                return False
            if not (value - form).is_zero:
                return False
    return True


def _run(program: Program, time: str, start: nf.Form) -> dict[str, Dual]:
    values: list = []
    for item in program.inputs:
        if item.kind == "weight":
            values.append([_opaque_weight] * item.shape[0] if item.shape else _opaque)
        elif item.name == time:
            values.append((start, nf.number(1)))
        elif item.kind == "coordinate":
            values.append((nf.coordinate(item.name), _zero))
        else:
            values.append((nf.constant(item.value), _zero))
    for op, arguments, extra in program.ops:
        values.append(_operation(op, [values[a] for a in arguments], extra))
    return {name: values[index] for name, index in program.outputs.items()}


# A weight is some number: not known, but at rest.
_opaque_weight: Dual = (None, _zero)


def _operation(op: str, args: list, extra: int | None):
    match op:
        case "stack":
            return list(args)
        case "index":
            return args[0][extra]
        case "broadcast":
            return [args[0]] * (extra or 0)
        case "matvec":
            rest = all(a[1] is not None and a[1].is_zero for a in args[1])
            return [_opaque_weight if rest else _opaque] * len(args[0])
        case "dot":
            return _sum([_multiply(a, b) for a, b in zip(*args, strict=True)])
        case "sum":
            return _sum(args[0])
        case _ if any(isinstance(a, list) for a in args):
            rows = zip(*args, strict=True)
            return [_scalar(op, list(row), extra) for row in rows]
        case _:
            return _scalar(op, args, extra)


def _sum(items: list[Dual]) -> Dual:
    total = _nothing
    for item in items:
        total = _scalar("add", [total, item], None)
    return total


def _multiply(a: Dual, b: Dual) -> Dual:
    def product(x, y):
        return nf.combine("mul", [x, y], None)

    slopes = [product(a[0], b[1]), product(a[1], b[0])]
    return product(a[0], b[0]), nf.combine("add", slopes, None)


def _scalar(op: str, args: list[Dual], extra: int | None) -> Dual:
    values, slopes = [a[0] for a in args], [a[1] for a in args]
    match op:
        case "add" | "sub" | "neg":
            return nf.combine(op, values, None), nf.combine(op, slopes, None)
        case "mul":
            return _multiply(*args)
        case "ipow":
            made = args[0]
            for _ in range((extra or 1) - 1):
                made = _multiply(made, args[0])
            return made
    last = slopes[-1]
    if last is not None and last.is_zero:
        value = nf.combine(op, values, extra)
        slope = nf.combine("div", [slopes[0], values[1]], None) if op == "div" else last
        return value, slope
    # What moves inside a function is not followed.
    return _nothing if op == "div" and args[0] == _nothing else _opaque
