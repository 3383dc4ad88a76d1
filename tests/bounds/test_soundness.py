"""A short campaign with every test run; `python -m benchmarks soundness` is the long
one, whose record is `benchmarks/results/soundness.json`.
"""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2]))

from benchmarks import soundness  # noqa: E402


@pytest.mark.parametrize("group", soundness.shares)
def test_no_comparison_is_a_violation(group, seed, monkeypatch):
    monkeypatch.setattr(soundness, "shares", {group: soundness.shares[group]})
    share = soundness.shares[group][1]
    found = soundness.campaign(int(200 / share), seed)[group]
    assert found["violations"] == 0, found["first_violations"]
    assert found["comparisons"] >= 200
    # The claims are not idle: some truth comes close to the end of its enclosure.
    assert found["closest"] > 1e-3
