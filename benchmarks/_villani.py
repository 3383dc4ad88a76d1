"""Which linear problems of the zoo have Villani losses, with which regularizer."""

import sys
from dataclasses import replace
from typing import Any

from ._figure import Figure

weight, width, points = "0.1", 4, 16
powers = (0, 1, 2, 3)


def villani() -> list[Figure]:
    """How many questions stay open: no proof, and no direction that refutes."""
    import certax as cx
    from certax.problems import zoo

    known = cx.diagnostics
    rows = []
    for name, entry in zoo().items():
        if not known.is_linear(entry.problem):
            continue
        settings = cx.NetworkSettings(width=width, depth=1)
        outer = known.equation_loss(
            entry.problem, settings, points=points, trained="outer"
        )
        whole = replace(outer, trained="all", inner=None)
        row: dict[str, Any] = {"problem": name, "order": outer.rows.order}
        row["all"] = {str(q): _answer(known, whole, q) for q in powers}
        row["outer"] = {"1": _answer(known, outer, 1)}
        rows.append(row)
        print(name, file=sys.stderr, flush=True)
    answers = [a for row in rows for t in ("all", "outer") for a in row[t].values()]
    open_ones = [a for a in answers if a["verdict"].startswith("growth observed")]
    details = {
        "rows": rows,
        "weight": weight,
        "width": width,
        "points": points,
        "questions": len(answers),
        "proved": sum(a["verdict"] == "proved" for a in answers),
    }
    what = "Villani functions: linear zoo problems and regularizers left undecided"
    return [Figure(what, 0, len(open_ones), details=details)]


def _answer(known: Any, loss: Any, power: int) -> dict[str, Any]:
    added = known.PowerRegularizer(weight, power) if power else known.NoRegularizer()
    found = known.villani_growth_of(loss, added, search=False)
    found.verify()
    samples = found.rays[0].samples
    if found.verdict == "proved":
        ends = [(row.ray.length, row.samples[-1]) for row in found.rays]
        beyond = [end for length, end in ends if end.radius * length > found.radius]
        assert all(end.lower > 0 for end in beyond)
    return {
        "verdict": found.verdict,
        "radius": found.radius,
        "temperature": found.temperature,
        "threshold": found.threshold,
        "ray": found.rays[0].ray.story,
        "first": [samples[0].radius, samples[0].lower, samples[0].upper],
        "last": [samples[-1].radius, samples[-1].lower, samples[-1].upper],
    }
