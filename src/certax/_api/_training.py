"""From a problem to trained weights."""

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np

from .._core import Configuration, RunFolder, TrainingProgress
from ..problems import Data, Problem, Solution
from ..reports import read_metrics
from ..training import GrowingSampler, Outcome, OverfittingWatch, train
from ._initial import initial_network
from ._measure import Grid, relative_l2
from ._objective import parameters, residual_function
from ._recipes import fitted_recipe, recipe_of


def train_solution(
    problem: Problem,
    configuration: Configuration,
    seed: int,
    *,
    deadline: float | None,
    max_steps: int | None,
    checkpoint: Path | None,
    resume: bool,
    grid: Grid,
    data: Data | None,
    record: Callable[[TrainingProgress], None],
) -> tuple[Solution, Outcome]:
    """Trains a net on a problem.

    **Arguments:**

    - `deadline`: by `time.monotonic()`, or `None`.
    - `checkpoint`: the file that holds the state, or `None`.
    - `grid`: where the error is measured while training, if there is a reference.
    - `data`: what was measured, or `None`.
    - `record`: called with every progress record.
    """
    recipe = recipe_of(problem, configuration.training)
    hard = configuration.training.hard
    net = initial_network(problem, configuration.network, hard, seed, recipe.widths)
    shapes = net.shapes
    recipe = fitted_recipe(recipe, shapes, problem.equations, configuration.training)
    residual = residual_function(problem, net.program, hard, data)

    def solution_at(vector: np.ndarray, details: dict[str, Any]) -> Solution:
        found, unknowns = parameters(problem, net.program, net.stored(vector))
        numbers = {name: float(value) for name, value in unknowns.items()}
        return Solution(problem, net.program, found, details, numbers)

    # While the points grow along the domain, fresh ones lie beyond them.
    growing = {p.name for p in recipe.phases if isinstance(p.sampler, GrowingSampler)}
    watch = OverfittingWatch()

    def report(event: Any, vector: np.ndarray) -> None:
        nonlocal watch
        warning = ""
        if event.phase not in growing:
            watch, warning = watch.seen(event)
        error = None
        if grid.reference is not None:
            found = relative_l2(grid.values(solution_at(vector, {})), grid.reference)
            known = [v for v in found.values() if v is not None]
            error = max(known) if known else None
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        record(
            TrainingProgress(
                event.step,
                event.phase,
                event.wall_seconds,
                event.loss,
                event.residual_rms,
                event.fresh_residual_rms,
                error,
                left,
                warning,
            )
        )

    with jax.enable_x64(True):
        result = train(
            residual,
            net.parameters,
            problem.domain.dimension,
            recipe=recipe,
            parameterization=net.parameterization,
            seed=seed,
            max_steps=max_steps,
            deadline=deadline,
            callback=report,
            checkpoint=checkpoint,
            resume=resume,
            inside=problem.domain.inside_of_cube,
        )
    details = {"seed": seed, "steps": result.steps, "outcome": result.outcome.value}
    return solution_at(result.weights, details), result.outcome


def former_records(folder: RunFolder) -> list[TrainingProgress]:
    """What training recorded before a run is taken up again."""
    found = []
    for record in read_metrics(folder.path):
        facts = record.model_dump(exclude={"note"})
        for name in ("loss", "residual_rms", "fresh_residual_rms"):
            facts[name] = math.nan if facts[name] is None else facts[name]
        found.append(TrainingProgress(**facts))
    return found
