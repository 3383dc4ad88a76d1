"""What a theorem about training says for one net, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flint import arb

from ..._core import CertaxError
from .._hypotheses import Hypothesis
from ._balls import above, below, steps_above
from ._curve import Curve

Relation = Literal["at most", "at least", "admissible up to", "as recalled"]


@dataclass(frozen=True)
class Constant:
    """A number of a theorem, rounded so that its relation is true.

    `"as recalled"` marks a formula of the literature whose source was not at hand: it
    is information, and nothing proved rests on it.
    """

    value: float
    relation: Relation
    meaning: str

    def __str__(self) -> str:
        return f"{self.meaning}: {self.relation} {self.value:.6g}"


@dataclass(frozen=True)
class Guarantee:
    """Whether a theorem applies, with which constants, and whether that says anything.

    **Attributes:**

    - `verdict`: `"applies"`, `"applies under assumptions"`, `"does not apply"`, or
      `"unproved"` where the caller left the admissible steps.
    - `constants`: by name, rounded outward.
    - `vacuous`: whether the bound says less than is known without training; `reason`
      says why, or why the theorem does not apply.
    - `binding`: the names of the constants that decide the bound: another one being
      better would not change it.
    - `curve`: the bound after every number of steps, where there is one of the loss.
    """

    name: str
    statement: str
    hypotheses: tuple[Hypothesis, ...]
    constants: Mapping[str, Constant] = field(default_factory=dict)
    vacuous: bool = False
    reason: str = ""
    unproved: bool = False
    binding: tuple[str, ...] = ()
    curve: Curve | None = None

    @property
    def verdict(self) -> str:
        statuses = {hypothesis.status for hypothesis in self.hypotheses}
        if "failed" in statuses:
            return "does not apply"
        if self.unproved:
            return "unproved"
        return "applies under assumptions" if "assumed" in statuses else "applies"

    def __getitem__(self, name: str) -> float:
        return self.constants[name].value

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.verdict}", self.statement]
        lines += [f"  {constant}" for constant in self.constants.values()]
        lines += [f"  {h.status}: {h.name}, {h.detail}" for h in self.hypotheses]
        if self.verdict != "does not apply":
            lines.append(
                f"vacuous: yes, {self.reason}" if self.vacuous else "vacuous: no"
            )
        return "\n".join(lines)


def at_most(value: arb, meaning: str) -> Constant:
    return Constant(above(value), "at most", meaning)


def at_least(value: arb, meaning: str) -> Constant:
    return Constant(below(value), "at least", meaning)


def steps(value: arb, meaning: str) -> Constant:
    return Constant(steps_above(value), "at most", meaning)


def admissible(value: arb, meaning: str) -> Constant:
    return Constant(below(value), "admissible up to", meaning)


def recalled(value: arb, meaning: str) -> Constant:
    return Constant(above(value), "as recalled", meaning)


def admit(step: arb, limit: arb, unproved: bool, why: str) -> bool:
    """Whether the step is above what the theorem admits and that was asked for.

    **Raises:** `CertaxError` if it is above and that was not asked for.
    """
    if step <= limit:
        return False
    if unproved:
        return True
    largest = below(limit)
    raise CertaxError(
        f"The step {above(step):.6g} is above {largest!r}, the largest that {why}.",
        value=above(step),
        remedy=f"Take a step of at most {largest!r}, or pass unproved=True for a run "
        "without a theorem.",
    )
