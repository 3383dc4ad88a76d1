"""The files of a run that training writes, in any number of dimensions."""

from pathlib import Path
from typing import Any

from .._core import RunFolder, TrainingProgress


def checkpoint_of(folder: RunFolder) -> Path:
    """The file from which training is resumed."""
    return folder.file("checkpoint") / "state.safetensors"


def checkpoint_step(folder: RunFolder) -> int:
    """The steps that the checkpoints of all stages hold, -1 if there is none."""
    from ..training import read_facts

    checkpoint = checkpoint_of(folder)
    if not checkpoint.exists():
        return -1
    files = checkpoint.parent.glob(f"{checkpoint.stem}*{checkpoint.suffix}")
    return sum(int(read_facts(file)["step"]) for file in files)


def begin_training(
    folder: RunFolder, problem: str, resume: bool, recorded_again: int = 0
) -> Path:
    """Writes the problem, makes room for checkpoints and metrics.

    **Arguments:**

    - `problem`: the content of `problem.json`.
    - `resume`: whether the metrics so far are kept.
    - `recorded_again`: how many of the steps in the checkpoint a resumed run records
      itself.

    **Returns:** the file from which training is resumed.
    """
    folder.write("problem.json", problem)
    folder.file("checkpoint").mkdir(exist_ok=True)
    if resume:
        last = checkpoint_step(folder) - recorded_again
        folder.keep_records("metrics.jsonl", last)
    else:
        folder.write("metrics.jsonl", "")
    return checkpoint_of(folder)


def record_training(folder: RunFolder, event: TrainingProgress, **known: Any) -> None:
    """Appends an event to the metrics.

    **Arguments:**

    - `known`: what is better known here than by the event.
    """
    line = dict(vars(event))
    line.pop("seconds_left")
    if not event.warning:
        line.pop("warning")
    folder.append_record("metrics.jsonl", line | known)
