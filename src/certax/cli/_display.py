"""Progress on standard error: bars on a terminal, plain lines elsewhere."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from .._core._progress_events import Progress, TrainingProgress

_seconds_between_lines = 10.0


@contextlib.contextmanager
def progress_display(quiet: bool) -> "Iterator[Callable[[Progress], None] | None]":
    """A function that shows progress events, or `None` where nothing is to be shown."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        with _bars() as bars:
            yield _on_bars(bars)
    else:
        yield _as_lines()


def describe(event: "Progress") -> str:
    """A progress event as one line of text."""
    from .._core._progress_events import SearchProgress, StageProgress

    match event:
        case StageProgress():
            return event.stage
        case SearchProgress():
            target = "" if event.target is None else f"  target {event.target:.3g}"
            return f"{event.boxes} boxes  bound {event.bound:.3g}{target}"
        case _:
            error = event.relative_l2
            shown = "" if error is None else f"  relative error {error:.2e}"
            return (
                f"{event.phase}  step {event.step}  residual {event.residual_rms:.2e}"
                f"  on fresh points {event.fresh_residual_rms:.2e}{shown}"
            )


def _warning(event: "TrainingProgress") -> str:
    return f"warning, step {event.step}: {event.warning}"


def _as_lines() -> "Callable[[Progress], None]":
    """Prints the beginning of every stage, and then a line every ten seconds."""
    from .._core._progress_events import StageProgress, TrainingProgress

    last = -_seconds_between_lines

    def show(event: "Progress") -> None:
        nonlocal last
        if isinstance(event, TrainingProgress) and event.warning:
            print(_warning(event), file=sys.stderr, flush=True)
        stage = isinstance(event, StageProgress)
        now = time.monotonic()
        if stage or now - last >= _seconds_between_lines:
            last = -_seconds_between_lines if stage else now
            print(describe(event), file=sys.stderr, flush=True)

    return show


def _bars() -> "Bars":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.fields[stage]}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=Console(stderr=True),
        transient=True,
    )


def _on_bars(bars: "Bars") -> "Callable[[Progress], None]":
    """Shows the current stage; its bar fills with the share of the time that is over,
    and pulses where that is not known.
    """
    from .._core._progress_events import StageProgress, TrainingProgress

    task = bars.add_task("", total=None, stage="starting")

    def show(event: "Progress") -> None:
        if isinstance(event, StageProgress):
            bars.reset(task, total=None, stage=event.stage, description="")
            return
        if isinstance(event, TrainingProgress) and event.warning:
            bars.console.print(_warning(event), markup=False, highlight=False)
        changes: dict[str, Any] = {"description": describe(event)}
        if isinstance(event, TrainingProgress) and event.seconds_left is not None:
            changes["total"] = event.wall_seconds + event.seconds_left
            changes["completed"] = event.wall_seconds
        bars.update(task, **changes)

    return show
