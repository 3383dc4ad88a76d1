"""The one training loop.

Every decision (which optimizer, when to redraw, when converged) is a function of the
step number and of computed numbers, never of time: two runs with the same arguments do
the same steps bit for bit, whether one was killed and resumed or not. The clock decides
only after which whole step a budget is used up.
"""

import hashlib
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from certax._core import CertaxError

from ._checkpoint import CheckpointError, load_checkpoint, read_facts, save_checkpoint
from ._course import Course, Look, Position
from ._interrupts import interrupt_flag
from ._losses import Parameterization, Residual, ResidualLoss
from ._outcomes import Outcome
from ._progress import Progress
from ._recipes import Recipe
from ._sampling import Region


@dataclass(frozen=True)
class TrainingResult:
    """What `train` hands back.

    - `weights`: shape `(p,)`, float64, the last ones with a finite loss.
    - `progress`: the last record, made at the end.
    """

    weights: np.ndarray
    outcome: Outcome
    steps: int
    progress: Progress


def train(
    residual: Residual,
    weights: np.ndarray,
    dimension: int,
    *,
    recipe: Recipe,
    seed: int,
    max_steps: int | None = None,
    deadline: float | None = None,
    term_weights: tuple[float, ...] | None = None,
    parameterization: Parameterization | None = None,
    callback: Callable[[Progress, np.ndarray], None] | None = None,
    checkpoint: str | os.PathLike | None = None,
    checkpoint_seconds: float = 10.0,
    resume: bool = False,
    inside: Region | None = None,
) -> TrainingResult:
    """Minimize the mean squared residual over the unit cube.

    **Arguments:**

    - `residual`: see `ResidualLoss`.
    - `weights`: initial weights, or parameters, shape `(p,)`.
    - `dimension`: number of coordinates; points lie in `[0, 1]^dimension`.
    - `recipe`: the phases and the convergence criterion.
    - `seed`: of the collocation points.
    - `max_steps`: stop after this many steps, those before a resumption included.
    - `deadline`: stop after the step during which `time.monotonic()` passes this.
    - `term_weights`: one positive weight per residual term; ones by default.
    - `parameterization`: see `ResidualLoss`.
    - `callback`: called with every `Progress` and the weights of that moment.
    - `checkpoint`: file that holds the state, written about every `checkpoint_seconds`
        and at the end, but not when training failed.
    - `resume`: continue from `checkpoint` if that file exists.
    - `inside`: which points of the unit cube, shape `(n, dimension)`, are of the
        domain; all by default.

    **Returns:** a `TrainingResult`.

    **Raises:** `CertaxError` when nothing would ever stop the run, or when an optimizer
    cannot take a problem of this size; `CheckpointError` when the checkpoint cannot be
    used.
    """
    weights = np.array(weights, dtype=np.float64)
    if weights.ndim != 1:
        raise CertaxError(f"weights must be a vector, but have shape {weights.shape}.")
    if max_steps is None and deadline is None and recipe.is_endless:
        raise CertaxError(
            f"Nothing would stop recipe {recipe.name!r}.",
            remedy="Give max_steps, a deadline, or a recipe that judges convergence.",
        )
    if resume and checkpoint is None:
        raise CertaxError("resume=True needs the checkpoint to resume from.")
    clock = _Clock()
    loss = ResidualLoss(
        residual,
        term_weights=term_weights,
        parameterization=parameterization,
        streams=recipe.streams,
    )
    recipe.check(loss, weights, dimension)
    course = Course(loss, dimension, recipe, seed, inside)
    # What must be the same for a checkpoint to be continued.
    arguments = repr((recipe, seed, term_weights, weights.size, dimension))
    identity = hashlib.sha256(arguments.encode()).hexdigest()
    if resume and checkpoint is not None and os.path.exists(checkpoint):
        position, earlier = _load(checkpoint, course, weights, identity)
        clock = _Clock(earlier)
    else:
        position = course.begin(weights)

    def save() -> None:
        if checkpoint is not None:
            facts = {"identity": identity, "phase": str(position.phase)}
            facts["step"] = str(position.step)
            facts["wall_seconds"] = repr(clock.seconds())
            save_checkpoint(checkpoint, position, facts)

    def record(position: Position, look: Look, notes: list[str]) -> Progress:
        progress = _progress(position.step, look, clock.seconds(), notes)
        notes.clear()
        if callback is not None:
            callback(progress, np.asarray(position.weights))
        return progress

    notes: list[str] = []
    progress = record(position, course.look(position), notes)
    outcome = None if position.is_finite else Outcome.FAILED
    saved = clock.seconds()
    # One thread per stream: a multithreaded BLAS under them waits for cores that are
    # taken, which has cost a factor of twenty on a busy machine.
    one_thread = threadpool_limits(limits=1, user_api="blas")
    with one_thread, interrupt_flag() as interrupted:
        while outcome is None:
            outcome = course.ending(position)
            if outcome is None and max_steps is not None and position.step >= max_steps:
                outcome = Outcome.MAX_STEPS
            if outcome is None and interrupted:
                outcome = Outcome.INTERRUPTED
            if outcome is None and deadline is not None:
                outcome = Outcome.BUDGET if time.monotonic() >= deadline else None
            if outcome is not None:
                break
            following, look = course.advance(position)
            if look.info.note:
                notes.append(f"Step {following.step}: {look.info.note}")
            if not following.is_finite:
                outcome = Outcome.FAILED
                break
            position = following
            if look.fresh_rms is not None:
                progress = record(position, look, notes)
            if clock.seconds() - saved >= checkpoint_seconds:
                save()
                saved = clock.seconds()
    if progress.step != position.step or notes:
        progress = record(position, course.look(position), notes)
    if outcome is not Outcome.FAILED:
        save()
    return TrainingResult(np.array(position.weights), outcome, position.step, progress)


class _Clock:
    def __init__(self, earlier: float = 0.0):
        self._begun = time.monotonic() - earlier

    def seconds(self) -> float:
        return time.monotonic() - self._begun


def _progress(step: int, look: Look, seconds: float, notes: list[str]) -> Progress:
    rms = math.sqrt(look.loss) if look.loss >= 0 else math.nan
    fresh_rms = math.nan if look.fresh_rms is None else look.fresh_rms
    return Progress(
        step, look.phase, seconds, look.loss, rms, fresh_rms, " ".join(notes)
    )


def _load(
    path: str | os.PathLike, course: Course, weights: np.ndarray, identity: str
) -> tuple[Position, float]:
    facts = read_facts(path)
    if facts.get("identity") != identity:
        raise CheckpointError(
            f"{path} was written with another recipe, seed, size of the net or term "
            "weights.",
            remedy="Use the same ones, or delete it to start anew.",
        )
    template = course.template(weights, int(facts["phase"]))
    loaded = load_checkpoint(path, template)
    numbers = {
        name: type(getattr(template, name))(getattr(loaded, name))
        for name in Position._fields
        if name not in ("data", "state", "balance")
    }
    return loaded._replace(**numbers), float(facts["wall_seconds"])
