"""A claim on its way to the checker: trees are found, and the number is derived."""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from .._core import Program, canonical, sha256
from .._version import version
from ..bounds import (
    AbstractExecutor,
    Checkpoint,
    Quantity,
    Refinement,
    Tree,
    refine,
)
from ..problems import Solution
from ._certificate import Certificate
from ._checker import run_checker
from ._hypotheses import Hypothesis, initial_is_exact
from ._lift import network_of_walls, without_lift
from ._quantities import initial_quantity, residual_quantity, walls_quantity
from ._weights_files import weights_file

Progress = Callable[[int, float, float], None]
evaluations = ("real", "float32", "float64")
"""Arithmetics in which û can be evaluated."""
# What is assumed of elementary functions. In float32, XLA's are within 5.3 on a CPU, by
# 2.8 million samples each; NumPy's are closer.
_ulps = 8


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
    - `evaluation`: the arithmetic of the û that the claim is about, one of
      [`evaluations`][certax.certificates.evaluations].
    """

    tolerance: float = 0.1
    target: float = 0.0
    degree: int | None = None
    slabs: int = 64
    seconds: float = float("inf")
    boxes: int = Refinement.boxes
    executor: AbstractExecutor | None = None
    checkpoint: Checkpoint | None = None
    evaluation: str = "real"


@dataclass(frozen=True)
class Trees:
    """Trees by name, and how long the search took; several theorems can share them."""

    found: Mapping[str, tuple[Tree, int]]
    seconds: float

    @property
    def leaves(self) -> int:
        return sum(len(tree.leaves) for tree, _ in self.found.values())

    def files(self, stem: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """The trees' files, and what a certificate says of them."""
        files, entries = {}, {}
        for name, (tree, degree) in self.found.items():
            file = f"{stem}.tree" if name == "residual" else f"{stem}-{name}.tree"
            files[file] = tree.encode(degree)
            leaves = {"leaves": len(tree.leaves)}
            entries[name] = _described(file, files[file]) | leaves
        return files, entries


@dataclass(frozen=True)
class Attached:
    """A program that a certificate brings along, and its weights.

    **Attributes:**

    - `name`: of the parameter that is the program's file; that of its weights ends in
      `_weights`.
    """

    name: str
    program: Program
    weights: Mapping[str, np.ndarray]

    def files(self, stem: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """The two files, and the parameters that name them."""
        # A dot: `certificate-barrier.json` is the certificate by the theorem `barrier`.
        files = {
            f"{stem}.{self.name}.json": self.program.text().encode("ascii"),
            f"{stem}.{self.name}.safetensors": weights_file(self.weights),
        }
        names = (self.name, f"{self.name}_weights")
        described = (_described(file, content) for file, content in files.items())
        return files, dict(zip(names, described, strict=True))


@dataclass(frozen=True)
class Derived:
    """What the checker said to a draft, and all that a certificate is made of.

    **Attributes:**

    - `draft`: without the files' names, which the certificate decides.
    - `answer`: the checker's object.
    - `seconds`: how long it took.
    """

    draft: dict[str, Any]
    trees: Trees
    answer: Mapping[str, Any]
    seconds: float
    attached: Attached | None = None

    @property
    def bound(self) -> str:
        """The bound, empty where nothing was proved."""
        return self.answer["bound"]["decimal"] if self.answer["accepted"] else ""

    @property
    def reason(self) -> str:
        """Why nothing was proved, empty where something was."""
        return f"{self.answer['reason']} {self.answer.get('where', '')}".strip()

    def certificate(self, stem: str, tree_stem: str | None = None) -> Certificate:
        """The certificate with its files.

        **Arguments:**

        - `stem`: of its own name, and of its trees' names without `tree_stem`.
        """
        answer, draft = self.answer, self.draft
        common: dict[str, Any] = {
            "leaves": self.trees.leaves,
            "seconds_search": self.trees.seconds,
            "seconds_check": self.seconds,
            "hypotheses": tuple(
                Hypothesis(h["name"], h["status"], h["detail"])
                for h in answer.get("hypotheses", ())
            ),
        }
        of = draft["claim"], draft["norm"], draft["theorem"]
        if not answer["accepted"]:
            return Certificate(*of, "inconclusive", reason=self.reason, **common)
        files, entries = self.trees.files(tree_stem or stem)
        own, named = _attached(self.attached, stem)
        files |= own
        whole = draft | {
            "format": "certax-certificate/1",
            "trees": entries,
            "parameters": draft["parameters"] | named,
            "bound": answer["bound"]["decimal"],
            "curve": answer["curve"],
            "verdict": answer["verdict"],
            "statement": answer["statement"],
        }
        if answer["interval"]:
            whole["interval"] = answer["interval"]
        files[f"{stem}.json"] = canonical(whole).encode("ascii")
        return Certificate(
            *of,
            answer["verdict"],
            bound=self.bound,
            evaluation=draft.get("evaluation", {"format": "real"})["format"],
            bound_hex=answer["bound"]["hex"],
            statement=answer["statement"],
            curve=tuple(answer["curve"]),
            interval=tuple(answer["interval"]),
            file=f"{stem}.json",
            files=files,
            **common,
        )


@dataclass(frozen=True)
class Draft:
    """A claim without its number.

    - `lifted`: the coordinate on whose walls the network misses the data, so that the
      linear lift of what it misses is subtracted before anything is enclosed.
    - `evaluation`: as in [`Search`][certax.certificates.Search].
    """

    solution: Solution
    claim: str
    theorem: str
    norm: str
    attached: Attached | None = None
    lifted: str | None = None
    evaluation: str = "real"

    def search(
        self, refinement: Refinement, search: Search, progress: Progress | None
    ) -> Trees:
        """Finds the trees: of the residual, and of initial face and walls where needed.

        The budget is for all of them together: the tree of the initial face gets what
        is left of it, and at least a tenth.
        """
        solution = self.solution
        problem, fields, weights = solution.problem, solution.network, solution.weights
        walls: dict[str, Quantity] = {}
        if self.lifted is not None:
            misses = network_of_walls(fields, problem, self.lifted)
            walls["walls"] = walls_quantity(problem, misses, self.lifted, weights)
            fields = without_lift(fields, problem, self.lifted)
        wanted = {"residual": residual_quantity(problem, fields, weights)}
        seconds = search.seconds
        if (
            self.claim == "solution"
            and problem.time is not None
            and problem.domain.dimension > 1
            and not initial_is_exact(fields, problem)
        ):
            wanted["initial"] = initial_quantity(problem, fields, weights)
            seconds = 0.9 * seconds
        wanted |= walls
        found: dict[str, tuple[Tree, int]] = {}
        started, allowed = time.monotonic(), seconds
        for name, quantity in wanted.items():
            here = refinement if name == "residual" else _on_face(refinement, quantity)
            # The lift counts with its largest norm at any time.
            here = replace(here, goal="supremum") if name == "walls" else here
            target = search.target if name == "residual" else 0.0
            here = replace(here, target=target, volume=quantity.volume)
            here = replace(here, seconds=allowed, boxes=search.boxes)
            enclosed = refine(
                quantity, here, progress, search.executor, search.checkpoint
            )
            found[name] = (enclosed.tree, here.degree)
            allowed = seconds / 9 + max(0.0, allowed - enclosed.seconds)
        return Trees(found, time.monotonic() - started)

    def confirm(self, trees: Trees, parameters: Mapping[str, Any]) -> Derived:
        """Has the checker derive the number, in a fresh process."""
        files = {
            "problem.json": self.solution.problem.text().encode("ascii"),
            "network.json": self.solution.network.text().encode("ascii"),
            "weights.safetensors": weights_file(self.solution.weights),
        }
        own, entries = trees.files("draft")
        more, named = _attached(self.attached, "draft")
        own |= more
        draft = {
            "format": "certax-draft/1",
            "certax": version(),
            **{Path(n).stem: _described(n, content) for n, content in files.items()},
            "trees": entries,
            "claim": self.claim,
            "theorem": self.theorem,
            "norm": self.norm,
            "parameters": {**parameters, **named},
        }
        if self.evaluation != "real":
            draft["evaluation"] = {"format": self.evaluation, "ulps": _ulps}
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="certax-") as folder:
            for file, content in {**files, **own}.items():
                (Path(folder) / file).write_bytes(content)
            path = Path(folder) / "draft.json"
            path.write_text(canonical(draft))
            _, answer = run_checker("derive", path)
        seconds = time.monotonic() - started
        return Derived(draft, trees, answer, seconds, self.attached)


def _attached(
    attached: Attached | None, stem: str
) -> tuple[dict[str, bytes], dict[str, Any]]:
    return ({}, {}) if attached is None else attached.files(stem)


def _on_face(refinement: Refinement, quantity: Quantity) -> Refinement:
    goal: Any = "mean" if refinement.goal == "mean" else "supremum"
    tolerance = refinement.tolerance or Search.tolerance
    cuts = (5,) * quantity.dimension
    return replace(
        refinement, goal=goal, tolerance=tolerance, cuts=cuts, slabs=1, time=0
    )


def _described(name: str, content: bytes) -> dict[str, Any]:
    return {"file": name, "sha256": sha256(content)}
