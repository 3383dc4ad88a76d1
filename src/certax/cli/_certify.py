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
    RANGE = "range"
    LIPSCHITZ = "lipschitz"


def certify(
    run: Run,
    claim: Annotated[
        Claim | None,
        typer.Option(help="[solution where a theorem matches, else residual]"),
    ] = None,
    norm: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Linf, L1 or L2; for Lipschitz constants l2 or linf.",
        ),
    ] = None,
    field: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose range or Lipschitz constant."),
    ] = None,
    derivative: Annotated[
        str, typer.Option(metavar="x,x", help="Of which derivative the range is.")
    ] = "",
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
            field=field,
            derivative=derivative,
            theorem=theorem,
            target=target,
            relative_target=relative_target,
            budget=budget,
            out=out or run,
            progress=progress,
        )
    entry = _entry(solution, certificate, field)
    file = f"\nfile: {(out or run) / certificate.file}" if certificate.file else ""
    said = f"{certificate.verdict}, on the {certificate.claim}: {certificate.reason}"
    return Reply(
        "certify",
        (certificate.statement if certificate.bound else said) + file,
        {"certificates": [entry], "statement": certificate.statement or ""},
        proof_exit_code([entry], accept_assumptions),
    )


def _entry(solution: Any, certificate: Any, field: str | None = None) -> dict[str, Any]:
    """The certificate as `summary.json` has it; nothing is measured here."""
    problem = solution.problem
    domain = problem.domain
    ends = zip(domain.names, domain.lower, domain.upper, strict=True)
    entry = {
        "field": problem.fields[0] if len(problem.fields) == 1 else field,
        "domain": " x ".join(f"{n} in [{lo}, {hi}]" for n, lo, hi in ends),
        "measured": None,
        "ratio": None,
        **certificate.as_summary(),
    }
    return entry | {"file": certificate.file or None}
