"""Adaptive bisection: where an enclosure is too wide, the box is cut.

The worst boxes come first, thousands at a time, on all workers. At any moment the
leaves cover the domain, so stopping early gives a valid, wider answer.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .._core import CertaxError
from ._executors import AbstractExecutor, Threads
from ._frontier import Frontier, search_key
from ._goals import Judgement, Refinement, judge
from ._leaves import LeafBounds
from ._tasks import Block, Quantity, Task, batch
from ._trees import Tree

_rounds_at_most = 200
# Half the length of a box that stands for a point.
_point = 2.0**-60
# A bound this many times what the polynomial explains is mostly remainder.
_unexplained = 8.0
# So many boxes are enclosed between two chances to keep the state of the search.
_slice = 64 * batch


@dataclass(frozen=True)
class Enclosed:
    """The result of a search: the tree, and bounds for each of its leaves."""

    tree: Tree
    leaves: np.ndarray
    bounds: LeafBounds
    evaluated: int
    reached: bool
    seconds: float


@dataclass(frozen=True)
class Checkpoint:
    """Where the state of a search is kept, in case it is interrupted.

    **Attributes:**

    - `folder`: its files are named after the searches.
    - `resume`: whether to go on from what is kept there.
    - `interval`: seconds between two times of keeping.
    """

    folder: Path
    resume: bool = False
    interval: float = 10.0


def refine(
    quantity: Quantity,
    refinement: Refinement,
    progress: Callable[[int, float, float], None] | None = None,
    executor: AbstractExecutor | None = None,
    checkpoint: Checkpoint | None = None,
) -> Enclosed:
    """Encloses a quantity over its box, cutting where it pays most.

    Without a limit of time the tree depends on nothing but the quantity and the
    refinement: not on the executor, nor on interruptions.

    **Arguments:**

    - `quantity`, `refinement`: what, and how far.
    - `progress`: called with (leaves, bound, attained value) after every round.
    - `executor`: where boxes are enclosed; by default in threads.
    - `checkpoint`: where the state of the search is kept.

    **Raises:** `CertaxError` if the target cannot be reached, or workers are lost.
    """
    begun = time.monotonic()
    search = _Search(
        Task(quantity, refinement.degree), refinement, executor or Threads(), checkpoint
    )
    frontier = search.frontier()
    search.enclose(frontier.tree, frontier.tree.leaves[:1])  # compiles, off the budget
    started = time.monotonic()
    tree = frontier.tree
    while True:
        search.advance(frontier)
        leaves = tree.leaves
        bounds = frontier.bounds(leaves)
        judged = judge(tree, leaves, bounds, refinement)
        least = search.least(tree, leaves, judged)
        missed = least > refinement.target
        if missed:
            # What is attainable instead is found out before it is said.
            instead = replace(refinement, target=1.05 * least)
            judged = judge(tree, leaves, bounds, instead)
        if progress is not None:
            progress(len(leaves), judged.bound, judged.attained)
        reached = len(judged.worst) == 0
        spent = time.monotonic() - started
        last = frontier.rounds == _rounds_at_most - 1
        in_time = spent <= refinement.seconds
        if reached or last or not in_time:
            break
        # While any bound is infinite, only such boxes are cut: few, and all the way.
        infinite = judged.worst[~np.isfinite(bounds.supremum[judged.worst])]
        chosen = infinite if len(infinite) else judged.worst
        chosen = chosen[: max(0, refinement.boxes - len(leaves))]
        if np.isfinite(refinement.seconds):
            # Not more than what is enclosed in the time that is left.
            rate = frontier.evaluated / max(spent, 1e-3)
            chosen = chosen[: 1 + int(0.5 * rate * (refinement.seconds - spent))]
        nodes = leaves[chosen]
        axes = search.axes(tree, nodes, bounds, chosen)
        possible = tree.divisible(nodes, axes)
        if not possible.any():
            break
        frontier.pending = tree.split(nodes[possible], axes[possible])
        frontier.rounds += 1
    search.end(frontier, in_time or reached)
    if missed:
        raise CertaxError(
            f"The target {refinement.target:.3g} is out of reach: boxes of any size "
            f"give about {least:.3g} or more.",
            value=refinement.target,
            remedy=f"A bound of {1.03 * judged.bound:.3g} is attainable.",
            kind="target",
        )
    return Enclosed(
        tree, leaves, bounds, frontier.evaluated, reached, time.monotonic() - begun
    )


class _Search:
    """One search: what encloses its boxes, and where its state is kept."""

    def __init__(
        self,
        task: Task,
        refinement: Refinement,
        executor: AbstractExecutor,
        checkpoint: Checkpoint | None,
    ):
        self.task, self.refinement, self.executor = task, refinement, executor
        self.checkpoint, self.kept = checkpoint, time.monotonic()
        if checkpoint is not None:
            # Whoever goes on may have more time than whoever began.
            settings = replace(refinement, seconds=0.0)
            self.key = search_key(task.message, settings)
            self.path = checkpoint.folder / f"search-{self.key[:16]}.safetensors"

    def frontier(self) -> Frontier:
        """What is kept of the search, or its beginning."""
        dimension = self.task.quantity.dimension
        if self.checkpoint is not None:
            if self.checkpoint.resume and self.path.exists():
                return Frontier.load(self.path, self.key, dimension)
            self.path.unlink(missing_ok=True)
        tree = Tree(dimension)
        for axis, count in enumerate(self.refinement.cuts):
            for _ in range(count):
                leaves = tree.leaves
                tree.split(leaves, np.full(len(leaves), axis))
        return Frontier(tree, tree.leaves)

    def enclose(self, tree: Tree, nodes: np.ndarray) -> Block:
        boxes = np.concatenate([tree.center[nodes], tree.half[nodes]], axis=1)
        return self.enclose_boxes(boxes)

    def enclose_boxes(self, boxes: np.ndarray) -> Block:
        starts = range(0, len(boxes), batch)
        batches = [boxes[start : start + batch] for start in starts]
        width = 4 + self.task.quantity.dimension
        found = self.executor.enclose(self.task, batches)
        return np.concatenate([np.empty((0, width)), *found])

    def axes(
        self, tree: Tree, nodes: np.ndarray, bounds: LeafBounds, chosen: np.ndarray
    ) -> np.ndarray:
        """Which axis to cut: the one along which the polynomial changes most, or where
        its remainder is most of the bound, the one that makes the remainder.
        """
        known = np.nan_to_num(bounds.sensitivity[chosen], nan=0.0, posinf=0.0)
        axes = known.argmax(axis=1)
        attained = np.nan_to_num(bounds.attained[chosen], posinf=0.0, neginf=0.0)
        explained = np.maximum(attained, 0.0) + known.sum(axis=1)
        blind = ~(bounds.supremum[chosen] <= _unexplained * explained)
        if blind.any() and tree.dimension > 1:
            axes[blind] = self._axes_through_center(tree, nodes[blind])
        return axes

    def _axes_through_center(self, tree: Tree, nodes: np.ndarray) -> np.ndarray:
        """The axis along which the bound is largest, all others through the center."""
        center, half = tree.center[nodes], tree.half[nodes]
        found = np.empty(half.shape)
        for axis in range(tree.dimension):
            line = np.full(half.shape, _point)
            line[:, axis] = half[:, axis]
            bound = self.enclose_boxes(np.concatenate([center, line], axis=1))[:, 0]
            found[:, axis] = np.where(np.isfinite(bound), bound, np.inf)
        largest = found == found.max(axis=1, keepdims=True)
        return np.where(largest, half, 0.0).argmax(axis=1)

    def advance(self, frontier: Frontier) -> None:
        """Encloses what is pending, and keeps the state now and then."""
        while len(frontier.pending):
            nodes = frontier.pending[:_slice]
            try:
                frontier.put(nodes, self.enclose(frontier.tree, nodes))
            except BaseException:
                # An interrupt, or a cluster that was lost.
                self.keep(frontier)
                raise
            frontier.pending = frontier.pending[_slice:]
            if self.checkpoint is not None:
                if time.monotonic() - self.kept >= self.checkpoint.interval:
                    self.keep(frontier)

    def keep(self, frontier: Frontier) -> None:
        """Writes the state down, where that is wanted and there is one."""
        if self.checkpoint is not None and frontier.table.size:
            frontier.save(self.path, self.key)
            self.kept = time.monotonic()

    def end(self, frontier: Frontier, ended: bool) -> None:
        """Keeps what more time could continue, and nothing else."""
        if not ended:
            self.keep(frontier)
        elif self.checkpoint is not None:
            self.path.unlink(missing_ok=True)

    def least(self, tree: Tree, leaves: np.ndarray, judged: Judgement) -> float:
        """What boxes of any size give: the enclosures of the centers of the worst
        leaves. Zero without a target, or where that is reached.
        """
        if self.refinement.target <= 0.0 or len(judged.worst) == 0:
            return 0.0
        nodes = leaves[judged.worst[: 4 * batch]]
        points = np.full((len(nodes), tree.dimension), _point)
        block = self.enclose_boxes(np.concatenate([tree.center[nodes], points], axis=1))
        if self.refinement.goal in ("supremum", "slabs"):
            found = np.max(block[:, 0])
        else:
            # The estimate, and the part of the bounds at points that is no value.
            scale = self.refinement.volume ** (1.0 / self.refinement.power)
            found = judged.attained + scale * np.mean(block[:, 1] - block[:, 3])
        return float(found) if np.isfinite(found) else 0.0
