"""The code of docs/trainability.md does what the page says."""

import re
from pathlib import Path

page = Path(__file__).parents[3] / "docs" / "trainability.md"


def test_the_code_of_the_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names = {}
    for code in re.findall(r"```python\n(.*?)```", page.read_text(), re.S):
        exec(code, names)
    printed = capsys.readouterr().out
    assert printed.startswith("Proved:") and "strongly convex" in printed
    assert (tmp_path / "runs/shallow/certificate-trainability.json").exists()
    assert names["found"].verdict == "applies under assumptions"
