"""The pages say what the code does."""

import importlib
import re
from pathlib import Path

import pytest

import certax as cx

root = Path(__file__).parents[2]


@pytest.fixture
def generated(monkeypatch):
    """The pages as `docs/generate.py` writes them, by file."""
    monkeypatch.syspath_prepend(root / "docs")
    return importlib.import_module("generate").pages


@pytest.mark.parametrize("name", ["primitives", "problems", "scaling", "status"])
def test_a_generated_page_is_current(generated, name):
    page = (root / "docs" / f"{name}.md").read_text()
    assert page == generated[f"{name}.md"]()


def test_the_page_of_villani_functions_is_current_and_runs(generated, capsys):
    page = (root / "docs" / "villani.md").read_text()
    assert page == generated["villani.md"]()
    names: dict = {}
    for code in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(code, names)
    told = capsys.readouterr().out
    assert "is no Villani function" in told and "is a Villani function" in told


def test_links_between_pages_lead_somewhere():
    pages = [root / "README.md", *(root / "docs").rglob("*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_problem_of_the_readme_can_be_stated():
    (code,) = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(), re.S)
    statement = code.split("solution = ")[0]
    names: dict = {}
    exec(statement, names)
    assert isinstance(names["burgers"], cx.Problem)
    assert names["burgers"].equation_text() == "u_t + u*u_x - nu*u_xx = 0"


def test_the_page_of_bounds_runs():
    names: dict = {}
    for code in re.findall(
        r"```python\n(.*?)```", (root / "docs" / "bounds.md").read_text(), re.S
    ):
        exec(code, names)
    assert names["lower"] < 0 < names["upper"] and names["constant"] > 3
    assert names["signs"].tolist() == [1.0, 0.0]
    assert -1.924 < float(names["low"]) < -1.923


def test_the_page_of_statements_runs():
    page = (root / "docs" / "stating.md").read_text()
    names: dict = {}
    for code in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(code, names)
    made = [v for v in names.values() if isinstance(v, cx.Problem)]
    assert len(made) >= 2


def test_the_page_of_domains_runs():
    page = (root / "docs" / "domains.md").read_text()
    names: dict = {}
    for code in re.findall(r"```python\n(.*?)```", page, re.S):
        exec(code, names)
    assert isinstance(names["problem"], cx.Problem)
    assert isinstance(names["heat"], cx.Problem)
    assert names["l_shape"].volume.value == 3.0
