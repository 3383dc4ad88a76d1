"""Runs the independent checker, in its own process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from .._core import CertaxError


def run_checker(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    """Runs `python -m certax_checker` and reads its one object.

    **Returns:** the exit code and the object.

    **Raises:** `CertaxError` if it does not answer.
    """
    # JAX's settings are none of its business.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JAX_")}
    # -P: a folder of that name where the user happens to stand is not run.
    command = [sys.executable, "-P", "-m", "certax_checker", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        lines = done.stderr.strip().splitlines() or ["it printed nothing"]
        raise CertaxError(
            f"The checker did not answer (exit code {done.returncode}): {lines[-1]}.",
            value=done.returncode,
            remedy="Run `certax doctor` to see whether it works here.",
            kind="environment",
        ) from None
