"""From an approximate solution to a certificate.

The finder chooses theorems and trees; the number is the checker's. So a mistake here
makes a certificate weak or absent, never wrong.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .._core import CertaxError
from ..bounds import Refinement
from ..problems import Problem, Solution
from ._certificate import Certificate
from ._choice import strongest_first
from ._drafts import Derived, Draft, Progress, Search, Trees
from ._equations import NoMatch
from ._theorems import (
    AbstractTheorem,
    Barrier,
    ComparisonOde,
    HamiltonJacobi,
    L1Contraction,
    MaximumPrinciple,
    OdeTube,
    Oleinik,
    StationaryHamiltonJacobi,
    Transport,
)

# Where several fit, the one with the stronger norm comes first.
theorems: tuple[AbstractTheorem, ...] = (
    ComparisonOde(),
    OdeTube(),
    MaximumPrinciple(),
    Transport(),
    Barrier(),
    HamiltonJacobi(),
    StationaryHamiltonJacobi(),
    Oleinik(),
    L1Contraction(),
)
_goals = {"Linf": "supremum", "L1": "mean", "L2": "mean"}
_degrees = {1: 9, 2: 5, 3: 3, 4: 2, 5: 2}
_tubes = ("1e-3", "1e-2", "1e-1", "1")


def matching(problem: Problem) -> tuple[list[AbstractTheorem], dict[str, str]]:
    """The theorems whose equation the problem's is, and why the others are not."""
    found, reasons = [], {}
    for theorem in theorems:
        try:
            theorem.match(problem)
            found.append(theorem)
        except NoMatch as error:
            reasons[theorem.name] = str(error)
    return found, reasons


def certify_solution(
    solution: Solution,
    search: Search,
    theorem: str | None = None,
    progress: Progress | None = None,
) -> Certificate:
    """A bound of û − u by the theorems that fit; the strongest one stands first and the
    other certificates are its `others`.

    Theorems whose trees are found in the same way share them, and the budget of the
    search is divided among the trees.

    **Arguments:**

    - `theorem`: the only one to be tried.

    **Raises:** `CertaxError` if a theorem of that name does not exist.
    """
    problem = solution.problem
    names = [t.name for t in theorems]
    if theorem is not None and theorem not in names:
        raise CertaxError(
            f"There is no theorem {theorem!r}.",
            value=theorem,
            remedy=f"There are {', '.join(names)}.",
        )
    found, reasons = matching(problem)
    chosen = [t for t in found if theorem in (None, t.name)]
    if not chosen:
        asked = reasons if theorem is None else {theorem: reasons[theorem]}
        why = "; ".join(f"{name}: {reason}" for name, reason in asked.items())
        return Certificate(
            "solution",
            "",
            theorem or "",
            "not applicable",
            reason=f"no theorem fits the equation {problem.equation_text()} ({why})",
        )
    broken, groups = _groups(chosen, solution, search, forced=theorem is not None)
    derived, leader = _derive(groups, solution, search, progress)
    drafts = [d.certificate(f"certificate-{n}") for n, d in derived.items()]
    first, *rest = strongest_first([*drafts, *broken], solution)

    def sealed(found: Certificate) -> Certificate:
        name = found.theorem
        if not found.bound:
            return found
        group = leader[name]
        trees = "certificate" if group == leader[first.theorem] else None
        stem = "certificate" if found is first else f"certificate-{name}"
        return derived[name].certificate(stem, trees or f"certificate-{group}")

    unfit = reasons if theorem is None else {}
    others = tuple(sealed(other) for other in rest)
    return replace(sealed(first), others=others, unfit=unfit)


def certify_residual(
    solution: Solution,
    norm: str,
    search: Search,
    progress: Progress | None = None,
    stem: str | None = None,
) -> Certificate:
    """A bound of a norm of the residual over the domain; needs no theorem.

    **Arguments:**

    - `stem`: of the names of its files, `certificate-residual-NORM` if not given.

    **Raises:** `CertaxError` for an unknown norm.
    """
    if norm not in _goals:
        raise CertaxError(
            f"There is no norm {norm!r} of the residual.",
            value=norm,
            remedy=f"Choose from {', '.join(_goals)}.",
        )
    problem = solution.problem
    dimension = problem.domain.dimension
    degree = search.degree or _degrees[dimension]
    cuts = (max(2, 9 // dimension),) * dimension
    goal: Any = _goals[norm]
    refinement = Refinement(goal, search.tolerance, degree, cuts)
    stem = stem or f"certificate-residual-{norm}"
    draft = Draft(solution, "residual", "", norm)
    trees = draft.search(refinement, search, progress)
    return draft.confirm(trees, {}).certificate(stem)


def _groups(
    chosen: list[AbstractTheorem], solution: Solution, search: Search, forced: bool
) -> tuple[list[Certificate], dict[Refinement, list[AbstractTheorem]]]:
    """Those with a hypothesis that fails or without prospects, and the others by how
    trees are found.
    """
    problem = solution.problem
    broken: list[Certificate] = []
    groups: dict[Refinement, list[AbstractTheorem]] = {}
    degree = search.degree or _degrees[problem.domain.dimension]
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
        discouraged = "" if forced else theorem.discouraged(solution)
        if discouraged:
            of = "solution", theorem.norm, theorem.name, "inconclusive"
            left_out = Certificate(*of, reason=discouraged, hypotheses=hypotheses)
            broken.append(left_out)
            continue
        refinement = theorem.refinement(problem, search.slabs, degree, search.tolerance)
        groups.setdefault(refinement, []).append(theorem)
    return broken, groups


def _derive(
    groups: Mapping[Refinement, list[AbstractTheorem]],
    solution: Solution,
    search: Search,
    progress: Progress | None,
) -> tuple[dict[str, Derived], dict[str, str]]:
    """What the checker derives by each theorem, and by which its trees are named."""
    derived: dict[str, Derived] = {}
    leader: dict[str, str] = {}
    left = search.seconds
    for number, (refinement, group) in enumerate(groups.items()):
        share = left / (len(groups) - number)
        drafts = [Draft(solution, "solution", t.name, t.norm) for t in group]
        trees = drafts[0].search(refinement, replace(search, seconds=share), progress)
        # Compilation is no part of the budget, so this may be pessimistic.
        left -= min(share, trees.seconds)
        for theorem, draft in zip(group, drafts, strict=True):
            parameters = theorem.parameters(solution.problem, search.slabs)
            derived[theorem.name] = _best(draft, trees, parameters)
            leader[theorem.name] = group[0].name
    return derived, leader


def _best(draft: Draft, trees: Trees, parameters: dict[str, Any]) -> Derived:
    """The smallest bound on these trees, over the parameters there are to choose."""
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
