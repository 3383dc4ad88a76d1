"""A paper that costs nothing."""

import pytest
from toys import calls, experiments

from certax.papers import Paper, Section, papers


@pytest.fixture
def toy(monkeypatch):
    """A paper of two rows, registered as 0000.1."""
    calls.clear()
    section = Section("s", "S", "", ("error", "bad"))
    paper = Paper("0000.1", "Toy", "A", (), (), (section,), experiments)
    monkeypatch.setitem(papers, "0000.1", paper)
    return paper
