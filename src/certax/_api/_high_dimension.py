"""Solving in any number of dimensions: train, measure, write the run folder."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from ..nn import MLP
from ..problems import HighDimensionalProblem
from ..reports import Summary
from ..training import (
    StochasticRecipe,
    network_of,
    train_stochastic,
)
from ._measure_points import TestPoints, evaluated

Listener = Callable[[Progress], None] | None
_looked_at = 100
_share_of_training = 0.85
_usual_budget = 60.0


@dataclass(frozen=True, eq=False)
class HighDimensionalSolution:
    """A trained net for a high-dimensional problem.

    **Attributes:**

    - `problem`: what it answers.
    - `net`: its weights, in float32.
    - `steps`, `stopped_by`, `seconds_per_step`: of training.
    - `constant`: the best constant for N, where training started.
    """

    problem: HighDimensionalProblem
    net: MLP
    steps: int
    stopped_by: str
    seconds_per_step: float
    constant: float

    def __call__(self, *points: np.ndarray) -> np.ndarray:
        """û at points: x of shape `(n, d)` and, if there is time, t of `(n,)`."""
        network = network_of(self.problem, self.net)
        return evaluated(self.problem, network, points)

    def relative_l2(self) -> float | None:
        """The error over a thousand points of the problem's law, which training never
        saw; `None` where the solution is not known.
        """
        return _error(self, TestPoints(self.problem))


def solve_high_dimensional(
    problem: HighDimensionalProblem,
    *,
    recipe: StochasticRecipe = StochasticRecipe(),
    seed: int = 0,
    budget: float | None = None,
    max_steps: int | None = None,
    progress: Listener = None,
) -> HighDimensionalSolution:
    """Trains a net on a high-dimensional problem.

    **Arguments:**

    - `problem`: a [`certax.HighDimensionalProblem`][].
    - `recipe`: a `certax.training.StochasticRecipe`: net, points, directions, rate.
    - `seed`: of weights, points and directions.
    - `budget`: seconds of training, 60 without it and `max_steps`.
    - `progress`: called with progress events.

    **Returns:** a `HighDimensionalSolution`, a function of points.

    **Raises:** `CertaxError` if training fails or the problem does not fit into memory.

    !!! example

        ```python
        problem = high_dimensional_problem("sine-gordon-ball", {"d": "1000"})
        solution = cx.solve_high_dimensional(problem, budget=60)
        ```
    """
    if budget is None and max_steps is None:
        budget = _usual_budget
    deadline = None if budget is None else time.monotonic() + budget
    points = TestPoints(problem, _looked_at)
    solution = _train(problem, recipe, seed, deadline, max_steps, points, progress)
    if solution.stopped_by == "failed":
        raise CertaxError(
            f"Training failed at step {solution.steps}: the loss became NaN or "
            "infinite.",
            value=solution.steps,
            remedy="Lower the recipe's learning_rate, or look for a division by zero "
            "in the residual.",
            kind="training",
        )
    return solution


def run_high_dimensional(
    problem: HighDimensionalProblem,
    *,
    name: str,
    configuration: Configuration,
    seed: int,
    out: Path,
    force: bool = False,
    budget: float | None = None,
    max_steps: int | None = None,
    started: float | None = None,
    progress: Listener = None,
) -> Summary:
    """As `run`, for a high-dimensional problem: config.json, problem.json, metrics,
    weights and summary.json. There is no certificate and no page, and the summary says
    why.

    **Raises:** `CertaxError` if the folder or the settings cannot be used.
    """
    from safetensors.numpy import save

    began = time.monotonic() if started is None else started
    recipe = recipe_from(configuration)
    folder = RunFolder.create(
        out,
        name=name,
        seed=seed,
        problem_sha256=problem.sha256,
        configuration=configuration,
        force=force,
    )
    folder.write("problem.json", problem.text())
    folder.write("metrics.jsonl", "")
    if budget is None and max_steps is None:
        budget = _usual_budget
    deadline = None if budget is None else began + _share_of_training * budget
    if progress is not None:
        progress(StageProgress("training"))

    def record(event: Progress) -> None:
        if isinstance(event, TrainingProgress):
            line = dict(vars(event))
            line.pop("seconds_left")
            folder.append_record("metrics.jsonl", line)
        if progress is not None:
            progress(event)

    look = TestPoints(problem, _looked_at)
    before = time.monotonic()
    solution = _train(problem, recipe, seed, deadline, max_steps, look, record)
    trained = time.monotonic()
    if solution.stopped_by != "failed":
        weights = {
            f"layers.{i}.{part}": np.asarray(getattr(layer, part))
            for i, layer in enumerate(solution.net.layers)
            for part in ("weight", "bias")
        }
        folder.write("weights.safetensors", save(weights))
    facts = _facts(solution)
    ended = time.monotonic()
    seconds = {
        "start": round(before - began, 3),
        "train": round(trained - before, 3),
        "certify": 0.0,
        "check": 0.0,
        "report": round(ended - trained, 3),
        "total": round(ended - began, 3),
    }
    facts |= {"problem": name, "seed": seed, "wall_seconds": seconds}
    summary = Summary.model_validate(facts, strict=False)
    folder.write("summary.json", summary.model_dump_json() + "\n")
    return summary


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
        "training.recipe": training.recipe is not None,
        "training.optimizer": training.optimizer not in (None, "adam"),
        "training.balancing": training.balancing is not None,
        "training.adam_steps": training.adam_steps is not None,
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


def _train(
    problem, recipe, seed, deadline, max_steps, points, progress
) -> HighDimensionalSolution:
    def report(event: Any, net: MLP) -> None:
        if progress is None:
            return
        found = HighDimensionalSolution(problem, net, event.step, "", 0.0, 0.0)
        error = _error(found, points)
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        progress(
            TrainingProgress(
                event.step,
                event.phase,
                round(event.wall_seconds, 3),
                event.loss,
                event.residual_rms,
                # Every point is fresh.
                event.residual_rms,
                error,
                left,
            )
        )

    result = train_stochastic(
        problem,
        recipe,
        seed=seed,
        max_steps=max_steps,
        deadline=deadline,
        report=report,
    )
    return HighDimensionalSolution(
        problem,
        result.net,
        result.steps,
        result.outcome.value,
        result.seconds_per_step,
        result.constant,
    )


def _error(solution: HighDimensionalSolution, points: TestPoints) -> float | None:
    network = network_of(solution.problem, solution.net)
    return points.errors({"net": network}).get("net", (None,))[0]


def _facts(solution: HighDimensionalSolution) -> dict[str, Any]:
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
    return {
        "format": "certax-summary/1",
        "problem_sha256": problem.sha256,
        "steps": solution.steps,
        "stopped_by": solution.stopped_by,
        "peak_memory_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
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
    }
