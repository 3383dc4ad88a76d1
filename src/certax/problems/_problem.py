"""Problems: what is to be solved, traced once and then data."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields as fields_in
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
    sha256,
)
from ._binding import call
from ._compatibility import check_conditions
from ._completeness import check_completeness
from ._condition_tracing import trace_conditions
from ._conditions import AnyCondition
from ._equations import trace_equations
from ._names import check_names, fields_of
from ._pieces import check_covered, stands_on_piece, trace_on_piece
from ._problem_file import problem_json, read_problem
from ._regions import Region, check_no_gap, split
from ._unknowns import check_unknowns


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
        fields = fields_of(residual, domain.names, exact)
        if not isinstance(conditions, tuple | list):
            raise CertaxError(
                f"The conditions are {conditions!r}.",
                value=repr(conditions),
                remedy="Give a tuple; with one condition, (Initial(0),) needs its "
                "comma.",
            )
        check_names(name, domain.names, fields)
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
            name=name,
            domain=domain,
            fields=fields,
            residual=program,
            conditions=traced,
            unknowns=tuple(unknowns or ()),
            regions=regions[-1],
        )
        check_unknowns(self.unknowns, constants or {}, program, traced)
        check_conditions(domain, program, traced)
        # What is to be found may be found from more or fewer conditions and from data.
        inverse = self.unknowns or len(fields) > self.equations
        if complete and not inverse:
            check_completeness(domain, fields, program, traced)
            check_covered(domain, program, traced)
            check_no_gap(self.regions, domain)

    def _set(self, **statement: Any) -> "Problem":
        for key, value in statement.items():
            object.__setattr__(self, key, value)
        return self

    def _statement(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields_in(self)}

    def _changed(self, **changes: Any) -> "Problem":
        """The same statement but for some of its parts, which are not checked."""
        return Problem.__new__(Problem)._set(**(self._statement() | changes))

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
        conditions = tuple(c.with_constants(exact) for c in self.conditions)
        residual = self.residual.with_constants(exact)
        check_conditions(self.domain, residual, conditions)
        return self._changed(residual=residual, conditions=conditions)

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
        return self._changed(domain=Box(**cut))

    def identified(self, values: Mapping[str, str]) -> "Problem":
        """The forward problem in which all unknowns are constants with these values."""
        known = self.with_constants({n: values[n] for n in self.unknowns})
        return known._changed(unknowns=())

    def as_json(self) -> dict[str, Any]:
        """The content of `problem.json` as data."""
        return problem_json(**self._statement())

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
        return Problem.__new__(Problem)._set(**read_problem(text))
