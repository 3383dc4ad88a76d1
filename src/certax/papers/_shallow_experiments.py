"""The rows that both papers on regularized stochastic descent have."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from .. import _api
from ..certificates import (
    Landscape,
    TrainingRun,
    diffusion_guarantee,
    gradient_descent_guarantee,
    langevin_guarantee,
)
from ._inequalities import Inequality, checked
from ._paper import Experiment, Request, Statement
from ._shallow import Task, minimizer, pointwise, regularized
from ._shallow_runs import descend, diffuse, methods, starts
from ._shallow_theorems import (
    Constants,
    everywhere,
    fitted_exponent,
    in_a_ball,
    of_convexity,
    of_descent,
    together,
)

hidden = Statement("not found", "not found")
temperature = 0.1


@dataclass(frozen=True)
class Sizes:
    """What the scale decides: widths of tables, points, steps, chains."""

    widths: tuple[int, ...]
    width: int
    points: int
    dimension: int
    steps: int
    chains: int


small = Sizes((4, 64), 10, 30, 4, 400, 32)
paper = Sizes((4, 16, 64, 256, 1024), 100, 500, 20, 4000, 256)


def experiments(
    loss: str, request: Request, sizes: Sizes | None = None
) -> list[Experiment]:
    """All rows, in the order of the page.

    As published, λ is just above λ_c, as our notes recall it, and nothing asks whether
    the loss is convex there.
    """
    sizes = sizes or (paper if request.scale == "paper" else small)
    make = lambda activation, **more: Task(
        activation, loss, sizes.width, sizes.dimension, sizes.points, **more
    )
    root = 1 / np.sqrt(sizes.width)
    rows = []
    for activation in ("sigmoid", "tanh", "softplus"):
        unit = make(activation, outer=float(root))
        for width in sizes.widths:
            wide = replace(unit, width=width, outer=float(1 / np.sqrt(width)))
            rows.append(_constants(wide, request))
        kinds = ("diffusion",) if activation == "softplus" else ("sgd", "diffusion")
        rows += [_row("critical", unit, k, sizes, request) for k in kinds]
    if not request.as_published:
        for activation in ("sigmoid", "tanh"):
            flat = make(activation, outer=1 / sizes.width)
            rows += [
                _row("above", flat, kind, sizes, request, share=20)
                for kind in ("gd", "sgd", "diffusion")
            ]
            rows.append(_row("above", flat, "gd", sizes, request, share=1.5))
        for activation in ("sigmoid", "tanh"):
            steep = make(activation, outer=2.0, alternating=True)
            rows += [
                _row("below", steep, kind, sizes, request, share=0.05)
                for kind in ("gd", "sgd", "diffusion")
            ]
    steep = make("tanh", outer=2.0, alternating=True)
    rows += [_method(steep, name, sizes, request) for name in methods if name != "gd"]
    return [*rows, _untrained(steep, request)]


def regularization(task: Task, seed: int, share: float | None) -> str:
    """λ as text, three digits: a multiple of ρ, or just above λ_c."""
    known = task.landscape(seed, "1").constants
    if share is None:
        return f"{1.04 * known['critical'].value:.3g}"
    return f"{share * known['threshold'].value:.3g}"


def _facts(task: Task, request: Request) -> dict[str, Any]:
    return {
        "σ": task.activation,
        "p": task.width,
        "d": task.dimension,
        "n": task.points,
        "|a|": round(task.outer, 4),
        "seed": request.seed,
    }


def _constants(task: Task, request: Request) -> Experiment:
    def compute():
        weight = regularization(task, request.seed, None)
        net = task.net(request.seed)
        run = TrainingRun(net, "sgd-diffusion", {"temperature": 1}, weight)
        found = _api.certify(run, claim="trainability")
        ground = task.landscape(request.seed, weight)
        return {
            "λ": float(weight),
            "λ_c, recalled": ground.constants["critical"].value,
            "ρ, proved": found.constants.get("threshold", "none"),
            "β, proved": found.constants.get("smoothness", "none"),
            "b, proved": found.constants.get("defect", found.reason),
            "strongly convex": ground.verdict == "strongly convex",
        }

    return Experiment(
        key=f"constants-{task.activation}-{task.width}",
        section="constants",
        method=f"{task.activation}, {task.width} gates",
        settings=_facts(task, request),
        compute=compute,
        says=hidden,
    )


def _row(
    section: str, task: Task, kind: str, sizes: Sizes, request: Request,
    share: float | None = None,
) -> Experiment:  # fmt: skip
    made: dict[str, Callable[..., dict[str, Any]]] = {
        "gd": descent, "sgd": stochastic, "diffusion": diffusion
    }  # fmt: skip

    def compute():
        weight = regularization(task, request.seed, share)
        ground = task.landscape(request.seed, weight)
        advice = ground.verdict == "strongly convex"
        results = made[kind](task, weight, sizes, request.seed)
        known = {} if request.as_published else {"convex": advice}
        return {"λ": float(weight)} | known | results

    where = "just above λ_c" if share is None else f"λ = {share:g} ρ"
    name = "its diffusion" if kind == "diffusion" else methods[kind]
    mark = "" if share is None else f"-{share:g}".replace(".", "-")
    return Experiment(
        key=f"{section}-{task.activation}-{kind}{mark}",
        section=section,
        method=f"{name}, {task.activation}, {where}",
        settings=_facts(task, request) | {"steps": sizes.steps},
        compute=compute,
        says=hidden if section == "critical" else None,
    )


def _size(ground: Landscape) -> float:
    """A tenth of the largest proved step, or 0.02 where there is none."""
    known = ground.constants
    return 0.1 / known["smoothness"].value if "smoothness" in known else 0.02


def _convexity(ground: Landscape) -> float | None:
    known = ground.constants
    return known["strong_convexity"].value if "strong_convexity" in known else None


def descent(task: Task, weight: str, sizes: Sizes, seed: int) -> dict[str, Any]:
    """Gradient descent with a tenth of the largest proved step."""
    net, ground = task.net(seed), task.landscape(seed, weight)
    step, convex = _size(ground), _convexity(ground)
    (start,) = starts(task, seed, weight, 1)
    path = descend(task, seed, weight, "gd", step, sizes.steps, start)
    found = gradient_descent_guarantee(ground, start, "1e-6", step)
    made = everywhere(net, path, weight, Constants.of(ground.constants))
    made += of_descent(net, path, weight, step)
    results: dict[str, Any] = {"vacuous": found.vacuous}
    if convex is not None:
        least = minimizer(net, weight, path[-1])
        made += of_convexity(net, path, weight, 1 - step * convex, least)
        fitted, proved = fitted_exponent(path, least), -np.log1p(-step * convex)
        results |= {
            "fitted rate": fitted,
            "proved rate": proved,
            "rates differ by": fitted / proved - 1,
        }
    return results | _ends(net, path[-1:], weight) | checked(made)


def stochastic(task: Task, weight: str, sizes: Sizes, seed: int) -> dict[str, Any]:
    """Regularized SGD from two starts with the same batches of eight."""
    net, ground = task.net(seed), task.landscape(seed, weight)
    rho, beta, slope = pointwise(task, seed, weight)
    step = 0.1 / beta
    pair = [
        descend(task, seed, weight, "sgd", step, sizes.steps, start, 8)
        for start in starts(task, seed, weight, 2)
    ]
    number = float(Fraction(weight))
    known = Constants.of(ground.constants)
    made = [i for path in pair for i in everywhere(net, path, weight, known)]
    made += [in_a_ball(path, number, slope) for path in pair]
    if number > rho:
        made.append(together(pair[0], pair[1], 1 - step * (number - rho)))
    found = diffusion_guarantee(ground, step)
    ends = np.stack([path[-1] for path in pair])
    return {"vacuous": found.vacuous} | _ends(net, ends, weight) | checked(made)


def diffusion(task: Task, weight: str, sizes: Sizes, seed: int) -> dict[str, Any]:
    """The diffusion at the temperature 0.1, by diffrax: with one noise for all paths,
    and then with a noise for each.
    """
    net, ground = task.net(seed), task.landscape(seed, weight)
    step, convex = _size(ground), _convexity(ground)
    end, saves = step * sizes.steps, 50
    begin = starts(task, seed, weight, sizes.chains)
    go = lambda same: diffuse(
        task, seed, weight, temperature, end, step, begin, same_noise=same, saves=saves
    )
    coupled, free = go(True), go(False)
    known = Constants.of(ground.constants)
    made = [
        i for path in (*coupled, *free) for i in everywhere(net, path, weight, known)
    ]
    results: dict[str, Any] = {}
    if convex is not None:
        # Steps of Euler's method between what is recorded.
        factor = (1 - step * convex) ** (sizes.steps / saves)
        made += [together(coupled[0], other, factor) for other in coupled[1:]]
        least = minimizer(net, weight, begin[0])
        made += _stationary(ground, net, weight, free[:, -1], least)
    promised = diffusion_guarantee(ground, temperature)
    results["rate, proved"] = promised["rate"]
    results["vacuous"] = _says_nothing(ground, promised)
    return results | _ends(net, free[:, -1], weight) | checked(made)


def _says_nothing(ground: Landscape, promised) -> bool:
    """Whether the rate is useless, or the Gibbs measure's bound of the loss is."""
    return promised.vacuous or langevin_guarantee(ground, temperature, 0.1).vacuous


def _stationary(
    ground: Landscape, net, weight: str, ends: np.ndarray, least: np.ndarray
) -> list[Inequality]:
    """Poincaré's inequality for every coordinate, and the excess of the Gibbs measure,
    less three standard errors.
    """
    count = len(ends)
    variances = ends.var(axis=0, ddof=1) * (1 - 3 * np.sqrt(2 / (count - 1)))
    promised = diffusion_guarantee(ground, temperature)
    made = [Inequality("Poincaré", variances, np.array(promised["poincare"]))]
    plan = langevin_guarantee(ground, temperature, 0.1)
    losses, _ = regularized(net, ends, weight)
    (lowest,), _ = regularized(net, least[None], weight)
    gap = losses.mean() - 3 * losses.std(ddof=1) / np.sqrt(count) - lowest
    made.append(Inequality("excess", np.array(gap), np.array(plan["excess_risk"])))
    return made


def _ends(net, weights: np.ndarray, weight: str) -> dict[str, Any]:
    losses, _ = regularized(net, weights, weight)
    return {"loss": float(losses.mean())}


def _method(task: Task, name: str, sizes: Sizes, request: Request) -> Experiment:
    def compute():
        weight = regularization(task, request.seed, 0.05)
        _, beta, _ = pointwise(task, request.seed, weight)
        ends = [
            descend(task, request.seed, weight, name, 1 / beta, sizes.steps, start, 8)[
                -1
            ]
            for start in starts(task, request.seed, weight, 3)
        ]
        return _ends(task.net(request.seed), np.stack(ends), weight)

    return Experiment(
        key=f"method-{name}",
        section="methods",
        method=methods[name],
        settings=_facts(task, request) | {"steps": sizes.steps, "batch": 8},
        compute=compute,
    )


def _untrained(task: Task, request: Request) -> Experiment:
    def compute():
        weight = regularization(task, request.seed, 0.05)
        zero = np.zeros((1, task.width, task.dimension))
        return _ends(task.net(request.seed), zero, weight)

    return Experiment(
        key="method-zero",
        section="methods",
        method="W = 0",
        settings=_facts(task, request),
        compute=compute,
        baseline=True,
    )
