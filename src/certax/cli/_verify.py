"""`certax verify`: have a certificate checked again, by the checker alone."""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from .._checker_process import CheckerOutcome, run_checker
from ._options import Json, Quiet
from ._reply import Reply, error_reply


def verify(
    certificate: Annotated[Path, typer.Argument(metavar="CERTIFICATE.json")],
    problem: Annotated[
        str | None,
        typer.Option(metavar="NAME|FILE", help="The problem it must be about."),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The weights it must be about."),
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(metavar="HEX", help="The certificate's own hash.")
    ] = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Check a certificate with the independent checker; nothing else of certax runs."""
    with contextlib.ExitStack() as stack:
        arguments = ["verify", str(certificate), "--json"]
        if problem is not None:
            arguments += ["--problem", stack.enter_context(_problem_file(problem))]
        if weights is not None:
            arguments += ["--weights", str(weights)]
        if sha256 is not None:
            arguments += ["--sha256", sha256]
        outcome = run_checker(arguments)
    return _reply(outcome, certificate)


@contextlib.contextmanager
def _problem_file(problem: str) -> Iterator[str]:
    """The path of a problem file; one is written for a name of the zoo."""
    if problem.endswith(".json") or Path(problem).exists():
        yield problem
        return
    from ..problems import zoo_entry

    entry = zoo_entry(problem)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.json"
        file.write_text(entry.problem.text(), encoding="ascii")
        yield str(file)


def _reply(outcome: CheckerOutcome, certificate: Path) -> Reply:
    answer, code = outcome.answer, outcome.exit_code
    if code in (2, 3):
        reason = answer.get("reason") or outcome.message or "The checker gave no reason"
        kind, remedy = "input", ""
        if code == 3:
            kind, remedy = "environment", "certax doctor tries the checker."
        message = reason if str(reason).endswith(".") else f"{reason}."
        return error_reply("verify", code, kind, message, str(certificate), remedy)
    if answer.get("accepted") is not (code == 0):
        message = f"The checker contradicts itself: it answers with exit code {code}."
        return error_reply("verify", 3, "environment", message, str(certificate), "")
    return Reply("verify", _text(answer), answer, code)


def _text(answer: Mapping[str, Any]) -> str:
    # What a rejected certificate states is not shown: it is not known to be true.
    lines = [answer["statement"]] if answer["accepted"] else []
    for hypothesis in answer.get("hypotheses", ()):
        detail = f": {hypothesis['detail']}" if hypothesis.get("detail") else ""
        lines.append(f"  {hypothesis['status']:8}  {hypothesis['name']}{detail}")
    if answer["accepted"]:
        lines.append(
            f"ACCEPTED ({answer['verdict']}; {answer['leaves']} boxes, "
            f"{answer['seconds']:.1f} s, checker {answer['checker_version']})"
        )
    else:
        where = f" ({answer['where']})" if answer.get("where") else ""
        lines.append(f"REJECTED: {answer.get('reason')}{where}")
    return "\n".join(lines)
