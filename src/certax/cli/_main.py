"""The command line: parses, runs one command, prints one reply."""

import contextlib
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from typer.main import get_command

from .._version import version
from . import _certify, _doctor, _papers, _problems, _report, _schema, _solve, _verify
from ._reply import Reply, error_reply, exit_code_help, print_reply

_app = typer.Typer(
    name="certax",
    epilog=exit_code_help,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"certax {version()}")
        raise typer.Exit()


@_app.callback()
def _certax(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Solve differential equations with neural nets, and know how wrong the answer
    can be.
    """


def _register() -> None:
    commands: tuple[Callable[..., Reply], ...] = (
        _solve.solve,
        _certify.certify,
        _verify.verify,
        _report.report,
        _doctor.doctor,
        _schema.schema,
    )
    for command in commands:
        _app.command(epilog=exit_code_help)(command)
    _app.add_typer(_problems.app, name="problems")
    _app.add_typer(_papers.app, name="papers")


_register()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line.

    **Arguments:**

    - `arguments`: those after the program's name; by default those of the process.

    **Returns:** the exit code.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in arguments
    _tolerate_narrow_encodings()
    reply = _reply(arguments, as_json)
    if isinstance(reply, int):
        return reply
    try:
        print_reply(reply, as_json, version())
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has seen enough; keep the interpreter from flushing again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return reply.exit_code


def _reply(arguments: list[str], as_json: bool) -> Reply | int:
    """The reply of a command, or the exit code where there is nothing left to say."""
    command = next((a for a in arguments if not a.startswith("-")), "")
    # With --json, standard output holds one object, whatever a user's file prints.
    aside = contextlib.redirect_stdout(sys.stderr) if as_json else None
    try:
        with aside or contextlib.nullcontext():
            outcome = get_command(_app).main(
                arguments, prog_name="certax", standalone_mode=False
            )
    except typer.TyperException as error:
        return _usage_error(command, error)
    except KeyboardInterrupt:
        outcome = 130
    except Exception as error:
        return _error(command, error)
    if outcome == 130:
        return error_reply(
            command, 130, "interrupted", "Interrupted.", None, _after_interrupt(command)
        )
    return outcome if isinstance(outcome, Reply) else int(outcome or 0)


def _usage_error(command: str, error: typer.TyperException) -> Reply:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "certax"
    message = error.format_message().strip()
    if message.startswith("Usage:"):
        return Reply(command, message, {"error": _no_command()}, 2)
    if not message.endswith((".", "?", ")")):
        message += "."
    remedy = f"See {path} --help."
    return error_reply(command, error.exit_code, "usage", message, None, remedy)


def _no_command() -> dict[str, str | None]:
    return {
        "kind": "usage",
        "message": "No command is given.",
        "value": None,
        "remedy": "See certax --help.",
    }


def _error(command: str, error: Exception) -> Reply:
    missing = error.name or "" if isinstance(error, ImportError) else ""
    if missing and not missing.startswith("certax"):
        message = f"A package cannot be imported: {error}."
        remedy = "Install certax again; certax doctor looks at the installation."
        return error_reply(command, 3, "environment", message, missing, remedy)
    if isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error):
        message = "There is not enough memory."
        remedy = "Use fewer points, a smaller net or a larger machine."
        return error_reply(command, 3, "environment", message, None, remedy)
    if isinstance(error, OSError):
        message = f"The operating system refused: {error}."
        remedy = "certax doctor looks at the installation."
        return error_reply(command, 3, "environment", message, error.filename, remedy)
    from .._core import CertaxError

    if isinstance(error, CertaxError):
        return error_reply(
            command,
            error.exit_code,
            error.kind,
            error.message,
            error.value,
            error.remedy,
        )
    traceback.print_exception(error)
    said = " ".join(str(error).split())
    message = f"Internal error: {type(error).__name__}: {said}."
    remedy = "Please report it with the traceback above."
    return error_reply(command, 3, "internal", message, None, remedy)


def _after_interrupt(command: str) -> str:
    if command == "papers":
        return "The same command goes on where it stopped."
    return "Continue with --resume." if command in ("solve", "certify") else ""


def _tolerate_narrow_encodings() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
