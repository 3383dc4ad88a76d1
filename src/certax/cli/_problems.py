"""`certax problems`: the zoo."""

from typing import Annotated, Any

import typer

from ._options import Json, Quiet
from ._reply import Reply, exit_code_help

app = typer.Typer(
    invoke_without_command=True, rich_markup_mode=None, epilog=exit_code_help
)


@app.callback()
def problems(
    context: typer.Context, json_: Json = False, quiet: Quiet = False
) -> Reply | None:
    """List the problems that certax knows by name."""
    if context.invoked_subcommand is not None:
        return None
    from ..problems import high_dimensional_names, high_dimensional_summary, zoo

    entries = zoo()
    summaries = {name: entry.summary for name, entry in entries.items()}
    summaries |= {n: high_dimensional_summary(n) for n in high_dimensional_names}
    width = max(map(len, summaries))
    text = "\n".join(f"{name:{width}}  {said}" for name, said in summaries.items())
    listed = [_as_json(name, entry) for name, entry in entries.items()]
    listed += [_high_dimensional(name) for name in high_dimensional_names]
    return Reply("problems", text, {"problems": listed})


@app.command(epilog=exit_code_help)
def show(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    source: Annotated[
        bool,
        typer.Option("--source", help="Print a Python file to copy and to change."),
    ] = False,
    as_published: Annotated[
        bool,
        typer.Option("--as-published", help="The form with what was found wrong."),
    ] = False,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Show a problem: equation, data, and a small picture of its reference solution."""
    from ..problems import (
        as_published as published_form,
        high_dimensional_names,
        zoo_entry,
    )

    if as_published:
        name = published_form(name)
    if name in high_dimensional_names and not source:
        return _show_high_dimensional(name)
    entry = zoo_entry(name)
    fields = _as_json(name, entry) | {
        "summary": entry.summary,
        "constants": _constants(entry.problem),
        "conditions": _conditions(entry.problem),
    }
    if source:
        text = entry.source.rstrip("\n")
        fields["source"] = entry.source
    else:
        text = f"{statement(name, entry, fields)}\n\n{_picture(entry)}"
    return Reply("problems show", text, fields)


def _as_json(name: str, entry: Any) -> dict[str, Any]:
    from ..certificates import matching

    problem, reference = entry.problem, entry.reference
    return {
        "name": name,
        "equation": problem.equation_text(),
        "dimension": problem.domain.dimension,
        "fields": list(problem.fields),
        "reference": {
            "name": reference.name,
            "method": reference.method,
            "accuracy": reference.accuracy,
        },
        "theorems": [theorem.name for theorem in matching(problem)[0]],
        "sha256": problem.sha256,
    }


def _high_dimensional(name: str) -> dict[str, Any]:
    """An entry in 100 dimensions; --set problem.d chooses others."""
    from ..problems import high_dimensional_problem

    problem = high_dimensional_problem(name)
    known = problem.known
    assert known is not None
    return {
        "name": name,
        "equation": problem.equation,
        "dimension": problem.dimension,
        "fields": ["u"],
        "reference": {
            "name": name,
            "method": known.method,
            "accuracy": known.accuracy,
        },
        "theorems": [],
        "sha256": problem.sha256,
    }


def _show_high_dimensional(name: str) -> Reply:
    from ..problems import high_dimensional_problem, high_dimensional_summary

    problem = high_dimensional_problem(name)
    fields = _high_dimensional(name)
    rows = [
        ("equation", problem.equation),
        ("domain", problem.cloud.in_words()),
        ("dimension", "any: certax solve --set problem.d=10000"),
        ("reference", fields["reference"]["method"]),
    ]
    table = "\n".join(f"  {key:11} {value}" for key, value in rows)
    summary = high_dimensional_summary(name)
    fields |= {"summary": summary, "constants": {"d": "100"}, "conditions": []}
    return Reply("problems show", f"{name}: {summary}\n{table}", fields)


def _constants(problem: Any) -> dict[str, str]:
    """The named constants that the problem's programs use, and their values."""
    programs = [problem.residual]
    programs += [c.program for c in problem.conditions if c.program is not None]
    return {
        i.name: i.value
        for program in programs
        for i in program.of_kind("constant")
        if not i.name.startswith("literal.")
    }


def _conditions(problem: Any) -> list[str]:
    """The conditions in words."""
    from .._core import _normal_form as nf, infix

    lines = []
    for condition in problem.conditions:
        where = condition.place
        if condition.residual is not None:
            texts = infix(condition.residual).values()
            lines += [f"{text} = 0 {where}" for text in texts]
            continue
        if condition.values is None:
            lines.append(where)
            continue
        forms = nf.interpret(condition.values, {})
        mark = f"_{condition.coordinate}" if condition.kind == "velocity" else ""
        lines += [f"{field}{mark} = {form} {where}" for field, form in forms.items()]
    return lines


def statement(name: str, entry: Any, fields: dict[str, Any]) -> str:
    """The equation, domain, data, theorems and reference as a table."""
    from .._core import in_words

    domain, reference = entry.problem.domain, entry.reference
    rows = [("equation", fields["equation"]), ("domain", in_words(domain))]
    rows += [("constant", f"{key} = {v}") for key, v in fields["constants"].items()]
    rows += [("condition", line) for line in fields["conditions"]]
    rows.append(("theorems", ", ".join(fields["theorems"]) or "none"))
    rows.append(("reference", reference.method))
    rows.append(("", f"accuracy {reference.accuracy:.1e}, measured"))
    table = "\n".join(f"  {key:11} {value}" for key, value in rows)
    return f"{name}: {entry.summary}\n{table}"


def _picture(entry: Any) -> str:
    """Every field of the reference solution over the first two coordinates; further
    ones are in the middle.
    """
    import numpy as np

    from ._picture import curve, shading

    problem, domain = entry.problem, entry.problem.domain
    lower, upper = domain.lower_floats, domain.upper_floats
    # Time runs to the right.
    across = domain.names.index(problem.time or domain.names[0])
    upwards = next((i for i in range(domain.dimension) if i != across), None)
    counts = {across: 64, upwards: 16}
    axes = [
        np.linspace(lower[i], upper[i], counts[i])
        if i in counts
        else np.array([(lower[i] + upper[i]) / 2])
        for i in range(domain.dimension)
    ]
    parts = []
    for field, values in zip(
        problem.fields, entry.reference.evaluate(*axes), strict=True
    ):
        values = np.asarray(values)
        limits = f"from {np.nanmin(values):.3g} to {np.nanmax(values):.3g}"
        if upwards is None:
            parts += [f"{field} over {domain.names[across]}, {limits}", curve(values)]
            continue
        plane = np.moveaxis(values, (upwards, across), (0, 1)).reshape(16, 64)
        parts.append(
            f"{field} over {domain.names[across]} (to the right) and "
            f"{domain.names[upwards]} (upwards), {limits}"
        )
        parts.append(shading(plane[::-1]))
    return "\n".join(parts)
