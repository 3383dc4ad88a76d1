"""From a problem to trained weights."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import jax
import numpy as np

from .._core import CertaxError, Configuration, RunFolder, TrainingProgress
from ..problems import Data, Problem, Solution
from ..reports import read_metrics
from ..training import (
    GrowingSampler,
    Outcome,
    OverfittingWatch,
    Progress,
    Recipe,
    ResidualLoss,
    read_facts,
    train,
)
from ._measure import Grid
from ._objective import Residual, fields_function, residual_function
from ._recipes import (
    Method,
    check_steady,
    correcting,
    evolving,
    fitted_recipe,
    method_of,
)
from ._stages import Plan, Stage, check_window


def check_settings(
    problem: Problem, configuration: Configuration, seed: int, data: Data | None
) -> None:
    """What can be said before a folder is touched; nothing is compiled.

    **Raises:** `CertaxError` for what is no problem, for settings it has no use for,
    and for more coordinates than are solved.
    """
    if not isinstance(problem, Problem):
        raise CertaxError(
            f"{problem!r} is no certax.Problem.",
            value=repr(problem),
            remedy="Those of the zoo are certax.problems.zoo_entry(NAME).problem; a "
            "HighDimensionalProblem is for certax.solve_high_dimensional.",
        )
    if problem.domain.dimension > 5:
        raise CertaxError(
            f"Problems in more than five coordinates are not solved, and this one has "
            f"{problem.domain.dimension}.",
            value=problem.domain.dimension,
            remedy="Certify a net from elsewhere: docs/nets.md.",
        )
    method = method_of(problem, configuration, data is not None)
    if method.configuration.training.pseudo_time:
        check_steady(problem)
    Plan(problem, method.configuration, seed, method.recipe.widths, data)


def rehearse(
    problem: Problem, configuration: Configuration, seed: int, data: Data | None
) -> None:
    """Everything before the first step: what can refuse a run does so here, while the
    run that it is to replace is still there.

    **Raises:** `CertaxError` as training does before it begins.
    """
    method = method_of(problem, configuration, data is not None)
    plan = Plan(problem, method.configuration, seed, method.recipe.widths, data)
    stage = plan.stage(0, None, None)
    recipe, residual = _prepared(problem, method, stage, 0, data)
    parameters, parameterization = stage.net.parameters, stage.net.parameterization
    loss = ResidualLoss(
        residual, parameterization=parameterization, streams=recipe.streams
    )
    with jax.enable_x64(True):
        recipe.check(loss, parameters, problem.domain.dimension)


def _prepared(
    problem: Problem, method: Method, stage: Stage, index: int, data: Data | None
) -> tuple[Recipe, Residual]:
    """How the stage of an index is trained, and on what."""
    settings, basic = method.configuration.training, method.recipe
    recipe = fitted_recipe(
        basic if index < settings.windows else correcting(basic),
        stage.net.shapes,
        problem.equations,
        settings,
    )
    residual = residual_function(
        *(problem, stage.net.program, settings.hard, data),
        unpack=partial(stage.net.unpack, problem),
        part=stage.part,
        smoothness=settings.smoothness,
    )
    if settings.pseudo_time and index == 0:
        recipe = evolving(recipe, _fields_loss(problem, stage, residual, recipe))
    return recipe, residual


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
    handed_over: Callable[[int, Solution], None] | None = None,
) -> tuple[Solution, Outcome]:
    """Trains a net on a problem, in all its stages.

    **Arguments:**

    - `deadline`: by `time.monotonic()`, or `None`.
    - `checkpoint`: the file that holds the state, or `None`; later stages have theirs
      beside it.
    - `grid`: where the error is measured while training, if there is a reference.
    - `data`: what was measured, or `None`.
    - `record`: called with every progress record.
    - `handed_over`: called before the next window with the number of those done and
      with û as the solution of the problem until then; not again for a window that
      was done before a resumption.

    **Raises:** `CertaxError` for settings that the problem has no use for, and for a
    window that was not solved.
    """
    method = method_of(problem, configuration, data is not None)
    plan = Plan(problem, method.configuration, seed, method.recipe.widths, data)
    done, module, numbers, told = 0, None, None, method
    for index in range(len(plan)):
        stage = plan.stage(index, module, numbers)
        recipe, residual = _prepared(problem, method, stage, index, data)
        own, following = (
            stage_file(checkpoint, index),
            stage_file(checkpoint, index + 1),
        )
        left = len(plan) - index
        limit = None if max_steps is None else max(1, (max_steps - done) // left)
        ended = _ended_at(own, following) if resume else None
        limit = limit if ended is None else ended
        if index == 0:
            # The optimizer that was asked for is part of what the run says.
            told = replace(method, recipe=recipe)
        report = (
            None
            if ended is not None
            else _reporter(problem, stage, recipe, grid, deadline, done, record)
        )
        with jax.enable_x64(True):
            result = train(
                residual,
                stage.net.parameters,
                problem.domain.dimension,
                recipe=recipe,
                parameterization=stage.net.parameterization,
                seed=seed,
                max_steps=limit,
                deadline=None if deadline is None else _share(deadline, left),
                callback=report,
                checkpoint=own,
                resume=resume,
                inside=problem.domain.inside_of_cube,
            )
            module = stage.net.trained(stage.module, result.weights)
        numbers = result.weights[result.weights.size - len(problem.unknowns) :]
        done += result.steps
        details = {"seed": seed, "steps": done, "outcome": result.outcome.value}
        details["recipe"] = told.as_json()
        solution = _solution(problem, stage, result.weights, details)
        if result.outcome in (Outcome.FAILED, Outcome.INTERRUPTED):
            break
        if stage.part is not None:
            check_window(stage, solution, result.progress.fresh_residual_rms)
            last = index + 1 == plan.windows
            if handed_over is not None and not last and ended is None:
                until = problem.until(Fraction(index + 1, plan.windows))
                handed_over(index + 1, replace(solution, problem=until))
    return solution, result.outcome


def _fields_loss(
    problem: Problem, stage: Stage, residual: Residual, recipe: Recipe
) -> ResidualLoss:
    """The fields on the points of the residual, as many as it has terms."""
    net = stage.net
    loss = partial(ResidualLoss, parameterization=net.parameterization)
    own = loss(residual, streams=recipe.streams)
    terms = own.number_of_terms(net.parameters, problem.domain.dimension)
    unpack = partial(net.unpack, problem)
    fields = fields_function(problem, net.program, terms, unpack)
    return loss(fields, streams=recipe.streams)


def stage_file(checkpoint: Path | None, index: int) -> Path | None:
    """The checkpoint of a stage, beside that of the first."""
    if checkpoint is None or index == 0:
        return checkpoint
    return checkpoint.with_name(f"{checkpoint.stem}-{index}{checkpoint.suffix}")


def _ended_at(own: Path | None, following: Path | None) -> int | None:
    """The last step of a stage that is over because the next one has begun."""
    if own is None or following is None or not following.exists():
        return None
    return int(read_facts(own)["step"])


def _share(deadline: float, stages: int) -> float:
    now = time.monotonic()
    return now + (deadline - now) / stages


def _solution(
    problem: Problem, stage: Stage, vector: np.ndarray, details: dict[str, Any]
) -> Solution:
    """û with what is trained in this stage as given."""
    weights, unknowns = stage.net.unpack(problem, stage.net.stored(vector))
    numbers = {name: float(value) for name, value in unknowns.items()}
    return Solution(problem, stage.net.program, weights, details, numbers)


def _reporter(
    problem: Problem,
    stage: Stage,
    recipe: Recipe,
    grid: Grid,
    deadline: float | None,
    done: int,
    record: Callable[[TrainingProgress], None],
) -> Callable[[Progress, np.ndarray], None]:
    """Makes records of a stage that begins after `done` steps."""
    reached = stage.part is None or stage.part[2] == 1.0
    # While the points grow along the domain, fresh ones lie beyond them.
    growing = {p.name for p in recipe.phases if isinstance(p.sampler, GrowingSampler)}
    watch = OverfittingWatch()

    def report(event: Progress, vector: np.ndarray) -> None:
        nonlocal watch
        warning, error = "", None
        if event.phase not in growing:
            watch, warning = watch.seen(event)
        if grid.reference is not None and reached:
            values = grid.values(_solution(problem, stage, vector, {}))
            found = grid.relative_l2(values).values()
            error = max((v for v in found if v is not None), default=None)
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        record(
            TrainingProgress(
                done + event.step,
                f"{stage.label}: {event.phase}" if stage.label else event.phase,
                event.wall_seconds,
                event.loss,
                event.residual_rms,
                event.fresh_residual_rms,
                error,
                left,
                warning,
            )
        )

    return report


def former_records(folder: RunFolder) -> list[TrainingProgress]:
    """What training recorded before a run is taken up again."""
    found = []
    for record in read_metrics(folder.path):
        facts = record.model_dump(exclude={"note"})
        for name in ("loss", "residual_rms", "fresh_residual_rms"):
            facts[name] = math.nan if facts[name] is None else facts[name]
        found.append(TrainingProgress(**facts))
    return found
