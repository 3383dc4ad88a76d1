"""Adaptive bisection: where an enclosure is too wide, the box is cut.

The worst boxes come first, thousands at a time, on both cores. At any moment the leaves
cover the domain, so stopping early gives a valid, wider answer.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import jax
import numpy as np

from .._core import Program
from ._leaves import LeafBounds, ball, domain_balls, residual_enclosure
from ._trees import Tree

Goal = Literal["supremum", "slabs", "mean"]
_batch = 512
_rounds_at_most = 200


@dataclass(frozen=True)
class Quantity:
    """Something to be enclosed over a box: a residual of fields.

    **Attributes:**

    - `fields`, `residual`: programs.
    - `ends`: name and exact ends of each axis, in order.
    - `weights`: arrays by name, taken as exact.
    """

    fields: Program
    residual: Program
    ends: Mapping[str, tuple[str, str]]
    weights: Mapping[str, np.ndarray]

    @property
    def dimension(self) -> int:
        return len(self.ends)

    @property
    def volume(self) -> float:
        """The box's volume in physical coordinates, rounded."""
        return float(np.prod(domain_balls(self.ends)[1][0]))


@dataclass(frozen=True)
class Refinement:
    """How far to go.

    **Attributes:**

    - `goal`: `"mean"` makes the integral of the absolute value tight, `"supremum"` the
      supremum over the box, `"slabs"` the supremum over each slab of the axis `time`.
    - `tolerance`: stop when the bound is at most (1 + tolerance) times what is
      attained.
    - `target`: stop also when the bound is at most this, in the goal's norm.
    - `degree`: of the Taylor models.
    - `cuts`: how often each axis is cut at the start.
    - `slabs`, `time`: number of slabs, and the index of the time axis.
    - `boxes`: stop before there would be more leaves than this.
    - `seconds`: stop after this time.
    """

    goal: Goal
    tolerance: float
    degree: int
    cuts: tuple[int, ...]
    target: float = 0.0
    slabs: int = 1
    time: int = 0
    boxes: int = 400_000
    seconds: float = float("inf")


@dataclass(frozen=True)
class Enclosed:
    """The result of a search: the tree, and bounds for each of its leaves."""

    tree: Tree
    leaves: np.ndarray
    bounds: LeafBounds
    evaluated: int
    reached: bool
    seconds: float


def refine(
    quantity: Quantity,
    refinement: Refinement,
    progress: Callable[[int, float, float], None] | None = None,
) -> Enclosed:
    """Encloses a quantity over its box, cutting where it pays most.

    **Arguments:**

    - `quantity`, `refinement`: what, and how far.
    - `progress`: called with (leaves, bound, attained value) after every round.
    """
    begun = time.monotonic()
    tree = Tree(quantity.dimension)
    for axis, count in enumerate(refinement.cuts):
        for _ in range(count):
            leaves = tree.leaves
            tree.split(leaves, np.full(len(leaves), axis))
    evaluate = _evaluator(quantity, refinement.degree)
    store = _Store()
    fresh = tree.leaves
    evaluate(tree, fresh[:1])  # compiles, which is not the budget's business
    started = time.monotonic()
    evaluated, reached = 0, False
    for left in reversed(range(_rounds_at_most)):
        store.put(fresh, evaluate(tree, fresh))
        evaluated += len(fresh)
        leaves = tree.leaves
        bounds = store.get(leaves)
        judged = _judge(tree, leaves, bounds, refinement)
        if progress is not None:
            progress(len(leaves), judged.bound, judged.attained)
        reached = len(judged.worst) == 0
        if reached or left == 0 or time.monotonic() - started > refinement.seconds:
            break
        chosen = judged.worst[: max(0, refinement.boxes - len(leaves))]
        nodes = leaves[chosen]
        axes = _axes(tree, nodes, bounds.sensitivity[chosen])
        possible = tree.divisible(nodes, axes)
        if not possible.any():
            break
        fresh = tree.split(nodes[possible], axes[possible])
    leaves = tree.leaves
    seconds = time.monotonic() - begun
    return Enclosed(tree, leaves, store.get(leaves), evaluated, reached, seconds)


class _Store:
    """Bounds by node number."""

    def __init__(self):
        self._parts: list[np.ndarray] = []

    def put(self, nodes: np.ndarray, bounds: LeafBounds) -> None:
        columns = [
            bounds.supremum,
            bounds.mean,
            bounds.attained,
            bounds.typical,
            *bounds.sensitivity.T,
        ]
        block = np.stack(columns, axis=1)
        if not self._parts:
            whole = np.full((max(4096, nodes.max() + 1), block.shape[1]), np.inf)
            self._parts = [whole]
        whole = self._parts[0]
        if nodes.max() >= len(whole):
            room = np.full((nodes.max() + 1, block.shape[1]), np.inf)
            self._parts[0] = whole = np.concatenate([whole, room])
        whole[nodes] = block

    def get(self, nodes: np.ndarray) -> LeafBounds:
        block = self._parts[0][nodes]
        return LeafBounds(*block[:, :4].T, sensitivity=block[:, 4:])


@dataclass(frozen=True)
class _Judgement:
    worst: np.ndarray
    bound: float
    attained: float


def _judge(
    tree: Tree, leaves: np.ndarray, bounds: LeafBounds, refinement: Refinement
) -> _Judgement:
    """Which leaves to cut, worst first; none if the goal is reached."""
    factor = 1.0 + refinement.tolerance
    if refinement.goal == "mean":
        volume = tree.volume(leaves)
        bound = float(np.sum(volume * bounds.mean))
        attained = float(np.sum(volume * np.nan_to_num(bounds.typical)))
        if bound <= max(factor * attained, refinement.target):
            return _Judgement(np.array([], int), bound, attained)
        # Leaves within their fair share of what is allowed need no cut.
        excess = volume * (bounds.mean - np.nan_to_num(bounds.typical))
        share = max(refinement.tolerance * attained, refinement.target) / len(leaves)
        order = np.argsort(-excess, kind="stable")
        return _Judgement(order[: int(np.sum(~(excess <= share)))], bound, attained)
    attained = np.nan_to_num(bounds.attained, nan=0.0, posinf=0.0)
    if refinement.goal == "supremum":
        allowed = np.full(len(leaves), factor * attained.max())
    else:
        allowed = factor * _slab_suprema(tree, leaves, attained, refinement)
    allowed = np.maximum(allowed, refinement.target)
    failing = np.flatnonzero(~(bounds.supremum <= allowed))
    order = failing[np.argsort(-bounds.supremum[failing], kind="stable")]
    return _Judgement(order, float(bounds.supremum.max()), float(attained.max()))


def _slab_suprema(
    tree: Tree, leaves: np.ndarray, attained: np.ndarray, refinement: Refinement
) -> np.ndarray:
    """For each leaf the smallest of its slabs' attained suprema."""
    center = tree.center[leaves, refinement.time]
    half = tree.half[leaves, refinement.time]
    first = np.floor((center - half) * refinement.slabs).astype(int)
    last = np.ceil((center + half) * refinement.slabs).astype(int) - 1
    suprema = np.zeros(refinement.slabs)
    np.maximum.at(suprema, first, attained)
    # A leaf longer than a slab is cut anyway if it is worse than any of its slabs.
    result = suprema[first]
    for slab in np.unique(last):
        here = last == slab
        result[here] = np.minimum(result[here], suprema[slab])
    return result


def _axes(tree: Tree, nodes: np.ndarray, sensitivity: np.ndarray) -> np.ndarray:
    known = np.nan_to_num(sensitivity, nan=0.0, posinf=0.0)
    blind = ~np.isfinite(sensitivity).all(axis=1) | (known.max(axis=1) == 0.0)
    return np.where(blind, np.argmax(tree.half[nodes], axis=1), known.argmax(axis=1))


def _without_values(program: Program) -> Program:
    names = [item.name for item in program.of_kind("constant")]
    return program.with_constants(dict.fromkeys(names, ""))


def _evaluator(
    quantity: Quantity, degree: int
) -> Callable[[Tree, np.ndarray], LeafBounds]:
    coordinates = tuple(quantity.ends)
    constants = {
        item.name: ball(item.value)
        for program in (quantity.fields, quantity.residual)
        for item in program.of_kind("constant")
    }
    lower, length = domain_balls(quantity.ends)
    # Constants are arguments: other values need no other compiled function.
    fields = _without_values(quantity.fields)
    residual = _without_values(quantity.residual)
    weights = {n: np.asarray(w, np.float64) for n, w in quantity.weights.items()}

    def evaluate(tree: Tree, nodes: np.ndarray) -> LeafBounds:
        def one(start: int) -> list[np.ndarray]:
            part = nodes[start : start + _batch]
            padded = np.resize(part, _batch)
            with jax.enable_x64(True):
                compiled = residual_enclosure(fields, residual, coordinates, degree)
                found = compiled(
                    tree.center[padded],
                    tree.half[padded],
                    lower,
                    length,
                    weights,
                    constants,
                )
                return [np.asarray(a)[: len(part)] for a in found]

        starts = range(0, len(nodes), _batch)
        with ThreadPoolExecutor(max_workers=2) as pool:
            parts = list(pool.map(one, starts))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        return LeafBounds(*columns)

    return evaluate
