"""The exact arithmetic of the tests, which the soundness campaign uses too."""

import sys
from pathlib import Path

_root = Path(__file__).parents[1]
sys.path[:0] = [str(_root / "tests"), str(_root / "tests" / "bounds")]

import exact_jets as exact_jets  # noqa: E402
import exact_models as exact_models  # noqa: E402
import test_jets as test_jets  # noqa: E402
import test_leaves as test_leaves  # noqa: E402
from helpers import ansatz_of as ansatz_of, solution_of as solution_of  # noqa: E402
