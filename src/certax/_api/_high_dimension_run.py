"""`certax solve` in any number of dimensions: train, measure, write the folder."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np

from .._core import (
    CertaxError,
    Configuration,
    Progress,
    RunFolder,
    StageProgress,
    TrainingProgress,
)
from ..problems import HighDimensionalProblem
from ..reports import Summary, write_report, write_solution
from ..training import StochasticRecipe, network_of
from ._accounts import Clock, peak_memory, written
from ._high_dimension import (
    HighDimensionalSolution,
    Listener,
    train_high_dimensional,
    usual_budget,
)
from ._high_dimension_verdict import judge_high_dimensional
from ._measure_points import TestPoints
from ._training import former_records
from ._training_files import begin_training, record_training

_share_of_training = 0.85
_written = 500


def run_high_dimensional(
    problem: HighDimensionalProblem,
    *,
    name: str,
    configuration: Configuration,
    seed: int,
    out: Path,
    force: bool = False,
    resume: bool = False,
    budget: float | None = None,
    max_steps: int | None = None,
    started: float | None = None,
    progress: Listener = None,
) -> Summary:
    """As `run`, for a high-dimensional problem: there is no certificate, the summary
    says why, and `problem.json` and `solution.nc` are words and values at points.

    **Raises:** `CertaxError` if the folder or the settings cannot be used.
    """
    from safetensors.numpy import save

    began = time.monotonic() if started is None else started
    clock = Clock(began)
    recipe = recipe_from(configuration)
    folder = RunFolder.create(
        out,
        name=name,
        seed=seed,
        problem_sha256=problem.sha256,
        configuration=configuration,
        force=force,
        resume=resume,
    )
    checkpoint = begin_training(folder, problem.text(), resume)
    if budget is None and max_steps is None:
        budget = usual_budget
    deadline = None if budget is None else began + _share_of_training * budget
    if progress is not None:
        progress(StageProgress("training"))

    records = former_records(folder) if resume else []

    def record(event: Progress) -> None:
        if isinstance(event, TrainingProgress):
            records.append(event)
            record_training(folder, event)
        if progress is not None:
            progress(event)

    clock.lap("start")
    solution = train_high_dimensional(
        problem,
        recipe,
        seed=seed,
        deadline=deadline,
        max_steps=max_steps,
        checkpoint=checkpoint,
        resume=resume,
        progress=record,
    )
    clock.lap("train")
    if solution.stopped_by != "failed":
        folder.write("weights.safetensors", save(_weights(solution)))
    facts = _facts(solution, records) | {"problem": name, "seed": seed}
    broken = solution.stopped_by in ("failed", "interrupted")
    if not broken:
        _write_points(solution, folder)

    clock.lap("report")
    summary = written(facts | {"wall_seconds": clock.seconds()}, folder)
    if broken:
        return summary
    write_report(folder.path)
    clock.lap("report")
    return written(facts | {"wall_seconds": clock.seconds()}, folder)


def _weights(solution: HighDimensionalSolution) -> dict[str, np.ndarray]:
    return {
        f"layers.{i}.{part}": np.asarray(getattr(layer, part))
        for i, layer in enumerate(solution.net.layers)
        for part in ("weight", "bias")
    }


def _write_points(solution: HighDimensionalSolution, folder: RunFolder) -> None:
    """`solution.nc`: û and the solution at points, by their distance from 0."""
    problem, known = solution.problem, solution.problem.known
    distances, values, exact = [], [], []
    for points in TestPoints(problem, _written).chunks():
        distances.append(np.linalg.norm(points[0], axis=1))
        values.append(solution(*points))
        if known is not None:
            exact.append(known.values(*points))
    distance = np.concatenate(distances)
    order = np.argsort(distance)
    write_solution(
        folder.file("solution.nc"),
        {"distance": distance[order]},
        {"u": np.concatenate(values)[order]},
        reference={"u": np.concatenate(exact)[order]} if exact else None,
        attributes={"problem_sha256": problem.sha256},
    )


def recipe_from(configuration: Configuration) -> StochasticRecipe:
    """The recipe with the settings that mean something here.

    **Raises:** `CertaxError` for the others.
    """
    network, training = configuration.network, configuration.training
    idle = {
        "network.kind": network.kind not in (None, "mlp"),
        "network.form": network.form != "direct",
        "network.features": network.features is not None,
        "network.scale": network.scale is not None,
        "network.factorized": network.factorized,
        "network.symmetric": bool(network.symmetric),
        "training.optimizer": training.optimizer not in (None, "adam"),
        "training.balancing": training.balancing is not None,
        "training.adam_steps": training.adam_steps is not None,
        "training.windows": training.windows != 1,
        "training.recipe": training.recipe is not None,
        "training.stages": training.stages not in (None, 1),
        "training.pseudo_time": training.pseudo_time,
        "training.smoothness": training.smoothness is not None,
        "training.hard": not training.hard,
    }
    for key, is_idle in idle.items():
        if is_idle:
            raise CertaxError(
                f"The setting {key} has no meaning in high dimension.",
                value=key,
                remedy="Leave it out; network.width, network.depth, "
                "network.activation and training.points can be set.",
            )
    usual = StochasticRecipe()
    return StochasticRecipe(
        width=network.width or usual.width,
        depth=network.depth or usual.depth,
        activation=network.activation or usual.activation,
        points=training.points or usual.points,
    )


def _facts(
    solution: HighDimensionalSolution, records: Sequence[TrainingProgress]
) -> dict[str, Any]:
    problem = solution.problem
    failed = solution.stopped_by == "failed"
    errors = (
        {}
        if failed
        else TestPoints(problem).errors(
            {
                "net": network_of(problem, solution.net),
                "data": lambda *_: jnp.zeros((), jnp.float32),
                "constant": lambda *_: jnp.asarray(solution.constant, jnp.float32),
            }
        )
    )
    error, largest = errors.get("net", (None, None))
    known = problem.known
    reason = (
        f"A certificate covers a domain of at most five named coordinates with boxes; "
        f"this one has {problem.dimension:,} dimensions, so the error is measured only."
    )
    entry = {
        "file": None,
        "claim": "solution",
        "field": "u",
        "norm": "L2",
        "domain": problem.cloud.in_words(),
        "bound": None,
        "bound_hex": None,
        "measured": None,
        "ratio": None,
        "verdict": "not applicable",
        "theorem": "",
        "leaves": None,
        "seconds_search": None,
        "seconds_check": None,
        "reason": reason,
    }
    broken = solution.stopped_by in ("failed", "interrupted")
    relative = {name: pair[0] for name, pair in errors.items()}
    if errors:
        relative["zero"] = 1.0
    verdict = judge_high_dimensional(records, solution.stopped_by, relative)
    return {
        "format": "certax-summary/1",
        "problem_sha256": problem.sha256,
        "steps": solution.steps,
        "stopped_by": solution.stopped_by,
        "peak_memory_bytes": peak_memory(),
        "relative_l2": {"u": error},
        "max_error": {"u": largest},
        "grid": (),
        "reference": None
        if known is None
        else {"name": known.method, "accuracy": known.accuracy},
        "baselines": {
            "zero": {"u": 1.0 if errors else None},
            "initial": {"u": errors.get("data", (None,))[0]}
            if problem.cloud.has_time
            else None,
            "mean": None,
            "constant": {"u": errors.get("constant", (None,))[0]},
        },
        "certificates": [] if broken else [entry],
        "verdict": verdict.as_summary(),
    }
