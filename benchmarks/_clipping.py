"""Gradient clipping with a floor, beside tuned Adam."""

from pathlib import Path

from ._figure import Figure


def clipping() -> list[Figure]:
    """How far δ-GClip is below tuned Adam, in standard deviations of Adam's test scores
    over the seeds, on each of the four small tasks; and the proved rate along runs.

    Rows that are finished in the folder of `certax papers run 2404.08624` are taken
    from there.
    """
    from certax.papers import Request, run

    folder = Path("runs") / "papers-2404.08624-small-seed0"
    results = run("2404.08624", request=Request(), out=folder)
    rows = {row["key"]: row for row in results["rows"]}
    figures = []
    for key, row in rows.items():
        if row["section"] != "gap":
            continue
        task = key.removeprefix("gap-")
        found = row["results"]
        gap = found["gap / sd"]
        each = {
            name: rows[f"{task}-{name}"]["results"] for name in ("delta-gclip", "adam")
        }
        figures.append(
            Figure(
                f"{task}: test score of tuned Adam minus that of δ-GClip, in standard "
                "deviations of Adam's (small scale)",
                1.0,
                gap if isinstance(gap, float) else None,
                details=each | {"settings": row["settings"]},
            )
        )
    proved = [
        row["results"]["largest loss / bound"]
        for row in rows.values()
        if "largest loss / bound" in row["results"]
    ]
    figures.append(
        Figure(
            "δ-GClip: largest loss over its proved bound, all steps of all runs whose "
            "theorem applies",
            1.0,
            max(proved, default=None),
            details={"runs": len(proved)},
        )
    )
    return figures
