"""`certax solve`, whole: train, certify, have it checked, measure, write the page."""

import resource
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from .._core import Box, Configuration, RunFolder, StageProgress, in_words
from ..certificates import Certificate
from ..problems import Data, Problem, Solution
from ..reports import Summary, read_summary, write_report, write_solution
from ..training import Outcome
from . import _verbs
from ._certifying import certify
from ._measure import (
    Grid,
    baselines,
    condition_defects,
    error_in_norm,
    residual_norms,
)
from ._recipes import default_budget
from ._verbs import Listener
from ._verdict import judge, judged_again

_stopped_by = {o: o.value for o in Outcome}
# What is left of a budget for certificate, check and page.
_share_of_training = 0.68


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
    clock = _Clock(began)
    if data is not None:
        data.check(problem)
    _verbs.check_settings(problem, configuration, seed, data)
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
    deadline = None if seconds is None else began + _share_of_training * seconds
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
    return _written(summary.model_dump() | {"wall_seconds": clock.seconds()}, folder)


def _written(facts: dict[str, Any], folder: RunFolder) -> Summary:
    summary = Summary.model_validate(facts, strict=False)
    folder.write("summary.json", summary.model_dump_json() + "\n")
    return summary


class _Clock:
    """Seconds by part of the run."""

    def __init__(self, began: float):
        self.began = self.last = began
        self.parts: dict[str, float] = dict.fromkeys(
            ("start", "train", "certify", "check", "report"), 0.0
        )

    def lap(self, part: str) -> None:
        now = time.monotonic()
        self.parts[part] += now - self.last
        self.last = now

    def move(self, source: str, target: str, seconds: float) -> None:
        moved = min(seconds, self.parts[source])
        self.parts[source] -= moved
        self.parts[target] += moved

    def seconds(self):
        total = time.monotonic() - self.began
        rounded = {k: round(v, 3) for k, v in self.parts.items()}
        return rounded | {"total": round(total, 3)}


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
    clock = _Clock(time.monotonic())
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


def summarize(
    name: str,
    solution: Solution,
    stopped_by: str,
    grid: Grid,
    certificates: list[Certificate],
    seconds: dict[str, float],
    folder: RunFolder,
) -> Summary:
    """Measures, and writes `summary.json` and `solution.nc`."""
    problem = solution.problem
    values = grid.values(solution)
    norms = {c.norm for c in certificates if c.claim == "residual"}
    residuals = residual_norms(solution, norms) if norms else {}
    entries = []
    for certificate in certificates:
        measured = (
            residuals.get(certificate.norm)
            if certificate.claim == "residual"
            else error_in_norm(solution, grid, certificate.norm)
        )
        entries.append(entry_of(solution, certificate, measured=measured))
    entry = _verbs.reference_of(problem)
    _write_fields(problem, solution, grid, values, certificates, folder)
    records = solution.details.get("records", ())
    verdict = judge(solution, grid, records, stopped_by, entries)
    facts = {
        "format": "certax-summary/1",
        "problem": name,
        "problem_sha256": problem.sha256,
        "seed": folder.seed,
        "steps": solution.details["steps"],
        "stopped_by": stopped_by,
        "wall_seconds": seconds,
        "peak_memory_bytes": _peak_memory(),
        "relative_l2": grid.relative_l2(values),
        "max_error": grid.largest_error(values),
        "grid": grid.shape,
        "reference": None
        if entry is None
        else {"name": entry.method, "accuracy": entry.accuracy},
        "baselines": baselines(grid, problem),
        "certificates": entries,
        "unknowns": dict(solution.unknowns),
        "verdict": verdict.as_summary(),
        "condition_defects": condition_defects(solution),
        "recipe": solution.details.get("recipe"),
    }
    return _written(facts, folder)


def entry_of(
    solution: Solution,
    certificate: Certificate,
    field: str | None = None,
    measured: float | None = None,
) -> dict[str, Any]:
    """A certificate as `summary.json` has it.

    **Arguments:**

    - `field`: of a claim about one of several; `measured`: the same norm, sampled.
    """
    domain, fields = solution.problem.domain, solution.problem.fields
    ends = zip(domain.names, domain.lower, domain.upper, strict=True)
    box = ", ".join(f"{n} in [{lo}, {hi}]" for n, lo, hi in ends)
    bound = float(certificate.bound) if certificate.bound else None
    return certificate.as_summary() | {
        "file": certificate.file or None,
        "measured": measured,
        "ratio": bound / measured if bound is not None and measured else None,
        "domain": in_words(domain) if certificate.claim == "solution" else box,
        "field": fields[0] if len(fields) == 1 else field,
    }


def list_certificates(
    solution: Solution,
    certificates: Sequence[Certificate],
    field: str | None,
    folder: Path | None,
) -> list[dict[str, Any]]:
    """The entries of certificates found at once, the strongest first.

    **Arguments:**

    - `field`: of a claim about one of several.
    - `folder`: of a finished run of this net; its `summary.json` then lists them too,
      in place of what they replace.
    """
    finished = folder is not None and (folder / "summary.json").exists()
    if folder is None or not finished:
        return [entry_of(solution, c, field) for c in certificates]
    facts = read_summary(folder).model_dump()
    old = facts["certificates"]
    sampled = {(e["claim"], e["norm"]): e["measured"] for e in old}
    entries = [
        entry_of(solution, c, field, sampled.get((c.claim, c.norm)))
        for c in certificates
    ]
    files = {e["file"] for e in entries if e["file"]}
    tried = {_subject(e) for e in entries}
    proved = {_subject(e) for e in entries if e["bound"]}
    # What was proved before and stays on disk is not forgotten for a failed attempt.
    kept = [
        e
        for e in old
        if e["file"] not in files
        and _subject(e) not in (proved if e["file"] else tried)
    ]
    standing = {_subject(e) for e in kept}
    new = [e for e in entries if _subject(e) not in standing]
    first = entries[0]["claim"] == "solution" and bool(entries[0]["bound"])
    facts["certificates"] = [*new, *kept] if first else [*kept, *new]
    if facts["verdict"] is not None:
        facts["verdict"] = judged_again(
            facts["verdict"], solution, facts["certificates"]
        ).as_summary()
    _written(facts, RunFolder.open(folder))
    return entries


def _subject(entry: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(entry[key] for key in ("claim", "theorem", "norm", "field"))


def _peak_memory() -> int:
    """Of this process or its largest child, in bytes."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return 1024 * max(resource.getrusage(w).ru_maxrss for w in who)


def _write_fields(
    problem: Problem,
    solution: Solution,
    grid: Grid,
    values: dict[str, np.ndarray],
    certificates: list[Certificate],
    folder: RunFolder,
) -> None:
    mesh = np.meshgrid(*grid.axes, indexing="ij")
    points = np.stack([m.ravel() for m in mesh], axis=-1)
    found = solution.residual(points)
    size = found[:, 0] if problem.equations == 1 else np.max(np.abs(found), axis=1)
    residual = grid.masked({"residual": size.reshape(grid.shape)})["residual"]
    bands = None
    for c in certificates:
        if c.claim == "solution" and c.norm == "Linf" and c.bound and bands is None:
            width = float(c.bound)
            bands = {n: (v - width, v + width) for n, v in values.items()}
    hashes = {
        "problem_sha256": problem.sha256,
        "certificate": next((c.file for c in certificates if c.file), ""),
    }
    write_solution(
        folder.file("solution.nc"),
        dict(zip(problem.domain.names, grid.axes, strict=True)),
        values,
        reference=grid.reference_beside(values),
        residual=residual,
        bounds=bands,
        attributes=hashes,
    )
