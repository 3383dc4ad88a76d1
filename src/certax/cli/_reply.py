"""What a command answers, and how it reaches standard output."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

exit_codes = {
    0: "done, proved, accepted",
    1: "not proved, proved only under assumptions, rejected",
    2: "unusable input or usage",
    3: "environment: disk, permission, memory; or an internal error",
    4: "training failed; the last good checkpoint is kept",
    130: "interrupted",
}

exit_code_help = "Exit codes: " + "; ".join(f"{c} {t}" for c, t in exit_codes.items())


@dataclass(frozen=True)
class Reply:
    """The outcome of a command.

    **Attributes:**

    - `command`: its name.
    - `text`: for people.
    - `fields`: for programs, beside `command`, `version`, `exit_code` and `ok`.
    - `exit_code`: one of `exit_codes`.
    """

    command: str
    text: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    exit_code: int = 0

    def as_json(self, version: str) -> str:
        content = {
            "command": self.command,
            "version": version,
            "exit_code": self.exit_code,
            "ok": self.exit_code == 0,
        }
        return json.dumps(finite(content | dict(self.fields)), allow_nan=False)


def error_reply(
    command: str, exit_code: int, kind: str, message: str, value: Any, remedy: str
) -> Reply:
    """A reply that says what went wrong; its text belongs on standard error."""
    usable = value if isinstance(value, str | int | float | None) else repr(value)
    error = {"kind": kind, "message": message, "value": usable, "remedy": remedy}
    text = f"certax: {message} {remedy}".strip()
    return Reply(command, text, {"error": error}, exit_code)


def finite(value: Any) -> Any:
    """The same data with `None` for numbers that JSON cannot hold."""
    match value:
        case float():
            return value if math.isfinite(value) else None
        case Mapping():
            return {str(key): finite(item) for key, item in value.items()}
        case list() | tuple():
            return [finite(item) for item in value]
        case _:
            return value


def plain(value: Any) -> Any:
    """A pydantic model, or what is plain data already, as plain data."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def print_reply(reply: Reply, as_json: bool, version: str) -> None:
    if as_json:
        print(reply.as_json(version))
    elif "error" in reply.fields:
        print(reply.text, file=sys.stderr)
    elif reply.text:
        print(reply.text)
