"""Asks the independent checker."""

from pathlib import Path
from typing import Any

from .. import _checker_process
from .._core import CertaxError


def run_checker(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Runs `python -m certax_checker` in its own process and reads its one object.

    **Returns:** the exit code and the object.

    **Raises:** `CertaxError` if it does not answer.
    """
    outcome = _checker_process.run_checker([str(argument) for argument in arguments])
    if outcome.answer:
        return outcome.exit_code, outcome.answer
    raise CertaxError(
        f"The checker did not answer: {outcome.message or 'it printed nothing'}",
        value=outcome.exit_code,
        remedy="Run `certax doctor` to see whether it works here.",
        kind="environment",
    )
