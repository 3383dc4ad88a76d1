"""Summaries and an API that only records how it was called."""

import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from certax._core import SearchProgress, StageProgress, TrainingProgress
from certax.problems import zoo_entry


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
        "unknowns": {},
        "condition_defects": {},
        "problem": "logistic",
        "problem_sha256": "0" * 64,
        "seed": 0,
        "steps": 300,
        "stopped_by": "budget",
        "wall_seconds": {stage: 1.0 for stage in stages} | {"total": 5.0},
        "peak_memory_bytes": 10**8,
        "relative_l2": {"u": 4.2e-4},
        "max_error": {"u": 1e-3},
        "grid": [2001],
        "reference": {"name": "logistic", "accuracy": 1e-12},
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
    statement: str = "Proved: the integral of |u - v| is at most 8.12e-4"

    @property
    def verdict(self) -> str:
        return self.entry["verdict"]

    @property
    def claim(self) -> str:
        return self.entry["claim"]

    @property
    def bound(self) -> str:
        return self.entry["bound"] or ""

    @property
    def reason(self) -> str:
        return self.entry.get("reason", "")

    @property
    def file(self) -> str:
        return "certificate.json"

    @property
    def others(self) -> tuple["FakeCertificate", ...]:
        return tuple(FakeCertificate(e) for e in self.entry.get("others", ()))

    @property
    def theorem(self) -> str:
        return self.entry["theorem"]

    @property
    def norm(self) -> str:
        return self.entry["norm"]

    @property
    def unfit(self) -> dict[str, str]:
        return self.entry.get("unfit", {})

    def as_summary(self) -> dict[str, Any]:
        return {k: v for k, v in self.entry.items() if k != "others"}


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

    def load(self, folder: Path) -> Any:
        self.calls.append(("load", {"folder": folder}))
        return types.SimpleNamespace(problem=zoo_entry("heat").problem)

    def certify(self, solution: Any, **options: Any) -> FakeCertificate:
        self.calls.append(("certify", options | {"solution": solution}))
        return FakeCertificate(self._outcome()["certificates"][0])

    def list_certificates(
        self, solution: Any, found: Any, field: str | None, folder: Path | None
    ) -> list[dict[str, Any]]:
        return [certificate.as_summary() for certificate in found]

    def report(self, folder: Path) -> Path:
        self.calls.append(("report", {"folder": folder}))
        self._outcome()
        return folder / "report.html"

    def _outcome(self) -> Any:
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome
