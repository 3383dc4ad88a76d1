"""Runs the checker: `python -m certax_checker`."""

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from ._command import main  # noqa: E402
from .kernel._workers import cores  # noqa: E402

sys.exit(main(workers=cores()))
