"""`certax papers`: what papers say, what we get, and why they differ."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from ._options import Json, Quiet
from ._reply import Reply, exit_code_help

app = typer.Typer(
    invoke_without_command=True, rich_markup_mode=None, epilog=exit_code_help
)
Identifier = Annotated[
    str, typer.Argument(metavar="ID", help="The arXiv number, such as 2407.20741.")
]


@app.callback()
def papers(
    context: typer.Context, json_: Json = False, quiet: Quiet = False
) -> Reply | None:
    """List the papers whose experiments can be run."""
    if context.invoked_subcommand is not None:
        return None
    from ..papers import papers as known

    text = "\n".join(f"{key:12} {paper.title}" for key, paper in known.items())
    listed = [
        {"id": key, "title": paper.title, "authors": paper.authors}
        for key, paper in known.items()
    ]
    return Reply("papers", text, {"papers": listed})


@app.command(epilog=exit_code_help)
def show(identifier: Identifier, json_: Json = False, quiet: Quiet = False) -> Reply:
    """Show what a paper says, how that is known, and what was found wrong."""
    from dataclasses import asdict

    from ..papers import find

    paper = find(identifier)
    parts = {"says": paper.claims, "found": paper.corrections}
    lines = [f"{paper.title}", f"arXiv {paper.identifier}, {paper.authors}"]
    for name, statements in parts.items():
        lines += [f"  {name:6} {s.says} ({s.status})" for s in statements]
    fields = {"id": paper.identifier, "title": paper.title, "citation": paper.citation}
    said = {name: [asdict(s) for s in found] for name, found in parts.items()}
    return Reply("papers show", "\n".join(lines), fields | said)


@app.command(epilog=exit_code_help)
def run(
    identifier: Identifier,
    scale: Annotated[
        Literal["small", "paper"],
        typer.Option(help="A few minutes on two cores, or the paper's sizes."),
    ] = "small",
    as_published: Annotated[
        bool,
        typer.Option("--as-published", help="Leave in what was found wrong."),
    ] = False,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help="Of all random numbers.")
    ] = 0,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="What --scale paper reads: cifar-10-batches-bin, mnist, "
            "fashion-mnist in it.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder [runs/papers-ID-SCALE-...]."),
    ] = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Run a paper's experiments and write the page. The same call resumes a killed
    run: finished rows are kept.
    """
    from ..papers import Request, find, run as run_paper

    find(identifier)
    form = "-as-published" if as_published else ""
    folder = out or Path("runs") / f"papers-{identifier}-{scale}{form}-seed{seed}"

    def say(line: str) -> None:
        if not quiet:
            print(line, file=sys.stderr, flush=True)

    results = run_paper(
        identifier,
        request=Request(scale, as_published, seed, data and str(data)),
        out=folder,
        progress=say,
    )
    text = f"{len(results['rows'])} rows: {folder / 'page.html'}"
    return Reply("papers run", text, {"out": str(folder), **results})
