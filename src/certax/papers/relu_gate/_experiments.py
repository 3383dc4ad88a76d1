"""All rows of arXiv 2005.04211 at two scales."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...certificates import Guarantee, gaussian_gate, glm_tron_guarantee
from .._inequalities import Inequality, checked, linear_fit
from .._paper import Experiment, Request, Statement
from ._laws import laws
from ._recursion import Recursion
from ._runs import Runs, adversaries, fitted_factor, mean_and_error, names

_hidden = Statement("not found", "not found")
# The share of attacked points where runs are long.
_share = 0.2


@dataclass(frozen=True)
class Sizes:
    """What the scale decides.

    **Attributes:**

    - `rates`: dimension, batch, steps; the first laws of the inputs have all, the
      others as many as `others` says, from the second on.
    - `attacks`: θ and β, small.
    - `bounds`: θ of what is followed for long.
    """

    rates: tuple[tuple[int, int, int], ...]
    others: int
    runs: int
    attacks: tuple[tuple[float, float], ...]
    bounds: tuple[float, ...]
    long_runs: int
    long_steps: int


_batches = ((1, 60), (4, 30), (16, 10), (64, 4))
small = Sizes(
    rates=tuple((10, *b) for b in _batches),
    others=1,
    runs=2000,
    attacks=((0.02, 0.1), (0.05, 0.1)),
    bounds=(0.05, 0.1, 0.2),
    long_runs=20,
    long_steps=2000,
)
paper = Sizes(
    rates=tuple((d, *b) for d in (10, 2, 50) for b in _batches),
    others=12,
    runs=20_000,
    attacks=((0.01, 0.1), (0.02, 0.1), (0.05, 0.1), (0.02, 0.5)),
    bounds=(0.025, 0.05, 0.1, 0.2, 0.3),
    long_runs=100,
    long_steps=10_000,
)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    rows = []
    for law in laws:
        chosen = sizes.rates if law == "normal" else sizes.rates[1 : 1 + sizes.others]
        rows += [_rate(Runs(d, b, t, sizes.runs, law), request) for d, b, t in chosen]
    rows += [
        _poisoned(Runs(d, b, t, sizes.runs), *attack, request)
        for d, b, t in sizes.rates
        for attack in sizes.attacks
    ]
    rows += [_floor(kind, sizes, request) for kind in adversaries]
    rows += [_method(name, sizes, request) for name in names]
    return [*rows, _untrained(sizes, request)]


def best_step(runs: Runs) -> float:
    """η = λ₁/c_b."""
    moments = laws[runs.law].moments(runs.dimension, runs.batch)
    return float(moments.gated / moments.batch)


def proved(runs: Runs) -> Guarantee:
    """What is proved without attack, for that step."""
    moments = laws[runs.law].moments(runs.dimension, runs.batch)
    return glm_tron_guarantee(moments, 2, 1, step=best_step(runs))


def rate(runs: Runs, seed: int) -> dict[str, Any]:
    """The fitted factor beside the proved one, and the theorem along the runs."""
    found = proved(runs)
    squares = runs.squares(seed, best_step(runs))
    fitted = fitted_factor(squares.mean(axis=1))
    return compared(fitted, found["factor"]) | in_the_mean(squares, found["factor"])


def compared(fitted: float, proved: float) -> dict[str, Any]:
    """Factors, and how far the exponents are from each other."""
    off = math.log(fitted) / math.log(proved) - 1
    return {
        "fitted factor": fitted,
        "proved factor": proved,
        "exponents differ by": off,
        "within 10 %": abs(off) <= 0.1,
    }


def in_the_mean(
    squares: np.ndarray, factor: float, floor: float = 0.0
) -> dict[str, Any]:
    """E‖e_t‖² ≤ factorᵗ ‖e₀‖² + floor², against the mean less three standard errors;
    and along every run by Ville's inequality: factor⁻ᵗ ‖e_t‖² without a floor is a
    supermartingale, so that of N runs none ever has 100 N times its start, but for one
    time in a hundred.
    """
    means, errors = mean_and_error(squares)
    powers = factor ** np.arange(len(means))
    # Once squares are rounding, exact arithmetic is no longer what is run.
    limits = powers * means[0] + floor**2 + 1e-20 * means[0]
    made = [Inequality("mean of ‖e‖²", (means - 3 * errors)[1:], limits[1:])]
    if floor == 0:
        growth = squares / (powers[:, None] + 1e-20)
        most = 100 * squares.shape[1] * means[0]
        made.append(Inequality("every run", growth, np.asarray(most)))
    return checked(made)


def _facts(runs: Runs, request: Request) -> dict[str, Any]:
    return {
        "d": runs.dimension,
        "b": runs.batch,
        "steps": runs.steps,
        "runs": runs.count,
        "seed": request.seed,
    }


def _rate(runs: Runs, request: Request) -> Experiment:
    return Experiment(
        key=f"rate-{runs.law.replace(' ', '-')}-{runs.dimension}-{runs.batch}",
        section="rate",
        method=f"GLM-Tron, inputs {runs.law}",
        settings=_facts(runs, request),
        compute=lambda: rate(runs, request.seed),
        says=_hidden,
    )


def poisoned(runs: Runs, bound: float, chance: float, seed: int) -> dict[str, Any]:
    """The same under attack, above the floor; the recursion is exact."""
    step = best_step(runs)
    squares = runs.squares(seed, step, bound, chance)
    exact = Recursion(runs.dimension, runs.batch, step, bound, chance)
    means, errors = mean_and_error(squares)
    said = exact.squares(runs.start() - np.eye(runs.dimension)[0], runs.steps)
    near = Inequality("recursion", np.abs(means - said), 4 * errors + 1e-12)
    fitted = fitted_factor(means, exact.floor)
    return compared(fitted, proved(runs)["factor"]) | {
        "factor of the recursion": exact.factor,
        "floor of the recursion": math.sqrt(exact.floor),
        **checked([near]),
    }


def _poisoned(runs: Runs, bound: float, chance: float, request: Request) -> Experiment:
    words = f"{bound:g}-{chance:g}".replace(".", "-")
    return Experiment(
        key=f"poisoned-{runs.dimension}-{runs.batch}-{words}",
        section="poisoned",
        method="GLM-Tron, attacked by fair coins",
        settings={"θ": bound, "β": chance} | _facts(runs, request),
        compute=lambda: poisoned(runs, bound, chance, request.seed),
        says=_hidden,
    )


def guaranteed(runs: Runs, bound: float, step: float | None = None) -> Guarantee:
    """What is proved where one point in five is attacked; ‖w*‖ = 1."""
    moments = gaussian_gate(runs.dimension, runs.batch, bound=bound)
    return glm_tron_guarantee(
        moments, 2, 10, step=step, bound=bound, probability=_share
    )


def floors(runs: Runs, bounds: tuple[float, ...], seed: int) -> dict[str, Any]:
    """Reached errors beside guaranteed floors, and the theorem along the way."""
    errors, promised, made = [], [], []
    for bound in bounds:
        step = 0.99 * guaranteed(runs, bound)["step"]
        found = guaranteed(runs, bound, step)
        squares = runs.squares(seed, step, bound, _share)
        errors.append(_reached(squares))
        promised.append(found["floor"])
        made.append(in_the_mean(squares, found["factor"], found["floor"]))
    slope, fit = linear_fit(np.asarray(bounds), np.asarray(errors))
    return {
        "reached": errors,
        "guaranteed floor": promised,
        "slope": slope,
        "R²": fit,
        **min(made, key=lambda m: m["least margin"]),
    }


def _reached(squares: np.ndarray) -> float:
    """The root mean square over the last tenth of the steps and all runs."""
    return float(np.sqrt(np.mean(squares[-(len(squares) // 10) :])))


def _floor(kind: str, sizes: Sizes, request: Request) -> Experiment:
    runs = _long(sizes, attack=kind)
    return Experiment(
        key=f"floor-{kind}",
        section="floor",
        method=f"GLM-Tron, {kind} attack",
        settings=_long_facts(sizes, request),
        compute=lambda: floors(runs, sizes.bounds, request.seed),
        says=_hidden,
    )


def _long(sizes: Sizes, **kinds: str) -> Runs:
    return Runs(sizes.rates[0][0], 16, sizes.long_steps, sizes.long_runs, **kinds)


def _long_facts(sizes: Sizes, request: Request) -> dict[str, Any]:
    return {"θ": list(sizes.bounds), "β": _share} | _facts(_long(sizes), request)


def _method(name: str, sizes: Sizes, request: Request) -> Experiment:
    step = 0.01
    runs = _long(sizes, method=name, attack="sign-correlated")

    def compute():
        found = [runs.squares(request.seed, step, b, _share) for b in sizes.bounds]
        stuck = sum(int(np.sum(~(s[-1] < 0.01 * s[0]))) for s in found)
        return {
            "reached": [_reached(squares) for squares in found],
            "stuck": f"{stuck} of {len(found) * runs.count}",
        }

    return Experiment(
        key=f"method-{name}",
        section="methods",
        method=names[name],
        settings=_long_facts(sizes, request) | {"η": step},
        compute=compute,
    )


def _untrained(sizes: Sizes, request: Request) -> Experiment:
    runs = _long(sizes)

    def compute():
        missed = runs.start() - np.eye(runs.dimension)[0]
        return {"reached": [float(np.linalg.norm(missed))]}

    return Experiment(
        key="method-start",
        section="methods",
        method="the weights at the start",
        settings={"d": runs.dimension, "seed": request.seed},
        compute=compute,
        baseline=True,
    )
