"""How the theorems with a barrier are tried: which files, which tree, which tube."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..bounds import Tree
from ._certificate import Certificate
from ._defects import NoBarrier, prepare

if TYPE_CHECKING:
    from ._certify import Draft, Progress, Search

radii = ("1", "1e-1", "1e-2", "1e-3", "1e-5", "1e-7")
tubes = ("everywhere", "1", "1e-1", "1e-2", "1e-3", "1e-5", "1e-7")
# Few leaves of a high degree: the corrected residual is near the rounding errors.
_degrees = {1: 12, 2: 9, 3: 9}
_cuts = {1: (3, 4, 5, 6, 7), 2: (2, 3, 4, 5), 3: (1, 2, 3)}
_enough = 1.1


def certify_with_barrier(
    draft: "Draft", search: "Search", tube: bool, progress: "Progress | None" = None
) -> Certificate:
    """Solves for a correction and a barrier; cuts until the bound is near the error.

    **Arguments:**

    - `search`: its degree, or a good one; after its seconds no finer tree is tried.
    - `tube`: whether the theorem has this parameter.
    - `progress`: called with (leaves, bound, measured size of the correction).
    """
    from ._certify import Trees

    begun = time.monotonic()
    dimension = draft.solution.problem.domain.dimension
    try:
        prepared = prepare(draft.solution)
    except NoBarrier as error:
        return Certificate(
            draft.claim, draft.norm, draft.theorem, "inconclusive", reason=str(error)
        )
    barrier = prepared.program.text().encode("ascii")
    attached = {"barrier": barrier, "barrier_weights": prepared.weights}
    draft = replace(draft, attached=attached)
    options: tuple[dict[str, Any], ...] = ({},)
    if tube:
        options = tuple({"tube": value} for value in tubes)
    best, checking = None, 0.0
    for cuts in _cuts[dimension]:
        tree = _uniform(dimension, cuts)
        spent = time.monotonic() - begun - checking
        degree = search.degree or _degrees[dimension]
        trees = Trees({"residual": (tree, degree)}, spent)
        found, used = first_accepted(draft, trees, options)
        checking += found.seconds_check
        if best is None or not best.bound or _bound(found) < _bound(best):
            best = found
        options = (used,) if found.bound else options
        if progress is not None:
            progress(len(tree.leaves), _bound(best), prepared.size)
        late = time.monotonic() - begun > search.seconds
        if late or _bound(found) <= _enough * prepared.size:
            break
    assert best is not None
    return best


def first_accepted(
    draft: "Draft", trees: Any, options: tuple[dict[str, Any], ...]
) -> tuple[Certificate, dict[str, Any]]:
    """The first parameters that the checker accepts, else the last that it refused."""
    found, used = draft.confirm(trees, options[0]), options[0]
    for parameters in options[1:]:
        # Whether the barrier is positive does not depend on parameters.
        if found.bound or found.reason.startswith("the barrier is not proved"):
            break
        found, used = draft.confirm(trees, parameters), parameters
    return found, used


def _bound(certificate: Certificate) -> float:
    return float(certificate.bound or "inf")


def _uniform(dimension: int, cuts: int) -> Tree:
    """Every axis cut that often everywhere."""
    tree = Tree(dimension)
    for axis in range(dimension):
        for _ in range(cuts):
            tree.split(tree.leaves, np.full(len(tree.leaves), axis))
    return tree
