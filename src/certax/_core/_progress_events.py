"""What a long computation says about itself while it goes on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StageProgress:
    """A new stage begins: training, certifying, checking, reporting."""

    stage: str


@dataclass(frozen=True)
class TrainingProgress:
    """One record of training.

    - `wall_seconds`: since training began.
    - `fresh_residual_rms`: the residual's root mean square on points that are never
      trained on.
    - `relative_l2`: the measured error, where a reference solution is known.
    - `seconds_left`: of the budget; `None` without one.
    - `warning`: empty, or a sentence on what goes wrong just now; told once.
    """

    step: int
    phase: str
    wall_seconds: float
    loss: float
    residual_rms: float
    fresh_residual_rms: float
    relative_l2: float | None = None
    seconds_left: float | None = None
    warning: str = ""


@dataclass(frozen=True)
class SearchProgress:
    """The state of a search for a certificate.

    - `bound`: the best so far; infinite until every box has one.
    - `target`: the bound at which the search stops; `None` without one.
    """

    boxes: int
    bound: float
    target: float | None
    seconds: float


Progress = StageProgress | TrainingProgress | SearchProgress
