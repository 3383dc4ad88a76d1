"""All rows of arXiv 2605.07959 at two scales."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...training import (
    gibbs_potential,
    langevin,
    sample_chains,
    tamed_gradient_descent,
    tamed_langevin,
)
from .._paper import Experiment, Request, Statement
from .._usual_optimizers import best_rate, decoupled, descend, usual_optimizers
from ._models import AbstractModel, Attention, LowRank, pull_with_projection

_hidden = Statement("not found", "not found")
# Where a run counts as diverged.
_far = 1e6
_taming_steps = (0.02, 2.0)
# How many of the recorded weights ascent begins from.
_raised = 16


@dataclass(frozen=True)
class Sizes:
    """What the scale decides; `recorded` weights of each of the chains."""

    models: tuple[tuple[str, dict[str, Any]], ...]
    chains: int
    recorded: int
    thinning: int
    ascent: int
    steps: int
    batch: int
    scales: tuple[float, ...] = (1.0, 10.0, 30.0)


_attention = {
    "examples": 20,
    "regularization": "0.01",
    "temperature": "0.1",
    "length": 4,
    "size": 3,
    "inner": 2,
}
_low_rank = {
    "examples": 40,
    "regularization": "0.01",
    "temperature": "0.1",
    "width": 8,
    "size": 4,
}
small = Sizes(
    (
        ("attention-2", {**_attention, "heads": 2}),
        ("low-rank-2", {**_low_rank, "rank": 2}),
    ),
    chains=8,
    recorded=10,
    thinning=40,
    ascent=100,
    steps=400,
    batch=8,
)
_long = {**_attention, "examples": 1000, "length": 16, "size": 16, "inner": 8}
_wide = {**_low_rank, "examples": 1000, "width": 128, "size": 32}
paper = Sizes(
    (
        ("attention-1", {**_attention, "heads": 1}),
        ("low-rank-1", {**_low_rank, "rank": 1}),
        *small.models,
        ("long-attention-8", {**_long, "heads": 8}),
        ("wide-low-rank-4", {**_wide, "rank": 4}),
    ),
    chains=64,
    recorded=100,
    thinning=100,
    ascent=1000,
    steps=20_000,
    batch=32,
)


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    models = {name: _model(name, given, request.seed) for name, given in sizes.models}
    makers = (_constants, _lyapunov)
    rows = [make(n, m, request, sizes) for make in makers for n, m in models.items()]
    rows += [_projection(scale) for scale in (1.0, 10.0, 100.0)]
    rows += [r for n, m in models.items() for r in _taming(n, m, sizes)]
    return rows + [r for n, m in models.items() for r in _trained(n, m, request, sizes)]


def _model(name: str, given: dict[str, Any], seed: int) -> AbstractModel:
    return (Attention if "attention" in name else LowRank)(**given, seed=seed)


def _row(
    section: str,
    name: str,
    model: AbstractModel,
    method: str,
    settings: dict[str, Any],
    compute: Callable[[], dict[str, Any]],
    **others: Any,
) -> Experiment:
    tag = method.lower().replace("=", "is").replace(" ", "-").replace(",", "")
    return Experiment(
        key=f"{section}-{name}-{tag}",
        section=section,
        method=f"{name.replace('-', ' ')}: {method}",
        settings={**asdict(model), **settings},
        compute=compute,
        says=_hidden,
        **others,
    )


def _constants(
    name: str, model: AbstractModel, request: Request, sizes: Sizes
) -> Experiment:
    def compute():
        found = model.guarantee
        least = "poincare" if "poincare" in found.constants else "sobolev"
        results = {"Poincaré at most": found[least], "drift c": model.drift[0]}
        for key, column in (("pull", "pull K"), ("defect", "defect b")):
            if key in found.constants:
                results[column] = found[key]
        return results | {"vacuous": found.vacuous}

    why = "Where it is not finite it is beyond the largest number of the format."
    return _row("constants", name, model, "theorem", {}, compute, why=why)


def _chains(
    model: AbstractModel, tamed: bool, scale: float, sizes: Sizes, step: float
) -> Any:
    """Positions of chains that begin at so many times a usual start."""
    s, weight = float(model.temperature), float(model.regularization)
    make = tamed_langevin if tamed else langevin
    kernel = make(gibbs_potential(model.risk, s, weight), step)
    first, second = jax.random.split(jax.random.key(model.seed))
    starts = jax.vmap(model.weights)(jax.random.split(first, sizes.chains))
    starts = jax.tree.map(lambda leaf: scale * leaf, starts)
    found = sample_chains(
        kernel, second, starts, draws=sizes.recorded, thinning=sizes.thinning
    )
    return found.positions


def _lyapunov(
    name: str, model: AbstractModel, request: Request, sizes: Sizes
) -> Experiment:
    """Of tamed chains from near and far; as published of plain ones from near."""
    tamed = not request.as_published
    scales = sizes.scales if tamed else sizes.scales[:1]
    settings = {"chains": sizes.chains, "recorded": sizes.recorded, "h": 1e-3}

    def compute():
        parts = [_chains(model, tamed, c, sizes, 1e-3) for c in scales]
        merged = jax.tree.map(lambda *x: jnp.concatenate(x), *parts)
        weights = jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), merged)
        values = np.asarray(jax.jit(jax.vmap(model.excess))(weights))
        raised = np.asarray(
            jax.jit(jax.vmap(partial(_ascended, model, sizes)))(weights)
        )
        largest, after = float(values.max()), float(np.nanmax(np.asarray(raised)))
        return {
            "weights": len(values),
            "largest": largest,
            "after ascent": after,
            "holds": max(largest, after) <= 1,
        }

    method = "tamed chains" if tamed else "plain chains"
    return _row(
        "lyapunov", name, model, method, settings | {"starts": list(scales)}, compute
    )


def _ascended(model: AbstractModel, sizes: Sizes, weights: Any) -> Any:
    """The largest excess met in normalized ascent from some weights."""

    def step(weights, _):
        value, slope = jax.value_and_grad(model.excess)(weights)
        square = sum(jnp.sum(leaf**2) for leaf in jax.tree.leaves(slope))
        length = 0.05 / jnp.sqrt(jnp.maximum(square, 1e-300))
        moved = jax.tree.map(lambda w, g: w + length * g, weights, slope)
        return moved, value

    _, values = jax.lax.scan(step, weights, None, length=sizes.ascent)
    return jnp.max(values)


def _projection(scale: float) -> Experiment:
    return Experiment(
        key=f"projection-{scale:g}",
        section="projection",
        method="two tokens, one number each",
        settings={"size of Wv and Wo": scale},
        compute=lambda: {"pull over squares": pull_with_projection(scale)},
        says=_hidden,
    )


def _taming(name: str, model: AbstractModel, sizes: Sizes) -> list[Experiment]:
    def compute(scale, step):
        shares = {}
        for word in ("plain", "tamed"):
            positions = _chains(model, word == "tamed", scale, sizes, step)
            ends = [np.asarray(x)[:, -1] for x in jax.tree.leaves(positions)]
            near = [np.abs(x).reshape(len(x), -1).max(axis=1) < _far for x in ends]
            kept = np.logical_and.reduce(near)
            shares[f"{word} diverged"] = f"{np.count_nonzero(~kept)} of {len(kept)}"
        return shares

    count = {"chains": sizes.chains, "steps": sizes.recorded * sizes.thinning}
    return [
        _row(
            *("taming", name, model, f"start times {scale:g}, step {number}"),
            {**count, "h": step},
            partial(compute, scale, step),
        )
        for scale in (sizes.scales[0], sizes.scales[-1])
        for number, step in enumerate(_taming_steps, 1)
    ]


def _trained(
    name: str, model: AbstractModel, request: Request, sizes: Sizes
) -> list[Experiment]:
    """As published steps are plain."""
    weight = float(model.regularization)
    first, second = jax.random.split(jax.random.key(model.seed + 1))

    def ends(weights):
        plain, total = (
            jax.jit(jax.vmap(f))(weights) for f in (model.risk, model.total)
        )
        index, rate = best_rate(total)
        found = {"regularized loss": float(total[index]), "loss": float(plain[index])}
        return found, rate

    def zero():
        start = jax.tree.map(lambda x: jnp.zeros((1, *x.shape)), model.weights(first))
        return ends(start)[0]

    def train(make, decoupled):
        def objective(weights, key):
            rows = jax.random.randint(key, (sizes.batch,), 0, model.examples)
            return (model.risk if decoupled else model.total)(weights, rows)

        begin = model.weights(first)
        found, rate = ends(
            descend(make, objective, begin, steps=sizes.steps, key=second)
        )
        return found | {"rate": rate}

    methods = dict(usual_optimizers(weight))
    if not request.as_published:
        methods = {"tamed SGD": tamed_gradient_descent} | methods
    settings = {"steps": sizes.steps, "batch": sizes.batch}
    rows = [_row("training", name, model, "W = 0", {}, zero, baseline=True)]
    return rows + [
        _row(
            *("training", name, model, word, settings),
            partial(train, make, word == "AdamW"),
            why=decoupled if word == "AdamW" else "",
        )
        for word, make in methods.items()
    ]
