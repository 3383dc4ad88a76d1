"""Every problem of the zoo once, with twenty seconds each, two at a time."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ._figure import Figure
from ._solving import claimed, largest_value, solve

budget = 20


def zoo() -> list[Figure]:
    """The share of the problems with a theorem that have a bound; all rows."""
    from certax.problems import names

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(_row, names))
    known = [row for row in rows if row["theorem"]]
    proved = sum(row["bound"] is not None for row in known)
    return [
        Figure(
            f"zoo: share of the {len(known)} problems with a theorem that have a "
            f"proved bound of the error, {budget} s each",
            1.0,
            proved / len(known),
            at_least=True,
            details={"rows": rows},
        )
    ]


def _row(name: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as parent:
        summary = solve(name, 0, Path(parent) / "run", "--budget", str(budget))
    entry = claimed(summary, "solution")
    errors = [v for v in summary["relative_l2"].values() if v is not None]
    return {
        "problem": name,
        "relative_l2": largest_value(summary["relative_l2"]) if errors else None,
        "theorem": entry["theorem"],
        "norm": entry["norm"],
        "error": entry["measured"],
        "bound": None if entry["bound"] is None else float(entry["bound"]),
        "verdict": summary["verdict"]["status"],
        "seconds": summary["process_seconds"],
    }
