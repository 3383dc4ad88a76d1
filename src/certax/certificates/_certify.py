"""From an approximate solution to a certificate.

The finder chooses the theorem and a tree; the number is the checker's. So a mistake
here makes a certificate weak or absent, never wrong.
"""

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from .._core import CertaxError, canonical, sha256
from .._version import version
from ..bounds import (
    AbstractExecutor,
    Checkpoint,
    Enclosed,
    Quantity,
    Refinement,
    refine,
)
from ..problems import Problem, Solution
from ._certificate import Certificate
from ._checker import run_checker
from ._equations import NoMatch
from ._hypotheses import Hypothesis, initial_is_exact
from ._quantities import initial_quantity, residual_quantity
from ._theorems import (
    AbstractTheorem,
    Barrier,
    L1Contraction,
    MaximumPrinciple,
    OdeTube,
    Transport,
)

Progress = Callable[[int, float, float], None]
# Where several fit, the one with the stronger norm comes first.
theorems: tuple[AbstractTheorem, ...] = (
    OdeTube(),
    MaximumPrinciple(),
    Transport(),
    Barrier(),
    L1Contraction(),
)
_goals = {"Linf": "supremum", "L1": "mean", "L2": "square"}
_degrees = {1: 9, 2: 5, 3: 3, 4: 2, 5: 2}
_tubes = ("1e-3", "1e-2", "1e-1", "1")


@dataclass(frozen=True)
class Search:
    """How hard to search.

    **Attributes:**

    - `tolerance`: how much larger than what is attained a bound may be.
    - `target`: a bound of the residual that is good enough, in the norm of the claim.
    - `degree`: of the Taylor models; `None` chooses by dimension.
    - `slabs`: for theorems that need them.
    - `seconds`: the budget of the search; what has been reached then counts.
    - `boxes`: at most so many leaves.
    - `executor`: where boxes are enclosed; by default in threads.
    - `checkpoint`: where the state of the search is kept.
    """

    tolerance: float = 0.1
    target: float = 0.0
    degree: int | None = None
    slabs: int = 64
    seconds: float = float("inf")
    boxes: int = Refinement.boxes
    executor: AbstractExecutor | None = None
    checkpoint: Checkpoint | None = None


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
    """A bound of û − u, by the theorem that fits.

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
    outcomes = []
    for candidate in chosen:
        outcomes.append(_by_theorem(candidate, solution, search, progress))
        if outcomes[-1].bound:
            return outcomes[-1]
    return outcomes[0]


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
    draft = _Draft(solution, "residual", "", norm, stem)
    return draft.certify(refinement, search, {}, progress)


def _by_theorem(
    theorem: AbstractTheorem,
    solution: Solution,
    search: Search,
    progress: Progress | None,
) -> Certificate:
    problem = solution.problem
    hypotheses = tuple(theorem.hypotheses(problem, solution.network))
    broken = [h for h in hypotheses if h.status == "failed"]
    if broken:
        return Certificate(
            "solution",
            theorem.norm,
            theorem.name,
            "not applicable",
            reason="; ".join(f"{h.name}: {h.detail}" for h in broken),
            hypotheses=hypotheses,
        )
    degree = search.degree or _degrees[problem.domain.dimension]
    refinement = theorem.refinement(problem, search.slabs, degree, search.tolerance)
    parameters = theorem.parameters(problem, search.slabs)
    draft = _Draft(solution, "solution", theorem.name, theorem.norm, "certificate")
    if isinstance(theorem, OdeTube):
        return _with_tubes(draft, refinement, search, progress)
    return draft.certify(refinement, search, parameters, progress)


def _with_tubes(draft: "_Draft", refinement, search, progress) -> Certificate:
    """Tries tubes and logarithmic norms on one tree; keeps the smallest bound."""
    trees = draft.search(refinement, search, progress)
    best: Certificate | None = None
    for norm in ("2", "infinity"):
        for tube in _tubes:
            found = draft.confirm(trees, {"tube": tube, "logarithmic_norm": norm})
            if found.bound:
                # A tube just wider than the error makes the constants sharpest.
                narrow = f"{Decimal(2 * Decimal(found.bound)):.0e}"
                sharper = draft.confirm(
                    trees, {"tube": narrow, "logarithmic_norm": norm}
                )
                found = sharper if sharper.bound else found
            if best is None or not best.bound:
                best = found
            elif found.bound and Decimal(found.bound) < Decimal(best.bound):
                best = found
            if found.bound:
                break
    assert best is not None
    return best


@dataclass(frozen=True)
class _Draft:
    """A claim on its way to the checker."""

    solution: Solution
    claim: str
    theorem: str
    norm: str
    stem: str

    def certify(self, refinement, search, parameters, progress) -> Certificate:
        return self.confirm(self.search(refinement, search, progress), parameters)

    def search(
        self, refinement: Refinement, search: Search, progress: Progress | None
    ) -> "_Trees":
        """Finds the trees: of the residual, and of the initial face where needed."""
        refinement = replace(refinement, seconds=search.seconds, boxes=search.boxes)
        problem, fields = self.solution.problem, self.solution.network
        weights = self.solution.weights
        started = time.monotonic()
        wanted = {"residual": residual_quantity(problem, fields, weights)}
        found: dict[str, tuple[Enclosed, int]] = {}
        if (
            self.claim == "solution"
            and problem.time is not None
            and problem.domain.dimension > 1
            and not initial_is_exact(fields, problem)
        ):
            wanted["initial"] = initial_quantity(problem, fields, weights)
        for name, quantity in wanted.items():
            here = replace(refinement, volume=quantity.volume)
            if name == "residual":
                here = replace(here, target=search.target)
            else:
                here = _on_face(here, quantity)
            enclosed = refine(
                quantity, here, progress, search.executor, search.checkpoint
            )
            found[name] = (enclosed, here.degree)
        return _Trees(found, time.monotonic() - started)

    def confirm(self, trees: "_Trees", parameters: dict[str, Any]) -> Certificate:
        """Has the checker derive the number, in a fresh process."""
        problem = self.solution.problem
        files = {
            "problem.json": problem.text().encode("ascii"),
            "network.json": self.solution.network.text().encode("ascii"),
            "weights.safetensors": weights_file(self.solution.weights),
        }
        described = {
            "problem": _described("problem.json", files["problem.json"]),
            "network": _described("network.json", files["network.json"]),
            "weights": _described("weights.safetensors", files["weights.safetensors"]),
        }
        own: dict[str, bytes] = {}
        entries = {}
        for name, (enclosed, degree) in trees.found.items():
            suffix = "" if name == "residual" else f"-{name}"
            file = f"{self.stem}{suffix}.tree"
            own[file] = enclosed.tree.encode(degree)
            entries[name] = _described(file, own[file]) | {
                "leaves": len(enclosed.leaves)
            }
        draft = {
            "format": "certax-draft/1",
            "certax": version(),
            **described,
            "trees": entries,
            "claim": self.claim,
            "theorem": self.theorem,
            "norm": self.norm,
            "parameters": parameters,
        }
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="certax-") as folder:
            for file, content in {**files, **own}.items():
                (Path(folder) / file).write_bytes(content)
            path = Path(folder) / "draft.json"
            path.write_text(canonical(draft))
            _, answer = run_checker("derive", path)
        checking = time.monotonic() - started
        leaves = sum(len(e.leaves) for e, _ in trees.found.values())
        common: dict[str, Any] = {
            "leaves": leaves,
            "seconds_search": trees.seconds,
            "seconds_check": checking,
            "hypotheses": tuple(
                Hypothesis(h["name"], h["status"], h["detail"])
                for h in answer.get("hypotheses", ())
            ),
        }
        if not answer["accepted"]:
            return Certificate(
                self.claim,
                self.norm,
                self.theorem,
                "inconclusive",
                reason=f"{answer['reason']} {answer.get('where', '')}".strip(),
                **common,
            )
        whole = draft | {
            "format": "certax-certificate/1",
            "bound": answer["bound"]["decimal"],
            "curve": answer["curve"],
            "verdict": answer["verdict"],
            "statement": answer["statement"],
        }
        file = f"{self.stem}.json"
        own[file] = canonical(whole).encode("ascii")
        return Certificate(
            self.claim,
            self.norm,
            self.theorem,
            answer["verdict"],
            bound=answer["bound"]["decimal"],
            bound_hex=answer["bound"]["hex"],
            statement=answer["statement"],
            curve=tuple(answer["curve"]),
            file=file,
            files=own,
            **common,
        )


@dataclass(frozen=True)
class _Trees:
    found: dict[str, tuple[Enclosed, int]]
    seconds: float


def _on_face(refinement: Refinement, quantity: Quantity) -> Refinement:
    goal: Any = "mean" if refinement.goal == "mean" else "supremum"
    tolerance = refinement.tolerance or Search.tolerance
    cuts = (5,) * quantity.dimension
    return replace(
        refinement, goal=goal, tolerance=tolerance, cuts=cuts, slabs=1, time=0
    )


def _described(name: str, content: bytes) -> dict[str, Any]:
    return {"file": name, "sha256": sha256(content)}


def weights_file(weights: Any) -> bytes:
    """The content of `weights.safetensors`."""
    from safetensors.numpy import save

    # Not np.ascontiguousarray, which makes a vector of a scalar.
    return save({n: np.asarray(w, np.float64, order="C") for n, w in weights.items()})


def read_weights(content: bytes) -> dict[str, np.ndarray]:
    """**Raises:** `CertaxError` if the bytes are no safetensors file."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return load(content)
    except (SafetensorError, ValueError, json.JSONDecodeError) as error:
        raise CertaxError(
            f"The weights file cannot be read: {error}.",
            remedy="It must be a safetensors file.",
        ) from None
