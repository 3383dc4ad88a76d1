"""The pages of papers: both sides, honest about baselines, escaped."""

import dataclasses

from toys import experiments

from certax.papers import Experiment, Paper, Request, Section, run
from certax.papers._page import markdown


def test_the_page_has_both_sides_and_escapes(toy, tmp_path):
    run("0000.1", out=tmp_path)
    text = (tmp_path / "page.md").read_text()
    assert "paper says" in text and "we get: error" in text
    assert "why they differ" in text and "not finite" in text and "0.12" in text
    page = (tmp_path / "page.html").read_text()
    assert "one &lt;b&gt;" in page and "<b>" not in page


def test_the_page_says_where_a_baseline_is_better():
    section = Section("s", "S", "", ("error", "proved"), "error")
    paper = Paper("0000.1", "T", "A", (), (), (section,), experiments)

    def pair(method, error, baseline=False):
        row = {"settings": {}, "results": {"error": error}}
        return Experiment(method, "s", method, {}, dict, baseline=baseline), row

    pairs = [
        pair("a: net", 0.5), pair("a: other net", 0.01), pair("b: net", 0.5),
        pair("a: frozen", 0.1, True), pair("b: frozen", 0.9, True),
    ]  # fmt: skip
    lines = markdown(paper, Request(), pairs).splitlines()
    told = [line for line in lines if "Better without training" in line]
    assert len(told) == 1 and told[0].startswith("| a: net")
    assert told[0].endswith("Better without training: frozen. |")
    # No row has a result there.
    assert not any("proved |" in line for line in lines)


def test_curves_are_drawn_over_the_first_list():
    from certax.papers._curves import curves

    names = ("steps", "bound <b>", "reached")
    full = {"steps": [1, 10, 100], "bound <b>": [3.0, 2.0, 1.0], "reached": [1, 0, 0.1]}
    picture = curves("a row", names, full)
    assert picture.startswith("<svg") and "bound &lt;b&gt;: 2 at 10" in picture
    # Zero has no logarithm: two points are left of the second line.
    assert picture.count("<circle") == 5
    assert curves("a row", names, {"steps": [1]}) == ""
    assert curves("a row", names, full | {"reached": "none"}) == ""
    one = {"steps": [1], "bound <b>": [0.0], "reached": [0.0]}
    assert curves("a row", names, one) == ""


def test_bars_in_cells_are_none_of_the_table(toy):
    section = Section("s", "S", "", ("|g|",))
    paper = dataclasses.replace(toy, sections=(section,))
    (row, _) = experiments(None)
    text = markdown(
        paper, Request(), [(row, {"settings": {}, "results": {"|g|": 1.0}})]
    )
    assert r"we get: \|g\|" in text
