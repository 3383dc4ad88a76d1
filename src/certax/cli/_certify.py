"""`certax certify`: prove how wrong the net of a run can be."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from ._display import progress_display
from ._options import AcceptAssumptions, Json, Quiet, Run, not_both, positive
from ._reply import Reply

# As many leaves as a tree can have; the search ends by what was asked for.
_most_boxes = 2**24


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
        typer.Option(metavar="VALUE", help="Search until the residual has this bound."),
    ] = None,
    relative_target: Annotated[
        float | None,
        typer.Option(
            metavar="RATIO",
            help="Search until the bound is this multiple of what is attained [1.1].",
        ),
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Time for the search.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, max=4096, help="Processes that search [threads]."
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Search on this Dask cluster."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an interrupted search.")
    ] = False,
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
    not_both(workers, dask, "--workers / --dask")
    if relative_target is not None and relative_target < 1:
        raise typer.BadParameter(
            f"{relative_target} is below 1: no bound is below what is attained.",
            param_hint="--relative-target",
        )
    from .. import _api
    from ._solve import proof_exit_code, use_compilation_cache

    use_compilation_cache(quiet)
    limited = target or relative_target or budget
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
            boxes=_most_boxes if limited else None,
            out=out or run,
            workers=workers,
            dask=dask,
            resume=resume,
            progress=progress,
        )
    entry = _entry(solution, certificate)
    file = f"\nfile: {(out or run) / certificate.file}" if certificate.file else ""
    said = f"{certificate.verdict}, on the {certificate.claim}: {certificate.reason}"
    text = (certificate.statement if certificate.bound else said) + file
    code = proof_exit_code([entry], accept_assumptions)
    if target is not None and _misses(certificate, target):
        text += f"\nThe target {target:g} was not reached; certify --resume goes on."
        code = 1
    return Reply(
        "certify",
        text,
        {"certificates": [entry], "statement": certificate.statement or ""},
        code,
    )


def _misses(certificate: Any, target: float) -> bool:
    """Whether a bound of the residual is not as small as it was to be."""
    bound = float(certificate.bound or "inf")
    return certificate.claim == "residual" and bound > target


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
