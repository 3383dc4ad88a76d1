"""The default recipe beside what else could be chosen, one problem of each kind."""

import math
import time
from typing import Any

from ._figure import Figure

# Kind of problem, an entry of that kind, steps.
kinds = (
    ("ordinary", "pendulum", 300),
    ("two-point", "poisson-1d", 300),
    ("two-point", "bratu", 200),
    ("steady", "poisson", 150),
    ("steady system", "kovasznay", 100),
    ("corner", "poisson-l-shape", 120),
    ("hole", "stokes", 60),
    ("evolution", "heat", 120),
    ("nonlinear evolution", "burgers", 100),
    ("convection", "advection-80", 60),
    ("wave", "klein-gordon", 120),
    ("nonlinear wave", "sine-gordon", 80),
    ("dispersive", "kdv-one-soliton", 60),
    ("many coordinates", "poisson-5d", 60),
)
choices: dict[str, dict[str, Any]] = {
    "default": {},
    "points spread evenly": {"recipe": "smooth"},
    "points that follow the residual": {"recipe": "sharp"},
    "one stage": {"stages": 1},
    "two stages": {"stages": 2},
    "two windows": {"windows": 2},
    "pseudo-time": {"pseudo_time": True},
    "no characteristics": {"kind": "mlp"},
    "mirrors built in": {"symmetric": True},
    "no mirrors": {"symmetric": False},
}
network = {"width": 12, "depth": 2}
points = 1000


def recipes() -> list[Figure]:
    """Relative L2 error of the default over the least of all choices, after equal
    steps on equally many points; seed 0, two hidden layers of 12. What a choice leaves
    as the default has it is not run again.
    """
    figures = []
    for kind, name, steps in kinds:
        rows = [_row(name, steps, choice) for choice in choices]
        rows = [row for row in rows if row["error"] is not None]
        errors = {row["choice"]: row["error"] for row in rows}
        best = min(errors, key=lambda choice: errors[choice])
        figures.append(
            Figure(
                f"{kind}: error of the default over the least of {len(rows)} choices, "
                f"{name}, {steps} steps",
                10.0,
                errors["default"] / errors[best],
                at_least=False,
                details={
                    "rows": rows,
                    "best": best,
                    "note": "on a machine that others used too",
                },
            )
        )
    return figures


def _row(name: str, steps: int, choice: str) -> dict[str, Any]:
    """One run; without an error where the problem has no use for the choice."""
    import certax as cx
    from certax._api._kinds import kind_of
    from certax._api._measure import measuring_grid
    from certax._api._recipes import method_of
    from certax._core import Configuration
    from certax.problems import zoo_entry

    entry = zoo_entry(name)
    row: dict[str, Any] = {"problem": name, "choice": choice, "error": None}
    changed = dict(choices[choice])
    nets = {k: changed.pop(k) for k in ("kind", "symmetric") if k in changed}
    settings, usual = (
        Configuration.model_validate(
            {"network": network | n, "training": {"points": points} | t}
        )
        for n, t in ((nets, changed), ({}, {}))
    )
    same = method_of(entry.problem, settings) == method_of(entry.problem, usual)
    if choice != "default" and same:
        return row | {"refused": "the default has it"}
    row["kind"] = kind_of(entry.problem)
    began = time.process_time()
    try:
        solution = cx.solve(entry.problem, configuration=settings, max_steps=steps)
    except cx.CertaxError as error:
        return row | {"refused": error.message}
    grid = measuring_grid(entry.problem, entry.reference)
    found = grid.relative_l2(grid.values(solution)).values()
    error = max(v for v in found if v is not None)
    return row | {
        "error": error if math.isfinite(error) else None,
        "steps": solution.details["steps"],
        "processor_seconds": round(time.process_time() - began, 1),
    }
