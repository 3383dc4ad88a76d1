"""Finished rows: each is a file, written whole or not at all."""

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jax

from .._core import CertaxError, write_atomically
from ._paper import Experiment

_none: Mapping[str, Any] = {}


def finished(experiment: Experiment, folder: Path) -> dict[str, Any] | None:
    """The stored row of an experiment with the same settings, if there is one."""
    path = _path(experiment, folder)
    if not path.exists():
        return None
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        same = row["settings"] == _plain(experiment.settings)
    except (ValueError, KeyError, TypeError):
        raise CertaxError(
            f"The row in {path} is damaged.",
            value=str(path),
            remedy="Delete this file; it is computed again.",
        ) from None
    return row if same else None


def compute(
    experiment: Experiment, folder: Path, rows: Mapping[str, Any] = _none
) -> dict[str, Any]:
    """Computes an experiment in float64 and stores its row.

    **Arguments:**

    - `rows`: those above it, by their keys.
    """
    used = [rows[key]["results"] for key in experiment.uses]
    began = time.monotonic()
    with jax.enable_x64(True):
        results = experiment.compute(*used)
    row = {
        "key": experiment.key,
        "section": experiment.section,
        "method": experiment.method,
        "baseline": experiment.baseline,
        "settings": _plain(experiment.settings),
        "results": _plain(results),
        "seconds": round(time.monotonic() - began, 2),
    }
    path = _path(experiment, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(row, indent=1, allow_nan=False) + "\n")
    return row


def _path(experiment: Experiment, folder: Path) -> Path:
    return folder / "rows" / f"{experiment.key}.json"


def _plain(value: Any) -> Any:
    """As it comes back from a file; numbers that are not finite become words."""
    match value:
        case Mapping():
            return {str(k): _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case None | str() | bool() | int():
            return value
        case _:
            number = float(value)
            return number if math.isfinite(number) else "not finite"
