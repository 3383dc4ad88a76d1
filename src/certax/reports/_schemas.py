"""The files of a run folder that outside scripts read, as pydantic models."""

import json
from importlib import resources
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from .._core import CertaxError, VerdictStatus

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.#]{0,127}$")]
BareFile = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Decimal = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(e-?[0-9]+)?$")]
HexFloat = Annotated[str, Field(pattern=r"^0x[01](\.[0-9a-f]+)?p[+-][0-9]+$")]
Count = Annotated[int, Field(ge=0)]
NonNegative = Annotated[float, Field(ge=0)]
Measured = dict[Name, NonNegative | None]

Verdict = Literal[
    "proved",
    "proved under assumptions",
    "refuted",
    "inconclusive",
    "not applicable",
    "computed, not checkable",
]
Status = Literal["checked", "cited", "assumed", "failed"]

proved_verdicts = ("proved", "proved under assumptions")


class _Strict(BaseModel):
    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False
    )


class Hypothesis(_Strict):
    """What a theorem needs, and whether it holds here."""

    name: str
    status: Status
    detail: str = ""


class CertificateEntry(_Strict):
    """One row of the summary: what was claimed and what became of it.

    `bound` is a number only where the checker confirmed it (or, for `computed, not
    checkable`, where there is no checker); `measured` is sampled, in the same norm.
    `unfit` says why other theorems do not fit the equation; `evaluation` whether the
    net is meant in exact arithmetic or as a format of numbers evaluates it.
    """

    file: Annotated[BareFile | None, BeforeValidator(lambda value: value or None)]
    claim: Literal["solution", "residual", "range", "lipschitz"]
    field: Name | None
    norm: str
    domain: str
    bound: Decimal | None
    bound_hex: HexFloat | None
    measured: NonNegative | None
    ratio: NonNegative | None
    verdict: Verdict
    theorem: str
    leaves: Count | None
    seconds_search: NonNegative | None
    seconds_check: NonNegative | None
    interval: tuple[str, ...] = ()
    reason: str = ""
    hypotheses: tuple[Hypothesis, ...] = ()
    unfit: dict[str, str] = {}
    evaluation: Literal["real", "float32", "float64"] = "real"

    @property
    def proved(self) -> bool:
        return self.verdict in proved_verdicts

    @model_validator(mode="after")
    def _bound_belongs_to_verdict(self) -> "CertificateEntry":
        if self.proved and (self.bound is None or self.file is None):
            raise ValueError(f"a {self.verdict} claim needs its bound and its file")
        claims = self.proved or self.verdict == "computed, not checkable"
        if not claims and self.bound is not None:
            raise ValueError(f"the verdict is {self.verdict}, so bound must be null")
        return self


class WallSeconds(_Strict):
    start: NonNegative
    train: NonNegative
    certify: NonNegative
    check: NonNegative
    report: NonNegative
    total: NonNegative


class Reference(_Strict):
    """The reference solution and its own accuracy, in words or as a number."""

    name: str
    accuracy: float | str


class Baselines(_Strict):
    """Relative L2 errors of answers that need no training.

    `constant`: in high dimension, the built-in data with the best constant for the net.
    """

    zero: Measured | NonNegative | None
    initial: Measured | NonNegative | None
    mean: Measured | NonNegative | None
    constant: Measured | None = None


class Evidence(_Strict):
    """One thing that was looked at; `says` is the status that it alone would give."""

    what: str
    value: float | None
    threshold: float | None
    says: VerdictStatus
    sentence: str
    remedy: str = ""


class RunVerdict(_Strict):
    """Whether the answer can be trusted; the evidence has the worst first."""

    status: VerdictStatus
    evidence: tuple[Evidence, ...]
    remedies: tuple[str, ...]


class Phase(_Strict):
    """A number of training steps with one optimizer; `None` steps: to the end."""

    name: str
    steps: Count | None
    points: Count
    redraw_every: Count | None


class ChosenNetwork(_Strict):
    """The net, with what the recipe chose where the settings said nothing."""

    kind: str
    width: Count
    depth: Count
    symmetric: bool = False


class Recipe(_Strict):
    """What the problem was solved with, and the kind that it was chosen for."""

    kind: str
    name: str
    network: ChosenNetwork
    stages: Count
    windows: Count
    phases: tuple[Phase, ...]


class Summary(_Strict):
    """`summary.json`: what a run did and what it can claim."""

    format: Literal["certax-summary/1"]
    problem: Annotated[str, Field(pattern=r"^[ -~]{1,200}$")]
    problem_sha256: Sha256
    seed: int
    steps: Count
    stopped_by: Literal[
        "budget", "max-steps", "converged", "failed", "interrupted", "elsewhere"
    ]
    wall_seconds: WallSeconds
    peak_memory_bytes: Count
    relative_l2: Measured
    max_error: Measured
    grid: tuple[Annotated[int, Field(ge=1)], ...]
    reference: Reference | None
    baselines: Baselines
    certificates: tuple[CertificateEntry, ...]
    unknowns: dict[Name, float] = {}
    condition_defects: dict[str, NonNegative] = {}
    verdict: RunVerdict | None = None
    recipe: Recipe | None = None


class TrainingRecord(_Strict):
    """One line of `metrics.jsonl`; a number that was not finite is null."""

    step: Count
    phase: str
    wall_seconds: NonNegative
    loss: float | None
    residual_rms: NonNegative | None
    fresh_residual_rms: NonNegative | None
    relative_l2: NonNegative | None
    note: str = ""
    warning: str = ""


class HashedFile(_Strict):
    file: BareFile
    sha256: Sha256


class TreeFile(HashedFile):
    leaves: Annotated[int, Field(ge=1)]


class Evaluation(_Strict):
    """The format of numbers in which the net is evaluated, and how well."""

    format: Literal["float32", "float64"]
    ulps: Annotated[int, Field(ge=1, le=2**20)]


class Certificate(_Strict):
    """`certificate.json`, as docs/format.md, section 7, defines it."""

    format: Literal["certax-certificate/1"]
    certax: str
    problem: HashedFile
    network: HashedFile
    weights: HashedFile
    trees: dict[str, TreeFile]
    claim: Literal["residual", "solution"]
    theorem: str
    norm: str
    parameters: dict[str, Any]
    bound: Decimal
    curve: tuple[Decimal, ...]
    verdict: Literal["proved", "proved under assumptions"]
    statement: str
    evaluation: Evaluation | None = None


_models: dict[str, type[BaseModel]] = {
    "summary": Summary,
    "metrics": TrainingRecord,
    "certificate": Certificate,
}
schema_names = tuple(_models)


def generate_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of the model behind `name`; what is committed must equal it."""
    schema = _models[name].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def json_schema(name: str) -> dict[str, Any]:
    """A committed JSON Schema: `summary`, `metrics` (of one line) or `certificate`.

    **Raises:** `CertaxError` if there is no schema of that name.
    """
    if name not in _models:
        raise CertaxError(
            f"There is no schema {name!r}.",
            value=name,
            remedy=f"Choose one of {', '.join(schema_names)}.",
        )
    folder = resources.files("certax.reports") / "schemas"
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
