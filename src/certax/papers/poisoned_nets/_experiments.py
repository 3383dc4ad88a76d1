"""All rows of arXiv 2005.01699 at two scales."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Any

import numpy as np

from ...certificates import Contraction
from .._inequalities import Inequality, checked, linear_fit
from .._paper import Experiment, Request, Statement
from ._methods import names
from ._runs import Record, contractions, records, starts, train
from ._setups import Setup, adversaries, assisted, published, reduced

_hidden = Statement("not found", "not found")
# In squares; below it rounding decides, and the theorem is about exact arithmetic.
_rounding = 1e-20


@dataclass(frozen=True)
class Sizes:
    """What the scale decides: runs of each value, and the setups themselves."""

    runs: int
    setups: tuple[Setup, ...]
    assisted: tuple[Setup, ...]


_few_steps = 2000
small = Sizes(
    5,
    tuple(reduced(setup, _few_steps) for setup in published),
    tuple(reduced(setup, _few_steps) for setup in assisted),
)
paper = Sizes(8, published, assisted)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    rows = []
    for setup in sizes.setups:
        rows += _rows(setup, sizes.runs, request)
    tron = [_row(s, "neuro-tron", "alternating", sizes.runs, request, "assist")
            for s in sizes.assisted]  # fmt: skip
    if request.as_published:
        return rows + tron
    first = sizes.setups[0]
    kinds = [kind for kind in adversaries(first.inputs) if kind != "alternating"]
    attacks = [
        _row(first, name, kind, sizes.runs, request, "attacks")
        for kind in kinds
        for name in ("neuro-tron", "sgd")
    ]
    return rows + attacks + tron


def _rows(setup: Setup, runs: int, request: Request) -> list[Experiment]:
    chosen = ("neuro-tron", "sgd-published") if request.as_published else tuple(names)
    made = [
        _row(setup, name, "alternating", runs, request, setup.key) for name in chosen
    ]
    return [*made, _untrained(setup, runs, request)]


def _row(
    setup: Setup, name: str, attack: str, runs: int, request: Request, section: str
) -> Experiment:
    def compute():
        known = proved(setup, runs, request.seed)
        metrics = [np.eye(setup.weights) if c is None else c.metric for c in known]
        record = train(setup, name, attack, runs, request.seed, np.stack(metrics))
        results = measured(setup, record)
        if name == "neuro-tron" and not request.as_published:
            results |= guaranteed(setup, attack, record, known)
        return results

    q = f"q = {setup.scale:g}: " if section == "assist" else ""
    key = f"{setup.key}-{name}" + f"-{attack}" * (section == "attacks")
    attacked = f", {attack} attack" * (section == "attacks")
    return Experiment(
        key=key,
        section=section,
        method=q + names[name] + attacked,
        settings=_settings(setup, runs, request) | {"attack": attack},
        compute=compute,
        says=_hidden if name in ("neuro-tron", "sgd-published") else None,
        why=_why(setup, name, request),
    )


def _why(setup: Setup, name: str, request: Request) -> str:
    if name == "sgd-published":
        return "The derivative of the first point of a batch stands for all."
    small = "Fewer inputs, weights and steps than published. "
    said = small * (request.scale == "small")
    if name == "neuro-tron" and setup.law.fourth_moment is None:
        said += "The law has no fourth moment, so that no theorem applies."
    return said.strip()


def _settings(setup: Setup, runs: int, request: Request) -> dict[str, Any]:
    return {
        "law": setup.law.name,
        "n": setup.inputs,
        "r": setup.weights,
        "k": setup.gates,
        "b": setup.batch,
        "q": setup.scale,
        "η": setup.step,
        "steps": setup.steps,
        "θ": list(setup.bounds) if setup.swept == "θ" else setup.bounds[0],
        "β": list(setup.probabilities)
        if setup.swept == "β"
        else setup.probabilities[0],
        "runs of each": runs,
        "seed": request.seed,
    }


def _untrained(setup: Setup, runs: int, request: Request) -> Experiment:
    def compute():
        return {"error": float(np.median(starts(setup, runs, request.seed)))}

    return Experiment(
        key=f"{setup.key}-start",
        section=setup.key,
        method="the weights at the start",
        settings={"runs of each": runs, "seed": request.seed},
        compute=compute,
        baseline=True,
    )


@cache
def _proved(setup: Setup, runs: int, seed: int) -> list[Contraction | None]:
    return contractions(setup, runs, seed)


def proved(setup: Setup, runs: int, seed: int) -> list[Contraction | None]:
    """What is proved of each run's net; it does not depend on what is swept."""
    same = replace(setup, key="", bounds=(), probabilities=())
    return _proved(same, runs, seed)


def measured(setup: Setup, record: Record) -> dict[str, Any]:
    """Errors, how many runs are stuck, and whether errors are linear in θ."""
    medians = np.median(record.reached, axis=1)
    results: dict[str, Any] = {
        "error": medians.tolist(),
        "stuck": f"{int(record.stuck.sum())} of {record.stuck.size}",
    }
    if setup.swept == "θ" and len(setup.bounds) > 2:
        slope, fit = linear_fit(np.asarray(setup.bounds), medians)
        results |= {"slope": slope, "R²": fit}
    return results


def guaranteed(
    setup: Setup, attack: str, record: Record, known: list[Contraction | None]
) -> dict[str, Any]:
    """The proved floors, and the theorem along every trajectory: for each value, the
    mean over the runs of eᵀPe relative to its bound is at most one, up to three
    standard errors. Without attack that ratio is a supermartingale, so that of N runs
    none ever has 100 N, but for one time in a hundred (Ville's inequality).
    """
    sure = [c for c in known if c is not None and c.proved]
    if not sure:
        gone = "no fourth moment" if None in known else "the step is too large"
        return {"guaranteed floor": "none", "all hold": f"does not apply: {gone}"}
    centered = attack in ("oblivious", "alternating")
    floors, ratios, made = [], [], []
    for value, (bound, chance) in enumerate(
        zip(setup.bounds, setup.probabilities, strict=True)
    ):
        of_runs = []
        for run, contraction in enumerate(known):
            if contraction is None or not contraction.proved:
                continue
            attacked = contraction.attacked(bound, chance, centered)
            squares = record.weighted[value, run]
            steps = range(0, setup.steps + 1, setup.steps // records)
            bounds = attacked.bounds(float(squares[0]))
            limits = np.array(list(islice(bounds, 0, steps[-1] + 1, steps.step)))
            of_runs.append(
                (attacked.floor, squares / (limits + _rounding * squares[0]))
            )
        floors.append(float(np.median([floor for floor, _ in of_runs])))
        every = np.array([ratio for _, ratio in of_runs])
        errors = every.std(axis=0, ddof=1) / np.sqrt(len(every))
        # At the start there is equality, and nothing to be seen.
        ratios.append((every.mean(axis=0) - 3 * errors)[1:])
        if bound * chance == 0:
            made.append(Inequality("every run", every, np.array(100 * len(every))))
    theorem = Inequality("mean of eᵀPe", np.array(ratios), np.ones(1))
    return {
        "guaranteed floor": floors,
        "nets with a proof": f"{len(sure)} of {len(known)}",
        **checked([theorem, *made]),
    }
