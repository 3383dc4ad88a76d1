"""`certax solve`, whole: train, certify, have it checked, measure, write the page."""

import time
from functools import partial
from pathlib import Path

from .._core import Box, Configuration, RunFolder, StageProgress
from ..certificates import Certificate
from ..problems import Data, Problem, Solution
from ..reports import Summary, write_report
from ..training import Outcome
from . import _verbs
from ._accounts import Clock, written
from ._certifying import certify
from ._recipes import default_budget
from ._summaries import summarize
from ._training import rehearse
from ._verbs import Listener

_stopped_by = {o: o.value for o in Outcome}
# What is left of a budget for certificate, check and page; seconds, if there is nothing
# to certify.
_share_of_the_rest, _seconds_of_the_page = 0.32, 8.0


def run(
    problem: Problem,
    *,
    name: str,
    configuration: Configuration,
    seed: int,
    out: Path,
    data: Data | None = None,
    force: bool = False,
    resume: bool = False,
    budget: float | None = None,
    max_steps: int | None = None,
    certify: bool = True,
    started: float | None = None,
    progress: Listener = None,
) -> Summary:
    """Solves a problem into a run folder and returns its summary.

    A run whose training failed or was interrupted has neither certificates nor a page;
    an interrupted one can be resumed.

    **Raises:** `CertaxError` if the folder cannot be used.
    """
    began = time.monotonic() if started is None else started
    clock = Clock(began)
    if data is not None:
        data.check(problem)
    _verbs.check_settings(problem, configuration, seed, data)
    if force and (out / "config.json").exists():
        rehearse(problem, configuration, seed, data)
    say = progress or (lambda event: None)
    say(StageProgress("training"))
    folder = RunFolder.create(
        out,
        name=name,
        seed=seed,
        problem_sha256=problem.sha256,
        configuration=configuration,
        force=force,
        resume=resume,
    )
    grid = _verbs.grid_of(problem)
    seconds = budget
    if budget is None and max_steps is None:
        seconds = default_budget(problem)
    deadline = None
    if seconds is not None:
        rest = _share_of_the_rest * seconds
        # On other domains than boxes nothing is bounded.
        if not (certify and isinstance(problem.domain, Box)):
            rest = min(rest, _seconds_of_the_page)
        deadline = began + seconds - rest
    clock.lap("start")
    solution, outcome = _verbs.train_in(
        folder,
        problem,
        configuration,
        seed,
        resume,
        deadline,
        max_steps,
        grid,
        progress,
        data,
        partial(_certify_window, folder, configuration, seconds, progress)
        if certify
        else None,
    )
    clock.lap("train")
    stopped = _stopped_by[outcome]
    broken = outcome in (Outcome.FAILED, Outcome.INTERRUPTED)
    certificates: list[Certificate] = []
    if certify and not broken:
        say(StageProgress("certifying"))
        certificates = _certify_all(solution, folder, configuration, seconds, progress)
    clock.lap("certify")
    checking = sum(c.seconds_check for c in certificates)
    clock.move("certify", "check", checking)
    if certify and not broken and problem.unknowns:
        _certify_identified(
            name, solution, folder, configuration, seconds, stopped, progress
        )
        clock.lap("certify")
    if not broken:
        say(StageProgress("writing the report"))
    summary = summarize(
        name,
        solution,
        stopped,
        grid,
        certificates,
        clock.seconds(),
        folder,
    )
    if not broken:
        write_report(folder.path)
    clock.lap("report")
    return written(summary.model_dump() | {"wall_seconds": clock.seconds()}, folder)


def _certify_all(
    solution: Solution,
    folder: RunFolder,
    configuration: Configuration,
    seconds: float | None,
    progress: Listener,
) -> list[Certificate]:
    """The solution's error, by the strongest theorem first and then the others that
    fit, and the residual's supremum.
    """
    settings = configuration.certificate
    budget = settings.budget
    if budget is None and seconds is not None:
        budget = 0.08 * seconds
    found = []
    boxed = isinstance(solution.problem.domain, Box)
    # Of other domains a residual could be bounded on the box around them only.
    for claim in ("solution", "residual") if boxed else ("solution",):
        certificate = certify(
            solution,
            claim=claim,
            main=not any(c.bound for c in found),
            relative_target=settings.relative_target,
            budget=budget,
            degree=settings.degree,
            slabs=settings.slabs,
            progress=progress,
        )
        certificate.save(folder.path)
        found += [certificate, *certificate.others]
    return found


def _certify_window(
    folder: RunFolder,
    configuration: Configuration,
    seconds: float | None,
    progress: Listener,
    window: int,
    solution: Solution,
) -> None:
    """Certifies û up to the end of a window, in a run folder inside: the error bound
    with which the next window begins.
    """
    settings = configuration.certificate
    share = None if seconds is None else 0.08 * seconds / configuration.training.windows
    inner = folder.file(f"window-{window}")
    RunFolder.create(
        inner,
        name=folder.name,
        seed=folder.seed,
        problem_sha256=solution.problem.sha256,
        configuration=configuration,
        force=True,
    )
    certify(
        solution,
        relative_target=settings.relative_target,
        budget=settings.budget or share,
        degree=settings.degree,
        slabs=settings.slabs,
        out=inner,
        progress=progress,
    )


def _certify_identified(
    name: str,
    solution: Solution,
    folder: RunFolder,
    configuration: Configuration,
    seconds: float | None,
    stopped: str,
    progress: Listener,
) -> None:
    """Certifies the forward problem with the values found, into a run folder inside."""
    forward = solution.identified()
    clock = Clock(time.monotonic())
    inner = RunFolder.create(
        folder.file("identified"),
        name=name,
        seed=folder.seed,
        problem_sha256=forward.problem.sha256,
        configuration=configuration,
        force=True,
    )
    _verbs.save(forward, inner.path)
    certificates = _certify_all(forward, inner, configuration, seconds, progress)
    clock.lap("certify")
    clock.move("certify", "check", sum(c.seconds_check for c in certificates))
    grid = _verbs.grid_of(forward.problem)
    summarize(name, forward, stopped, grid, certificates, clock.seconds(), inner)
    write_report(inner.path)
