"""Runs in any number of dimensions: until they end, or are taken up again."""

import hashlib
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from certax._core import CertaxError
from certax.nn import MLP
from certax.problems import HighDimensionalProblem

from ._checkpoint import CheckpointError, load_checkpoint, read_facts, save_checkpoint
from ._high_dimension import (
    StochasticRecipe,
    StochasticState,
    best_constant,
    check_size,
    initial_state,
    step_function,
)
from ._interrupts import interrupt_flag
from ._outcomes import Outcome
from ._progress import Progress

# Writing checkpoints takes at most this share of a run.
_share_of_checkpoints = 0.05
_usual = StochasticRecipe()

Report = Callable[[Progress, MLP], None]


class StochasticResult(NamedTuple):
    """`constant` is the best constant N, where training started."""

    net: MLP
    steps: int
    outcome: Outcome
    seconds_per_step: float
    constant: float


def train_stochastic(
    problem: HighDimensionalProblem,
    recipe: StochasticRecipe = _usual,
    *,
    seed: int = 0,
    max_steps: int | None = None,
    deadline: float | None = None,
    report: Report | None = None,
    report_every: float = 5.0,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 10.0,
    resume: bool = False,
) -> StochasticResult:
    """Trains a net on a high-dimensional problem.

    A step depends on the state and its number only: a run that was killed and taken up
    again does the same steps as one that was not.

    **Arguments:**

    - `max_steps`: the last step, those before a resumption included.
    - `deadline`: by `time.monotonic()`; this or `max_steps` is needed.
    - `report`: called at the start, about every `report_every` seconds, and at the end.
    - `checkpoint`: the file that holds the state, written about every
        `checkpoint_seconds`, less often where that takes long, and at the end, but not
        when training failed.
    - `resume`: continue from `checkpoint` if that file exists.

    **Returns:** the net, in float32.

    **Raises:** `CertaxError` where nothing would end the run, or there is not enough
    memory for it; `CheckpointError` when the checkpoint cannot be used.
    """
    if max_steps is None and deadline is None:
        raise CertaxError(
            "Nothing would stop the training.",
            remedy="Give max_steps or a deadline.",
        )
    check_size(problem, recipe)
    with jax.enable_x64(False):
        kept = _Checkpoint(checkpoint, checkpoint_seconds, problem, recipe, seed)
        if resume and checkpoint is not None and checkpoint.exists():
            state, constant, earlier = kept.load()
        else:
            constant, earlier = best_constant(problem, recipe, seed), 0.0
            state = initial_state(problem, recipe, seed, constant)
        advance = step_function(problem, recipe, seed)
        tell = _Reporter(report, report_every, earlier)
        keep = lambda state: kept.save(state, constant, tell.seconds())
        found = _loop(state, advance, max_steps, deadline, tell, kept, keep)
    return found._replace(constant=constant)


def _loop(state, advance, max_steps, deadline, tell, kept, keep) -> StochasticResult:
    first = int(state.step)
    compiled = time.monotonic()
    outcome = None
    with interrupt_flag() as interrupted:
        while outcome is None:
            if max_steps is not None and int(state.step) >= max_steps:
                outcome = Outcome.MAX_STEPS
            elif interrupted:
                outcome = Outcome.INTERRUPTED
            elif deadline is not None and time.monotonic() >= deadline:
                outcome = Outcome.BUDGET
            else:
                state, value = advance(state)
                loss = float(value)
                if int(state.step) == first + 1:
                    compiled = time.monotonic()
                if not math.isfinite(loss):
                    outcome = Outcome.FAILED
                tell.seen(state, loss)
                if outcome is None and kept.is_due():
                    keep(state)
    steps = int(state.step)
    each = (time.monotonic() - compiled) / max(1, steps - first - 1)
    tell.end(state)
    if outcome is not Outcome.FAILED and kept.step != steps:
        keep(state)
    return StochasticResult(state.net, steps, outcome, each, math.nan)


class _Reporter:
    """Records of the mean loss since the one before; `earlier` seconds came first."""

    def __init__(self, report: Report | None, every: float, earlier: float):
        self._report, self._every = report, every
        self._began = time.monotonic() - earlier
        self._reported = time.monotonic()
        self._losses: list[float] = []

    def seconds(self) -> float:
        return time.monotonic() - self._began

    def seen(self, state: StochasticState, loss: float) -> None:
        self._losses.append(loss)
        if time.monotonic() - self._reported >= self._every:
            self._tell(state)

    def end(self, state: StochasticState) -> None:
        if self._losses or int(state.step) == 0:
            self._tell(state)

    def _tell(self, state: StochasticState) -> None:
        losses, self._losses = self._losses, []
        value = float(np.mean(losses)) if losses else math.nan
        # The unbiased loss may be negative by chance.
        rms = math.sqrt(max(value, 0.0)) if math.isfinite(value) else math.nan
        step, seconds = int(state.step), self.seconds()
        if self._report is not None:
            event = Progress(step, "adam", seconds, value, rms, math.nan, "")
            self._report(event, state.net)
        self._reported = time.monotonic()


class _Checkpoint:
    """The file of a run's state; without a path nothing is written.

    - `step`: that of the file, -1 if none was written or read.
    """

    def __init__(
        self,
        path: Path | None,
        seconds: float,
        problem: HighDimensionalProblem,
        recipe: StochasticRecipe,
        seed: int,
    ):
        self.path, self.seconds = path, seconds
        self.problem, self.recipe, self.seed = problem, recipe, seed
        self.step = -1
        self._next = time.monotonic() + seconds

    @property
    def _identity(self) -> str:
        arguments = repr((self.problem.sha256, self.recipe, self.seed))
        return hashlib.sha256(arguments.encode()).hexdigest()

    def is_due(self) -> bool:
        return self.path is not None and time.monotonic() >= self._next

    def save(self, state: StochasticState, constant: float, seconds: float) -> None:
        if self.path is None:
            return
        self.step = int(state.step)
        facts = {"identity": self._identity, "step": str(self.step)}
        facts |= {"wall_seconds": repr(seconds), "constant": repr(constant)}
        began = time.monotonic()
        save_checkpoint(self.path, state, facts)
        now = time.monotonic()
        pause = (now - began) * (1 / _share_of_checkpoints - 1)
        self._next = now + max(self.seconds, pause)

    def load(self) -> tuple[StochasticState, float, float]:
        """The state, the constant and the seconds so far."""
        assert self.path is not None
        facts = read_facts(self.path)
        if facts.get("identity") != self._identity:
            raise CheckpointError(
                f"{self.path} was written for another problem, recipe or seed.",
                remedy="Use the same ones, or delete it to start anew.",
            )
        start = lambda: initial_state(self.problem, self.recipe, self.seed, 0.0)
        # Never touched, so that these pages take no memory.
        like = jax.tree.map(
            lambda leaf: np.empty(leaf.shape, leaf.dtype), jax.eval_shape(start)
        )
        # Copies, which the steps may overwrite.
        state = jax.tree.map(jnp.array, load_checkpoint(self.path, like))
        self.step = int(state.step)
        return state, float(facts["constant"]), float(facts["wall_seconds"])
