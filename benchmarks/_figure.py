"""A measured figure as data."""

import os
import platform
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any


def machine() -> str:
    """What it was measured on: processor, cores, Python, JAX."""
    import jax

    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            lines = [line for line in file if line.startswith("model name")]
        model = lines[0].split(":", 1)[1].strip() if lines else model
    except OSError:
        pass
    cores = len(os.sched_getaffinity(0))
    return (
        f"{model}, {cores} cores, Python {platform.python_version()}, "
        f"JAX {jax.__version__}"
    )


@dataclass(frozen=True)
class Figure:
    """One figure beside its target.

    **Attributes:**

    - `figure`: what was measured, with its unit.
    - `target`: what it should be at most (or at least, where `at_least`).
    - `value`: the measured value; `None` if it could not be measured.
    - `details`: single runs, the opponent's figures.
    - `row`: named values that stand beside the figure in its file.
    """

    figure: str
    target: float
    value: float | None
    at_least: bool = False
    details: dict[str, Any] = field(default_factory=dict)
    row: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        passed = None
        if self.value is not None:
            better = self.value >= self.target
            passed = better if self.at_least else self.value <= self.target
        date = datetime.now(UTC).strftime("%Y-%m-%d")
        found = asdict(self)
        row = found.pop("row")
        return row | found | {"passed": passed, "machine": machine(), "date": date}
