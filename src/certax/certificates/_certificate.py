"""Certificates as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .._core import write_atomically
from ._hypotheses import Hypothesis

Verdict = Literal[
    "proved",
    "proved under assumptions",
    "refuted",
    "inconclusive",
    "not applicable",
]


@dataclass(frozen=True)
class Certificate:
    """How wrong an answer can be, and why that is so.

    `print(certificate)` gives the claim in words. A bound is there only if the
    independent checker has derived it.

    **Attributes:**

    - `claim`: `"solution"`, `"residual"`, `"range"` or `"lipschitz"`; `norm`: `"Linf"`,
      `"L1"` or `"L2"`, for ranges `"range"`, for Lipschitz constants `"l2"` or
      `"linf"`.
    - `verdict`: `"proved"`, `"proved under assumptions"`, `"inconclusive"` (and then
      `reason` says what was missing) or `"not applicable"` (which hypothesis failed).
    - `bound`: a decimal number as text, rounded up; empty if nothing was proved.
    - `statement`: the claim in the checker's words.
    - `interval`: the ends of a range.
    - `evaluation`: `"real"` if it is about the net in exact arithmetic; `"float32"` or
      `"float64"` if it includes the rounding of a forward evaluation.
    - `theorem`, `hypotheses`, `curve`: see `docs/format.md`.
    - `files`: contents by name, the certificate itself and its trees.
    - `others`: certificates by the other theorems that fit the equation, with their
      bounds or why there is none. Bounds in different norms are not comparable.
    - `unfit`: the theorems that do not fit the equation, and why.
    """

    claim: str
    norm: str
    theorem: str
    verdict: Verdict
    bound: str = ""
    bound_hex: str = ""
    statement: str = ""
    reason: str = ""
    hypotheses: tuple[Hypothesis, ...] = ()
    curve: tuple[str, ...] = ()
    interval: tuple[str, ...] = ()
    leaves: int = 0
    seconds_search: float = 0.0
    seconds_check: float = 0.0
    file: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    others: tuple["Certificate", ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)
    evaluation: str = "real"

    @property
    def proved(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        if self.bound:
            return self.statement
        return f"{self.verdict}: {self.reason}"

    def save(self, folder: Path) -> None:
        """Writes the certificate, its trees and those of the others beside the other
        files of a run.
        """
        for certificate in (self, *self.others):
            for name, content in certificate.files.items():
                write_atomically(Path(folder) / name, content)

    def as_summary(self) -> dict[str, Any]:
        """What `summary.json` holds of it, measured values excepted."""
        return {
            "file": self.file,
            "claim": self.claim,
            "norm": self.norm,
            "bound": self.bound or None,
            "bound_hex": self.bound_hex or None,
            "verdict": self.verdict,
            "theorem": self.theorem,
            "interval": list(self.interval),
            "leaves": self.leaves,
            "seconds_search": self.seconds_search,
            "seconds_check": self.seconds_check,
            "reason": self.reason,
            "hypotheses": [vars(h) for h in self.hypotheses],
            "unfit": dict(self.unfit),
            "evaluation": self.evaluation,
        }
