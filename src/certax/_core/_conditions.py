"""Conditions as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._programs import Program


@dataclass(frozen=True)
class TracedCondition:
    """A condition as data: what `problem.json` holds."""

    kind: str
    coordinate: str
    side: str
    values: Program | None

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": self.kind, "coordinate": self.coordinate}
        if self.kind == "dirichlet":
            data["side"] = self.side
        if self.values is not None:
            data["values"] = self.values.as_json()
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "TracedCondition":
        values = data.get("values")
        side = "lower" if data["kind"] in ("initial", "velocity") else "both"
        return TracedCondition(
            kind=data["kind"],
            coordinate=data["coordinate"],
            side=data.get("side", side),
            values=None if values is None else Program.from_json(values),
        )
