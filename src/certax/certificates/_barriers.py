"""How the theorems with a barrier are tried: which files, which tree, which tube."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..bounds import Tree
from ._defects import prepare
from ._drafts import Attached, Derived, Draft, Trees

tubes = ("everywhere", "1", "1e-1", "1e-2", "1e-3", "1e-5", "1e-7")
# Few leaves of a high degree: the corrected residual is near the rounding errors.
_degrees = {1: 12, 2: 9, 3: 9}
_cuts = {1: (3, 4, 5, 6, 7), 2: (2, 3, 4, 5), 3: (1, 2, 3)}
_enough = 1.1


def derive_with_barrier(
    draft: Draft, degree: int | None, seconds: float, tube: bool
) -> Derived:
    """Solves for a correction and a barrier; cuts until the bound is near the error.

    **Arguments:**

    - `degree`: of the Taylor models, or a good one.
    - `seconds`: after these no finer tree is tried.
    - `tube`: whether the theorem has this parameter.

    **Raises:** `NoBarrier` if there seems to be none.
    """
    begun = time.monotonic()
    dimension = draft.solution.problem.domain.dimension
    prepared = prepare(draft.solution)
    attached = Attached("barrier", prepared.program, prepared.weights)
    draft = replace(draft, attached=attached)
    options: Sequence[dict[str, Any]] = ({},)
    if tube:
        options = [{"tube": value} for value in tubes]
    best, checking = None, 0.0
    for cuts in _cuts[dimension]:
        tree = _uniform(dimension, cuts)
        spent = time.monotonic() - begun - checking
        trees = Trees({"residual": (tree, degree or _degrees[dimension])}, spent)
        found = first_accepted(draft, trees, options)
        checking += found.seconds
        if best is None or not best.bound or _bound(found) < _bound(best):
            best = found
        if found.bound and tube:
            options = [{"tube": found.draft["parameters"]["tube"]}]
        # The budget is the search's; the checker takes what it needs.
        late = time.monotonic() - begun - checking > seconds
        if late or _bound(found) <= _enough * prepared.size:
            break
    assert best is not None
    return best


def first_accepted(
    draft: Draft, trees: Trees, options: Sequence[dict[str, Any]]
) -> Derived:
    """With the first parameters that the checker accepts, else the last it refused."""
    found = draft.confirm(trees, options[0])
    for parameters in options[1:]:
        if found.bound:
            break
        found = draft.confirm(trees, parameters)
    return found


def _bound(found: Derived) -> float:
    return float(found.bound or "inf")


def _uniform(dimension: int, cuts: int) -> Tree:
    """Every axis cut that often everywhere."""
    tree = Tree(dimension)
    for axis in range(dimension):
        for _ in range(cuts):
            tree.split(tree.leaves, np.full(len(tree.leaves), axis))
    return tree
