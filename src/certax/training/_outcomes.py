"""How a training run can end, as data with sentences."""

import enum


class Outcome(enum.Enum):
    """Why training stopped; `sentence` says it in words."""

    CONVERGED = "converged"
    MAX_STEPS = "max-steps"
    BUDGET = "budget"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def sentence(self) -> str:
        return _SENTENCES[self]


_SENTENCES = {
    Outcome.CONVERGED: (
        "The residual on fresh points reached the target or stopped improving."
    ),
    Outcome.MAX_STEPS: "The requested number of steps was done.",
    Outcome.BUDGET: "The time budget was used up.",
    Outcome.FAILED: (
        "The loss became NaN or infinite; the weights are the last good ones."
    ),
    Outcome.INTERRUPTED: "Training was interrupted and stopped after a whole step.",
}
