"""The ways in which theorems are tried: which trees, and which parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..bounds import Refinement
from ..problems import Solution
from ._barriers import derive_with_barrier, first_accepted
from ._certificate import Certificate
from ._defects import NoBarrier
from ._drafts import Derived, Draft, Progress, Search, Trees
from ._theorems import AbstractTheorem, CertifiedBarrier, SemilinearBarrier

Way = Refinement | CertifiedBarrier | SemilinearBarrier
_tubes = ("1e-3", "1e-2", "1e-1", "1")
_radii = ("1", "1e-1", "1e-2", "1e-3", "1e-5", "1e-7")


def ways(
    chosen: Sequence[AbstractTheorem], solution: Solution, search: Search
) -> tuple[list[Certificate], dict[Way, list[AbstractTheorem]]]:
    """Those with a hypothesis that fails, and the others by how trees are found.

    A theorem with a barrier is a way of its own: its tree depends on the barrier.
    """
    problem = solution.problem
    broken: list[Certificate] = []
    groups: dict[Way, list[AbstractTheorem]] = {}
    assert search.degree is not None
    for theorem in chosen:
        hypotheses = tuple(theorem.hypotheses(problem, solution.network))
        failed = [h for h in hypotheses if h.status == "failed"]
        if failed:
            unmet = Certificate(
                "solution",
                theorem.norm,
                theorem.name,
                "not applicable",
                reason="; ".join(f"{h.name}: {h.detail}" for h in failed),
                hypotheses=hypotheses,
            )
            broken.append(unmet)
            continue
        way: Way
        if isinstance(theorem, CertifiedBarrier | SemilinearBarrier):
            way = theorem
        else:
            way = theorem.refinement(
                problem, search.slabs, search.degree, search.tolerance
            )
        groups.setdefault(way, []).append(theorem)
    return broken, groups


def derive_all(
    groups: Mapping[Way, list[AbstractTheorem]],
    solution: Solution,
    search: Search,
    progress: Progress | None,
) -> tuple[dict[str, Derived], dict[str, str], list[Certificate]]:
    """What the checker derives by each theorem, by which its trees are named, and what
    came to nothing before it.
    """
    derived: dict[str, Derived] = {}
    leader: dict[str, str] = {}
    refused: list[Certificate] = []
    left = search.seconds
    for number, (way, group) in enumerate(groups.items()):
        share = left / (len(groups) - number)
        drafts = [Draft(solution, "solution", t.name, t.norm) for t in group]
        leader |= {t.name: group[0].name for t in group}
        if not isinstance(way, Refinement):
            (draft,) = drafts
            tube = isinstance(way, SemilinearBarrier)
            try:
                found = derive_with_barrier(draft, search.degree, share, tube)
            except NoBarrier as error:
                of = draft.claim, draft.norm, draft.theorem
                refused.append(Certificate(*of, "inconclusive", reason=str(error)))
                continue
            derived[way.name] = found
            left -= min(share, found.trees.seconds)
            continue
        trees = drafts[0].search(way, replace(search, seconds=share), progress)
        # Compilation is no part of the budget, so this may be pessimistic.
        left -= min(share, trees.seconds)
        for theorem, draft in zip(group, drafts, strict=True):
            parameters = theorem.parameters(solution.problem, search.slabs)
            derived[theorem.name] = _best(draft, trees, parameters)
    return derived, leader, refused


def _best(draft: Draft, trees: Trees, parameters: dict[str, Any]) -> Derived:
    """The smallest bound on these trees, over the parameters there are to choose."""
    if "radius" in parameters:
        return first_accepted(draft, trees, [{"radius": r} for r in _radii])
    if "tube" not in parameters:
        return draft.confirm(trees, parameters)
    best: Derived | None = None
    for norm in ("2", "infinity"):
        for tube in _tubes:
            chosen = {**parameters, "tube": tube, "logarithmic_norm": norm}
            found = draft.confirm(trees, chosen)
            if found.bound:
                # A tube just wider than the error makes the constants sharpest.
                narrow = f"{Decimal(2 * Decimal(found.bound)):.0e}"
                sharper = draft.confirm(trees, {**chosen, "tube": narrow})
                found = sharper if sharper.bound else found
            if best is None or not best.bound:
                best = found
            elif found.bound and Decimal(found.bound) < Decimal(best.bound):
                best = found
            if found.bound:
                break
    assert best is not None
    return best
