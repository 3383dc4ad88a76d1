"""All rows of arXiv 2507.06967 at two scales."""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import optimistix

from .._networks import initial_parameters, network
from .._paper import Experiment, Request, Statement
from ._equations import Equation, equations
from ._threshold import Setting, labels_that_exclude, least_width

_hidden = Statement("not found", "not found")


@dataclass(frozen=True)
class Sizes:
    """What the scale decides; `points` for the residual, `starts` for each width."""

    labels: int
    points: int
    widths: tuple[int, ...]
    starts: int
    steps: int
    deviation: float = 0.3
    radius: float = 100.0


small = Sizes(24, 24, (1, 2, 4, 6, 8, 12, 16), 2, 150)
paper = Sizes(400, 400, (2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128), 5, 1000)


@dataclass(frozen=True)
class Task:
    """Labels of one equation, and what is minimized."""

    equation: Equation
    sizes: Sizes
    request: Request

    @property
    def setting(self) -> Setting:
        dimension = len(self.equation.lower)
        return Setting(
            self.sizes.labels,
            self.equation.largest + self.sizes.deviation,
            self.sizes.radius,
            math.sqrt(dimension),
            dimension,
            self.equation.outputs,
        )

    def draw(self):
        """Points of the labels, the labels, and points of the residual."""
        keys = jax.random.split(jax.random.key(self.request.seed), 3)
        low, high = jnp.asarray(self.equation.lower), jnp.asarray(self.equation.upper)
        box = lambda key, n: (
            low + (high - low) * jax.random.uniform(key, (n, len(low)), jnp.float64)
        )
        where, inside = box(keys[0], self.sizes.labels), box(keys[1], self.sizes.points)
        shape = (self.sizes.labels,)
        if self.request.as_published:
            noise = jax.random.normal(keys[2], shape, jnp.float64)
        else:
            noise = jax.random.rademacher(keys[2], shape, jnp.float64)
        exact = jax.vmap(self.equation.exact)(where)[:, 0]
        return where, exact + self.sizes.deviation * noise, inside

    def misfits(self, fields, data):
        """Their sum of squares is the empirical risk."""
        where, labels, inside = data
        missed = jax.vmap(fields)(where)[:, 0] - labels
        wrong = jax.vmap(partial(self.equation.residual, fields))(inside)
        return missed / math.sqrt(len(labels)), wrong / math.sqrt(len(inside))

    def risk(self, fields) -> float:
        parts = jax.jit(lambda: self.misfits(fields, self.draw()))()
        return float(sum(jnp.sum(part**2) for part in parts))

    def train(self, width: int) -> tuple[float, float]:
        """The least risk of several starts, and the norm of its weights."""
        equation, data = self.equation, self.draw()
        sizes = (len(equation.lower), width, equation.outputs)

        def misfits(parameters, data):
            net = equation.scaled(network(parameters, jnp.tanh))
            return self.misfits(net, data)

        solver = optimistix.LevenbergMarquardt(rtol=1e-8, atol=1e-10)
        found = []
        for start in range(self.sizes.starts):
            key = jax.random.fold_in(jax.random.key(self.request.seed), start + 1)
            solution = optimistix.least_squares(
                misfits,
                solver,
                initial_parameters(key, sizes),
                args=data,
                max_steps=self.sizes.steps,
                throw=False,
            )
            risk = sum(jnp.sum(p**2) for p in misfits(solution.value, data))
            square = sum(jnp.sum(p**2) for p in jax.tree.leaves(solution.value))
            if math.isfinite(float(risk)):
                found.append((float(risk), math.sqrt(float(square))))
        return min(found, default=(math.inf, math.inf))


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    rows = []
    for equation in equations.values():
        task = Task(equation, sizes, request)
        widths = [_width(task, width) for width in sizes.widths]
        rows += [*widths, *_baselines(task), _smallest(task, widths)]
    return rows


def _settings(task: Task) -> dict[str, Any]:
    sizes = task.sizes
    return {
        "labels": sizes.labels,
        "points": sizes.points,
        "starts": sizes.starts,
        "steps": sizes.steps,
        "σ": sizes.deviation,
        "noise": "Gaussian" if task.request.as_published else "two values",
        "ball": sizes.radius,
        "seed": task.request.seed,
    }


def _width(task: Task, width: int) -> Experiment:
    def compute():
        risk, norm = task.train(width)
        eta = task.sizes.deviation**2 - risk
        count = task.setting.parameters(width)
        inside = norm <= task.sizes.radius
        results = {
            "width": width,
            "parameters": count,
            "risk - σ²": -eta,
            "below σ²": eta > 0,
            "in the ball": inside,
            "d log d": count * math.log(count),
            "N η²": task.sizes.labels * max(eta, 0) ** 2,
        }
        if not task.request.as_published and inside:
            results["theorem's width"] = least_width(task.setting, eta)
        return results

    return Experiment(
        key=f"{task.equation.name}-width-{width}",
        section=task.equation.name,
        method=f"width {width}",
        settings={"width": width} | _settings(task),
        compute=compute,
        says=_hidden,
        why="The theorem's constants for Gaussian labels are not known to us."
        if task.request.as_published
        else "",
    )


def _baselines(task: Task) -> list[Experiment]:
    zero = lambda point: jnp.zeros(task.equation.outputs)
    square = task.sizes.deviation**2
    return [
        Experiment(
            key=f"{task.equation.name}-{key}",
            section=task.equation.name,
            method=words,
            settings=_settings(task),
            compute=lambda f=fields: {"risk - σ²": task.risk(f) - square},
            baseline=True,
        )
        for key, words, fields in (
            ("zero", "N = 0", zero),
            ("exact", "the exact solution", task.equation.exact),
        )
    ]


def _smallest(task: Task, widths: list[Experiment]) -> Experiment:
    def compute(*found):
        rows = [row for row in found if row["below σ²"]]
        results: dict[str, Any] = {"N_s": task.sizes.labels, "smallest width": "none"}
        if rows:
            first = rows[0]
            results["smallest width"] = first["width"]
            results["parameters"] = first["parameters"]
            if not task.request.as_published:
                eta = -first["risk - σ²"]
                wanted = labels_that_exclude(task.setting, eta)
                results["labels that exclude width 1"] = wanted
        return results

    return Experiment(
        key=f"{task.equation.name}-smallest",
        section="threshold",
        method=task.equation.name,
        settings={"widths": list(task.sizes.widths)} | _settings(task),
        compute=compute,
        after=tuple(e.key for e in widths),
        says=_hidden,
        why="Larger nets find more; the theorem holds for the best weights of a ball.",
    )
