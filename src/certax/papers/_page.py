"""The page of a paper: paper says, we get, why they differ."""

import html
from collections.abc import Sequence
from typing import Any

from ._curves import curves
from ._paper import Experiment, Paper, Request, Section, Statement, status_words

Pair = tuple[Experiment, dict[str, Any]]
_head = ("method", "settings", "paper says")


def markdown(paper: Paper, request: Request, pairs: Sequence[Pair]) -> str:
    """The page in Markdown."""
    lines = [f"# {paper.title}", "", _subtitle(paper), "", _form(request), ""]
    for title, statements in _lists(paper):
        lines += [f"## {title}", ""]
        lines += [f"* {s.says} ({_known(s)})" for s in statements] + [""]
    for section, rows in _tables(paper, pairs):
        columns = _columns(section, rows)
        lines += [f"## {section.title}", "", section.text, ""]
        lines += [_line(columns), "|---" * len(columns) + "|"]
        lines += [_line(_cells(section, rows, *pair)) for pair in rows]
        lines.append("")
    lines += ["## Citation", "", "```bibtex", paper.citation.strip(), "```", ""]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    """A row of a Markdown table; a bar inside of a cell is none of the table's."""
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def page(paper: Paper, request: Request, pairs: Sequence[Pair]) -> str:
    """The same page as one HTML file."""
    escape = html.escape
    parts = [f"<h1>{escape(paper.title)}</h1><p>{escape(_subtitle(paper))}</p>"]
    parts.append(f"<p>{escape(_form(request))}</p>")
    for title, statements in _lists(paper):
        items = "".join(
            f"<li>{escape(s.says)} <small>({escape(_known(s))})</small></li>"
            for s in statements
        )
        parts.append(f"<h2>{escape(title)}</h2><ul>{items}</ul>")
    for section, rows in _tables(paper, pairs):
        head = "".join(f"<th>{escape(c)}</th>" for c in _columns(section, rows))
        body = "".join(
            f'<tr class="{"baseline" if experiment.baseline else "run"}">'
            + "".join(
                f"<td>{escape(c)}</td>" for c in _cells(section, rows, experiment, row)
            )
            + "</tr>"
            for experiment, row in rows
        )
        parts.append(
            f"<h2>{escape(section.title)}</h2><p>{escape(section.text)}</p>"
            f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
            "</table></div>"
        )
        drawn = [
            curves(experiment.method, section.curves, row["results"])
            for experiment, row in rows
            if section.curves
        ]
        parts.append(f"<p>{''.join(drawn)}</p>" if any(drawn) else "")
    parts.append(f"<h2>Citation</h2><pre>{escape(paper.citation.strip())}</pre>")
    return _frame.format(
        title=escape(paper.identifier), style=_style(), body="\n".join(parts)
    )


def _style() -> str:
    from ..reports import palette

    return _rules.format(**palette)


def _subtitle(paper: Paper) -> str:
    return f"arXiv {paper.identifier}, {paper.authors}"


def _form(request: Request) -> str:
    form = "as published" if request.as_published else "corrected"
    return (
        f"Scale {request.scale}, {form} form, seed {request.seed}. All numbers of ours "
        "are measured, except in columns that say proved."
    )


def _lists(paper: Paper) -> list[tuple[str, tuple[Statement, ...]]]:
    return [("What it says", paper.claims), ("What we found", paper.corrections)]


def _known(statement: Statement) -> str:
    source = f": {statement.source}" if statement.source else ""
    return status_words[statement.status] + source


def _tables(
    paper: Paper, pairs: Sequence[Pair]
) -> list[tuple[Section, Sequence[Pair]]]:
    tables = [
        (section, [p for p in pairs if p[0].section == section.key])
        for section in paper.sections
    ]
    return [(section, rows) for section, rows in tables if rows]


def _filled(section: Section, rows: Sequence[Pair]) -> list[str]:
    """The columns in which any row has a result."""
    return [c for c in section.columns if any(c in row["results"] for _, row in rows)]


def _columns(section: Section, rows: Sequence[Pair]) -> tuple[str, ...]:
    ours = tuple(f"we get: {name}" for name in _filled(section, rows))
    return (*_head, *ours, "why they differ")


def _problem(experiment: Experiment) -> tuple[str, str]:
    """What a row's method names before a colon, and the rest."""
    problem, _, method = experiment.method.partition(": ")
    return problem, method


def _better_baseline(
    section: Section, rows: Sequence[Pair], experiment: Experiment, row: dict[str, Any]
) -> str:
    """A sentence on the best baseline of a row's problem, if it is better."""
    error = row["results"].get(section.error)
    if experiment.baseline or not isinstance(error, float):
        return ""
    found = [
        (other["results"][section.error], _problem(e)[1])
        for e, other in rows
        if e.baseline and _problem(e)[0] == _problem(experiment)[0]
        if isinstance(other["results"].get(section.error), float)
    ]
    best, name = min(found, default=(error, ""))
    return f" Better without training: {name}." if best < error else ""


def _cells(
    section: Section, rows: Sequence[Pair], experiment: Experiment, row: dict[str, Any]
) -> list[str]:
    settings = ", ".join(f"{k} {_text(v)}" for k, v in row["settings"].items())
    says = experiment.says
    told = "" if says is None else says.says
    if says is not None and says.status != "not found":
        told += f" ({says.status})"
    columns = _filled(section, rows)
    results = [_text(row["results"].get(name, "")) for name in columns]
    why = experiment.why + _better_baseline(section, rows, experiment, row)
    return [experiment.method, settings, told, *results, why.strip()]


def _text(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.2g}"
        case []:
            return "none"
        case list():
            return " ".join(map(_text, value))
        case _:
            return str(value)


_rules = """
body {{ font: 15px/1.5 {font}; color: {ink}; max-width: 72rem; margin: 2rem auto;
  padding: 0 1rem; }}
div {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; }}
th, td {{ border-bottom: 1px solid {faint}; padding: .3rem .6rem; text-align: left;
  vertical-align: top; }}
tr.baseline, small {{ color: {gray}; }}
"""
_frame = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    "<title>{title}</title><style>{style}</style></head>\n<body>\n{body}\n</body></html>\n"
)
