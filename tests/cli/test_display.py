import io
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from certax._core import SearchProgress, StageProgress, TrainingProgress
from certax.cli._display import describe, progress_display
from certax.cli._picture import curve, shading

TRAINING = TrainingProgress(100, "adam", 5.0, 1e-2, 1e-1, 2e-1, None, 15.0)
SEARCH = SearchProgress(1000, float("inf"), None, 1.0)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_are_few(capsys):
    with progress_display(quiet=False) as show:
        assert show is not None
        show(StageProgress("training"))
        for _ in range(1000):
            show(TRAINING)
        show(StageProgress("certifying"))
        show(SEARCH)
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["training", describe(TRAINING), "certifying", describe(SEARCH)]
    assert not any("\x1b" in line for line in lines)


def test_a_warning_is_printed_at_once_and_whole(capsys, monkeypatch):
    warned = replace(TRAINING, warning="The net is [learning] the points.")
    with progress_display(quiet=False) as show:
        assert show is not None
        for event in (StageProgress("training"), TRAINING, TRAINING, warned):
            show(event)
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "warning, step 100: The net is [learning] the points."
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress_display(quiet=False) as show:
        assert show is not None
        show(warned)
    assert "warning, step 100: The net is [learning]" in terminal.getvalue()


def test_bars_on_a_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress_display(quiet=False) as show:
        assert show is not None
        show(StageProgress("training"))
        show(TRAINING)
        show(StageProgress("[certifying"))
        show(SEARCH)
    assert "\x1b[" in terminal.getvalue()


def test_quiet_shows_nothing(capsys):
    with progress_display(quiet=True) as show:
        assert show is None
    assert capsys.readouterr().err == ""


def test_description_tells_measured_errors_only_where_known():
    assert "relative error" not in describe(TRAINING)
    known = TrainingProgress(1, "adam", 5.0, 1e-2, 1e-1, 2e-1, 0.25, None)
    assert "relative error 2.50e-01" in describe(known)
    assert "target" not in describe(SEARCH)
    assert "target 0.5" in describe(SearchProgress(1, 1.0, 0.5, 1.0))


numbers = st.floats(-1e6, 1e6)


@given(st.lists(numbers, min_size=1, max_size=80), st.integers(1, 10))
def test_curve_keeps_the_order_of_values(values, rows):
    lines = [line.ljust(len(values)) for line in curve(values, rows).split("\n")]
    assert len(lines) == rows
    heights = [
        sum(" ▁▂▃▄▅▆▇█".index(line[i]) for line in lines) for i in range(len(values))
    ]
    assert min(heights) >= 1
    for i in range(1, len(values)):
        if heights[i] > heights[i - 1]:
            assert values[i] > values[i - 1]


def test_shading_spans_all_shades():
    picture = shading(np.linspace(0, 1, 10).reshape(2, 5))
    assert picture.split("\n")[0][0] == " " and picture.split("\n")[1][-1] == "█"
    assert set(shading(np.zeros((2, 3)))) == {"▒", "\n"}


@pytest.mark.parametrize("rows", [1, 8])
def test_curve_of_a_constant_is_level(rows):
    assert len(set(curve(np.ones(7), rows).split("\n")[-1])) == 1
