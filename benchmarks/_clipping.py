"""Gradient clipping with a floor, beside tuned Adam."""

from pathlib import Path
from typing import Any

from ._figure import Figure

_sections = ("gap", "rate")


def clipping() -> list[Figure]:
    """How far δ-GClip is below tuned Adam, in standard deviations of Adam's test scores
    over the seeds, on each of the four small tasks; and the proved rate along runs.

    Rows that are finished in the folder of `certax papers run 2404.08624` are taken
    from there, and those that are computed are left there.
    """
    from certax.papers import Request, find
    from certax.papers._rows import compute, finished
    from certax.papers._verbs import claim

    folder = Path("runs") / "papers-2404.08624-small-seed0"
    claim(folder, "2404.08624", Request())
    experiments = {e.key: e for e in find("2404.08624").experiments(Request())}
    shown = [e for e in experiments.values() if e.section in _sections]
    wanted = [key for e in shown for key in (*e.uses, e.key)]
    rows: dict[str, Any] = {}
    for key in wanted:
        row = finished(experiments[key], folder)
        rows[key] = row or compute(experiments[key], folder, rows)
    figures = [_gap(e.method, rows[e.key], rows) for e in shown if e.section == "gap"]
    name = "largest loss / bound"
    found = [row["results"] for row in rows.values() if row["section"] == "rate"]
    proved = [results[name] for results in found if name in results]
    told = (
        "δ-GClip: largest loss over its proved bound, all steps of all runs whose "
        "theorem applies"
    )
    return [
        *figures,
        Figure(told, 1.0, max(proved, default=None), details={"ratios": proved}),
    ]


def _gap(task: str, row: dict[str, Any], rows: dict[str, Any]) -> Figure:
    gap = row["results"]["gap / sd"]
    pair = {key: rows[f"{task}-{key}"]["results"] for key in ("delta-gclip", "adam")}
    return Figure(
        f"{task}: test score of tuned Adam minus that of δ-GClip, in standard "
        "deviations of Adam's (small scale)",
        1.0,
        gap if isinstance(gap, float) else None,
        details=pair | {"settings": row["settings"]},
    )
