"""All rows of arXiv 2310.05169 at two scales."""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ... import _api
from ..._core import Box
from ...problems import Dirichlet, Initial, Problem
from .. import _solved
from .._decimals import rounded_up
from .._flows import Flow, Published, along
from .._methods import Training, train, untrained
from .._networks import Fields
from .._paper import Experiment, Request, Statement
from ..algebraic_inclusion import burgers, plane
from ._bounds import (
    Defects,
    PlaneDefects,
    log_theorem_in_the_plane,
    our_factor,
    their_factor,
    theorem_on_the_line,
)


@dataclass(frozen=True)
class Sizes:
    """What the scale decides; `solved` are the widths and steps of certax."""

    line: Training
    plane: Training
    deltas: tuple[str, ...]
    ends: tuple[str, ...]
    grids: tuple[int, int]
    steps: int
    certify: float


small = Sizes(
    line=Training(16, 2, 100, 2000, 1e-3, jnp.tanh),
    plane=Training(16, 2, 100, 1000, 1e-3, jnp.tanh),
    deltas=("1/2", "3/4", "9/10"),
    ends=("3/10", "3/5"),
    grids=(201, 17),
    steps=100,
    certify=5.0,
)
paper = Sizes(
    line=Training(30, 6, 20_000, 100_000, 1e-4, jnp.tanh, sides=300),
    plane=Training(128, 2, 20_000, 100_000, 1e-4, jnp.tanh, sides=300),
    deltas=tuple(f"{950 + 4 * i}/1000" for i in range(13)),
    ends=("11/100", "21/100", "31/100", "41/100", "51/100", "61/100", "69/100"),
    grids=(401, 33),
    steps=400,
    certify=60.0,
)
_hidden = Statement("not found", "not found")


def experiments(request: Request, sizes: Sizes | None = None) -> list[Experiment]:
    """All rows, in the order of the page."""
    sizes = sizes or (paper if request.scale == "paper" else small)
    line = [_on_the_line(delta, sizes, request) for delta in sizes.deltas]
    rows = list(line)
    if not request.as_published:
        rows += [_certified(delta, sizes, request.seed) for delta in sizes.deltas]
    for delta in sizes.deltas:
        rows += [_baseline(delta, sizes, method) for method in ("frozen", "boundary")]
    rows += [_in_the_plane(end, sizes, request) for end in sizes.ends]
    return [*rows, _correlation(line, request)]


def line_flow(delta: str, grid: int) -> Flow:
    """u = x / (t - 1) on [-1, 1] × [δ - 1, δ]."""
    end = float(Fraction(delta))
    return Flow(
        "line",
        lambda p: jnp.stack([p[0] / (p[1] - 1)]),
        partial(burgers, 0),
        (-1.0, end - 1),
        (1.0, end),
        grid,
        published=Published(start=0.0),
    )


def line_problem(delta: str) -> Problem:
    """The same for certax, with exact numbers."""
    end = Fraction(delta)
    start = end - 1
    return Problem(
        name=f"blow-up-{end.numerator}-{end.denominator}",
        domain=Box(x=(-1, 1), t=(str(start), str(end))),
        constants={"start": str(start)},
        residual=lambda u: u.t + u * u.x,
        conditions=(
            Initial(lambda x, start: x / (start - 1)),
            Dirichlet("x", lambda t: 1 / (1 - t), side="lower"),
            Dirichlet("x", lambda t: 1 / (t - 1), side="upper"),
        ),
    )


def _settings(training: Training, request: Request) -> dict[str, Any]:
    return training.facts() | {"seed": request.seed}


def _on_the_line(delta: str, sizes: Sizes, request: Request) -> Experiment:
    why = "Smaller net and fewer steps than published." * (request.scale == "small")
    published = request.as_published

    def compute():
        flow = line_flow(delta, sizes.grids[0])
        fields, loss = train(
            flow, "vanilla", sizes.line, as_published=published, seed=request.seed
        )
        defects = line_defects(flow, fields, published)
        risk = _risk(flow, fields)
        bound = theorem_on_the_line(float(Fraction(delta)), defects)
        return {
            "true risk": risk,
            "theorem's bound": bound,
            "bound / risk": bound / risk,
            "loss": loss,
        }

    return Experiment(
        key=f"line-{delta.replace('/', '-over-')}-soft",
        section="line",
        method=f"δ = {delta}: soft net",
        settings={"delta": delta} | _settings(sizes.line, request),
        compute=compute,
        says=_hidden,
        why=why,
    )


def _mean(values) -> float:
    return float(jnp.mean(values))


def line_defects(flow: Flow, fields: Fields, as_published: bool) -> Defects:
    """Integrals by the rule of midpoints on the grid's number of points; as published
    the data are not subtracted, and the net's initial values are not squared.
    """
    start, end = flow.lower[1], flow.upper[1]
    count = flow.grid
    middle = (jnp.arange(count) + 0.5) / count
    xs, ts = -1 + 2 * middle, start + (end - start) * middle

    def misfit(point):
        return fields(point) - (0 if as_published else 1) * flow.exact(point)

    @jax.jit
    def squares():
        bottom = jax.vmap(lambda x: misfit(jnp.stack([x, jnp.asarray(start)])))(xs)
        sides = [
            jax.vmap(lambda t, x=x: misfit(jnp.stack([jnp.asarray(x), t])))(ts)
            for x in (-1.0, 1.0)
        ]
        right = jax.vmap(lambda t: fields(jnp.stack([jnp.asarray(1.0), t])))(ts)
        mesh = jnp.stack(jnp.meshgrid(xs, ts), axis=-1).reshape(-1, 2)
        inside = jax.vmap(partial(flow.residual, fields))(mesh)
        bottom = bottom if as_published else bottom**2
        return bottom, [s**2 for s in sides], jnp.max(right), inside**2

    bottom, sides, right, inside = squares()
    length = end - start
    walls = [_mean(s) * length for s in sides]
    return Defects(
        initial=2 * _mean(bottom),
        walls=sum(walls),
        roots_of_walls=sum(map(math.sqrt, walls)),
        residual=2 * length * _mean(inside),
        right=float(right),
    )


def _risk(flow: Flow, fields: Fields) -> float:
    """The integral of |û - u|², by the rule of midpoints."""
    ends = list(zip(flow.lower, flow.upper, strict=True))
    middle = (jnp.arange(flow.grid) + 0.5) / flow.grid
    mesh = jnp.meshgrid(*[a + (b - a) * middle for a, b in ends], indexing="ij")
    points = jnp.stack([m.ravel() for m in mesh], axis=-1)
    square = lambda p: jnp.sum((fields(p) - flow.exact(p)) ** 2)
    values = jax.jit(lambda: jax.lax.map(square, points, batch_size=4096))()
    return _mean(values) * math.prod(b - a for a, b in ends)


def _certified(delta: str, sizes: Sizes, seed: int) -> Experiment:
    def compute():
        flow, problem = line_flow(delta, sizes.grids[0]), line_problem(delta)
        solution = _api.solve(
            problem, seed=seed, max_steps=sizes.steps, configuration=_solved.small_net
        )
        error = _solved.fractional_error(solution, flow)
        end = float(Fraction(delta))
        results: dict[str, Any] = {"true risk": error * 2 / (3 * (1 - end) * (2 - end))}
        certificate = _api.certify(
            solution, claim="residual", norm="L2", budget=sizes.certify
        )
        if certificate.verdict != "proved":
            return results | {"residual² proved": certificate.verdict}
        square = Fraction(certificate.bound) ** 2
        results["residual² proved"] = rounded_up(square)
        for name, factor in (
            ("theorem's bound", their_factor(delta)),
            ("our bound", our_factor(delta)),
        ):
            finite = math.isfinite(factor)
            bound = rounded_up(square * Fraction(factor)) if finite else "not finite"
            results[name] = bound
        return results

    return Experiment(
        key=f"line-{delta.replace('/', '-over-')}-certax",
        section="line",
        method=f"δ = {delta}: certax, hard data",
        settings={"delta": delta, "steps": sizes.steps, "seed": seed},
        compute=compute,
        why="The residual's integral is proved, the factors are theorems. N = 0 with "
        "hard data is exact already: the bounds are compared here, not the nets.",
    )


def _baseline(delta: str, sizes: Sizes, method: str) -> Experiment:
    def compute():
        flow = line_flow(delta, sizes.grids[0])
        end = float(Fraction(delta))
        whole = 2 / (3 * (1 - end) * (2 - end))
        return {"true risk": untrained(flow, method, False)["fractional error"] * whole}

    return Experiment(
        key=f"line-{delta.replace('/', '-over-')}-{method}",
        section="line",
        method=f"δ = {delta}: "
        + ("frozen initial field" if method == "frozen" else "N = 0, hard data"),
        settings={"delta": delta},
        compute=compute,
        baseline=True,
    )


def _in_the_plane(end: str, sizes: Sizes, request: Request) -> Experiment:
    def compute():
        last = float(Fraction(end))
        first = last - 1 / math.sqrt(2)
        flow = plane(sizes.grids[1], first, last)
        fields, loss = train(
            flow,
            "vanilla",
            sizes.plane,
            as_published=request.as_published,
            seed=request.seed,
        )
        risk = _risk(flow, fields)
        bound = log_theorem_in_the_plane(plane_defects(flow, fields))
        return {
            "true risk": risk,
            "log of theorem's bound": bound,
            "log of true risk": math.log(risk),
            "loss": loss,
        }

    return Experiment(
        key=f"plane-{end.replace('/', '-over-')}",
        section="plane",
        method=f"t up to {end}: soft net",
        settings={"end": end} | _settings(sizes.plane, request),
        compute=compute,
        says=_hidden,
        why="The published loss on the walls is wrong."
        if request.as_published
        else "The loss on the walls is corrected.",
    )


def plane_defects(flow: Flow, fields: Fields) -> PlaneDefects:
    """Means over the test grid times the volume; gradients as largest row sums."""
    points = flow.test_points()
    start = points.at[:, -1].set(flow.lower[-1])
    volume = flow.upper[-1] - flow.lower[-1]

    def gradient(function, point):
        columns = [along(function, i)(point) for i in (0, 1)]
        return jnp.max(jnp.sum(jnp.abs(jnp.stack(columns, axis=-1)), axis=-1))

    def total(function, where):
        return jnp.mean(jnp.sum(jax.vmap(function)(where) ** 2, axis=-1))

    @jax.jit
    def compute():
        misfit = lambda p: fields(p) - flow.exact(p)
        return (
            total(misfit, start),
            volume * total(partial(flow.residual, fields), points),
            volume * total(flow.exact, points),
            volume * total(fields, points),
            jnp.max(jax.vmap(partial(gradient, flow.exact))(points)),
            jnp.max(jax.vmap(partial(gradient, fields))(points)),
        )

    return PlaneDefects(*map(float, compute()))


def _correlation(line: list[Experiment], request: Request) -> Experiment:
    def compute(*found):
        pairs = [(r["theorem's bound"], r["true risk"]) for r in found]
        # A bound that overflows is stored as words.
        logs = np.log([p for p in pairs if all(isinstance(v, float) for v in p)])
        if len(logs) < 2:
            return {"rows": len(logs)}
        return {"correlation": float(np.corrcoef(logs.T)[0, 1]), "rows": len(logs)}

    return Experiment(
        key="correlation",
        section="correlation",
        method="soft nets on the line",
        settings=dict(line[0].settings)
        | {"delta": [row.settings["delta"] for row in line]},
        compute=compute,
        after=tuple(row.key for row in line),
        says=_hidden,
        why="Over the distances δ from the blow-up, one seed.",
    )
