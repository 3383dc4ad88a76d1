"""Runs the independent checker in a process of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The folder of the checker is put last, so that it can hide no other module.
_start = (
    "import runpy, sys; sys.path.append(sys.argv.pop(1)); "
    "runpy.run_module('certax_checker', run_name='__main__', alter_sys=True)"
)
_kept_variables = (
    "PATH", "HOME", "SYSTEMROOT", "TMPDIR", "LANG", "LC_ALL", "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
)  # fmt: skip


@dataclass(frozen=True)
class CheckerOutcome:
    """How the checker ended.

    **Attributes:**

    - `exit_code`: 0 accepted, 1 rejected, 2 unusable input, 3 environment; anything
      that the checker is not known to say counts as 3.
    - `answer`: the JSON object it printed; empty if it printed none.
    - `message`: what it said beside that, or why there is no answer.
    """

    exit_code: int
    answer: dict[str, Any]
    message: str


def run_checker(arguments: Sequence[str]) -> CheckerOutcome:
    """Runs `python -m certax_checker` with nothing of this process's environment."""
    spec = importlib.util.find_spec("certax_checker")
    if spec is None or spec.origin is None:
        return CheckerOutcome(3, {}, "The package certax_checker is not installed.")
    parent = str(Path(spec.origin).parent.parent)
    ended = subprocess.run(
        [sys.executable, "-E", "-P", "-c", _start, parent, *arguments],
        env={k: os.environ[k] for k in _kept_variables if k in os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    lines = ended.stderr.strip().splitlines()
    message = lines[-1] if lines else ""
    try:
        answer = json.loads(ended.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        answer = {}
        message = message or f"The checker ended with {ended.returncode}."
    known = ended.returncode in (0, 1, 2, 3)
    # Without an answer, 0 and 1 are those of the interpreter, not of the checker.
    trusted = known and (bool(answer) or ended.returncode in (2, 3))
    return CheckerOutcome(ended.returncode if trusted else 3, answer, message)
