"""The same sixty seconds: `certax solve` and DeepXDE's own recipe, Adam then L-BFGS.

Errors are relative, in L2 on the grid on which `certax solve` measures. DeepXDE has
its time for training alone, in its usual precision; certax reads, compiles, trains,
measures and reports within the budget.
"""

import os
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ._figure import Figure
from ._solving import largest_value, seeds, solve

seconds = 60
problems = (
    "burgers",
    "heat",
    "poisson",
    "allen-cahn",
    "kdv-one-soliton",
    "klein-gordon",
)
_recipe = Path(__file__).parent / "_deepxde_recipe.py"


def deepxde() -> list[Figure]:
    """A row for each problem: medians over the seeds, and their ratio."""
    python = os.environ.get("CERTAX_OPPONENT_PYTHON")
    return [_compared(problem, python) for problem in problems]


def _compared(problem: str, python: str | None) -> Figure:
    ours: list[dict[str, Any]] = []
    theirs: list[float] = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as parent:
            budget = ("--no-certify", "--budget", str(seconds))
            ours.append(solve(problem, seed, Path(parent) / "run", *budget))
        if python:
            theirs.append(_error(problem, seed, python))
    errors = [largest_value(summary["relative_l2"]) for summary in ours]
    return Figure(
        f"{problem}: DeepXDE's error over that of certax, {seconds} s each",
        100.0,
        median(theirs) / median(errors) if theirs else None,
        at_least=True,
        details={
            "runs": errors,
            "process_seconds": [summary["process_seconds"] for summary in ours],
            "deepxde": theirs,
        },
        row={
            "problem": problem,
            "seconds": seconds,
            "norm": "relative L2",
            "certax": median(errors),
            "deepxde": median(theirs) if theirs else None,
        },
    )


def _error(problem: str, seed: int, python: str) -> float:
    """The relative L2 error that DeepXDE's recipe reaches."""
    from certax._api._measure import measuring_grid
    from certax.problems import zoo_entry

    entry = zoo_entry(problem)
    grid = measuring_grid(entry.problem, entry.reference)
    assert grid.reference is not None
    exact = next(iter(grid.reference.values())).ravel()
    points = np.stack(np.meshgrid(*grid.axes, indexing="ij"), -1)
    with tempfile.TemporaryDirectory() as folder:
        np.save(Path(folder) / "points.npy", points.reshape(len(exact), -1))
        command = [python, str(_recipe), problem, str(seconds), str(seed)]
        environment = os.environ | {"DDE_BACKEND": "pytorch"}
        subprocess.run(
            [*command, folder], env=environment, capture_output=True, check=True
        )
        values = np.load(Path(folder) / "values.npy")
    return float(np.linalg.norm(values - exact) / np.linalg.norm(exact))
