"""All optimizers on the same nets and points for the same time."""

import time
from statistics import geometric_mean
from typing import Any

import numpy as np

from ._figure import Figure

problems = ("poisson", "heat", "klein-gordon", "burgers", "allen-cahn-smooth")
seconds, points, width, depth = 12.0, 2000, 20, 3


def optimizers() -> list[Figure]:
    """Relative L2 error of every optimizer over that of the default, compilation left
    out; seed 0.
    """
    from certax.training import named_optimizers

    default = "levenberg-marquardt"
    rows = []
    for problem in problems:
        for optimizer in named_optimizers:
            rows.append(_row(problem, optimizer))
    errors = {(row["problem"], row["optimizer"]): row["error"] for row in rows}
    figures = []
    for optimizer in named_optimizers:
        ratios = [errors[p, optimizer] / errors[p, default] for p in problems]
        figures.append(
            Figure(
                f"{optimizer}: error over that of {default}, geometric mean of "
                f"{len(problems)} problems, {seconds:.0f} s each",
                1.0,
                geometric_mean(ratios),
                at_least=True,
                details={"rows": [r for r in rows if r["optimizer"] == optimizer]},
            )
        )
    return figures


def _row(name: str, optimizer: str) -> dict[str, Any]:
    """One run of a problem of the zoo, of whole steps until the time is over."""
    import jax

    from certax._api._measure import measuring_grid, relative_l2
    from certax._api._objective import (
        flatten,
        initial_network,
        residual_function,
        unflatten,
    )
    from certax._api._recipes import fitted_recipe, recipe_of
    from certax._core import TrainingSettings
    from certax.problems import Solution, zoo_entry
    from certax.training import train

    entry = zoo_entry(name)
    problem = entry.problem
    settings = TrainingSettings(points=points, optimizer=optimizer)
    program, weights = initial_network(problem, width, depth, "tanh", True, 0)
    recipe = fitted_recipe(recipe_of(problem, settings), problem, program, settings)
    residual = residual_function(problem, program, True)
    vector = flatten(weights, program)
    dimension = problem.domain.dimension
    grid = measuring_grid(problem, entry.reference)
    with jax.enable_x64(True):
        train(residual, vector, dimension, recipe=recipe, seed=1, max_steps=2)
        began = time.process_time()
        result = train(
            *(residual, vector, dimension),
            recipe=recipe,
            seed=0,
            deadline=time.monotonic() + seconds,
        )
    solution = Solution(problem, program, unflatten(result.weights, program), {})
    assert grid.reference is not None
    found = relative_l2(grid.values(solution), grid.reference).values()
    return {
        "problem": name,
        "optimizer": optimizer,
        "error": float(np.max([v for v in found if v is not None])),
        "fresh_residual_rms": result.progress.fresh_residual_rms,
        "steps": result.steps,
        "stopped_by": result.outcome.value,
        "processor_seconds": round(time.process_time() - began, 1),
        "weights": vector.size,
    }
