"""What `python -m benchmarks` recorded."""

import json
from pathlib import Path
from typing import Any

results = Path(__file__).parents[2] / "benchmarks" / "results"


def record(name: str) -> dict[str, Any] | None:
    """The first figure of a benchmark, or None where it was not recorded."""
    path = results / f"{name}.json"
    return json.loads(path.read_text())[0] if path.exists() else None


def figures() -> list[dict[str, Any]]:
    """All recorded figures, by file."""
    found = []
    for path in sorted(results.glob("*.json")):
        found += [f | {"name": path.stem} for f in json.loads(path.read_text())]
    return found
