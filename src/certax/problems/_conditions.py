"""Initial, Dirichlet and periodic conditions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from .._core import (
    Box,
    CertaxError,
    Input,
    TracedCondition,
    _normal_form as nf,
    expression,
    input_name,
    sentence,
    trace,
)
from ._binding import call, number

Value = int | float | str | Fraction | Callable[..., Any]
Side = Literal["lower", "upper", "both"]


@dataclass(frozen=True)
class Initial:
    """The fields at the lower end of a coordinate.

    **Arguments:**

    - `value`: a number, an exact expression (`"0.1"` is one tenth), or a function of
      the other coordinates and of constants, bound by name; for several fields a tuple
      of such, in the order of the fields.
    - `at`: the coordinate, or a pair of coordinate and position, which must be its
      lower end.
    - `velocity`: the fields' first derivative there, given as `value` is; for equations
      of second order in the coordinate.
    """

    value: Value | tuple[Value, ...]
    at: str | tuple[str, int | float | str] = "t"
    velocity: Value | tuple[Value, ...] | None = None
    kind: str = field(default="initial", init=False)
    side: Side = field(default="lower", init=False)

    @property
    def coordinate(self) -> str:
        return self.at if isinstance(self.at, str) else self.at[0]


@dataclass(frozen=True)
class Velocity:
    """The second half of an [`certax.Initial`][] with a velocity."""

    coordinate: str
    value: Value | tuple[Value, ...]
    kind: str = field(default="velocity", init=False)
    side: Side = field(default="lower", init=False)


@dataclass(frozen=True)
class Dirichlet:
    """The fields at one end or both ends of a coordinate.

    **Arguments:**

    - `coordinate`: whose ends.
    - `value`: as for [`certax.Initial`][].
    - `side`: `"lower"`, `"upper"` or `"both"`.
    """

    coordinate: str
    value: Value | tuple[Value, ...]
    side: Side = "both"
    kind: str = field(default="dirichlet", init=False)


@dataclass(frozen=True)
class Periodic:
    """The fields and all their derivatives agree at both ends of a coordinate."""

    coordinate: str
    kind: str = field(default="periodic", init=False)


Condition = Initial | Dirichlet | Periodic


def trace_conditions(
    conditions: Sequence[Condition],
    domain: Box,
    fields: Sequence[str],
    constants: Mapping[str, str],
) -> tuple[TracedCondition, ...]:
    """Traces the values of conditions, one program each.

    **Raises:** `CertaxError` as `trace_condition` does.
    """
    parts: list[Condition | Velocity] = []
    for condition in conditions:
        parts.append(condition)
        if isinstance(condition, Initial) and condition.velocity is not None:
            parts.append(Velocity(condition.coordinate, condition.velocity))
    return tuple(trace_condition(p, domain, fields, constants) for p in parts)


def trace_condition(
    condition: Condition | Velocity,
    domain: Box,
    fields: Sequence[str],
    constants: Mapping[str, str],
) -> TracedCondition:
    """Traces a condition's values into a program.

    **Raises:** `CertaxError` if the coordinate is unknown, the number of values is not
    that of the fields, or a value cannot be traced.
    """
    coordinates = domain.names
    if not isinstance(condition, Condition | Velocity):
        raise CertaxError(
            f"{condition!r} is no condition.",
            value=repr(condition),
            remedy="Use Initial, Dirichlet and Periodic.",
        )
    name = condition.coordinate
    what = f"the {condition.kind} condition at {name!r}"
    if name not in coordinates:
        raise CertaxError(
            f"{sentence(what)} names no coordinate of the domain.",
            value=name,
            remedy=f"The coordinates are {', '.join(coordinates)}.",
        )
    if isinstance(condition, Initial) and not isinstance(condition.at, str):
        lower = domain.lower[coordinates.index(name)]
        place = nf.constant(expression(condition.at[1]))
        if not (place - nf.constant(lower)).is_zero:
            raise CertaxError(
                f"{sentence(what)} stands at {condition.at[1]}, but the lower end of "
                f"the domain is {lower}.",
                value=str(condition.at[1]),
                remedy="Let the domain begin where the initial data are given.",
            )
    if isinstance(condition, Periodic):
        return TracedCondition("periodic", name, "both", None)
    if condition.side not in ("lower", "upper", "both"):
        raise CertaxError(
            f"{sentence(what)} has the side {condition.side!r}.",
            value=str(condition.side),
            remedy="Use 'lower', 'upper' or 'both'.",
        )
    given = condition.value
    values: tuple[Any, ...] = given if isinstance(given, tuple) else (given,)
    if len(values) != len(fields):
        raise CertaxError(
            f"{sentence(what)} gives {len(values)} values for {len(fields)} fields.",
            value=len(values),
            remedy=f"Give a tuple with one value for each of {', '.join(fields)}.",
        )
    inputs = [Input(n, "coordinate") for n in coordinates if n != name]
    inputs += [Input(n, "constant", value=v) for n, v in constants.items()]
    fixed = [v for v in values if not callable(v)]
    texts = list(dict.fromkeys(expression(v) for v in fixed))
    literals = {text: input_name("literal", text) for text in texts}
    inputs += [Input(n, "constant", value=text) for text, n in literals.items()]

    def evaluate(*arrays: Any) -> list[Any]:
        available = {i.name: a for i, a in zip(inputs, arrays, strict=True)}
        named = {k: v for k, v in available.items() if not k.startswith("literal.")}
        return [
            number(call(v, named, what), what)
            if callable(v)
            else available[literals[expression(v)]]
            for v in values
        ]

    return TracedCondition(
        condition.kind, name, condition.side, trace(evaluate, inputs, fields, what)
    )
