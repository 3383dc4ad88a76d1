"""The three verbs: solve, certify, report; and a run's files."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from .._core import (
    Box,
    CertaxError,
    Configuration,
    Program,
    Progress,
    RunFolder,
    SearchProgress,
    TrainingProgress,
    canonical,
    expression,
    to_float,
    write_atomically,
)
from ..bounds import AbstractExecutor, Checkpoint, Cluster, Processes, Threads
from ..certificates import (
    Certificate,
    Search,
    certify_lipschitz,
    certify_range,
    certify_residual,
    certify_solution,
    evaluations,
    read_weights,
    weights_file,
)
from ..problems import Data, Problem, Reference, Solution, names, zoo_entry
from ..training import Outcome
from ._measure import Grid, measuring_grid
from ._reach import reach
from ._recipes import default_budget
from ._training import former_records, train_solution
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
        raise failure(solution)
    return solution


def failure(solution: Solution) -> CertaxError:
    """What to say when training broke down."""
    return CertaxError(
        f"Training failed at step {solution.details['steps']}: the loss became NaN or "
        "infinite. The last good weights are kept.",
        value=solution.details["steps"],
        remedy="Try another seed, or see whether the equation has a pole.",
        kind="training",
    )


def grid_of(problem: Problem) -> Grid:
    """The measuring grid, with reference values if the problem is the zoo's."""
    return measuring_grid(problem, reference_of(problem))


def reference_of(problem: Problem) -> Reference | None:
    """The zoo's reference, if the problem is exactly the zoo's."""
    if problem.name not in names:
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
) -> tuple[Solution, Outcome]:
    """Trains, and writes problem, network, weights and metrics as they become known."""
    if problem.domain.dimension > 5:
        raise CertaxError(
            f"Problems in more than five coordinates are not solved, and this one has "
            f"{problem.domain.dimension}.",
            value=problem.domain.dimension,
            remedy="Certify a net from elsewhere: docs/nets.md.",
        )
    checkpoint = None
    if folder is not None:
        _keep_data(folder, data, resume)
        folder.write("problem.json", problem.text())
        folder.file("checkpoint").mkdir(exist_ok=True)
        checkpoint = folder.file("checkpoint") / "state.safetensors"
        if resume:
            # The resumed run records its own first step again.
            folder.keep_records("metrics.jsonl", checkpoint_step(checkpoint) - 1)
        else:
            folder.write("metrics.jsonl", "")
    started = time.monotonic()
    records = [] if folder is None or not resume else former_records(folder)

    def record(event: TrainingProgress) -> None:
        records.append(event)
        if folder is not None:
            line = dict(vars(event))
            line.pop("seconds_left")
            if not event.warning:
                line.pop("warning")
            line["wall_seconds"] = round(time.monotonic() - started, 3)
            folder.append_record("metrics.jsonl", line)
        if progress is not None:
            progress(event)

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
    )
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
    if resume and checkpoint_step(folder.file("checkpoint") / "state.safetensors") >= 0:
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


def checkpoint_step(checkpoint: Path) -> int:
    """The step of a checkpoint, -1 if there is none."""
    from ..training import read_facts

    return int(read_facts(checkpoint)["step"]) if checkpoint.exists() else -1


def certify(
    solution: Solution,
    *,
    claim: str | None = None,
    norm: str | None = None,
    field: str | None = None,
    derivative: str = "",
    theorem: str | None = None,
    evaluation: str = "real",
    target: float | None = None,
    relative_target: float | None = None,
    budget: float | None = None,
    boxes: int | None = None,
    degree: int | None = None,
    slabs: int | None = None,
    main: bool = False,
    out: Path | str | None = None,
    workers: int | None = None,
    dask: str | None = None,
    resume: bool = False,
    progress: Listener = None,
) -> Certificate:
    """Proves how wrong a solution can be, and has the independent checker confirm it.

    **Arguments:**

    - `solution`: from [`certax.solve`][] or [`certax.load`][].
    - `claim`: `"solution"` or `"residual"`; by default the solution where a theorem
      applies, else the residual. `"range"` and `"lipschitz"` are claims about the net
      as a function, which may then have kinks.
    - `norm`: of the residual: `"Linf"`, `"L1"`, `"L2"`, ... up to `"L16"`; of a
      Lipschitz constant `"l2"` or `"linf"`. A solution's norm is its theorem's.
    - `field`: of a range or a Lipschitz constant; by default the only one, or all.
    - `derivative`: whose range it is, as coordinates: `"x,x"`.
    - `theorem`: forces one.
    - `evaluation`: `"real"` for the net in exact arithmetic; `"float32"` or `"float64"`
      to include the rounding of its forward evaluation in that format, at points whose
      coordinates are such numbers. For solutions in norms without derivatives, and
      ranges of fields.
    - `target`: the bound that is wanted; nothing larger is good enough.
    - `relative_target`: a multiple of the attained value that is good enough, at least
      1; by default 1.1.
    - `budget`: seconds for the search; what is reached by then counts.
    - `boxes`: the search ends with so many at the latest, by default 400,000.
    - `degree`, `slabs`: of the Taylor models; of the time axis, over each of which a
      residual claim then has its norm too.
    - `main`: whether a residual's certificate is to be the folder's `certificate.json`;
      it is anyway where it stands in for a solution's.
    - `out`: the run folder to write the certificate to, and the state of the search.
    - `workers`: how many processes search; by default the threads of this one do.
    - `dask`: the address of a Dask scheduler, whose workers search instead.
    - `resume`: whether to go on from the state of an interrupted search in `out`.
    - `progress`: called with progress events.

    **Returns:** a [`certax.Certificate`][]; `verdict` says what came of it.

    **Raises:** `CertaxError` for an unknown claim, norm or theorem, a cluster that does
    not answer, and where a target cannot be reached; the message says what can.
    """
    if claim not in (None, "solution", "residual", "range", "lipschitz"):
        raise CertaxError(
            f"There is no claim {claim!r}.",
            value=claim,
            remedy="Choose solution, residual, range or lipschitz.",
        )
    about_net = claim in ("range", "lipschitz")
    _refuse_idle(claim, norm, theorem, field, derivative)
    _refuse_evaluation(evaluation, claim, derivative)
    usual = 0.01 if about_net else 0.1
    search = Search(
        tolerance=usual if relative_target is None else relative_target - 1.0,
        degree=degree,
        slabs=slabs or 64,
        seconds=budget or float("inf"),
        boxes=boxes or Search.boxes,
        evaluation=evaluation,
        checkpoint=None
        if out is None
        else Checkpoint(Path(out) / "checkpoint", resume),
    )
    started = time.monotonic()

    def listen(boxes: int, bound: float, attained: float) -> None:
        if progress is not None:
            wanted = max(search.target, (1.0 + search.tolerance) * attained)
            progress(SearchProgress(boxes, bound, wanted, time.monotonic() - started))

    def attempt(search: Search) -> Certificate:
        found = None
        if claim == "range":
            return certify_range(solution, search, field, derivative, listen)
        if claim == "lipschitz":
            return certify_lipschitz(solution, search, norm or "l2", field, listen)
        if claim != "residual":
            found = certify_solution(solution, search, theorem, listen)
            only = claim == "solution" or theorem is not None or evaluation != "real"
            # The residual on the box around another domain says nothing of itself.
            only |= not isinstance(solution.problem.domain, Box)
            if found.bound or only:
                return found
        # The main certificate is what nothing stronger stands beside.
        stem = "certificate" if claim is None or main else None
        return certify_residual(solution, norm or "Linf", search, listen, stem, slabs)

    with _executor(workers, dask) as executor:
        search = replace(search, executor=executor)
        if target is None:
            certificate = attempt(search)
        else:
            direct = claim in ("residual", "range", "lipschitz")
            certificate = reach(target, search, attempt, direct)
    if out is not None:
        save(solution, Path(out))
        certificate.save(Path(out))
    return certificate


def _refuse_idle(
    claim: str | None,
    norm: str | None,
    theorem: str | None,
    field: str | None,
    derivative: str,
) -> None:
    """**Raises:** `CertaxError` for an option that the claim has no use for."""
    about_net = claim in ("range", "lipschitz")
    idle = {
        "field": field is not None and not about_net,
        "derivative": bool(derivative) and claim != "range",
        "norm": norm not in (None, "range") and claim == "range",
        "theorem": theorem is not None and about_net,
    }
    for name, is_idle in idle.items():
        if is_idle:
            raise CertaxError(
                f"The option {name} has no meaning for the claim "
                f"{claim or 'solution'}.",
                value=name,
                remedy="Leave it out, or choose another claim.",
            )


def _refuse_evaluation(evaluation: str, claim: str | None, derivative: str) -> None:
    """**Raises:** `CertaxError` where there is no such evaluation, or it has no values
    that the claim could be about.
    """
    if evaluation not in evaluations:
        raise CertaxError(
            f"There is no evaluation {evaluation!r}.",
            value=evaluation,
            remedy=f"Choose from {', '.join(evaluations)}.",
        )
    if evaluation != "real" and (claim in ("residual", "lipschitz") or derivative):
        raise CertaxError(
            f"An evaluation in {evaluation} has values and no derivatives, so nothing "
            "about its residual, slope or Lipschitz constant can be claimed.",
            value=evaluation,
            remedy="Leave evaluation out, or claim a solution or a field's range.",
        )


def _executor(workers: int | None, dask: str | None) -> AbstractExecutor:
    """Where boxes are enclosed.

    Threads are the default: compiled code runs without Python's lock, and they have
    nothing to start and nothing to compile twice. The benchmark `scaling` compares.
    """
    if dask is not None:
        return Cluster(dask)
    return Threads() if workers is None else Processes(workers)


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
