"""Solving in any number of dimensions."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .._core import CertaxError, Progress, TrainingProgress
from ..nn import MLP
from ..problems import HighDimensionalProblem
from ..training import (
    StochasticRecipe,
    network_of,
    train_stochastic,
)
from ._measure_points import TestPoints, evaluated

Listener = Callable[[Progress], None] | None
_looked_at = 100
usual_budget = 60.0


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
    checkpoint: Path | None = None,
    resume: bool = False,
    progress: Listener = None,
) -> HighDimensionalSolution:
    """Trains a net on a high-dimensional problem.

    **Arguments:**

    - `problem`: a [`certax.HighDimensionalProblem`][].
    - `recipe`: a `certax.training.StochasticRecipe`: net, points, directions, rate.
    - `seed`: of weights, points and directions.
    - `budget`: seconds of training, 60 without it and `max_steps`.
    - `max_steps`: the last step, those before a resumption included.
    - `checkpoint`: a file that makes a killed run resumable.
    - `resume`: whether to continue from it.
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
        budget = usual_budget
    deadline = None if budget is None else time.monotonic() + budget
    solution = train_high_dimensional(
        problem,
        recipe,
        seed=seed,
        deadline=deadline,
        max_steps=max_steps,
        checkpoint=checkpoint,
        resume=resume,
        progress=progress,
    )
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


def train_high_dimensional(
    problem: HighDimensionalProblem,
    recipe: StochasticRecipe,
    *,
    seed: int,
    deadline: float | None,
    max_steps: int | None,
    checkpoint: Path | None,
    resume: bool,
    progress: Listener,
) -> HighDimensionalSolution:
    """As `solve_high_dimensional`; a training that failed is handed back as it is."""
    points = TestPoints(problem, _looked_at)

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
        checkpoint=checkpoint,
        resume=resume,
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
