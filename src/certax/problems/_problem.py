"""Problems: what is to be solved, traced once and then data."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .._core import (
    AbstractShape,
    Box,
    CertaxError,
    Program,
    TracedCondition,
    canonical,
    expression,
    infix,
    operation_names,
    sha256,
    shape_from_json,
)
from ._binding import call, parameters
from ._compatibility import check_conditions
from ._completeness import check_completeness
from ._condition_tracing import trace_conditions
from ._conditions import AnyCondition
from ._equations import trace_equations
from ._pieces import check_covered, stands_on_piece, trace_on_piece
from ._regions import Region, check_no_gap, regions_from, regions_json, split

reserved_names = {*operation_names, "pi", "network"}


@dataclass(frozen=True, init=False)
class Problem:
    """A differential equation on a domain with its conditions.

    **Arguments:**

    - `domain`: a [`certax.Box`][], or another shape: `docs/domains.md`. There,
      conditions name pieces of the boundary in place of coordinates.
    - `residual`: a function of fields, coordinates and constants, bound by name, that
      vanishes for the solution. Returns one number an equation. A parameter that is
      neither a coordinate nor a constant is a field.
    - `conditions`: [`certax.Initial`][], [`certax.Terminal`][], [`certax.Dirichlet`][],
      [`certax.Neumann`][], [`certax.Robin`][], [`certax.Periodic`][] and, for any other
      equation on a face, [`certax.Condition`][].
    - `constants`: names and exact values, such as `{"nu": "0.01/pi"}`.
    - `name`: how files and reports call it.
    - `unknowns`: names of coefficients that are to be found, and where the search
      starts, such as `{"nu": 0.1}`.
    - `complete`: whether there must be as many conditions as the orders ask for.

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
    domain: AbstractShape
    fields: tuple[str, ...]
    residual: Program
    conditions: tuple[TracedCondition, ...]
    unknowns: tuple[str, ...]
    regions: tuple[Region, ...]

    def __init__(
        self,
        domain: AbstractShape,
        residual: Callable[..., Any],
        conditions: Sequence[AnyCondition],
        constants: Mapping[str, int | float | str | Fraction] | None = None,
        name: str = "problem",
        complete: bool = True,
        unknowns: Mapping[str, int | float | str | Fraction] | None = None,
    ):
        if not isinstance(domain, AbstractShape):
            raise CertaxError(
                f"The domain is {domain!r}.",
                value=repr(domain),
                remedy="Give a shape, such as Box(x=(-1, 1), t=(0, 1)).",
            )
        given = {**(constants or {}), **(unknowns or {})}
        exact = {n: expression(v) for n, v in given.items()}
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
        what = "the residual"
        regions: list[tuple[Region, ...]] = []

        def equations(known: Mapping[str, Any]) -> list[Any]:
            values, found = split(call(residual, known, what), domain)
            regions.append(found)
            return values

        program = trace_equations(equations, domain, fields, exact, what)
        traced: tuple[TracedCondition, ...] = ()
        for c in conditions:
            if stands_on_piece(c, domain):
                traced += (trace_on_piece(c, domain, fields, exact),)
            else:
                traced += trace_conditions((c,), domain, fields, exact)
        self._set(
            name, domain, fields, program, traced, tuple(unknowns or ()), regions[-1]
        )
        self._check_unknowns(constants or {})
        check_conditions(domain, program, traced)
        # What is to be found may be found from more or fewer conditions and from data.
        inverse = self.unknowns or len(fields) > self.equations
        if complete and not inverse:
            check_completeness(domain, fields, program, traced)
            check_covered(domain, program, traced)
            check_no_gap(self.regions, domain)

    def _check_unknowns(self, constants: Mapping[str, Any]) -> None:
        parts = [self.residual, *(c.residual for c in self.conditions)]
        used = {i.name for p in parts if p for i in p.of_kind("constant")}
        data = [c.values for c in self.conditions if c.values is not None]
        built_in = {i.name for p in data for i in p.of_kind("constant")}
        for name in self.unknowns:
            reason = "is not used in an equation"
            if name in constants:
                reason = "is among the constants too"
            elif name in built_in:
                reason = "stands in data that are built into the net"
            elif name in used:
                continue
            raise CertaxError(
                f"The unknown {name!r} {reason}.",
                value=name,
                remedy="An unknown stands in the residual or in Neumann, Robin and "
                "general conditions.",
            )

    def _set(
        self, name, domain, fields, residual, conditions, unknowns=(), regions=()
    ) -> None:
        for key, value in {
            "name": name,
            "domain": domain,
            "fields": fields,
            "residual": residual,
            "conditions": conditions,
            "unknowns": unknowns,
            "regions": regions,
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
        """The coordinate that carries initial or terminal data, or None."""
        for c in self.conditions:
            if c.kind in ("initial", "terminal"):
                return c.coordinate
        return None

    @property
    def indefinite(self) -> str:
        """Why there is no residual on the whole domain, in words; empty if there is."""
        if self.unknowns:
            return (
                f"the coefficients {', '.join(self.unknowns)} are unknown; certify "
                "solution.identified()"
            )
        if self.regions:
            return "an equation holds on a part of the domain only"
        return ""

    @property
    def beyond_theorems(self) -> str:
        """What the problem states that no theorem knows, in words; empty if nothing."""
        if self.indefinite:
            return self.indefinite
        if not isinstance(self.domain, Box):
            return "the domain is no box"
        for c in self.conditions:
            if c.residual is not None:
                return f"a condition {c.place} is an equation there, not data"
            if c.kind == "terminal":
                return f"the data {c.place} are terminal: time runs backward"
            if c.values is not None and set(c.fields) != set(self.fields):
                return f"the condition {c.place} leaves a field free"
        return ""

    @property
    def equations(self) -> int:
        return len(self.residual.outputs)

    @property
    def constants(self) -> dict[str, str]:
        """The named constants, unknown ones with their starting values."""
        programs = [self.residual, *(c.program for c in self.conditions)]
        return {
            i.name: i.value
            for p in programs
            if p is not None
            for i in p.of_kind("constant")
            if "." not in i.name
        }

    def equation_text(self) -> str:
        """The equations as text."""
        return ", ".join(f"{text} = 0" for text in infix(self.residual).values())

    def with_constants(self, values: Mapping[str, str]) -> "Problem":
        """The same problem with other values for some of its named constants.

        **Raises:** `CertaxError` if the problem has no constant of a name, or if the
        conditions disagree for the new values.
        """
        known = self.constants
        for name in values:
            if name not in known:
                raise CertaxError(
                    f"The problem {self.name!r} has no constant {name!r}.",
                    value=name,
                    remedy=f"It has {', '.join(sorted(known)) or 'none'}.",
                )
        exact = {n: expression(v) for n, v in values.items()}
        problem = Problem.__new__(Problem)
        conditions = tuple(c.with_constants(exact) for c in self.conditions)
        residual = self.residual.with_constants(exact)
        problem._set(
            self.name,
            self.domain,
            self.fields,
            residual,
            conditions,
            self.unknowns,
            self.regions,
        )
        check_conditions(self.domain, residual, conditions)
        return problem

    def until(self, share: Fraction) -> "Problem":
        """The same problem on the first part of its time interval.

        **Arguments:**

        - `share`: of the interval's length, more than 0 and at most 1.

        **Raises:** `CertaxError` if the problem has no initial data.
        """
        time = self.time
        forward = time is not None and self.condition("initial", time) is not None
        if not forward or not isinstance(self.domain, Box):
            raise CertaxError(
                f"The problem {self.name!r} does not go on from initial data on a box.",
                value=self.name,
                remedy="Leave its domain as it is.",
            )
        domain = self.domain
        ends = zip(domain.names, domain.lower, domain.upper, strict=True)
        cut = {
            n: (lo, f"({lo})+({hi}-({lo}))*({share})" if n == time else hi)
            for n, lo, hi in ends
        }
        problem = Problem.__new__(Problem)
        problem._set(
            self.name,
            Box(**cut),
            self.fields,
            self.residual,
            self.conditions,
            self.unknowns,
            self.regions,
        )
        return problem

    def identified(self, values: Mapping[str, str]) -> "Problem":
        """The forward problem in which all unknowns are constants with these values."""
        problem = self.with_constants({n: values[n] for n in self.unknowns})
        object.__setattr__(problem, "unknowns", ())
        return problem

    def as_json(self) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if self.unknowns:
            more["unknowns"] = list(self.unknowns)
        if self.regions:
            more["regions"] = regions_json(self.regions)
        if not isinstance(self.domain, Box):
            more["shape"] = self.domain.as_json()
        return more | {
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
            residual = Program.from_json(data["residual"])
            regions = data.get("regions")
            problem._set(
                data["name"],
                _domain_from(data),
                tuple(data["fields"]),
                residual,
                tuple(TracedCondition.from_json(c) for c in data["conditions"]),
                tuple(data.get("unknowns", ())),
                regions_from(regions, len(residual.outputs)) if regions else (),
            )
            check_conditions(problem.domain, problem.residual, problem.conditions)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise CertaxError(
                f"The problem file cannot be read: {type(error).__name__}: {error}.",
                remedy="It must be a problem.json that certax wrote.",
            ) from None
        return problem


def _domain_from(data: Mapping[str, Any]) -> AbstractShape:
    box = Box(**{c["name"]: (c["lower"], c["upper"]) for c in data["coordinates"]})
    if "shape" not in data:
        return box
    shape = shape_from_json(data["shape"])
    if (shape.names, shape.lower, shape.upper) != (box.names, box.lower, box.upper):
        raise CertaxError(
            "The problem file gives its shape another box than its own.",
            remedy="It must be a problem.json that certax wrote.",
        )
    return shape


def _check_names(name: str, coordinates: Sequence[str], fields: Sequence[str]) -> None:
    """What `docs/format.md` allows, before hours are spent on what it does not."""
    fits = isinstance(name, str) and name.isascii() and name.isprintable()
    if not (fits and 1 <= len(name) <= 200):
        raise CertaxError(
            f"The problem cannot be called {str(name)[:40]!r}.",
            value=str(name)[:40],
            remedy="Use one to 200 printable ASCII characters.",
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
