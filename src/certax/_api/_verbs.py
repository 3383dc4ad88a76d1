"""The verb solve, and a run's files."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from .._core import (
    CertaxError,
    Configuration,
    Program,
    Progress,
    RunFolder,
    TrainingProgress,
    canonical,
    expression,
    to_float,
    training_failure,
    write_atomically,
)
from ..certificates import (
    read_weights,
    weights_file,
)
from ..problems import (
    Data,
    Problem,
    Reference,
    Solution,
    names,
    published_names,
    zoo_entry,
)
from ..training import Outcome
from ._measure import Grid, measuring_grid
from ._recipes import default_budget
from ._training import check_settings, former_records, train_solution
from ._training_files import begin_training, checkpoint_step, record_training
from ._verdict import judge

Listener = Callable[[Progress], None] | None


def solve(
    problem: Problem,
    *,
    data: Data | None = None,
    configuration: Configuration = Configuration(),
    seed: int = 0,
    out: Path | str | None = None,
    resume: bool = False,
    budget: float | None = None,
    max_steps: int | None = None,
    progress: Listener = None,
) -> Solution:
    """Trains a net on a problem.

    **Arguments:**

    - `problem`: a [`certax.Problem`][].
    - `data`: what was measured, [`certax.Data`][]: it is fitted beside the equation.
    - `configuration`: what is to differ from the recipe of the problem's kind.
    - `seed`: of the weights and the collocation points.
    - `out`: a folder for the run's files, if they are wanted; a checkpoint there makes
      a killed run resumable.
    - `resume`: whether to take up the run in `out`.
    - `budget`: seconds after which training stops; without it and `max_steps`, the
      recipe's own.
    - `max_steps`: steps after which training stops.
    - `progress`: called with progress events.

    **Returns:** a [`certax.Solution`][].

    **Raises:** `CertaxError` if training fails or the folder cannot be used.

    !!! example

        ```python
        solution = cx.solve(burgers, seed=0, budget=60)
        ```
    """
    folder = None
    if data is not None:
        data.check(problem)
    check_settings(problem, configuration, seed, data)
    if out is not None:
        folder = RunFolder.create(
            Path(out),
            name=problem.name,
            seed=seed,
            problem_sha256=problem.sha256,
            configuration=configuration,
            resume=resume,
        )
    grid = grid_of(problem)
    if budget is None and max_steps is None:
        budget = default_budget(problem)
    deadline = None if budget is None else time.monotonic() + budget
    solution, outcome = train_in(
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
    )
    if outcome is Outcome.FAILED:
        raise training_failure(solution.details["steps"])
    return solution


def grid_of(problem: Problem) -> Grid:
    """The measuring grid, with reference values if the problem is the zoo's."""
    return measuring_grid(problem, reference_of(problem))


def reference_of(problem: Problem) -> Reference | None:
    """The zoo's reference, if the problem is exactly the zoo's."""
    if problem.name not in (*names, *published_names):
        return None
    entry = zoo_entry(problem.name)
    return entry.reference if entry.problem.sha256 == problem.sha256 else None


def train_in(
    folder: RunFolder | None,
    problem: Problem,
    configuration: Configuration,
    seed: int,
    resume: bool,
    deadline: float | None,
    max_steps: int | None,
    grid: Grid,
    progress: Listener,
    data: Data | None = None,
    handed_over: Callable[[int, Solution], None] | None = None,
) -> tuple[Solution, Outcome]:
    """Trains, and writes problem, network, weights and metrics as they become known.
    The folder of a run that is refused before its first step is withdrawn.
    """
    checkpoint = None
    if folder is not None:
        _keep_data(folder, data, resume)
        # The resumed run records its own first step again.
        checkpoint = begin_training(folder, problem.text(), resume, recorded_again=1)
    started = time.monotonic()
    records = [] if folder is None or not resume else former_records(folder)

    def record(event: TrainingProgress) -> None:
        records.append(event)
        if folder is not None:
            seconds = round(time.monotonic() - started, 3)
            record_training(folder, event, wall_seconds=seconds)
        if progress is not None:
            progress(event)

    try:
        solution, outcome = train_solution(
            problem,
            configuration,
            seed,
            deadline=deadline,
            max_steps=max_steps,
            checkpoint=checkpoint,
            resume=resume,
            grid=grid,
            data=data,
            record=record,
            handed_over=handed_over,
        )
    except CertaxError:
        if folder is not None and not resume and not records:
            folder.withdraw()
        raise
    if folder is not None:
        folder.write("network.json", solution.network.text())
        folder.write("weights.safetensors", weights_file(solution.weights))
        if problem.unknowns:
            folder.write("unknowns.json", unknowns_text(solution))
    facts: dict[str, Any] = {"records": tuple(records)}
    facts["judge"] = partial(
        judge, grid=grid, records=facts["records"], stopped_by=outcome.value
    )
    return replace(solution, details={**solution.details, **facts}), outcome


def _keep_data(folder: RunFolder, data: Data | None, resume: bool) -> None:
    """Writes the measured data into the folder, so that it says what was fitted.

    **Raises:** `CertaxError` if a run is to be resumed with other data than its own.
    """
    path, text = folder.file("data.csv"), "" if data is None else data.text()
    if resume and checkpoint_step(folder) >= 0:
        former = path.read_text(encoding="ascii") if path.exists() else ""
        if former != text:
            raise CertaxError(
                f"The run in {folder.path} was made with other measured data.",
                value=str(path),
                remedy="Give the same data, or choose another folder.",
            )
    elif data is not None:
        folder.write("data.csv", text)


def unknowns_text(solution: Solution) -> str:
    """The content of `unknowns.json`: exact values by name."""
    return canonical({n: expression(v) for n, v in solution.unknowns.items()})


def save(solution: Solution, folder: Path) -> None:
    """Writes problem, network and weights, if the folder has not the same already."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "problem.json": solution.problem.text().encode("ascii"),
        "network.json": solution.network.text().encode("ascii"),
        "weights.safetensors": weights_file(solution.weights),
    }
    if solution.problem.unknowns:
        files["unknowns.json"] = unknowns_text(solution).encode("ascii")
    for name, content in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            write_atomically(path, content)


def load(folder: Path | str) -> Solution:
    """A solution from a run folder; only its files are read, no code of it is run.

    **Raises:** `CertaxError` if files are missing or of another version.
    """
    run = RunFolder.open(Path(folder))
    network = Program.from_json(json.loads(run.read("network.json")))
    problem = Problem.from_text(run.read("problem.json"))
    weights = read_weights(run.read_bytes("weights.safetensors"))
    unknowns = {}
    if problem.unknowns:
        exact = json.loads(run.read("unknowns.json"))
        unknowns = {n: to_float(exact[n]) for n in problem.unknowns}
    return Solution(problem, network, weights, {"seed": run.seed}, unknowns)
