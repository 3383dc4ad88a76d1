"""`report.html`: one file that shows a run folder and needs nothing else to be read."""

from pathlib import Path
from typing import Any

from .._core import write_atomically
from . import _numbers
from ._box_figures import box_figures
from ._citations import citations
from ._claim_figures import claim_figures
from ._cloud_figures import cloud_figures
from ._field_figures import residual_figures, solution_figures
from ._run import Run, read_run
from ._schemas import CertificateEntry
from ._style import Figure
from ._trainability import (
    is_trainability,
    read_trainability,
    trainability_context,
)
from ._training_figures import baseline_figures, baseline_rows, training_figures
from ._words import Opening, Trust, claim_lead, unproved_solution, with_hashes


def write_report(folder: Path) -> Path:
    """Writes `report.html` into a run folder, from the folder's files alone.

    No user code is run and nothing is proved here: the page repeats what the checker
    confirmed, and shows what was measured apart from it.

    **Arguments:**

    - `folder`: a run folder, as `certax solve` writes it, or that of a certificate of
      trainability.

    **Returns:** the path of the page.

    **Raises:** `CertaxError` if a file is missing, damaged, of another version, or
    contradicts another.
    """
    folder = Path(folder)
    if is_trainability(folder):
        content = trainability_context(read_trainability(folder))
        return write_atomically(
            folder / "report.html", _rendered("trainability.html.j2", content)
        )
    return write_atomically(folder / "report.html", render(read_run(folder)))


def render(run: Run) -> str:
    """The page as text. Everything that comes from files is escaped."""
    return _rendered("report.html.j2", _context(run))


def _rendered(template: str, context: dict[str, Any]) -> str:
    import jinja2
    from plotly.offline import get_plotlyjs

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("certax.reports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("proved", "measured", "norm", "ratio", "seconds", "size", "count"):
        environment.filters[name] = getattr(_numbers, name)
    environment.filters["with_hashes"] = with_hashes
    environment.filters["script"] = _as_script
    page = environment.get_template(template)
    plotly = get_plotlyjs().replace("</script", "<\\/script")
    return page.render(plotly=plotly, **context)


def _context(run: Run) -> dict[str, Any]:
    sections = _sections(run)
    proved = tuple(e.theorem for e in run.summary.certificates if e.proved)
    return {
        "run": run,
        "summary": run.summary,
        "opening": Opening(run),
        "trust": Trust(run.summary.verdict) if run.summary.verdict else None,
        "warnings": [r for r in run.metrics if r.warning],
        "explained": _explained(run),
        "claim_lead": claim_lead(run),
        "certificate": run.certificate,
        "sections": sections,
        "figures": [f for figures in sections.values() for f in figures],
        "baseline_rows": baseline_rows(run),
        "citations": citations(proved),
        "certificate_sha256": next(
            (f.sha256 for f in run.files if run.main and f.name == run.main.file), ""
        ),
    }


def _sections(run: Run) -> dict[str, list[Figure]]:
    """The figures by section; without a domain of few coordinates there are points."""
    boxed = run.stated is not None
    return {
        "solution": solution_figures(run) if boxed else cloud_figures(run),
        "claim": claim_figures(run) if boxed else [],
        "residual": residual_figures(run) if boxed else [],
        "boxes": box_figures(run) if boxed else [],
        "training": training_figures(run),
        "baselines": baseline_figures(run),
    }


def _explained(run: Run) -> list[CertificateEntry]:
    """The entries whose hypotheses are listed."""
    entries = [run.main] if run.main else []
    solution = unproved_solution(run)
    if solution is not None and solution is not run.main:
        entries.append(solution)
    return [entry for entry in entries if entry.hypotheses]


def _as_script(plot: str) -> str:
    """JSON that cannot end the script element around it."""
    from markupsafe import Markup

    for character in "<>&":
        plot = plot.replace(character, f"\\u{ord(character):04x}")
    return Markup(plot)
