"""Programs that are interrupted from outside."""

import os
import subprocess
import sys
from pathlib import Path

import certax

SOURCES = Path(certax.__file__).parent


def test_interrupt_from_outside(tmp_path):
    """A real process, interrupted while the user's file runs."""
    (tmp_path / "slow.py").write_text(
        "import time\nopen('started', 'w').close()\ntime.sleep(60)\n"
    )
    # What is started in the background ignores interrupts, and so do its children.
    program = (
        "import runpy, signal; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        "runpy.run_module('certax.cli', run_name='__main__')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, "solve", "slow.py:p"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(SOURCES.parent), "HOME": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    deadline = 200
    while not (tmp_path / "started").exists() and deadline:
        deadline -= 1
        try:
            process.wait(0.1)
            break
        except subprocess.TimeoutExpired:
            pass
    process.send_signal(2)
    _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error.splitlines()[-1] == "certax: Interrupted. Continue with --resume."
    assert "Traceback" not in error
