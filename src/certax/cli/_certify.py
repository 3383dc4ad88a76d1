"""`certax certify`: prove how wrong the net of a run, or one from elsewhere, can be."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from ._display import progress_display
from ._options import AcceptAssumptions, Json, Quiet, not_both, positive
from ._reply import Reply, plain
from ._solve import (
    certificate_text,
    file_name,
    proof_exit_code,
    told,
    use_compilation_cache,
)
from ._targets import load_stated

# As many leaves as a tree can have; the search ends by what was asked for.
_most_boxes = 2**24


class Claim(enum.StrEnum):
    """What a certificate can be about."""

    SOLUTION = "solution"
    RESIDUAL = "residual"
    RANGE = "range"
    LIPSCHITZ = "lipschitz"


class Evaluation(enum.StrEnum):
    """The arithmetic of the net that a certificate is about."""

    REAL = "real"
    FLOAT32 = "float32"
    FLOAT64 = "float64"


def certify(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help="The folder that certax solve wrote."),
    ] = None,
    net: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A net from elsewhere instead: .onnx or .json."
        ),
    ] = None,
    problem: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="What the net solves: a name, FILE.py:OBJECT or problem.json.",
        ),
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option(metavar="t,x", help="The coordinates in the net's order."),
    ] = None,
    outputs: Annotated[
        str | None,
        typer.Option(metavar="u", help="The fields in the net's order."),
    ] = None,
    claim: Annotated[
        Claim | None,
        typer.Option(help="[solution where a theorem matches, else residual]"),
    ] = None,
    norm: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Linf, L1, L2, ... L16; for Lipschitz constants l2 or linf.",
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
    evaluation: Annotated[
        Evaluation,
        typer.Option(help="Include the rounding of the net's evaluation."),
    ] = Evaluation.REAL,
    target: Annotated[
        float | None,
        typer.Option(metavar="VALUE", help="The bound that is wanted."),
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
        typer.Option(
            metavar="DIR", help="Where the certificate goes [RUN, or runs/NET-NAME]."
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the run in the folder of --net.")
    ] = False,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Certify the net of a run, from the files in its folder alone, or with --net and
    --problem one that was trained elsewhere, into a new folder.
    """
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
    _one_of(run, net, problem, inputs or outputs or force, resume)
    options = {
        "claim": None if claim is None else claim.value,
        "norm": norm,
        "field": field,
        "derivative": derivative,
        "theorem": theorem,
        "evaluation": evaluation.value,
        "target": target,
        "relative_target": relative_target,
        "budget": budget,
        "boxes": _most_boxes if target or relative_target or budget else None,
        "workers": workers,
        "dask": dask,
    }
    if net is not None and problem is not None:
        request = net, problem, _names(inputs, "--inputs"), _names(outputs, "--outputs")
        statement, said, entries = _net(*request, out, force, quiet, options)
    else:
        assert run is not None
        options["resume"] = resume
        statement, said, entries = _run(run, out, quiet, options)
    first = entries[0]
    code = proof_exit_code(entries, accept_assumptions)
    if target is not None and first["bound"] and float(first["bound"]) > target:
        said += f"\nThe target {target:g} was not reached; certify --resume goes on."
        code = 1
    return Reply(
        "certify", said, {"certificates": entries, "statement": statement}, code
    )


def _one_of(
    run: Path | None,
    net: Path | None,
    problem: str | None,
    only_net: object,
    only_run: object,
) -> None:
    """Either a run, or a net with its problem."""
    if (run is None) == (net is None):
        raise typer.BadParameter("Give either RUN or --net FILE.", param_hint="--net")
    if (net is None) != (problem is None):
        raise typer.BadParameter(
            "--net FILE and --problem NAME belong together.", param_hint="--problem"
        )
    if net is None and only_net:
        raise typer.BadParameter(
            "--inputs, --outputs and --force belong to --net.", param_hint="--inputs"
        )
    if run is None and only_run:
        raise typer.BadParameter("--resume belongs to RUN.", param_hint="--resume")


def _names(text: str | None, option: str) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise typer.BadParameter(f"{text!r} has an empty name.", param_hint=option)
    return names


def _run(
    run: Path, out: Path | None, quiet: bool, options: dict[str, Any]
) -> tuple[str, str, list[dict[str, Any]]]:
    """Certifies the net of a run and lists the certificates in its summary; returns the
    statement, what to print, and the certificates' entries.
    """
    from .. import _api

    use_compilation_cache(quiet)
    with progress_display(quiet) as progress:
        solution = _api.load(run)
        certificate = _api.certify(
            solution, **options, out=out or run, progress=progress
        )
    found = (certificate, *certificate.others)
    entries = _api.list_certificates(
        solution, found, options["field"], run if out is None else None
    )
    return certificate.statement or "", _text(certificate, out or run), entries


def _net(
    net: Path,
    problem: str,
    inputs: tuple[str, ...] | None,
    outputs: tuple[str, ...] | None,
    out: Path | None,
    force: bool,
    quiet: bool,
    options: dict[str, Any],
) -> tuple[str, str, list[dict[str, Any]]]:
    """Certifies a net from elsewhere into a new folder; returns the same."""
    name, stated = load_stated(problem)
    from .. import _api

    folder = out or Path("runs") / f"{file_name(net.stem)}-{file_name(name)}"
    solution = _api.read_net(net, stated, inputs, outputs)
    use_compilation_cache(quiet)
    with progress_display(quiet) as progress:
        summary = plain(
            _api.certify_net(
                solution,
                name,
                folder,
                force=force,
                **options,
                progress=progress,
            )
        )
    entries = summary["certificates"]
    lines = [certificate_text(folder, c) for c in told(entries)]
    statement = lines[0] if entries[0]["bound"] else ""
    return statement, "\n".join([*lines, f"files: {folder}"]), entries


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
