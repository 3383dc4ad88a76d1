"""The best setting of an optimizer, and how good it is with other seeds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, stdev

from ._methods import Method
from ._task import Task
from ._train import Trained, mean_score, train


@dataclass(frozen=True, eq=False)
class Outcome:
    """Scores of an optimizer.

    **Attributes:**

    - `chosen`: the settings with the best score on the validation part.
    - `scores`: on the test part, one for each seed.
    - `runs`: the nets.
    """

    chosen: Mapping[str, float]
    scores: tuple[float, ...]
    runs: tuple[Trained, ...]

    @property
    def mean(self) -> float:
        return mean(self.scores)

    @property
    def deviation(self) -> float:
        """The standard deviation over the seeds, with n − 1."""
        return stdev(self.scores) if len(self.scores) > 1 else math.nan

    @property
    def loss(self) -> float:
        return mean(run.loss for run in self.runs)


def compare(task: Task, method: Method, seeds: Sequence[int], first: int) -> Outcome:
    """Chooses by the validation part with the seed `first`, then trains with `seeds`
    and judges on the test part.
    """

    def validated(settings: Mapping[str, float]) -> float:
        trained = train(task, method, settings, first)
        score = mean_score(task, trained, task.data.validation)
        return score if math.isfinite(score + trained.loss) else -math.inf

    chosen = method.grid[0]
    if len(method.grid) > 1:
        chosen = max(method.grid, key=validated)
    runs = tuple(train(task, method, chosen, seed) for seed in seeds)
    scores = tuple(mean_score(task, run, task.data.test) for run in runs)
    return Outcome(chosen, scores, runs)
