"""Options that several commands share, and checks that typer does not make."""

import math
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON object instead of text.")
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress, only the result.")
]
Run = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="The folder that certax solve wrote."),
]
AcceptAssumptions = Annotated[
    bool,
    typer.Option(
        "--accept-assumptions",
        help="Exit with 0 also where a proof rests on assumptions.",
    ),
]


def positive(value: float | None, option: str) -> float | None:
    """The value of an option, which must be a positive number if it is given."""
    if value is not None and not (math.isfinite(value) and value > 0):
        raise typer.BadParameter(
            f"{value} is not a positive number.", param_hint=option
        )
    return value


def not_both(first: object, second: object, names: str) -> None:
    """Refuses two options that contradict one another."""
    if first and second:
        raise typer.BadParameter("They contradict one another.", param_hint=names)
