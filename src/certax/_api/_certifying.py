"""The verb certify: which claim, how hard to search, and where."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any, overload

from .._core import Box, CertaxError, SearchProgress
from ..bounds import AbstractExecutor, Checkpoint, Cluster, Processes, Threads
from ..certificates import (
    Certificate,
    Search,
    TrainabilityCertificate,
    TrainingRun,
    certify_lipschitz,
    certify_range,
    certify_residual,
    certify_solution,
    certify_trainability,
    evaluations,
)
from ..problems import Solution
from ._reach import reach
from ._verbs import Listener, save


@overload
def certify(
    solution: TrainingRun, *, claim: str | None = None, out: Path | str | None = None
) -> TrainabilityCertificate: ...


@overload
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
) -> Certificate: ...


def certify(
    solution: Solution | TrainingRun,
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
) -> Certificate | TrainabilityCertificate:
    """Proves how wrong a solution can be, and has the independent checker confirm it.

    **Arguments:**

    - `solution`: from [`certax.solve`][] or [`certax.load`][]; or a
      [`certax.TrainingRun`][], whose only claim is `"trainability"` and only option
      `out`.
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

    **Returns:** a [`certax.Certificate`][]; `verdict` says what came of it. Of a
    training run a `TrainabilityCertificate`.

    **Raises:** `CertaxError` for an unknown claim, norm or theorem, a cluster that does
    not answer, and where a target cannot be reached; the message says what can.
    """
    if isinstance(solution, TrainingRun):
        given = (norm, field, theorem, target, relative_target, budget, boxes, degree)
        _refuse_search((*given, slabs, workers, dask, derivative or None))
        _refuse_search((main or None, resume or None, progress))
        _refuse_search((None if evaluation == "real" else evaluation,))
        return _trainability(solution, claim, out)
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


def _refuse_search(options: tuple[Any, ...]) -> None:
    """**Raises:** `CertaxError` for options of a search, where there is none."""
    for option in options:
        if option is not None:
            raise CertaxError(
                "A training run's certificate needs no search and has no options but "
                "`out`.",
                value=option,
                remedy="Leave the other options out.",
            )


def _trainability(
    run: TrainingRun, claim: str | None, out: Path | str | None
) -> TrainabilityCertificate:
    """The certificate of a training run, written if a folder is given."""
    if claim not in (None, "trainability"):
        raise CertaxError(
            f"There is no claim {claim!r} about a training run.",
            value=claim,
            remedy='Choose "trainability".',
        )
    certificate = certify_trainability(run)
    if out is not None:
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
        "norm": norm not in (None, "range") and claim not in ("residual", "lipschitz"),
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
