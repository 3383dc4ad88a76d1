"""From conditions as users state them to programs."""

from collections.abc import Mapping, Sequence
from typing import Any

from .._core import (
    AbstractShape,
    CertaxError,
    Input,
    TracedCondition,
    _normal_form as nf,
    enclosure,
    expression,
    input_name,
    sentence,
    trace,
)
from ._binding import call, number
from ._conditions import (
    AnyCondition,
    Condition,
    Initial,
    Neumann,
    Periodic,
    Robin,
    Terminal,
    Value,
    Values,
    Velocity,
)
from ._equations import trace_equations


def trace_conditions(
    conditions: Sequence[AnyCondition],
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
) -> tuple[TracedCondition, ...]:
    """Traces conditions, one program each and one for each face where it has equations.

    **Raises:** `CertaxError` if a coordinate or a side is unknown, the number of values
    is not that of the fields, or something cannot be traced.
    """
    parts: list[AnyCondition | Velocity] = []
    for condition in conditions:
        parts.append(condition)
        if isinstance(condition, Initial) and condition.velocity is not None:
            parts.append(Velocity(condition.coordinate, condition.velocity))
    return tuple(c for p in parts for c in _traced(p, domain, fields, constants))


def _traced(
    condition: AnyCondition | Velocity,
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
) -> list[TracedCondition]:
    if not isinstance(condition, AnyCondition | Velocity):
        raise CertaxError(
            f"{condition!r} is no condition.",
            value=repr(condition),
            remedy="Use Initial, Dirichlet, Periodic, Neumann, Robin, Terminal or "
            "Condition.",
        )
    name, coordinates = condition.coordinate, domain.names
    stated = condition.kind if condition.kind != "residual" else "general"
    what = f"the {stated} condition at {name!r}"
    if name not in coordinates:
        raise CertaxError(
            f"{sentence(what)} names no coordinate of the domain.",
            value=name,
            remedy=f"The coordinates are {', '.join(coordinates)}; the ends of one are "
            "its sides 'lower' and 'upper'.",
        )
    if isinstance(condition, Initial | Terminal):
        _check_position(condition, domain, what)
    if isinstance(condition, Periodic):
        return [TracedCondition("periodic", name, "both", None)]
    if isinstance(condition, Condition) and condition.at is not None:
        return [_inside(condition, domain, fields, constants, what)]
    side = condition.side
    if side is None:
        side = "both"
    if side not in ("lower", "upper", "both"):
        raise CertaxError(
            f"{sentence(what)} has the side {side!r}.",
            value=str(side),
            remedy="Use 'lower', 'upper' or 'both'.",
        )
    if isinstance(condition, Neumann | Robin | Condition):
        sides = ("lower", "upper") if side == "both" else (side,)
        return [
            _on_face(condition, end, domain, fields, constants, what) for end in sides
        ]
    values = one_a_field(condition.value, fields, what)
    given = {f: v for f, v in zip(fields, values, strict=True) if v is not None}
    if not given:
        raise CertaxError(
            f"{sentence(what)} gives no field a value.",
            remedy="Leave it out, or give at least one field a value.",
        )
    inputs = [Input(n, "coordinate") for n in coordinates if n != name]
    exact = {**constants, **literals(given.values())}
    inputs += [Input(n, "constant", value=v) for n, v in exact.items()]

    def evaluate(*arrays: Any) -> list[Any]:
        available = {i.name: a for i, a in zip(inputs, arrays, strict=True)}
        return [evaluated(v, available, what) for v in given.values()]

    program = trace(evaluate, inputs, list(given), what)
    return [TracedCondition(condition.kind, name, side, program)]


def _check_position(
    condition: Initial | Terminal, domain: AbstractShape, what: str
) -> None:
    if isinstance(condition.at, str):
        return
    ends = domain.lower if condition.side == "lower" else domain.upper
    end = ends[domain.names.index(condition.coordinate)]
    place = nf.constant(expression(condition.at[1]))
    if not (place - nf.constant(end)).is_zero:
        raise CertaxError(
            f"{sentence(what)} stands at {condition.at[1]}, but the {condition.side} "
            f"end of the domain is {end}.",
            value=str(condition.at[1]),
            remedy="Let the domain begin where the initial data are given, and end "
            "where the terminal data are.",
        )


def _inside(
    condition: Condition,
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
    what: str,
) -> TracedCondition:
    """Equations where a coordinate has a value inside the domain."""
    axis = domain.names.index(condition.coordinate)
    assert condition.at is not None
    at = expression(condition.at)
    ends = enclosure(domain.lower[axis]), enclosure(domain.upper[axis])
    inside = ends[0] < enclosure(at) < ends[1]
    if not inside or condition.side is not None:
        where = f"at {at}" if not inside else f"at {at} and on a side"
        raise CertaxError(
            f"{sentence(what)} stands {where}; the domain is "
            f"[{domain.lower[axis]}, {domain.upper[axis]}].",
            value=at,
            remedy="Give either a position inside the domain, or a side.",
        )
    program = trace_equations(
        lambda known: call(condition.residual, known, what),
        domain,
        fields,
        constants,
        what,
    )
    return TracedCondition(
        "residual", condition.coordinate, "inside", None, program, at
    )


def _on_face(
    condition: Neumann | Robin | Condition,
    side: str,
    domain: AbstractShape,
    fields: Sequence[str],
    constants: Mapping[str, str],
    what: str,
) -> TracedCondition:
    """Equations at an end of a coordinate."""
    name = condition.coordinate
    if isinstance(condition, Condition):
        function, exact = condition.residual, {}
        equations = lambda known: call(function, known, what)
    else:
        robin = isinstance(condition, Robin)
        a, b = (condition.a, condition.b) if robin else (0, 1)
        values = one_a_field(condition.value, fields, what)
        exact = literals([a, b, *values])

        def equations(known: Mapping[str, Any]) -> list[Any]:
            plain = {n: v for n, v in known.items() if n not in (*fields, name)}
            found = []
            for f, value in zip(fields, values, strict=True):
                if value is None:
                    continue
                slope = known[f].d(**{name: 1})
                outward = slope if side == "upper" else -slope
                flux = evaluated(b, plain, what) * outward
                left = evaluated(a, plain, what) * known[f].value + flux
                found.append(left - evaluated(value, plain, what))
            return found

    program = trace_equations(equations, domain, fields, {**constants, **exact}, what)
    return TracedCondition("residual", name, side, None, program)


def one_a_field(
    given: Values, fields: Sequence[str], what: str
) -> tuple[Value | None, ...]:
    values = given if isinstance(given, tuple) else (given,)
    if len(values) != len(fields):
        raise CertaxError(
            f"{sentence(what)} gives {len(values)} values for {len(fields)} fields: "
            f"{', '.join(fields)}.",
            value=len(values),
            remedy="Give a tuple with one value for each; None leaves a field free. A "
            "parameter of the residual that is no field needs a value among the "
            "constants.",
        )
    return values


def literals(values: Any) -> dict[str, str]:
    """The numbers among values as constants, by the names of their inputs."""
    fixed = [expression(v) for v in values if v is not None and not callable(v)]
    return {input_name("literal", text): text for text in fixed}


def evaluated(value: Value, available: Mapping[str, Any], what: str) -> Any:
    if not callable(value):
        return available[input_name("literal", expression(value))]
    named = {n: v for n, v in available.items() if not n.startswith("literal.")}
    return number(call(value, named, what), what)
