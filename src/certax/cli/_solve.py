"""`certax solve`: train, certify, let the checker confirm, write everything down."""

import json
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from ._display import progress_display
from ._options import AcceptAssumptions, Json, Quiet, not_both, positive
from ._reply import Reply, error_reply, plain

# Until here next to nothing but computing has happened since the program was started.
_began = time.monotonic() - time.process_time()


def solve(
    target: Annotated[
        str,
        typer.Argument(
            metavar="NAME|FILE.py:OBJECT",
            help="A name that certax problems lists, or a certax.Problem in a file.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The run folder [runs/NAME-seedN]."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Of all random numbers.")
    ] = 0,
    budget: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Time for everything together."),
    ] = None,
    max_steps: Annotated[
        int | None, typer.Option(min=1, help="Stop training after so many steps.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the run in the folder.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue the run in the folder.")
    ] = False,
    no_certify: Annotated[
        bool, typer.Option("--no-certify", help="Train only.")
    ] = False,
    require_proof: Annotated[
        bool, typer.Option("--require-proof", help="Exit with 1 unless proved.")
    ] = False,
    accept_assumptions: AcceptAssumptions = False,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Settings.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="One setting, such as network.width=40 or problem.nu=0.001; "
            "repeatable.",
        ),
    ] = None,
    as_published: Annotated[
        bool,
        typer.Option("--as-published", help="Leave in what was found wrong."),
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Measured values to fit: .csv with a head, or .nc."
        ),
    ] = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Train a net, certify it, have the checker confirm, and write the run folder.

    Exits with 0 when training and the certificate step ended with any honest outcome.
    """
    positive(budget, "--budget")
    not_both(force, resume, "--force / --resume")
    not_both(no_certify, require_proof, "--no-certify / --require-proof")
    from .._core._configuration import read_configuration
    from ._targets import load_solvable

    configuration = read_configuration(config, set_ or ())
    if as_published:
        from ..problems import as_published as published_form

        target = published_form(target)
    name, problem = load_solvable(target, configuration.problem)
    from .. import _api
    from ..problems import Data, Problem

    folder = out or Path("runs") / f"{file_name(name)}-seed{seed}"
    shared = {
        "name": name,
        "configuration": configuration,
        "seed": seed,
        "out": folder,
        "force": force,
        "resume": resume,
        "budget": budget,
        "max_steps": max_steps,
        "started": _began,
    }
    if not isinstance(problem, Problem):
        if data is not None:
            raise typer.BadParameter(
                "A high-dimensional problem is not fitted to measured data.",
                param_hint="--data",
            )
        with progress_display(quiet) as progress:
            found = _api.run_high_dimensional(problem, progress=progress, **shared)
    else:
        measured = None if data is None else Data.read(data, problem)
        use_compilation_cache(quiet)
        with progress_display(quiet) as progress:
            found = _api.run(
                problem,
                data=measured,
                certify=not no_certify,
                progress=progress,
                **shared,
            )
    summary = plain(found)
    fields = {"run": str(folder), "summary": summary}
    if summary["stopped_by"] in ("failed", "interrupted"):
        return _stopped_early(folder, summary, fields)
    proof = proof_exit_code(summary["certificates"], accept_assumptions)
    code = proof if require_proof else 0
    return Reply("solve", _text(folder, summary), fields, code)


def proof_exit_code(
    certificates: list[dict[str, Any]], accept_assumptions: bool
) -> int:
    """0 where the claim that counts is proved, else 1: the first one on the solution,
    or that on the residual where no theorem fits the equation.
    """
    fits = [c for c in certificates if c["claim"] == "solution" and c["theorem"]]
    on_solution = fits[:1]
    on_residual = [c for c in certificates if c["claim"] != "solution"]
    enough = {"proved"}
    if accept_assumptions:
        enough.add("proved under assumptions")
    verdicts = {certificate["verdict"] for certificate in on_solution or on_residual}
    return 0 if verdicts and verdicts <= enough else 1


def use_compilation_cache(quiet: bool) -> None:
    """Goes on without the cache where it cannot be had."""
    from .._core import CertaxError
    from .._core._compilation_cache import enable_compilation_cache

    try:
        enable_compilation_cache()
    except CertaxError as error:
        if not quiet:
            print(f"certax: {error}", file=sys.stderr)


def certificate_text(folder: Path, certificate: Mapping[str, Any]) -> str:
    """The checker's statement, or why there is none."""
    claim = f"{certificate['verdict']}, on the {certificate['claim']}"
    if certificate["bound"] is None:
        return f"{claim}: {certificate.get('reason') or 'no reason is given'}"
    try:
        content = (folder / certificate["file"]).read_bytes()
        return json.loads(content)["statement"]
    except (OSError, TypeError, ValueError, KeyError):
        return f"{claim}: {certificate['norm']} norm at most {certificate['bound']}"


def told(certificates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first of each claim, and what else is proved."""
    seen: set[str] = set()
    told = []
    for certificate in certificates:
        if certificate["claim"] not in seen or certificate["bound"] is not None:
            told.append(certificate)
        seen.add(certificate["claim"])
    return told


def verdict_lines(verdict: Mapping[str, Any] | None) -> list[str]:
    """The verdict, what decided it, and the most pressing remedy."""
    if verdict is None:
        return []
    status = verdict["status"]
    reasons = [e["sentence"] for e in verdict["evidence"] if e["says"] == status]
    lines = [f"verdict: {status}", *reasons[:1]]
    if status in ("doubtful", "failed") and verdict["remedies"]:
        lines.append(f"remedy: {verdict['remedies'][0]}")
    return lines


def _stopped_early(
    folder: Path, summary: Mapping[str, Any], fields: Mapping[str, Any]
) -> Reply:
    steps = summary["steps"]
    if summary["stopped_by"] == "failed":
        from .._core import training_failure

        found = training_failure(steps)
        remedy = f"{found.remedy} The run is in {folder}."
        error = error_reply("solve", 4, "training", found.message, steps, remedy)
    else:
        message = f"Interrupted after {steps} steps."
        remedy = f"Continue with --resume; the run is in {folder}."
        error = error_reply("solve", 130, "interrupted", message, steps, remedy)
    return replace(error, fields={**error.fields, **fields})


def _text(folder: Path, summary: Mapping[str, Any]) -> str:
    lines = [certificate_text(folder, c) for c in told(summary["certificates"])]
    errors = summary["relative_l2"].items()
    measured = [f"{f} {e:.3g}" for f, e in errors if e is not None]
    if measured:
        lines.append(f"measured, not proved: relative L2 error {', '.join(measured)}")
    constant = (summary["baselines"].get("constant") or {}).get("u")
    if constant is not None:
        lines.append(f"with a constant in place of the net: {constant:.3g}")
    found = [f"{n} = {v:.6g}" for n, v in summary["unknowns"].items()]
    if found:
        lines.append(f"found, not proved: {', '.join(found)}")
        lines.append(f"with these values as constants: {folder / 'identified'}")
    lines += verdict_lines(summary.get("verdict"))
    if summary.get("recipe"):
        lines.append(recipe_line(summary["recipe"]))
    seconds = summary["wall_seconds"]["total"]
    lines.append(
        f"{summary['problem']}, seed {summary['seed']}: {summary['steps']} steps, "
        f"stopped by {summary['stopped_by']}, {seconds:.1f} s in all"
    )
    lines.append(f"files: {folder}")
    return "\n".join(lines)


def recipe_line(recipe: Mapping[str, Any]) -> str:
    """What the problem was solved with."""
    net, last = recipe["network"], recipe["phases"][-1]
    several = [
        f"{recipe[key]} {key}" for key in ("windows", "stages") if recipe[key] > 1
    ]
    words = [
        f"{net['kind']} of {net['depth']} x {net['width']}",
        *(["mirrored"] if net.get("symmetric") else []),
        *several,
        " then ".join(phase["name"] for phase in recipe["phases"]),
        f"{last['points']} points",
    ]
    return f"recipe for the kind {recipe['kind']}: {', '.join(words)}"


def file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "problem"
