"""A certax whose long computations are replaced by recorded calls."""

import json
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import certax
import certax.problems
import numpy as np
import pytest
from certax._core import CertaxError
from certax._core._progress_events import (
    SearchProgress,
    StageProgress,
    TrainingProgress,
)
from certax.cli import main
from certax.problems._references import Reference


@dataclass
class Ended:
    """How a command ended."""

    exit_code: int
    out: str
    error: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


@pytest.fixture
def run(capsys):
    """Runs the command line in this process."""

    def call(*arguments: object) -> Ended:
        capsys.readouterr()
        code = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Ended(code, captured.out, captured.err)

    return call


def summary(**changes: Any) -> dict[str, Any]:
    """A `summary.json` of a run that proved something."""
    entry = {
        "file": "certificate.json",
        "claim": "solution",
        "field": "u",
        "norm": "L1",
        "domain": "every t in [0, 1]",
        "bound": "8.12e-4",
        "bound_hex": "0x1.a9b8p-11",
        "measured": 3.1e-4,
        "ratio": 2.6,
        "verdict": "proved",
        "theorem": "l1-contraction",
        "leaves": 1234,
        "seconds_search": 2.0,
        "seconds_check": 1.0,
    }
    stages = ("start", "train", "certify", "check", "report")
    return {
        "format": "certax-summary/1",
        "problem": "decay",
        "problem_sha256": "0" * 64,
        "seed": 0,
        "steps": 300,
        "stopped_by": "budget",
        "wall_seconds": {stage: 1.0 for stage in stages} | {"total": 5.0},
        "peak_memory_bytes": 10**8,
        "relative_l2": {"u": 4.2e-4},
        "max_error": {"u": 1e-3},
        "grid": [2001],
        "reference": {"name": "decay", "accuracy": 1e-12},
        "baselines": {"zero": {"u": 1.0}, "initial": None, "mean": None},
        "certificates": [entry],
    } | changes


def with_verdict(verdict: str) -> dict[str, Any]:
    entry = summary()["certificates"][0] | {"verdict": verdict}
    if not verdict.startswith("proved"):
        entry |= {"bound": None, "bound_hex": None, "reason": "The time was used up."}
    return summary(certificates=[entry])


@dataclass(frozen=True)
class FakeCertificate:
    entry: dict[str, Any]
    statement: str | None = "the integral of |u - v| is at most 8.12e-4"

    @property
    def verdict(self) -> str:
        return self.entry["verdict"]

    @property
    def reason(self) -> str:
        return self.entry.get("reason", "")

    @property
    def file(self) -> str:
        return "certificate.json"

    def as_summary(self) -> dict[str, Any]:
        return self.entry


class FakeApi(types.ModuleType):
    """Records how it was called; `outcome` is the summary, or an error to raise."""

    def __init__(self):
        super().__init__("certax._api")
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.outcome: Any = summary()

    def run(self, problem: Any, **options: Any) -> Any:
        self.calls.append(("run", options | {"problem": problem}))
        progress = options["progress"]
        if progress is not None:
            progress(StageProgress("training"))
            progress(TrainingProgress(100, "adam", 1.0, 1e-2, 1e-1, 2e-1, 0.5, 9.0))
            progress(SearchProgress(5000, 1e-2, 1e-3, 0.5))
        return self._outcome()

    def load(self, folder: Path) -> str:
        self.calls.append(("load", {"folder": folder}))
        return "solution"

    def certify(self, solution: Any, **options: Any) -> FakeCertificate:
        self.calls.append(("certify", options | {"solution": solution}))
        return FakeCertificate(self._outcome()["certificates"][0])

    def report(self, folder: Path) -> Path:
        self.calls.append(("report", {"folder": folder}))
        self._outcome()
        return folder / "report.html"

    def _outcome(self) -> Any:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome


@dataclass(frozen=True)
class FakeEntry:
    problem: certax.Problem
    equation: str
    reference: Reference
    theorems: tuple[str, ...] = ("ode-tube",)
    source: str = "import certax as cx\n"

    @property
    def dimension(self) -> int:
        return self.problem.domain.dimension

    @property
    def fields(self) -> tuple[str, ...]:
        return self.problem.fields


def decay() -> FakeEntry:
    problem = certax.Problem(
        name="decay",
        domain=certax.Box(t=(0, 1)),
        constants={"rate": "1/2"},
        residual=lambda u, rate: u.t + rate * u,
        conditions=(certax.Initial(1),),
    )
    evaluate = lambda t: (np.exp(-0.5 * t),)
    return FakeEntry(
        problem, "u_t = -rate u", Reference("decay", "closed form", 1e-15, evaluate)
    )


def heat() -> FakeEntry:
    problem = certax.Problem(
        name="heat",
        domain=certax.Box(x=(0, 1), t=(0, 1)),
        residual=lambda u: u.t - u.xx,
        conditions=(
            certax.Initial(lambda x: certax.sinpi(x)),
            certax.Dirichlet("x", 0),
        ),
    )
    evaluate = lambda x, t: (np.outer(np.sin(np.pi * x), np.exp(-(np.pi**2) * t)),)
    return FakeEntry(problem, "u_t = u_xx", Reference("heat", "series", 1e-15, evaluate))


@pytest.fixture(autouse=True)
def cache_folder(monkeypatch, tmp_path_factory):
    """Keeps commands from changing JAX's settings for the rest of the tests."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setattr(
        "certax._core._compilation_cache.enable_compilation_cache", lambda: folder
    )
    return folder


@pytest.fixture
def zoo(monkeypatch):
    entries = {"decay": decay(), "heat": heat()}
    monkeypatch.setattr(certax.problems, "zoo", lambda: entries, raising=False)
    return entries


@pytest.fixture
def api(monkeypatch, zoo, tmp_path):
    fake = FakeApi()
    monkeypatch.setitem(sys.modules, "certax._api", fake)
    monkeypatch.setattr(certax, "_api", fake, raising=False)
    monkeypatch.chdir(tmp_path)
    return fake


__all__ = ["CertaxError", "summary", "with_verdict"]
