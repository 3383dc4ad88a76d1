"""Models of the files and replies whose JSON Schemas are committed in `schemas/`.

`python -m certax.cli._schema_models` writes them anew.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .._core._configuration import Configuration
from ..reports import CertificateEntry, Summary

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.#]{0,127}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Index = Annotated[int, Field(ge=0)]
ExitCode = Literal[0, 1, 2, 3, 4, 130]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Coordinate(_Model):
    name: Name
    kind: Literal["coordinate"]


class Weight(_Model):
    name: Name
    kind: Literal["weight"]
    shape: Annotated[list[Annotated[int, Field(ge=1, le=4096)]], Field(max_length=2)]


class Constant(_Model):
    name: str
    kind: Literal["constant"]
    value: str


class Derivative(_Model):
    name: Name
    kind: Literal["derivative"]
    field: Name
    orders: list[Annotated[int, Field(ge=0, le=4)]]


class Program(_Model):
    """A program, as docs/format.md, section 3, defines it."""

    format: Literal["certax-program/1"]
    inputs: list[Coordinate | Weight | Constant | Derivative]
    ops: list[list[str | list[Index] | int]]
    outputs: dict[str, Index]


class Interval(_Model):
    name: Name
    lower: str
    upper: str


class Condition(_Model):
    kind: Literal[
        "initial", "velocity", "terminal", "dirichlet", "periodic", "residual"
    ]
    coordinate: Name | None = None
    piece: Name | None = None
    side: Literal["lower", "upper", "both"] | None = None
    at: str | None = None
    values: Program | None = None
    residual: Program | None = None


class ProblemFile(_Model):
    """`problem.json`, as docs/format.md, section 4, defines it."""

    format: Literal["certax-problem/1"]
    name: str
    coordinates: Annotated[list[Interval], Field(min_length=1, max_length=64)]
    fields: Annotated[list[Name], Field(min_length=1)]
    residual: Program
    conditions: list[Condition]
    unknowns: list[Name] = []
    regions: dict[str, list[Interval]] = {}
    shape: dict[str, Any] | None = None


class RunFile(_Model):
    """`config.json` of a run folder."""

    format: Literal["certax-run/1"]
    certax: str
    name: str
    seed: int
    problem_sha256: Sha256
    configuration: Configuration


class Error(_Model):
    kind: Literal[
        "usage",
        "input",
        "target",
        "environment",
        "training",
        "interrupted",
        "internal",
    ]
    message: str
    value: str | int | float | None
    remedy: str


class _Reply(_Model):
    command: str
    version: str
    exit_code: ExitCode
    ok: bool


class ErrorReply(_Reply):
    """Any command with `--json` that could not do its work."""

    error: Error


class SolveReply(_Reply):
    """`certax solve --json`; `error` where training failed or was interrupted."""

    run: str
    summary: Summary
    error: Error | None = None


class CertifyReply(_Reply):
    """`certax certify --json`."""

    certificates: list[CertificateEntry]
    statement: str


class Bound(_Model):
    decimal: str
    hex: str


class Hypothesis(_Model):
    name: str
    status: Literal["checked", "cited", "assumed", "failed"]
    detail: str


class VerifyReply(_Reply):
    """`certax verify --json`."""

    accepted: bool
    statement: str | None
    bound: Bound | None
    norm: str | None
    verdict: str | None
    leaves: int | None
    seconds: float | None
    checker_version: str
    hashes: dict[str, Any] | None
    reason: str
    where: str
    hypotheses: list[Hypothesis]
    theorem: str | None
    claim: str | None
    interval: list[str] | None


class ReferenceFacts(_Model):
    name: str
    method: str
    accuracy: float


class ZooProblem(_Model):
    name: str
    equation: str
    dimension: int
    fields: list[str]
    reference: ReferenceFacts
    theorems: list[str]
    sha256: Sha256


class ProblemsReply(_Reply):
    """`certax problems --json`."""

    problems: list[ZooProblem]


class ProblemReply(_Reply, ZooProblem):
    """`certax problems show NAME --json`."""

    summary: str
    constants: dict[str, str]
    conditions: list[str]
    source: str | None = None


class CheckResult(_Model):
    name: str
    ok: bool
    detail: str


class DoctorReply(_Reply):
    """`certax doctor --json`."""

    checks: list[CheckResult]


models: dict[str, type[BaseModel]] = {
    "certify": CertifyReply,
    "configuration": Configuration,
    "doctor": DoctorReply,
    "error": ErrorReply,
    "network": Program,
    "problem": ProblemFile,
    "problems": ProblemsReply,
    "problems-show": ProblemReply,
    "run": RunFile,
    "solve": SolveReply,
    "verify": VerifyReply,
}


def generate_schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a model; the committed one must equal it."""
    schema = models[name].model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def schema_text(name: str) -> str:
    """The committed form of a schema."""
    return json.dumps(generate_schema(name), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    for name in models:
        file = Path(__file__).parent / "schemas" / f"{name}.json"
        file.write_text(schema_text(name), encoding="utf-8")
