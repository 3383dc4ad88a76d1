"""What a run says about its own answer, and on what evidence."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

VerdictStatus = Literal["trustworthy", "plausible", "doubtful", "failed"]
_from_bad_to_good: tuple[VerdictStatus, ...] = ("failed", "doubtful", "plausible")


@dataclass(frozen=True)
class Evidence:
    """One thing that was looked at.

    - `what`: its name.
    - `value`, `threshold`: what was found, and where it would speak otherwise; `None`
      where there is no finite number.
    - `says`: the status this alone would give. `"trustworthy"` is for proofs.
    - `sentence`: what was found, in words.
    - `remedy`: what to do about it, or empty.
    """

    what: str
    value: float | None
    threshold: float | None
    says: VerdictStatus
    sentence: str
    remedy: str = ""

    def __post_init__(self):
        if self.value is not None and not math.isfinite(self.value):
            object.__setattr__(self, "value", None)


@dataclass(frozen=True)
class Verdict:
    """Whether an answer can be trusted.

    - `status`: `"trustworthy"`: a proved bound is small beside the solution;
      `"plausible"`: nothing is proved and all evidence is good; `"doubtful"`;
      `"failed"`.
    - `evidence`: the worst first.
    """

    status: VerdictStatus
    evidence: tuple[Evidence, ...]

    @property
    def remedies(self) -> tuple[str, ...]:
        """What to do, the most pressing first."""
        return tuple(dict.fromkeys(e.remedy for e in self.evidence if e.remedy))

    @property
    def reasons(self) -> tuple[Evidence, ...]:
        """The evidence that decided; where nothing is amiss, what speaks for it."""
        return tuple(e for e in self.evidence if e.says == self.status)

    def as_summary(self) -> dict[str, Any]:
        """As `summary.json` has it."""
        return {
            "status": self.status,
            "evidence": [asdict(e) for e in self.evidence],
            "remedies": list(self.remedies),
        }

    def __str__(self) -> str:
        sentences = " ".join(e.sentence for e in self.reasons[:2])
        remedies = "".join(f"\nremedy: {r}" for r in self.remedies[:1])
        return f"{self.status}: {sentences}{remedies}"


def graded(value: float, doubtful: float, failed: float) -> tuple[VerdictStatus, float]:
    """What a value says that is better the smaller it is, and the threshold for it:
    the one that was passed, or the lower one.
    """
    if not value <= failed:
        return "failed", failed
    return ("plausible" if value <= doubtful else "doubtful"), doubtful


def verdict_from(evidence: Iterable[Evidence]) -> Verdict:
    """The verdict that evidence leads to.

    A proof outweighs every measurement; otherwise the worst evidence decides, and
    without any the answer is doubtful.
    """
    order = (*_from_bad_to_good, "trustworthy")
    ranked = sorted(evidence, key=lambda e: order.index(e.says))
    if any(e.says == "trustworthy" for e in ranked):
        return Verdict("trustworthy", tuple(ranked))
    return Verdict(ranked[0].says if ranked else "doubtful", tuple(ranked))
