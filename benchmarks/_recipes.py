"""The default recipe beside what else could be chosen, one problem of each kind."""

import math
import time
from typing import Any

from ._figure import Figure

# Kind of problem, an entry of that kind, steps.
kinds = (
    ("ordinary, forward", "pendulum", 300),
    ("steady, linear", "poisson-1d", 300),
    ("steady, nonlinear", "bratu", 200),
    ("evolution, linear", "heat", 120),
    ("evolution, nonlinear", "burgers", 100),
)
choices: dict[str, dict[str, Any]] = {
    "default": {},
    "adam first": {"adam_steps": 50},
    "two stages": {"stages": 2},
    "two windows": {"windows": 2},
    "pseudo-time": {"pseudo_time": True},
}
network = {"width": 12, "depth": 2}


def recipes() -> list[Figure]:
    """Relative L2 error of each choice over that of the default, after equal steps;
    seed 0, two hidden layers of 12.
    """
    figures = []
    for kind, name, steps in kinds:
        rows = [_row(name, steps, choice) for choice in choices]
        rows = [row for row in rows if row["error"] is not None]
        errors = {row["choice"]: row["error"] for row in rows}
        best = min(errors[c] for c in errors)
        figures.append(
            Figure(
                f"{kind}: error of the default over the least of {len(rows)} choices, "
                f"{name}, {steps} steps",
                10.0,
                errors["default"] / best,
                at_least=False,
                details={"rows": rows, "note": "on a machine that others used too"},
            )
        )
    return figures


def _row(name: str, steps: int, choice: str) -> dict[str, Any]:
    """One run; without an error where the problem has no use for the choice."""
    import certax as cx
    from certax._api._measure import measuring_grid, relative_l2
    from certax._core import Configuration
    from certax.problems import zoo_entry

    entry = zoo_entry(name)
    training = {**choices[choice], **({"points": 1000} if name == "burgers" else {})}
    settings = Configuration.model_validate({"network": network, "training": training})
    row: dict[str, Any] = {"problem": name, "choice": choice, "error": None}
    began = time.process_time()
    try:
        solution = cx.solve(entry.problem, configuration=settings, max_steps=steps)
    except cx.CertaxError as error:
        return row | {"refused": error.message}
    grid = measuring_grid(entry.problem, entry.reference)
    assert grid.reference is not None
    found = relative_l2(grid.values(solution), grid.reference).values()
    error = max(v for v in found if v is not None)
    return row | {
        "error": error if math.isfinite(error) else None,
        "steps": solution.details["steps"],
        "processor_seconds": round(time.process_time() - began, 1),
    }
