"""The examples of docs/algorithms.md run as they stand."""

import re
from pathlib import Path

import numpy as np

PAGE = (Path(__file__).parents[2] / "docs" / "algorithms.md").read_text()


def test_the_page_runs(capsys):
    names: dict = {}
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.S):
        exec(code, names)
    printed = capsys.readouterr().out
    assert "steps were held up by the floor" in printed
    assert "guaranteed floor" in printed
    missed = np.linalg.norm(names["w"] - names["target"])
    assert missed < names["recovery"].bound(3.0, 500)
    assert np.isfinite(names["chains"].energies).all()
    assert names["path"].weights.shape == (1, 10, 2)
