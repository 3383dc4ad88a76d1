"""Branch and bound with linear relaxations, over coordinates or over neurons.

A part of the box is cut in two at the middle of a coordinate, or, where there are too
many of these, at a value of what a nonlinear operation is applied to
[shi2024genbab]. The two halves together always are the whole.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ._line_functions import Proved
from ._linear_bounds import proved_ends
from ._linear_programs import LinearProgram, slope_mark
from ._linear_relaxation import Balls, Boxes, Relaxation
from ._lines import Choice, lines, one_variable
from ._trees import Tree

Branching = Literal["coordinates", "neurons"]
_batch = 64
_points = 2**12
_shares = (0.5, 0.25, 0.375, 0.625, 0.75)


@dataclass(frozen=True)
class Objective:
    """Numbers whose largest distance from `middle` is wanted.

    **Attributes:**

    - `program`: the numbers are its outputs.
    - `known`: its constants and weights.
    - `lower`, `upper`: the ends of the box.
    - `middle`: of their range, as it is thought to be.
    - `axes`: the axis of the tree that each coordinate of the program is, of as many as
      `dimension` says.
    """

    program: LinearProgram
    known: Mapping[str, Balls]
    lower: np.ndarray
    upper: np.ndarray
    middle: float = 0.0
    axes: tuple[int, ...] = ()
    dimension: int = 0

    def about(self, middle: float) -> "Objective":
        """The same with another middle."""
        return replace(self, middle=middle)

    def sampled(self) -> tuple[float, float]:
        """The least and the largest of some values, about."""
        return _Search(self, "coordinates").sampled()


@dataclass(frozen=True)
class Budget:
    """When a search ends.

    **Attributes:**

    - `tolerance`: the bound may exceed what is attained by this share of it.
    - `target`: a bound that is good enough.
    - `seconds`, `parts`: what it may cost.
    """

    tolerance: float = 1e-3
    target: float = 0.0
    seconds: float = float("inf")
    parts: int = 20_000


@dataclass(frozen=True)
class Branched:
    """What a search found.

    - `bound`: of the largest distance from the middle, proved.
    - `low`, `high`: ends of all outputs together, proved.
    - `attained`: a distance that is attained.
    - `parts`: how many parts the box was cut into.
    - `tree`: the bisection, where coordinates were cut.
    - `seconds`: how long it took.
    """

    bound: float
    low: float
    high: float
    attained: float
    parts: int
    tree: Tree
    seconds: float


@dataclass(frozen=True)
class _Parts:
    """Some parts of the box; arrays with one row for each."""

    low: np.ndarray
    high: np.ndarray
    cuts: dict[int, tuple[np.ndarray, np.ndarray]]
    nodes: np.ndarray
    bounds: np.ndarray
    ends: np.ndarray

    def chosen(self, rows: np.ndarray) -> "_Parts":
        cuts = {n: (a[rows], b[rows]) for n, (a, b) in self.cuts.items()}
        arrays = (self.nodes[rows], self.bounds[rows], self.ends[rows])
        return _Parts(self.low[rows], self.high[rows], cuts, *arrays)

    def joined(self, other: "_Parts") -> "_Parts":
        both = lambda a, b: np.concatenate([a, b])
        cuts = {
            n: (both(low, other.cuts[n][0]), both(high, other.cuts[n][1]))
            for n, (low, high) in self.cuts.items()
        }
        return _Parts(
            both(self.low, other.low),
            both(self.high, other.high),
            cuts,
            both(self.nodes, other.nodes),
            both(self.bounds, other.bounds),
            both(self.ends, other.ends),
        )


def branch(
    objective: Objective,
    budget: Budget,
    branching: Branching = "coordinates",
    progress: Callable[[int, float, float], None] | None = None,
) -> Branched:
    """Cuts the box where the bound is worst until it is good enough.

    **Arguments:**

    - `progress`: called with the number of parts, the bound and what is attained.
    """
    began = time.monotonic()
    search = _Search(objective, branching)
    tree = Tree(objective.dimension or len(objective.lower))
    parts, attained = (
        search.bounded(search.whole(tree)),
        search.attained(search.random_points()),
    )
    while True:
        goal = max(budget.target, attained * (1.0 + budget.tolerance))
        if progress is not None:
            progress(len(parts.bounds), float(parts.bounds.max()), attained)
        open_ = np.flatnonzero(parts.bounds > goal)
        ended = len(parts.bounds) >= budget.parts
        if not len(open_) or ended or time.monotonic() - began > budget.seconds:
            break
        worst = open_[np.argsort(-parts.bounds[open_], kind="stable")[:_batch]]
        rest = np.setdiff1d(np.arange(len(parts.bounds)), worst)
        halves = search.halved(parts.chosen(worst), tree)
        if halves is None:
            break
        attained = max(attained, search.attained(0.5 * (halves.low + halves.high)))
        parts = parts.chosen(rest).joined(search.bounded(halves))
    met = parts.ends[np.isfinite(parts.bounds) | (parts.bounds > 0.0)]
    return Branched(
        float(parts.bounds.max()),
        float(met[:, 0].min()),
        float(met[:, 1].max()),
        attained,
        len(parts.bounds),
        tree,
        time.monotonic() - began,
    )


class _Search:
    """The steps of `branch`."""

    def __init__(self, objective: Objective, branching: Branching):
        self.of, self.branching = objective, branching
        program = objective.program
        self.first = len(program.inputs)
        self.axes = [
            i for i, item in enumerate(program.inputs) if item.kind == "coordinate"
        ]
        # The operations of each value that can be cut.
        self.bends: dict[int, tuple[str, int]] = {}
        for op, args, extra in program.ops:
            plain = op.removeprefix(slope_mark)
            if plain in one_variable and args[0] in program.nonlinear:
                self.bends[args[0]] = plain, extra or 1
        self.scores: tuple[np.ndarray, dict[int, np.ndarray], Relaxation] | None = None

    def whole(self, tree: Tree) -> _Parts:
        low, high = self.of.lower[None], self.of.upper[None]
        cuts = {}
        if self.branching == "neurons":
            for n in self.bends:
                free = np.full((1, self.of.program.sizes[n]), np.inf)
                cuts[n] = -free, free
        ends = np.array([[-np.inf, np.inf]])
        return _Parts(low, high, cuts, np.zeros(1, int), np.array([np.inf]), ends)

    def relaxed(self, parts: _Parts) -> Relaxation:
        boxes = Boxes(parts.low, parts.high, parts.cuts)
        return Relaxation(self.of.program, self.of.known, boxes, Proved())

    def bounded(self, parts: _Parts) -> _Parts:
        """The parts with their own bounds, where those are better."""
        with np.errstate(all="ignore"):
            low, high = proved_ends(self.relaxed(parts))
        low = np.maximum(low.min(axis=1), parts.ends[:, 0])
        high = np.minimum(high.max(axis=1), parts.ends[:, 1])
        return replace(
            parts,
            bounds=_distance(low, high, self.of.middle),
            ends=np.stack([low, high], axis=1),
        )

    def sampled(self) -> tuple[float, float]:
        low, high = self.values(self.random_points())
        known = np.isfinite(low) & np.isfinite(high)
        if not known.any():
            return 0.0, 0.0
        return float(low[known].min()), float(high[known].max())

    def attained(self, points: np.ndarray) -> float:
        """A lower bound of the largest distance from the middle at these points."""
        low, high = self.values(points)
        away = np.fmax(low - self.of.middle, self.of.middle - high)
        return float(np.max(away[np.isfinite(away)], initial=0.0))

    def values(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Ends of all outputs at some points."""
        points = np.clip(points, self.of.lower, self.of.upper)
        boxes = Boxes(points, points)
        with np.errstate(all="ignore"):
            at = Relaxation(self.of.program, self.of.known, boxes, Proved(), False)
        ends = (
            [e[i].ravel() for i in self.of.program.outputs] for e in (at.low, at.high)
        )
        return np.concatenate(next(ends)), np.concatenate(next(ends))

    def random_points(self) -> np.ndarray:
        """Points and corners of the box."""
        generator = np.random.default_rng(0)
        points = generator.random((_points, len(self.of.lower)))
        points[: _points // 4] = np.round(points[: _points // 4])
        return self.of.lower + points * (self.of.upper - self.of.lower)

    def halved(self, parts: _Parts, tree: Tree) -> _Parts | None:
        """Both halves of each part; `None` where nothing can be cut."""
        with np.errstate(all="ignore"):
            relaxation = self.relaxed(parts)
            losses = self.losses(relaxation, len(parts.low))
            if self.branching == "neurons":
                return self.halved_at_neurons(parts, relaxation, losses)
        axes = self.worst_axes(parts, relaxation, losses)
        rows = np.arange(len(axes))
        ends = parts.low[rows, axes], parts.high[rows, axes]
        middle = 0.5 * ends[0] + 0.5 * ends[1]
        places = np.array(self.of.axes or range(len(self.of.lower)))[axes]
        can = (
            tree.divisible(parts.nodes, places)
            & (ends[0] < middle)
            & (middle < ends[1])
        )
        if not can.all():
            return None
        children = tree.split(parts.nodes, places).reshape(-1, 2)
        left, right = parts.low.copy(), parts.high.copy()
        left[rows, axes] = right[rows, axes] = middle
        one = replace(parts, high=right, nodes=children[:, 0])
        return one.joined(replace(parts, low=left, nodes=children[:, 1]))

    def losses(self, relaxation: Relaxation, count: int) -> dict[int, np.ndarray]:
        rows, total = np.array([[[1.0], [-1.0]]]), {}
        for output in self.of.program.outputs:
            for n, lost in relaxation.losses(output, rows).items():
                lost = np.where(np.isfinite(lost), np.abs(lost), 1e300)
                size = (count, self.of.program.sizes[n])
                total[n] = total.get(n, 0.0) + np.broadcast_to(lost, size)
        return total

    def worst_axes(
        self, parts: _Parts, relaxation: Relaxation, losses: Mapping[int, np.ndarray]
    ) -> np.ndarray:
        """By how much of the losses each coordinate's width is to blame for."""
        widths = parts.high - parts.low
        blame = 1e-300 * widths / np.maximum(widths.max(axis=1, keepdims=True), 1e-300)
        for n, lost in losses.items():
            if n in self.axes:
                blame[:, self.axes.index(n)] += lost[:, 0]
                continue
            shares = relaxation.shares.get(n, {})
            total = sum(shares.values()) if shares else 1.0
            for i, share in shares.items():
                part = np.nan_to_num(share / np.maximum(total, 1e-300))
                blame[:, self.axes.index(i)] += np.sum(lost * part, axis=1)
        return np.argmax(np.where(widths > 0.0, blame, -1.0), axis=1)

    def halved_at_neurons(
        self, parts: _Parts, relaxation: Relaxation, losses: Mapping[int, np.ndarray]
    ) -> _Parts | None:
        """Cuts the value that costs most, at the best of some places."""
        count = len(parts.low)
        numbers = [n for n in self.bends if n in losses]
        if not numbers:
            return None
        table = np.concatenate([losses[n] for n in numbers], axis=1)
        starts = np.cumsum([0] + [self.of.program.sizes[n] for n in numbers])
        best = np.argmax(table, axis=1)
        if not np.all(table[np.arange(count), best] > 0.0):
            return None
        kind = np.searchsorted(starts, best, side="right") - 1
        cuts = [{n: (a.copy(), b.copy()) for n, (a, b) in parts.cuts.items()}]
        cuts.append({n: (a.copy(), b.copy()) for n, (a, b) in parts.cuts.items()})
        for k, n in enumerate(numbers):
            rows = np.flatnonzero(kind == k)
            if not len(rows):
                continue
            place = best[rows] - starts[k]
            full = (count, self.of.program.sizes[n])
            low, high = (
                np.broadcast_to(e[n], full)[rows, place]
                for e in (relaxation.low, relaxation.high)
            )
            points = branching_points(*self.bends[n], low, high)
            cuts[0][n][1][rows, place] = points
            cuts[1][n][0][rows, place] = points
        return replace(parts, cuts=cuts[0]).joined(replace(parts, cuts=cuts[1]))


def branching_points(op: str, power: int, low: Any, high: Any) -> np.ndarray:
    """Where to cut the argument of a function: at zero, if it bends there, or where the
    areas between the lines of both halves are smallest together.
    """
    middle = 0.5 * low + 0.5 * high
    if op == "max0":
        return np.where((low < 0.0) & (high > 0.0), 0.0, middle)
    best, least = middle, np.full_like(middle, np.inf)
    for share in _shares:
        point = np.clip(low + share * (high - low), low, high)
        area = _area(op, power, low, point) + _area(op, power, point, high)
        better = area < least
        best, least = np.where(better, point, best), np.where(better, area, least)
    return best


def _area(op: str, power: int, low: Any, high: Any) -> np.ndarray:
    (below, down), (above, up) = lines(Proved(), op, power, low, high, Choice())
    gaps = [(above - below) * x + (up - down) for x in (low, high)]
    return 0.5 * (gaps[0] + gaps[1]) * (high - low)


def _distance(low: np.ndarray, high: np.ndarray, middle: float) -> np.ndarray:
    """An upper bound of the distance from the middle; below zero for nothing."""
    away = np.fmax(high - middle, middle - low)
    with np.errstate(invalid="ignore"):
        away = away + 4.0 * 2.0**-53 * np.abs(away)
    return np.where(low > high, -np.inf, np.where(np.isnan(away), np.inf, away))
