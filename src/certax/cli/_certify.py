"""`certax certify`: prove how wrong the net of a run can be."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from ._display import progress_display
from ._options import AcceptAssumptions, Json, Quiet, Run, not_both, positive
from ._reply import Reply


class Claim(enum.StrEnum):
    """What a certificate can be about."""

    SOLUTION = "solution"
    RESIDUAL = "residual"


def certify(
    run: Run,
    claim: Annotated[
        Claim | None,
        typer.Option(help="[solution where a theorem matches, else residual]"),
    ] = None,
    norm: Annotated[
        str | None, typer.Option(metavar="NAME", help="Linf, L1 or L2.")
    ] = None,
    theorem: Annotated[
        str | None, typer.Option(metavar="NAME", help="Use this theorem.")
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(metavar="VALUE", help="Stop the search at this bound."),
    ] = None,
    relative_target: Annotated[
        float | None,
        typer.Option(
            metavar="RATIO", help="Stop at this multiple of the measured value."
        ),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Time for the search.")
    ] = None,
    accept_assumptions: AcceptAssumptions = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where the certificate goes [RUN]."),
    ] = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Certify the net of a run, from the files in its folder alone."""
    positive(target, "--target")
    positive(relative_target, "--relative-target")
    positive(budget, "--budget")
    not_both(target, relative_target, "--target / --relative-target")
    from .. import _api
    from ._solve import proof_exit_code, use_compilation_cache

    use_compilation_cache(quiet)
    with progress_display(quiet) as progress:
        solution = _api.load(run)
        certificate = _api.certify(
            solution,
            claim=None if claim is None else claim.value,
            norm=norm,
            theorem=theorem,
            target=target,
            relative_target=relative_target,
            budget=budget,
            out=out or run,
            progress=progress,
        )
    entries = [_entry(solution, c) for c in (certificate, *certificate.others)]
    return Reply(
        "certify",
        _text(certificate, out or run),
        {"certificates": entries, "statement": certificate.statement or ""},
        proof_exit_code(entries, accept_assumptions),
    )


def _text(certificate: Any, folder: Path) -> str:
    """The statement or why there is none, the file, and what else was tried."""
    said = f"{certificate.verdict}, on the {certificate.claim}: {certificate.reason}"
    lines = [certificate.statement if certificate.bound else said]
    if certificate.file:
        lines.append(f"file: {folder / certificate.file}")
    for other in certificate.others:
        found = f"{other.theorem} ({other.norm} norm): {other.verdict}"
        end = f", at most {other.bound}" if other.bound else f", {other.reason}"
        lines.append(f"also tried: {found}{end}")
    if certificate.unfit:
        lines.append(f"not for this equation: {', '.join(certificate.unfit)}")
    return "\n".join(lines)


def _entry(solution: Any, certificate: Any) -> dict[str, Any]:
    """The certificate as `summary.json` has it; nothing is measured here."""
    problem = solution.problem
    domain = problem.domain
    ends = zip(domain.names, domain.lower, domain.upper, strict=True)
    entry = {
        "field": problem.fields[0] if len(problem.fields) == 1 else None,
        "domain": " x ".join(f"{n} in [{lo}, {hi}]" for n, lo, hi in ends),
        "measured": None,
        "ratio": None,
        **certificate.as_summary(),
    }
    return entry | {"file": certificate.file or None}
