"""`certax certify` on a small net: workers, targets, budgets, interruptions."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from helpers import ansatz_of, burgers, solution_of

from certax._api._verbs import save
from certax._core import Configuration, RunFolder

residual = ("--claim", "residual", "--json", "--quiet")


@pytest.fixture(autouse=True)
def low_degree(monkeypatch):
    """Compiles fast."""
    monkeypatch.setattr("certax.certificates._certify._degrees", {2: 1})


@pytest.fixture
def folder(tmp_path):
    """A run of an untrained net."""
    problem = burgers()
    run = RunFolder.create(
        tmp_path / "run",
        name="burgers",
        seed=0,
        problem_sha256=problem.sha256,
        configuration=Configuration(),
    )
    save(solution_of(problem, ansatz_of(problem)), run.path)
    return run.path


def tree(folder):
    return (folder / "certificate-residual-Linf.tree").read_bytes()


def searches(folder):
    return list((folder / "checkpoint").glob("search-*"))


def test_workers_write_the_same_tree(run, folder, tmp_path):
    alone = run("certify", folder, *residual, "--out", tmp_path / "a")
    many = run("certify", folder, *residual, "--workers", 2, "--out", tmp_path / "b")
    assert alone.exit_code == many.exit_code == 0, alone.out + many.out
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    entries = [ended.json["certificates"][0] for ended in (alone, many)]
    assert entries[0]["bound"] == entries[1]["bound"]


def test_a_target_is_reached_or_named_impossible(run, folder):
    first = run("certify", folder, *residual)
    bound = float(first.json["certificates"][0]["bound"])
    files = sorted(folder.iterdir())
    ended = run("certify", folder, *residual, "--target", bound / 100)
    error = ended.json["error"]
    assert ended.exit_code == 1 and error["kind"] == "target"
    assert "out of reach" in error["message"] and sorted(folder.iterdir()) == files
    attainable = error["remedy"].split()[3]
    ended = run("certify", folder, *residual, "--target", attainable)
    assert ended.exit_code == 0
    assert float(ended.json["certificates"][0]["bound"]) <= float(attainable)


def test_a_short_budget_proves_less_and_is_continued(run, folder):
    options = (*residual, "--relative-target", 1.01)
    short = run("certify", folder, *options, "--budget", 1e-9)
    assert short.exit_code == 0 and len(searches(folder)) == 1
    whole = run("certify", folder, *options, "--budget", 500, "--resume")
    assert whole.exit_code == 0 and searches(folder) == []
    bounds = [float(e.json["certificates"][0]["bound"]) for e in (short, whole)]
    assert bounds[1] <= bounds[0]


def test_killed_and_resumed(run, folder, tmp_path):
    """SIGKILL in the middle of the search; --resume writes the same tree."""
    child = """
        import functools, os, signal, sys
        from certax import _api
        from certax._api import _certifying
        from certax.bounds import Checkpoint
        from certax.certificates import _certify
        _certify._degrees = {2: 1}
        _certifying.Checkpoint = functools.partial(Checkpoint, interval=0.0)
        def listen(event):
            listen.count += 1
            if listen.count == 2:
                os.kill(os.getpid(), signal.SIGKILL)
        listen.count = 0
        _api.certify(
            _api.load(sys.argv[1]), claim="residual", out=sys.argv[1],
            progress=listen, relative_target=1.01, boxes=2**24
        )
    """
    code = [sys.executable, "-c", textwrap.dedent(child), str(folder)]
    source = str(Path(__file__).parents[2] / "src")
    assert subprocess.run(code, env={"PYTHONPATH": source}).returncode == -9
    assert len(searches(folder)) == 1
    options = (*residual, "--relative-target", 1.01)
    assert run("certify", folder, *options, "--resume").exit_code == 0
    assert run("certify", folder, *options, "--out", tmp_path / "b").exit_code == 0
    assert tree(folder) == tree(tmp_path / "b") and searches(folder) == []


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--budget", "0"), 2, "not a positive number"),
        (("--workers", "0"), 2, "greater than or equal to 1"),
        (("--workers", "2", "--dask", "a:1"), 2, "contradict"),
        (("--relative-target", "0.9"), 2, "below 1"),
        (("--target", "1e-3", "--relative-target", "2"), 2, "contradict"),
        (("--dask", "nonsense://x"), 2, "is not the address"),
    ],
)
def test_unusable_options(run, folder, options, code, words):
    before = sorted(folder.iterdir())
    ended = run("certify", folder, *residual, *options)
    error = json.loads(ended.out)["error"]
    assert ended.exit_code == code and words in error["message"]
    assert sorted(folder.iterdir()) == before
