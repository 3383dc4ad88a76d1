"""How far a search goes: what is to be tight, and which leaves are not yet."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ._leaves import LeafBounds
from ._trees import Tree

Goal = Literal["supremum", "slabs", "mean"]
# What is below a target by this is so for the checker, in three digits rounded up.
_room = 0.98


@dataclass(frozen=True)
class Refinement:
    """How far to go.

    **Attributes:**

    - `goal`: `"mean"` makes the mean of the absolute value's `power` tight,
      `"supremum"` the supremum over the box, `"slabs"` the supremum over each slab of
      the axis `time`.
    - `power`: for the goal `"mean"`; the bound is the root of the mean.
    - `tolerance`: stop when the bound is at most (1 + tolerance) times what is
      attained.
    - `target`: stop also when the bound of what the goal makes tight is at most this.
    - `volume`: of the box; means times it are integrals, which the target is then of.
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
    power: int = 1
    target: float = 0.0
    volume: float = 1.0
    slabs: int = 1
    time: int = 0
    boxes: int = 400_000
    seconds: float = float("inf")


@dataclass(frozen=True)
class Judgement:
    worst: np.ndarray
    bound: float
    attained: float


def judge(
    tree: Tree, leaves: np.ndarray, bounds: LeafBounds, refinement: Refinement
) -> Judgement:
    """Which leaves to cut, worst first; none if the goal is reached."""
    factor = 1.0 + refinement.tolerance
    target = _room * refinement.target
    if refinement.goal == "mean":
        power = refinement.power
        volume = refinement.volume * tree.volume(leaves)
        # Of |r|^p the mean is at most that of r^2 times the supremum of the rest.
        most = volume * bounds.mean ** min(power, 2)
        most = most * bounds.supremum ** max(power - 2, 0)
        least = volume * np.nan_to_num(bounds.typical) ** power
        bound = float(np.sum(most)) ** (1 / power)
        attained = float(np.sum(least)) ** (1 / power)
        allowed = max(factor * attained, target)
        if bound <= allowed:
            return Judgement(np.array([], int), bound, attained)
        # Leaves within their fair share of what is allowed need no cut.
        excess = most - least
        share = (allowed**power - attained**power) / len(leaves)
        failing = np.flatnonzero(~(excess <= share))
        order = failing[np.argsort(-excess[failing], kind="stable")]
        return Judgement(order, bound, attained)
    attained = np.nan_to_num(bounds.attained, nan=0.0, posinf=0.0)
    if refinement.goal == "supremum":
        allowed = np.full(len(leaves), factor * attained.max())
    else:
        allowed = factor * _slab_suprema(tree, leaves, attained, refinement)
    allowed = np.maximum(allowed, target)
    failing = np.flatnonzero(~(bounds.supremum <= allowed))
    order = failing[np.argsort(-bounds.supremum[failing], kind="stable")]
    return Judgement(order, float(bounds.supremum.max()), float(attained.max()))


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
