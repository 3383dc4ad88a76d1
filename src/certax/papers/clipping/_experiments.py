"""All rows of arXiv 2404.08624 at two scales."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .._paper import Experiment, Request, Statement
from ..architectures import parameter_count
from ..comparisons import Method, Outcome, Task, compare
from ._facts import recorded, text_recorded
from ._methods import method, tuned
from ._tasks import paper_tasks, small_tasks
from ._trajectory import Fit, followed, guaranteed

_hidden = Statement("not found", "not found")
_first = 1000


@dataclass(frozen=True)
class Sizes:
    """What the scale decides; `tasks` are those with rows."""

    seeds: int
    tasks: tuple[str, ...]
    widths: tuple[int, ...]
    steps: int


small = Sizes(5, ("resnet", "vae", "vit", "text"), (100, 4000), 2000)
paper = Sizes(5, ("resnet", "vae", "vit", "vit-small"), (100, 4000, 20_000), 20_000)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    large = request.scale == "paper"
    sizes = sizes or (paper if large else small)
    tasks = paper_tasks(request.data) if large else small_tasks()
    methods = _published if large else _small_methods
    rows, gaps = [], []
    for name in sizes.tasks:
        task = tasks[name]
        for chosen in methods(request)[name]:
            rows.append(_compared(task, chosen, sizes, request))
        rows.append(_untrained(task, request))
        gaps.append(_gap(task, sizes, request))
    rows += gaps
    for width in sizes.widths:
        for floor in (1e-1, 1e-3):
            rows.append(_guaranteed(Fit(width, seed=request.seed), floor, sizes))
    return [*rows, _descent(Fit(sizes.widths[0], seed=request.seed), sizes)]


def _small_methods(request: Request) -> Mapping[str, tuple[Method, ...]]:
    return {
        "resnet": tuned(
            [(0.5, 1), (1, 0.25), (5, 0.25)], 1e-3, (0.1, 0.3, 1.0), (3e-3, 1e-2, 3e-2)
        ),
        "vae": tuned(
            [(1e-3, 200), (2e-3, 1000), (5e-3, 1000), (1e-2, 1000)],
            0.1,
            (3e-5, 1e-4, 3e-4),
            (3e-3, 1e-2, 3e-2),
            as_published=request.as_published,
        ),
        "vit": tuned(
            [(0.2, 1), (0.5, 1), (1, 1), (1, 3)],
            1e-3,
            (0.1, 0.2, 0.5),
            (1e-3, 3e-3, 1e-2),
        ),
        "text": tuned(
            [(0.05, 1), (0.1, 1), (0.2, 1)],
            1e-3,
            (0.05, 0.1, 0.2),
            (3e-4, 1e-3, 3e-3),
        ),
    }


def _published(request: Request) -> Mapping[str, tuple[Method, ...]]:
    """The authors' settings where they are known, and ours for the rest."""
    falls = not request.as_published

    def transformer(floor, decay):
        pair = {"rate": 0.2, "threshold": 1.0}
        return (
            method("delta-gclip", [pair | {"floor": floor}]),
            method("gclip", [pair]),
            method("sgd", [{"rate": 0.1}]),
            method("adam", [{"rate": 5e-4, "decay": decay}]),
            method("adamw", [{"rate": 5e-4, "decay": 1e-2}]),
        )

    five, milli = {"rate": 5.0, "threshold": 0.25}, {"rate": 1e-3, "threshold": 200.0}
    return {
        "resnet": (
            method("delta-gclip", [five | {"floor": 1e-3}]),
            method("gclip", [five]),
            method("sgd", [{"rate": 1.0}]),
            method("adam", [{"rate": 1e-4}]),
            method("adamw", [{"rate": 1e-4, "decay": 1e-2}]),
        ),
        "vae": (
            method("delta-gclip", [milli | {"floor": 0.1}]),
            method("gclip", [milli]),
            method("sgd", [{"rate": 1e-4}], decays=falls),
            method("adam", [{"rate": 1e-3}], decays=falls),
            method("adamw", [{"rate": 1e-3, "decay": 1e-2}], decays=falls),
        ),
        "vit": transformer(1e-3, 1e-5),
        "vit-small": transformer(1e-2, 5e-5),
    }


def _said(settings: Mapping[str, float]) -> str:
    symbols = {"rate": "η", "threshold": "γ", "floor": "δ", "decay": "decay"}
    return ", ".join(f"{symbols[k]} {v:g}" for k, v in settings.items())


def _compared(task: Task, chosen: Method, sizes: Sizes, request: Request) -> Experiment:
    seeds = [request.seed + 1 + k for k in range(sizes.seeds)]

    def compute() -> dict[str, Any]:
        outcome = compare(task, chosen, seeds, _first + request.seed)
        shown = _displayed(task, outcome, request)
        if chosen.key == "delta-gclip":
            states = [run.optimizer_state for run in outcome.runs]
            acted = sum(int(s.floored) for s in states)
            shown["floor acted"] = acted / sum(int(s.count) for s in states)
        return shown

    grid = "; ".join(_said(settings) for settings in chosen.grid)
    says = recorded.get((task.name, chosen.key), _hidden)
    if task.name == "text":
        says = text_recorded.get(chosen.key, _hidden)
    why = ""
    if says is not _hidden and request.scale == "small":
        why = "Another net on other data: the numbers are not comparable."
    elif task.name.startswith("vit") and request.scale == "paper":
        why = "Ours: how the 197 places meet crops of 64 pixels (interpolated)."
    return Experiment(
        key=f"{task.name}-{chosen.key}",
        section=task.name,
        method=chosen.words,
        settings={"tried": grid, "decays": chosen.decays}
        | {"seeds": seeds}
        | task.settings(),
        compute=compute,
        says=says,
        why=why,
    )


def _displayed(task: Task, outcome: Outcome, request: Request) -> dict[str, Any]:
    scores = outcome.scores
    factor = 1.0
    if request.as_published and task.name.startswith("vit"):
        # Divided by one batch too many.
        batches = math.ceil(len(task.data.test) / task.batch)
        factor = batches / (batches + 1)
    return {
        "best settings": _said(outcome.chosen),
        "test": factor * outcome.mean,
        "sd": factor * outcome.deviation,
        "each seed": [factor * score for score in scores],
        "training loss": outcome.loss,
    }


def _untrained(task: Task, request: Request) -> Experiment:
    start = method("sgd", [{"rate": 1e-30}])
    idle = dataclasses.replace(task, epochs=0)

    def compute():
        outcome = compare(idle, start, [request.seed + 1], _first)
        return {"test": outcome.mean, "weights": parameter_count(task.build)}

    return Experiment(
        key=f"{task.name}-untrained",
        section=task.name,
        method="no training",
        settings={"seeds": [request.seed + 1]},
        compute=compute,
        baseline=True,
    )


def _gap(task: Task, sizes: Sizes, request: Request) -> Experiment:
    def compute(ours: dict[str, Any], adam: dict[str, Any]) -> dict[str, Any]:
        gap = (adam["test"] - ours["test"]) / adam["sd"] if adam["sd"] else math.nan
        return {
            "δ-GClip": ours["test"],
            "Adam": adam["test"],
            "sd of Adam": adam["sd"],
            "gap / sd": gap,
            "within one sd": gap <= 1,
        }

    return Experiment(
        key=f"gap-{task.name}",
        section="gap",
        method=task.name,
        settings={"seeds": sizes.seeds, "first": request.seed + 1} | task.settings(),
        compute=compute,
        says=_hidden,
        after=(f"{task.name}-delta-gclip", f"{task.name}-adam"),
    )


def _guaranteed(fit: Fit, floor: float, sizes: Sizes) -> Experiment:
    threshold = 1e-6
    return Experiment(
        key=f"rate-{fit.width}-{f'{floor:g}'.replace('.', '-')}",
        section="rate",
        method=f"δ-GClip, width {fit.width}",
        settings={"δ": floor, "γ": threshold, "points": fit.points}
        | {"targets": fit.size, "steps": sizes.steps, "seed": fit.seed},
        compute=partial(guaranteed, fit, floor, threshold, sizes.steps),
        says=_hidden,
        why="γ is far below |g|, so that the floor decides.",
    )


def _descent(fit: Fit, sizes: Sizes) -> Experiment:
    def compute():
        import optax

        net, start = fit.net()
        losses, _, _ = followed(net, start, optax.sgd(0.1), sizes.steps)
        return {"η": 0.1, "loss at the end": float(losses[-1] / losses[0])}

    return Experiment(
        key=f"rate-{fit.width}-descent",
        section="rate",
        method=f"gradient descent, width {fit.width}, no theorem",
        settings={"points": fit.points, "steps": sizes.steps, "seed": fit.seed},
        compute=compute,
        baseline=True,
    )
