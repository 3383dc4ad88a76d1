"""All rows of arXiv 2503.10428 at two scales."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...training import (
    effective_sample_size,
    gibbs_potential,
    langevin,
    sample_chains,
    split_r_hat,
)
from .._paper import Experiment, Request, Statement
from .._usual_optimizers import best_rate, decoupled, descend, usual_optimizers
from ._gaussians import Gaussian, moments, relative_entropies
from ._tasks import Task

_hidden = Statement("not found", "not found")
targets = {
    "scaled": Gaussian((0.5, 1.0, 2.0)),
    "correlated": Gaussian((0.5, 1.0, 1.5), turned=True),
}
# Steps of plain chains, and of adjusted ones.
_steps = {"plain": (0.05, 0.1), "adjusted": (0.35,)}


@dataclass(frozen=True)
class Sizes:
    """What the scale decides; `draws` of the Gaussian chains, `kept` of the nets'.

    Other methods are run on the tasks with the numbers `compared`.
    """

    tasks: tuple[tuple[Any, ...], ...]
    chains: int
    draws: int
    kept: int
    steps: int
    batch: int
    compared: tuple[int, ...]


_shared = (
    ("sigmoid", "squared", 10, 2, 40, 0.1, "0.13", "1", "0.1"),
    ("sigmoid", "squared", 2, 2, 40, 0.5, "0.02", "2", "0.1"),
    ("tanh", "squared", 4, 2, 40, 0.25, "1", "0.01", "0.1"),
    ("sigmoid", "logistic", 2, 2, 40, 2.0, "0.3", "0.01", "0.1"),
    ("softplus", "logistic", 2, 2, 40, 0.5, "0.1", "1", "0.1"),
)
small = Sizes(
    _shared, chains=32, draws=150, kept=100, steps=400, batch=10, compared=(1, 3)
)
paper = Sizes(
    (
        *_shared,
        ("sigmoid", "squared", 10, 2, 100, 0.1, "0.005", "1", "0.1"),
        ("sigmoid", "squared", 100, 5, 1000, 0.01, "0.01", "1", "0.1"),
        ("tanh", "squared", 4, 2, 50, 0.25, "0.1", "1", "0.1"),
        ("sigmoid", "logistic", 2, 2, 40, 2.0, "0.3", "0.1", "0.01"),
        ("softplus", "logistic", 20, 5, 1000, 0.05, "0.1", "1", "0.01"),
    ),
    chains=64,
    draws=600,
    kept=200,
    steps=20_000,
    batch=10,
    compared=tuple(range(10)),
)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    tasks = [Task(*given, seed=request.seed) for given in sizes.tasks]
    rows = _moment_rows(request, sizes)
    if not request.as_published:
        rows += _entropy_rows(request)
    rows += [_plan(task, request, sizes) for task in tasks]
    return rows + [row for i in sizes.compared for row in _others(tasks[i], sizes)]


def _moment_rows(request: Request, sizes: Sizes) -> list[Experiment]:
    rows = []
    for name, target in targets.items():
        for kind, steps in _steps.items():
            for step in steps:
                given = {
                    "chains": 200,
                    "draws": sizes.draws,
                    "thinning": 10,
                    "seed": request.seed,
                }
                compute = partial(
                    *(moments, target, step), adjusted=kind == "adjusted", **given
                )
                rows.append(
                    Experiment(
                        key=f"moments-{name}-{kind}-{str(step).replace('.', 'p')}",
                        section="moments",
                        method=f"{kind} steps, {name} target",
                        settings={"σ": list(target.deviations), "h": step, **given},
                        compute=compute,
                        says=_hidden,
                    )
                )
    return rows


def _entropy_rows(request: Request) -> list[Experiment]:
    rows, accuracy, parts = [], 0.1, 4
    for name, target in targets.items():
        for part in range(parts + 1):

            def compute(target=target, part=part):
                found = relative_entropies(target, 3.0, accuracy, parts)[part]
                return {
                    "relative entropy": found.relative_entropy,
                    "theorem's bound": found.bound,
                    "holds": found.relative_entropy <= found.bound,
                    "Rényi divergence": found.renyi,
                }

            rows.append(
                Experiment(
                    key=f"entropy-{name}-{part}-of-{parts}",
                    section="entropy",
                    method=f"{name} target, {part}/{parts} of the plan",
                    settings={"σ": list(target.deviations), "ε": accuracy, "start": 3},
                    compute=compute,
                    says=_hidden,
                    why="The paper's bound is of a Rényi divergence; its constants are "
                    "not known to us.",
                )
            )
    return rows


def _plan(task: Task, request: Request, sizes: Sizes) -> Experiment:
    """As published no constants are known: a step 1/(2β/s) and a chosen number."""

    def compute():
        smoothness = task.ground.constants["smoothness"].value
        by_hand = float(task.temperature) / (2 * smoothness)
        plan = task.plan(by_hand if request.as_published else None)
        step = by_hand if request.as_published else plan["step"]
        steps = sizes.steps if request.as_published else int(plan["iterations"])
        reached = _reached(task, step, steps, sizes)
        results: dict[str, Any] = {
            "sobolev, by": plan.constants["sobolev"].meaning.split(", by ")[1],
            "step": step,
            "steps": steps,
            **reached,
        }
        if task.ground.threshold is not None:
            results["convex above"] = task.ground.constants["threshold"].value
        if not request.as_published:
            results["vacuous"] = plan.vacuous
        if "loss_gap" in plan.constants:
            gap = plan["loss_gap"]
            held = reached["reached gap"] - 3 * reached["standard error"] <= gap
            results |= {"theorem's gap": gap, "holds": held}
        return results

    return Experiment(
        key=f"plan-{task.key}",
        section="plan",
        method=task.words,
        settings={**task.settings, "chains": sizes.chains, "kept": sizes.kept},
        compute=compute,
        says=_hidden,
        why="A step by hand, above the admissible one: nothing is proved."
        if request.as_published
        else "",
    )


def _reached(task: Task, step: float, steps: int, sizes: Sizes) -> dict[str, Any]:
    """Chains from the start of the theorem, at its last step."""
    s, weight = float(task.temperature), float(task.regularization)
    kernel = langevin(gibbs_potential(task.risk, s, weight), step)
    first, second = jax.random.split(jax.random.key(task.seed))
    found = sample_chains(
        kernel,
        second,
        task.starts(first, sizes.chains),
        draws=sizes.kept,
        thinning=math.ceil(steps / sizes.kept),
    )
    positions = np.asarray(found.positions)
    ends = np.asarray(jax.jit(jax.vmap(task.risk))(positions[:, -1]))
    return {
        "reached gap": float(ends.mean()) - task.least,
        "standard error": float(ends.std(ddof=1)) / math.sqrt(len(ends)),
        "inequalities hold": task.inequalities_hold(positions.reshape(-1, *task.shape)),
        "R-hat": float(split_r_hat(found.energies[:, sizes.kept // 2 :])),
        "effective size": float(
            effective_sample_size(found.energies[:, sizes.kept // 2 :])
        ),
    }


def _others(task: Task, sizes: Sizes) -> list[Experiment]:
    """W = 0, the start of the theorem, and the usual optimizers."""
    evaluate = lambda w: jax.jit(jax.vmap(task.total))(w)

    def zero():
        return {"gap": float(task.total(task.zero)) - task.least}

    def start():
        drawn = task.starts(jax.random.key(task.seed), 1000)
        return {"gap": float(evaluate(drawn).mean()) - task.least}

    def trained(name):
        def objective(weights, key):
            rows = jax.random.randint(key, (sizes.batch,), 0, task.points)
            plain = name == "AdamW"
            return (task.risk if plain else task.total)(weights, rows)

        first, second = jax.random.split(jax.random.key(task.seed))
        make = usual_optimizers(float(task.regularization))[name]
        begin = task.starts(first, 1)[0]
        ends = descend(make, objective, begin, steps=sizes.steps, key=second)
        values = evaluate(jnp.asarray(ends))
        index, rate = best_rate(values)
        return {"gap": float(values[index]) - task.least, "rate": rate}

    plain = {"W = 0": zero, "a draw from the start": start}
    own = {"steps": sizes.steps, "batch": sizes.batch}
    names = usual_optimizers(1.0)
    methods = plain | {name: partial(trained, name) for name in names}
    return [
        Experiment(
            key=f"training-{task.key}-{number}",
            section="training",
            method=f"{name}: {task.words}",
            settings=task.settings | ({} if name in plain else own),
            compute=compute,
            why=decoupled if name == "AdamW" else "",
            baseline=name in plain,
        )
        for number, (name, compute) in enumerate(methods.items())
    ]
