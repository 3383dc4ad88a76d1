"""Conditions as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._programs import Program

_sides = {"initial": "lower", "velocity": "lower", "terminal": "upper"}


@dataclass(frozen=True)
class TracedCondition:
    """A condition as data: what `problem.json` holds.

    A condition gives fields at an end of a coordinate (`values`, one output for each
    field that it gives), or equations that hold on a face (`residual`), or neither
    (periodic).

    **Attributes:**

    - `kind`: `"initial"`, `"velocity"`, `"terminal"`, `"dirichlet"`, `"periodic"` or
      `"residual"`.
    - `coordinate`: the coordinate that is constant on its face.
    - `side`: `"lower"`, `"upper"`, `"both"`, or `"inside"` with the position `at`.
    - `piece`: instead of coordinate and side, a piece of the boundary of a domain that
      is no box. Equations there may have the inputs `normal.x` and so on, the outward
      normal.
    """

    kind: str
    coordinate: str
    side: str
    values: Program | None
    residual: Program | None = None
    at: str = ""
    piece: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose values are given."""
        return () if self.values is None else tuple(self.values.outputs)

    @property
    def program(self) -> Program | None:
        """What is given, values or equations."""
        return self.values or self.residual

    @property
    def sides(self) -> tuple[str, ...]:
        return ("lower", "upper") if self.side == "both" else (self.side,)

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if self.piece:
            whole = self.piece == "boundary"
            return "on the boundary" if whole else f"on the piece {self.piece}"
        if self.kind == "periodic":
            return f"periodic in {self.coordinate}"
        if self.side == "inside":
            return f"at {self.coordinate} = {self.at}"
        ends = "both ends" if self.side == "both" else f"the {self.side} end"
        return f"at {ends} of {self.coordinate}"

    def as_json(self) -> dict[str, Any]:
        where = "piece" if self.piece else "coordinate"
        data: dict[str, Any] = {"kind": self.kind, where: self.piece or self.coordinate}
        if self.side == "inside":
            data["at"] = self.at
        elif self.kind in ("dirichlet", "residual") and not self.piece:
            data["side"] = self.side
        if self.values is not None:
            data["values"] = self.values.as_json()
        if self.residual is not None:
            data["residual"] = self.residual.as_json()
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "TracedCondition":
        values, residual = data.get("values"), data.get("residual")
        piece = data.get("piece", "")
        side = "inside" if "at" in data else _sides.get(data["kind"], "both")
        return TracedCondition(
            kind=data["kind"],
            coordinate="" if piece else data["coordinate"],
            side="" if piece else data.get("side", side),
            values=None if values is None else Program.from_json(values),
            residual=None if residual is None else Program.from_json(residual),
            at=data.get("at", ""),
            piece=piece,
        )

    def with_constants(self, constants: Mapping[str, str]) -> "TracedCondition":
        """The condition with other expressions for some constants."""
        return TracedCondition(
            self.kind,
            self.coordinate,
            self.side,
            self.values and self.values.with_constants(constants),
            self.residual and self.residual.with_constants(constants),
            self.at,
            self.piece,
        )
