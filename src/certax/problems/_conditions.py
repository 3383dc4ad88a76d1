"""The conditions that a problem may state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

Value = int | float | str | Fraction | Callable[..., Any]
Values = Value | None | tuple[Value | None, ...]
Side = Literal["lower", "upper", "both"]


@dataclass(frozen=True)
class Initial:
    """The fields at the lower end of a coordinate.

    **Arguments:**

    - `value`: a number, an exact expression (`"0.1"` is one tenth), or a function of
      the other coordinates and of constants, bound by name; for several fields a tuple
      of such, in the order of the fields. None leaves a field free.
    - `at`: the coordinate, or a pair of coordinate and position, which must be its
      lower end.
    - `velocity`: the fields' first derivative there, given as `value` is; for equations
      of second order in the coordinate.
    """

    value: Values
    at: str | tuple[str, int | float | str] = "t"
    velocity: Values = None
    kind: str = field(default="initial", init=False)
    side: Side = field(default="lower", init=False)

    @property
    def coordinate(self) -> str:
        return self.at if isinstance(self.at, str) else self.at[0]


@dataclass(frozen=True)
class Velocity:
    """The second half of an [`certax.Initial`][] with a velocity."""

    coordinate: str
    value: Values
    kind: str = field(default="velocity", init=False)
    side: Side = field(default="lower", init=False)


@dataclass(frozen=True)
class Terminal:
    """The fields at the upper end of a coordinate, from which time runs backward.

    **Arguments:**

    - `value`, `at`: as for [`certax.Initial`][]; the position must be the upper end.
    """

    value: Values
    at: str | tuple[str, int | float | str] = "t"
    kind: str = field(default="terminal", init=False)
    side: Side = field(default="upper", init=False)

    @property
    def coordinate(self) -> str:
        return self.at if isinstance(self.at, str) else self.at[0]


@dataclass(frozen=True)
class Dirichlet:
    """The fields at one end or both ends of a coordinate.

    **Arguments:**

    - `coordinate`: whose ends.
    - `value`: as for [`certax.Initial`][].
    - `side`: `"lower"`, `"upper"` or `"both"`.
    """

    coordinate: str
    value: Values
    side: Side = "both"
    kind: str = field(default="dirichlet", init=False)


@dataclass(frozen=True)
class Periodic:
    """The fields and all their derivatives agree at both ends of a coordinate."""

    coordinate: str
    kind: str = field(default="periodic", init=False)


@dataclass(frozen=True)
class Neumann:
    """The fields' outward normal derivatives, u_n = value, at ends of a coordinate.

    **Arguments:**

    - `coordinate`, `value`, `side`: as for [`certax.Dirichlet`][]. At the lower end of
      x the outward normal derivative is -u_x.
    """

    coordinate: str
    value: Values
    side: Side = "both"
    kind: str = field(default="neumann", init=False)


@dataclass(frozen=True)
class Robin:
    """a u + b u_n = value at ends of a coordinate, u_n the outward normal derivative.

    **Arguments:**

    - `a`, `b`: numbers, expressions or functions, as values are; the same ones for each
      field.
    - `coordinate`, `value`, `side`: as for [`certax.Neumann`][].
    """

    coordinate: str
    a: Value
    b: Value
    value: Values
    side: Side = "both"
    kind: str = field(default="robin", init=False)


@dataclass(frozen=True)
class Condition:
    """Any equations that hold where a coordinate is constant.

    **Arguments:**

    - `coordinate`: the one that is constant.
    - `residual`: a function of fields, coordinates and constants, bound by name, that
      vanishes there, or a tuple of such numbers; derivatives are written as in a
      problem's residual.
    - `side`: `"lower"`, `"upper"` or `"both"`.
    - `at`: instead of a side, an exact position in the domain. With two fields it
      states what happens at an interface.

    !!! example

        ```python
        absorbing = cx.Condition("x", lambda u: u.t + u.x, side="upper")
        interface = cx.Condition("x", lambda u, v: (u - v, u.x - 2 * v.x), at="1/2")
        ```
    """

    coordinate: str
    residual: Callable[..., Any]
    side: Side | None = None
    at: int | float | str | Fraction | None = None
    kind: str = field(default="residual", init=False)


AnyCondition = Initial | Terminal | Dirichlet | Periodic | Neumann | Robin | Condition
