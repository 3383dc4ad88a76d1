"""`certax certify`: prove how wrong the net of a run can be."""

import enum
from pathlib import Path
from typing import Annotated

import typer

from ._display import progress_display
from ._options import AcceptAssumptions, Json, Quiet, Run, not_both, positive
from ._reply import Reply, plain


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
        certificate = _api.certify(
            _api.load(run),
            claim=None if claim is None else claim.value,
            norm=norm,
            theorem=theorem,
            target=target,
            relative_target=relative_target,
            budget=budget,
            out=out or run,
            progress=progress,
        )
    entry = dict(plain(certificate.as_summary()))
    said = certificate.statement or certificate.reason
    return Reply(
        "certify",
        f"{certificate.verdict}: {said}\nfile: {certificate.file}",
        {"certificates": [entry], "statement": certificate.statement or ""},
        proof_exit_code([entry], accept_assumptions),
    )
