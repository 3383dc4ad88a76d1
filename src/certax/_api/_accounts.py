"""What every run is accountable for: its seconds, its memory, `summary.json`."""

import resource
import time
from typing import Any

from .._core import RunFolder
from ..reports import Summary, write_summary


class Clock:
    """Seconds by part of the run."""

    def __init__(self, began: float):
        self.began = self.last = began
        self.parts: dict[str, float] = dict.fromkeys(
            ("start", "train", "certify", "check", "report"), 0.0
        )

    def lap(self, part: str) -> None:
        """What has passed since the last call was this part."""
        now = time.monotonic()
        self.parts[part] += now - self.last
        self.last = now

    def move(self, source: str, target: str, seconds: float) -> None:
        """Counts some of a part's seconds as another's."""
        moved = min(seconds, self.parts[source])
        self.parts[source] -= moved
        self.parts[target] += moved

    def seconds(self) -> dict[str, float]:
        """`wall_seconds` of the summary."""
        total = time.monotonic() - self.began
        rounded = {k: round(v, 3) for k, v in self.parts.items()}
        return rounded | {"total": round(total, 3)}


def peak_memory() -> int:
    """Of this process or its largest child, in bytes."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return 1024 * max(resource.getrusage(w).ru_maxrss for w in who)


def written(facts: dict[str, Any], folder: RunFolder) -> Summary:
    """The summary with these facts, written."""
    summary = Summary.model_validate(facts, strict=False)
    write_summary(folder.path, summary)
    return summary
