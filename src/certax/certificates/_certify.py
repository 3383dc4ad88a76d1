"""From an approximate solution to a certificate.

The finder chooses theorems and trees; the number is the checker's. So a mistake here
makes a certificate weak or absent, never wrong.
"""

from dataclasses import replace

from .._core import CertaxError
from ..bounds import Refinement
from ..problems import Problem, Solution
from ._certificate import Certificate
from ._choice import strongest_first
from ._drafts import Draft, Progress, Search
from ._equations import NoMatch
from ._theorems import (
    AbstractTheorem,
    Barrier,
    CertifiedBarrier,
    ComparisonOde,
    EllipticEnergy,
    EllipticGradient,
    Energy,
    HamiltonJacobi,
    L1Contraction,
    MaximumPrinciple,
    NavierStokes,
    NewtonKantorovich,
    NewtonKantorovichSupremum,
    OdeTube,
    Oleinik,
    Schrodinger,
    SemilinearBarrier,
    StationaryHamiltonJacobi,
    Transport,
    Wave,
    WaveSupremum,
)
from ._ways import derive_all, ways

# Where several fit, the one with the stronger norm comes first.
theorems: tuple[AbstractTheorem, ...] = (
    ComparisonOde(),
    OdeTube(),
    MaximumPrinciple(),
    Transport(),
    CertifiedBarrier(),
    SemilinearBarrier(),
    Barrier(),
    HamiltonJacobi(),
    StationaryHamiltonJacobi(),
    Oleinik(),
    NewtonKantorovichSupremum(),
    L1Contraction(),
    Energy(),
    EllipticEnergy(),
    WaveSupremum(),
    Wave(),
    Schrodinger(),
    NewtonKantorovich(),
    EllipticGradient(),
    NavierStokes(),
)
most_with_derivatives = 5
_largest_power = 16
_degrees = {1: 9, 2: 5, 3: 3, 4: 2, 5: 2}


def matching(problem: Problem) -> tuple[list[AbstractTheorem], dict[str, str]]:
    """The theorems whose equation the problem's is, and why the others are not."""
    found, reasons = [], {}
    beyond = problem.beyond_theorems
    if beyond:
        return [], {theorem.name: beyond for theorem in theorems}
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
    if problem.domain.dimension > most_with_derivatives:
        return Certificate(
            "solution",
            "",
            theorem or "",
            "not applicable",
            reason=f"theorems are for at most {most_with_derivatives} coordinates",
        )
    found, reasons = matching(problem)
    chosen = [t for t in found if theorem in (None, t.name)]
    if not chosen:
        asked = reasons if theorem is None else {theorem: reasons[theorem]}
        why = problem.beyond_theorems or "; ".join(
            f"{name}: {reason}" for name, reason in asked.items()
        )
        return Certificate(
            "solution",
            "",
            theorem or "",
            "not applicable",
            reason=f"no theorem fits the equation {problem.equation_text()} ({why})",
        )
    degree = search.degree or _degrees[problem.domain.dimension]
    sharp = replace(search, degree=degree)
    broken, groups = ways(chosen, solution, sharp, forced=theorem is not None)
    derived, leader, refused = derive_all(groups, solution, search, progress)
    drafts = [d.certificate(f"certificate-{n}") for n, d in derived.items()]
    first, *rest = strongest_first([*drafts, *refused, *broken], solution)

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
    slabs: int | None = None,
) -> Certificate:
    """A bound of a norm of the residual over the domain; needs no theorem.

    **Arguments:**

    - `norm`: `"Linf"`, or `"L1"`, `"L2"`, ... up to `"L16"`.
    - `slabs`: a power of two, to have the norm over each of so many slabs of time too.
    - `stem`: of the names of its files, `certificate-residual-NORM` if not given.

    **Raises:** `CertaxError` for an unknown norm, or slabs where there is no time.
    """
    power = _power(norm)
    problem = solution.problem
    if slabs is not None and problem.time is None:
        raise CertaxError(
            "The problem has no initial condition, so its residual has no slabs of "
            "time.",
            value=slabs,
            remedy="Leave slabs out.",
        )
    if problem.indefinite:
        return Certificate(
            "residual", norm, "", "not applicable", reason=problem.indefinite
        )
    dimension = problem.domain.dimension
    if dimension > most_with_derivatives:
        raise CertaxError(
            f"Residuals are enclosed in at most {most_with_derivatives} coordinates, "
            f"not {dimension}.",
            value=dimension,
            remedy="Claim a range or a Lipschitz constant.",
        )
    degree = search.degree or _degrees[dimension]
    cuts = (max(2, 9 // dimension),) * dimension
    goal = "mean" if power else "supremum"
    refinement = Refinement(goal, search.tolerance, degree, cuts)
    if power:
        refinement = replace(refinement, power=power)
    stem = stem or f"certificate-residual-{norm}"
    draft = Draft(solution, "residual", "", norm, evaluation=search.evaluation)
    trees = draft.search(refinement, search, progress)
    parameters = {} if slabs is None else {"slabs": slabs}
    return draft.confirm(trees, parameters).certificate(stem)


def _power(norm: str) -> int:
    """The p of `Lp`, 0 for the supremum.

    **Raises:** `CertaxError` for another name.
    """
    known = ["Linf", *(f"L{p}" for p in range(1, _largest_power + 1))]
    if norm not in known:
        raise CertaxError(
            f"There is no norm {norm!r} of the residual.",
            value=norm,
            remedy=f"Choose Linf, or L1, L2, ... up to L{_largest_power}.",
        )
    return known.index(norm)
