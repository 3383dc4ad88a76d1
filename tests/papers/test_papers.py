"""The papers' rooms: facts, resuming, the command line. No long trainings."""

import json

import pytest
from toys import calls, experiments

import certax as cx
from certax.cli import main
from certax.papers import Experiment, Paper, Request, Section, _verbs, find, papers, run
from certax.papers._page import markdown
from certax.papers._paper import status_words


def test_an_unknown_paper_lists_the_known_ones():
    with pytest.raises(cx.CertaxError) as caught:
        find("1234.5678")
    assert "'1234.5678'" in caught.value.message
    for identifier in ("2407.20741", "2310.05169", "2507.06967"):
        assert identifier in caught.value.remedy


def test_the_command_line(capsys, tmp_path):
    assert main(["papers", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["papers"]
    assert [p["id"] for p in listed] == list(papers)
    assert main(["papers", "show", "2310.05169"]) == 0
    assert "blow-up" in capsys.readouterr().out
    assert main(["papers", "run", "nothing", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)["error"]
    assert "2407.20741" in said["remedy"]
    assert main(["papers", "run", "2310.05169", "--scale", "huge"]) == 2


def test_finished_rows_are_kept(toy, tmp_path, capsys):
    folder = tmp_path / "run"
    arguments = ["papers", "run", "0000.1", "--out", str(folder), "--json"]
    assert main(arguments) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["ok"] and calls == ["one", "two"]
    (folder / "rows" / "two.json").unlink()
    assert main(arguments) == 0
    assert calls == ["one", "two", "two"]
    row = json.loads((folder / "rows" / "one.json").read_text())
    row["settings"] = {"n": 2}
    (folder / "rows" / "one.json").write_text(json.dumps(row))
    run("0000.1", out=folder)
    assert calls[-1] == "one"
    (folder / "rows" / "one.json").write_text("{")
    with pytest.raises(cx.CertaxError, match="is damaged. Delete this file"):
        run("0000.1", out=folder)


def test_what_is_made_from_rows_is_made_from_the_stored_ones(monkeypatch, tmp_path):
    """Not from rows that are computed again, which may take days."""
    calls.clear()

    def sum_of(*found):
        calls.append("sum")
        return {"error": sum(row["error"] for row in found)}

    def with_sum(request):
        made = Experiment("sum", "s", "sum", {}, sum_of, after=("one", "two"))
        return [*experiments(request), made]

    paper = Paper(
        "0000.1", "T", "A", (), (), (Section("s", "S", "", ("error",)),), with_sum
    )
    monkeypatch.setitem(papers, "0000.1", paper)
    run("0000.1", out=tmp_path)
    lines = []
    results = run("0000.1", out=tmp_path, progress=lines.append)
    assert calls == ["one", "two", "sum", "sum"]
    assert results["rows"][-1]["results"] == {"error": 0.25}
    assert "(kept)" in lines[0] and " s)" in lines[-1]


def test_another_run_is_not_overwritten(toy, tmp_path):
    run("0000.1", out=tmp_path / "a")
    with pytest.raises(cx.CertaxError, match="holds another run"):
        run("0000.1", out=tmp_path / "a", request=Request(seed=1))
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").write_text("")
    with pytest.raises(cx.CertaxError, match="is not empty"):
        run("0000.1", out=tmp_path / "b")


@pytest.mark.parametrize("identifier", list(papers))
@pytest.mark.parametrize("scale", ["small", "paper"])
@pytest.mark.parametrize("published", [False, True])
def test_rows_are_well_formed(identifier, scale, published):
    paper = papers[identifier]
    rows = paper.experiments(Request(scale, published, 3))
    keys = [row.key for row in rows]
    assert len(set(keys)) == len(keys)
    assert all(key.replace("-", "").isalnum() for key in keys)
    known = {section.key for section in paper.sections}
    assert {row.section for row in rows} <= known
    assert any(row.baseline for row in rows)
    json.dumps([dict(row.settings) for row in rows])
    stated = [*paper.claims, *paper.corrections]
    stated += [row.says for row in rows if row.says]
    assert {s.status for s in stated} <= set(status_words)
    assert markdown(paper, Request(), []).startswith("# ")
    assert _verbs.papers[identifier] is paper
