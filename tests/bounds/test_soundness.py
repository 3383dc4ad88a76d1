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
    # Few of the ring's numbers are of a size at which its enclosures are tight.
    count = 2000 if group == "ring" else 200
    found = soundness.campaign(int(count / share), seed)[group]
    assert found["violations"] == 0, found["first_violations"]
    assert found["comparisons"] >= 200
    # The claims are not idle: some truth comes close to the end of its enclosure.
    assert found["closest"] > 1e-3
