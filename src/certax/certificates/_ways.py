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
from ._hypotheses import Hypothesis
from ._lift import lift_of, missed_walls, without_lift
from ._theorems import AbstractTheorem, CertifiedBarrier, SemilinearBarrier

# A refinement of the residual with the coordinate that is lifted, or a theorem that has
# a way of its own: with a barrier, the tree depends on it.
Way = tuple[Refinement, str | None] | CertifiedBarrier | SemilinearBarrier
_tubes = ("1e-3", "1e-2", "1e-1", "1")
_radii = ("1", "1e-1", "1e-2", "1e-3", "1e-5", "1e-7")


def ways(
    chosen: Sequence[AbstractTheorem], solution: Solution, search: Search, forced: bool
) -> tuple[list[Certificate], dict[Way, list[AbstractTheorem]]]:
    """Those with a hypothesis that fails or without prospects, and the others by how
    trees are found.

    **Arguments:**

    - `forced`: whether they are tried without prospects too.
    """
    problem = solution.problem
    broken: list[Certificate] = []
    groups: dict[Way, list[AbstractTheorem]] = {}
    assert search.degree is not None
    for theorem in chosen:
        axis = missed_walls(theorem.name, problem, solution.network)
        hypotheses = _hypotheses(theorem, solution, axis)
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
        if theorem.norm == "H1" and search.evaluation != "real":
            reason = "its norm is one of derivatives, which an evaluation has not"
            of = "solution", theorem.norm, theorem.name, "not applicable"
            broken.append(Certificate(*of, reason=reason))
            continue
        discouraged = "" if forced else theorem.discouraged(solution)
        if discouraged:
            of = "solution", theorem.norm, theorem.name, "inconclusive"
            left_out = Certificate(*of, reason=discouraged, hypotheses=hypotheses)
            broken.append(left_out)
            continue
        way: Way
        if isinstance(theorem, CertifiedBarrier | SemilinearBarrier):
            way = theorem
        else:
            numbers = search.slabs, search.degree, search.tolerance
            way = theorem.refinement(problem, *numbers), axis
        groups.setdefault(way, []).append(theorem)
    return broken, groups


def _hypotheses(
    theorem: AbstractTheorem, solution: Solution, axis: str | None
) -> tuple[Hypothesis, ...]:
    problem, network = solution.problem, solution.network
    if axis is None:
        return tuple(theorem.hypotheses(problem, network))
    lifted = without_lift(network, problem, axis)
    return tuple(lift_of(h, axis) for h in theorem.hypotheses(problem, lifted))


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
        drafts = [
            Draft(solution, "solution", t.name, t.norm, evaluation=search.evaluation)
            for t in group
        ]
        leader |= {t.name: group[0].name for t in group}
        if not isinstance(way, tuple):
            (draft,) = drafts
            tube = isinstance(way, SemilinearBarrier)
            try:
                own = replace(search, seconds=share)
                found = derive_with_barrier(draft, own, tube, progress)
            except NoBarrier as error:
                of = draft.claim, draft.norm, draft.theorem
                refused.append(Certificate(*of, "inconclusive", reason=str(error)))
                continue
            derived[way.name] = found
            left -= min(share, found.trees.seconds)
            continue
        refinement, axis = way
        drafts = [replace(draft, lifted=axis) for draft in drafts]
        trees = drafts[0].search(refinement, replace(search, seconds=share), progress)
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
    named = "logarithmic_norm" in parameters
    norms = [{"logarithmic_norm": n} for n in ("2", "infinity")] if named else [{}]
    for norm in norms:
        for tube in _tubes:
            chosen = {**parameters, "tube": tube, **norm}
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
