"""All rows of arXiv 1807.06766 at two scales."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ... import training as ct
from .._paper import Experiment, Request, Statement
from ..architectures import parameter_count
from ..comparisons import Method, Task, compare, correct, mean_score, train
from ._curvature import gradient_norm_and_least_eigenvalue
from ._methods import methods
from ._noise import Agreement, disagreement
from ._tasks import paper_tasks, small_tasks
from ._theorems import Regression, kept, promises, unproved

_hidden = Statement("not found", "not found")
_first = 1000
_words = {
    "rmsprop": "RMSProp with the longer step",
    "rmsprop-published": "RMSProp with the published step, as remembered",
    "adam": "Adam with the longer step of its proof",
    "adam-published": "Adam with the published step, as remembered",
}


@dataclass(frozen=True)
class Sizes:
    """What the scale decides: the net of the theorems, the accuracy and steps asked of
    it, the steps that noisy runs may take, and seeds of the comparisons.
    """

    width: int
    accuracy: float
    steps: int
    noisy_steps: int
    noisy_accuracy: float
    seeds: int


small = Sizes(8, 0.05, 5_000, 30_000, 0.5, 3)
paper = Sizes(50, 0.005, 200_000, 3_000_000, 0.3, 5)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    large = request.scale == "paper"
    sizes = sizes or (paper if large else small)
    tasks = paper_tasks(request.data) if large else small_tasks()
    regression = Regression(sizes.width, sizes.accuracy, sizes.steps, request.seed)
    rows = _theorems(regression, request) + _noise(regression, sizes, request)
    for task in tasks.values():
        rates = (1e-3, 3e-3, 1e-2)
        descent = (0.03, 0.1, 0.3)
        rows += [
            _compared(task, method, sizes, request)
            for method in methods(rates, descent)
        ]
        rows.append(_untrained(task, request))
    return rows


def _theorems(task: Regression, request: Request) -> list[Experiment]:
    settings = {
        "width": task.width,
        "λ": task.regularization,
        "ε": task.accuracy,
        "steps": task.steps,
        "seed": task.seed,
    }
    made = promises(task)
    wanted = [k for k in made if k.endswith("published") or not request.as_published]

    def promised(key: str) -> dict[str, Any]:
        algorithm = key.removesuffix("-published")
        verdict = {"constants": task.certified(algorithm)}
        return verdict | kept(task, made[key]())

    rows = [
        Experiment(
            key=f"theorems-{key}",
            section="theorems",
            method=_words[key],
            settings=settings | ({"ξ": task.offset} if "rms" in key else {}),
            compute=lambda key=key: promised(key),
            says=_hidden,
            why="The number of steps is the corrected one." if "adam" in key else "",
        )
        for key in wanted
    ]

    def plain(key: str, words: str, make) -> Experiment:
        return Experiment(
            key=f"theorems-{key}",
            section="theorems",
            method=words,
            settings=settings,
            compute=lambda: unproved(task, make(1 / task.constants[0])),
            baseline=True,
        )

    import optax

    return [
        *rows,
        plain("descent", "gradient descent, step 1/L", optax.sgd),
        plain("nesterov", "Nesterov, step 1/L, momentum 0.9", ct.nesterov),
        plain("usual-adam", "Adam of optax, rate 0.001", lambda _: optax.adam(1e-3)),
    ]


def _noise(task: Regression, sizes: Sizes, request: Request) -> list[Experiment]:
    agreement = Agreement(20, 2, sizes.noisy_accuracy, 20, request.seed)
    draws = 200
    rows = [
        Experiment(
            key="stochastic-agreement",
            section="stochastic",
            method="functions that agree in signs",
            settings=dataclasses.asdict(agreement),
            compute=lambda: agreement.result(sizes.noisy_steps),
            says=_hidden,
        )
    ]
    return rows + [
        Experiment(
            key=f"stochastic-batch-{batch}",
            section="stochastic",
            method=f"the net above, batches of {batch}",
            settings={"batch": batch, "draws": draws, "seed": task.seed},
            compute=lambda batch=batch: disagreement(task, batch, draws),
            says=_hidden,
        )
        for batch in (1, 100)
    ]


def _said(settings: Mapping[str, float]) -> str:
    symbols = {"rate": "α", "b1": "β₁", "xi": "ξ", "momentum": "momentum"}
    return ", ".join(f"{symbols[k]} {v:g}" for k, v in settings.items())


def _compared(task: Task, method: Method, sizes: Sizes, request: Request) -> Experiment:
    seeds = [request.seed + 1 + k for k in range(sizes.seeds)]

    def compute() -> dict[str, Any]:
        outcome = compare(task, method, seeds, _first + request.seed)
        first = outcome.runs[0]
        slope, least = gradient_norm_and_least_eigenvalue(task, first, task.data.train)
        results = {
            "best settings": _said(outcome.chosen),
            "training loss": outcome.loss,
            "test loss": -outcome.mean,
            "sd": outcome.deviation,
            "|g|": slope,
            "least eigenvalue": least,
        }
        if task.name == "vgg":
            judged = dataclasses.replace(task, scores=correct)
            scores = [mean_score(judged, r, task.data.test) for r in outcome.runs]
            results["accuracy"] = sum(scores) / len(scores)
        return results

    return Experiment(
        key=f"{task.name}-{method.key}",
        section=task.name,
        method=method.words,
        settings={"tried": "; ".join(_said(s) for s in method.grid)}
        | {"seeds": seeds}
        | task.settings(),
        compute=compute,
        says=_hidden,
    )


def _untrained(task: Task, request: Request) -> Experiment:
    def compute():
        idle = dataclasses.replace(task, epochs=0)
        (method,) = (m for m in methods((1.0,), (1.0,)) if m.key == "sgd")
        start = train(idle, method, {"rate": 1.0}, request.seed + 1)
        loss = -mean_score(idle, start, idle.data.test)
        return {"test loss": loss, "weights": parameter_count(task.build)}

    return Experiment(
        key=f"{task.name}-untrained",
        section=task.name,
        method="no training",
        settings={"seed": request.seed + 1},
        compute=compute,
        baseline=True,
    )
