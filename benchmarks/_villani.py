"""Which linear problems of the zoo have Villani losses, with which regularizer."""

import time
from typing import Any

from ._figure import Figure

weight, width, points = "0.1", 4, 16
powers = (0, 1, 2, 3)


def villani() -> list[Figure]:
    """How many questions stay open: no proof, and no direction that refutes."""
    import certax as cx
    from certax.problems import zoo

    known = cx.diagnostics
    began = time.monotonic()
    rows = []
    for name, entry in zoo().items():
        if not known.is_linear(entry.problem):
            continue
        settings = cx.NetworkSettings(width=width, depth=1)
        row: dict[str, Any] = {"problem": name}
        for trained in ("all", "outer"):
            loss = known.equation_loss(
                entry.problem, settings, points=points, trained=trained
            )
            row["order"] = loss.rows.order
            of = powers if trained == "all" else (1,)
            row[trained] = {str(q): _answer(known, loss, q) for q in of}
        rows.append(row)
    answers = [a for row in rows for t in ("all", "outer") for a in row[t].values()]
    open_ones = [a for a in answers if a["verdict"].startswith("growth observed")]
    details = {
        "rows": rows,
        "weight": weight,
        "width": width,
        "points": points,
        "questions": len(answers),
        "proved": sum(a["verdict"] == "proved" for a in answers),
        "seconds": time.monotonic() - began,
    }
    what = "Villani functions: linear zoo problems and regularizers left undecided"
    return [Figure(what, 0, len(open_ones), details=details)]


def _answer(known: Any, loss: Any, power: int) -> dict[str, Any]:
    added = known.PowerRegularizer(weight, power) if power else known.NoRegularizer()
    found = known.villani_growth_of(loss, added)
    found.verify()
    samples = found.rays[0].samples
    return {
        "verdict": found.verdict,
        "radius": found.radius,
        "temperature": found.temperature,
        "threshold": found.threshold,
        "ray": found.rays[0].ray.story,
        "first": [samples[0].radius, samples[0].lower, samples[0].upper],
        "last": [samples[-1].radius, samples[-1].lower, samples[-1].upper],
    }
