"""Problems: what is to be solved, traced once and then data."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .._core import (
    Box,
    CertaxError,
    Field,
    Input,
    Program,
    TracedCondition,
    canonical,
    expression,
    infix,
    most_derivatives,
    multi_indices,
    operation_names,
    sha256,
    trace,
)
from ._binding import call, number, parameters
from ._compatibility import check_conditions
from ._conditions import Condition, trace_conditions

reserved_names = {*operation_names, "pi", "network"}


@dataclass(frozen=True, init=False)
class Problem:
    """A differential equation on a box with its conditions.

    **Arguments:**

    - `domain`: a [`certax.Box`][].
    - `residual`: a function of fields, coordinates and constants, bound by name, that
      vanishes for the solution. Returns one number an equation. A parameter that is
      neither a coordinate nor a constant is a field.
    - `conditions`: [`certax.Initial`][], [`certax.Dirichlet`][], [`certax.Periodic`][].
    - `constants`: names and exact values, such as `{"nu": "0.01/pi"}`.
    - `name`: how files and reports call it.

    **Raises:** `CertaxError` if the statement is incomplete, contradictory, or cannot
    be traced.

    !!! example

        ```python
        logistic = cx.Problem(
            domain=cx.Box(t=(0, 10)),
            residual=lambda u: u.t - u * (1 - u),
            conditions=(cx.Initial("0.1"),),
        )
        ```
    """

    name: str
    domain: Box
    fields: tuple[str, ...]
    residual: Program
    conditions: tuple[TracedCondition, ...]

    def __init__(
        self,
        domain: Box,
        residual: Callable[..., Any],
        conditions: Sequence[Condition],
        constants: Mapping[str, int | float | str | Fraction] | None = None,
        name: str = "problem",
    ):
        exact = {n: expression(v) for n, v in (constants or {}).items()}
        known = set(domain.names) | set(exact)
        if len(known) != len(domain.names) + len(exact):
            both = set(domain.names) & set(exact)
            raise CertaxError(
                f"{', '.join(sorted(both))} is a coordinate and a constant.",
                value=sorted(both)[0],
                remedy="Rename one of them.",
            )
        fields = tuple(
            p for p in parameters(residual, "the residual") if p not in known
        )
        if not fields:
            raise CertaxError(
                "The residual has no field among its parameters.",
                remedy="Write it as a function of the unknown: lambda u: u.t - u.xx.",
            )
        if not isinstance(conditions, tuple | list):
            raise CertaxError(
                f"The conditions are {conditions!r}.",
                value=repr(conditions),
                remedy="Give a tuple; with one condition, (Initial(0),) needs its "
                "comma.",
            )
        _check_names(name, domain.names, fields)
        program = _trace_residual(residual, domain, fields, exact)
        traced = trace_conditions(conditions, domain, fields, exact)
        self._set(name, domain, fields, program, traced)
        check_conditions(domain, program, traced)

    def _set(self, name, domain, fields, residual, conditions) -> None:
        for key, value in {
            "name": name,
            "domain": domain,
            "fields": fields,
            "residual": residual,
            "conditions": conditions,
        }.items():
            object.__setattr__(self, key, value)

    def __hash__(self) -> int:
        return hash(self.text())

    def condition(self, kind: str, coordinate: str) -> TracedCondition | None:
        """The condition of a kind at a coordinate, or None."""
        for c in self.conditions:
            if c.kind == kind and c.coordinate == coordinate:
                return c
        return None

    @property
    def time(self) -> str | None:
        """The coordinate that carries the initial condition, or None."""
        for c in self.conditions:
            if c.kind == "initial":
                return c.coordinate
        return None

    @property
    def equations(self) -> int:
        return len(self.residual.outputs)

    def equation_text(self) -> str:
        """The equations as text."""
        return ", ".join(f"{text} = 0" for text in infix(self.residual).values())

    def with_constants(self, values: Mapping[str, str]) -> "Problem":
        """The same problem with other values for some of its named constants.

        **Raises:** `CertaxError` if the problem has no constant of a name, or if the
        conditions disagree for the new values.
        """
        known = {
            i.name
            for p in (self.residual, *(c.values for c in self.conditions if c.values))
            for i in p.of_kind("constant")
            if "." not in i.name
        }
        for name in values:
            if name not in known:
                raise CertaxError(
                    f"The problem {self.name!r} has no constant {name!r}.",
                    value=name,
                    remedy=f"It has {', '.join(sorted(known)) or 'none'}.",
                )
        exact = {n: expression(v) for n, v in values.items()}
        problem = Problem.__new__(Problem)
        conditions = tuple(
            replace(c, values=c.values and c.values.with_constants(exact))
            for c in self.conditions
        )
        residual = self.residual.with_constants(exact)
        problem._set(self.name, self.domain, self.fields, residual, conditions)
        check_conditions(self.domain, residual, conditions)
        return problem

    def as_json(self) -> dict[str, Any]:
        return {
            "format": "certax-problem/1",
            "name": self.name,
            "coordinates": [
                {"name": n, "lower": lo, "upper": hi}
                for n, lo, hi in zip(
                    self.domain.names, self.domain.lower, self.domain.upper, strict=True
                )
            ],
            "fields": list(self.fields),
            "residual": self.residual.as_json(),
            "conditions": [c.as_json() for c in self.conditions],
        }

    def text(self) -> str:
        """The content of `problem.json`."""
        return canonical(self.as_json())

    @property
    def sha256(self) -> str:
        return sha256(self.text())

    @staticmethod
    def from_text(text: str) -> "Problem":
        """Reads `problem.json`; no user code is run.

        **Raises:** `CertaxError` if the text is not a problem of this version.
        """
        try:
            data = json.loads(text)
            if data["format"] != "certax-problem/1":
                raise CertaxError(
                    f"The problem file has the format {data['format']!r}.",
                    value=str(data["format"]),
                    remedy="This version reads certax-problem/1.",
                )
            problem = Problem.__new__(Problem)
            problem._set(
                data["name"],
                Box(
                    **{c["name"]: (c["lower"], c["upper"]) for c in data["coordinates"]}
                ),
                tuple(data["fields"]),
                Program.from_json(data["residual"]),
                tuple(TracedCondition.from_json(c) for c in data["conditions"]),
            )
            check_conditions(problem.domain, problem.residual, problem.conditions)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise CertaxError(
                f"The problem file cannot be read: {type(error).__name__}: {error}.",
                remedy="It must be a problem.json that certax wrote.",
            ) from None
        return problem


def _check_names(name: str, coordinates: Sequence[str], fields: Sequence[str]) -> None:
    """What `docs/format.md` allows, before hours are spent on what it does not."""
    if not (name.isascii() and name.isprintable() and len(name) <= 200):
        raise CertaxError(
            f"The problem cannot be called {name[:40]!r}.",
            value=name[:40],
            remedy="Use at most 200 printable ASCII characters.",
        )
    for other in (*coordinates, *fields):
        clash = next((f for f in fields if other.startswith(f + "_")), None)
        if clash is not None or other in reserved_names:
            why = (
                "means something else"
                if clash is None
                else f"looks like a derivative of {clash}"
            )
            raise CertaxError(
                f"The name {other!r} {why} in the checker's statement.",
                value=other,
                remedy="Rename it.",
            )


def derivative_name(
    field: str, coordinates: Sequence[str], orders: Sequence[int]
) -> str:
    """`u`, `u.t`, `u.xx`: how programs call a derivative."""
    letters = "".join(c * n for c, n in zip(coordinates, orders, strict=True))
    return f"{field}.{letters}" if letters else field


def _trace_residual(
    residual: Callable, domain: Box, fields: tuple[str, ...], constants: dict[str, str]
) -> Program:
    orders = multi_indices(domain.dimension, most_derivatives(domain.dimension))
    inputs = [
        Input(derivative_name(f, domain.names, o), "derivative", field=f, orders=o)
        for f in fields
        for o in orders
    ]
    inputs += [Input(n, "coordinate") for n in domain.names]
    inputs += [Input(n, "constant", value=v) for n, v in constants.items()]
    what = "the residual"

    def equations(*arrays: Any) -> list[Any]:
        arrays_by_name = {i.name: a for i, a in zip(inputs, arrays, strict=True)}
        available: dict[str, Any] = {
            n: arrays_by_name[n] for n in (*domain.names, *constants)
        }
        for f in fields:
            values = {
                o: arrays_by_name[derivative_name(f, domain.names, o)] for o in orders
            }
            available[f] = Field(f, domain.names, values)
        result = call(residual, available, what)
        several = isinstance(result, tuple | list)
        return [number(r, what) for r in (result if several else [result])]

    # The number of equations is known only after the call, so count first.
    count = _count(equations, inputs)
    names = [str(i) for i in range(count)]
    program = trace(equations, inputs, names, what)
    if not program.of_kind("derivative"):
        raise CertaxError(
            "The residual does not depend on any field.",
            remedy="It must return an expression in the unknowns.",
        )
    return program


def _count(equations: Callable, inputs: Sequence[Input]) -> int:
    counted: list[int] = []

    def count(*arrays: Any) -> list[Any]:
        results = equations(*arrays)
        if not results:
            raise CertaxError(
                "The residual returns no equation.",
                remedy="Return a number, or a tuple with one number for each equation.",
            )
        counted.append(len(results))
        return results[:1]

    trace(count, inputs, ["0"], "the residual")
    return counted[0]
