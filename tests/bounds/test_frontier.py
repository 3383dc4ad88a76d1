"""An interrupted search goes on from where it was, and ends with the same bytes."""

import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_bisection import ripples, supremum

from certax._core import CertaxError
from certax.bounds import (
    AbstractExecutor,
    Checkpoint,
    Refinement,
    _bisection,
    _frontier,
    refine,
)
from certax.bounds._frontier import Frontier
from certax.bounds._trees import Tree

asked = Refinement("mean", 0.003, 1, (2, 2))


class Dying(AbstractExecutor):
    """Ends the search with an interrupt at the n-th call."""

    def __init__(self, calls):
        self.calls = calls

    def enclose(self, task, batches):
        self.calls -= 1
        if self.calls < 0:
            raise KeyboardInterrupt
        return [task.enclose(boxes) for boxes in batches]


def files(folder):
    return list(folder.glob("search-*.safetensors"))


@pytest.fixture(autouse=True)
def small_slices(monkeypatch):
    monkeypatch.setattr(_bisection, "_slice", 64)


@pytest.mark.parametrize("calls", [2, 3, 5, 9])
def test_an_interrupted_search_goes_on(calls, tmp_path):
    truth = refine(ripples, asked)
    with pytest.raises(KeyboardInterrupt):
        refine(ripples, asked, None, Dying(calls), Checkpoint(tmp_path))
    assert len(files(tmp_path)) == 1
    before = []
    found = refine(
        ripples,
        asked,
        lambda leaves, bound, attained: before.append(leaves),
        checkpoint=Checkpoint(tmp_path, resume=True),
    )
    assert found.tree.encode(1) == truth.tree.encode(1)
    assert found.evaluated == truth.evaluated and found.reached
    np.testing.assert_array_equal(found.bounds.supremum, truth.bounds.supremum)
    assert calls < 5 or before[0] > 16, "it began where it was interrupted"
    assert files(tmp_path) == [], "nothing is left to go on with"


def test_killed_with_no_warning(tmp_path):
    """SIGKILL in the middle; the file was written a moment before."""
    child = """
        import os, signal, sys
        from pathlib import Path
        from test_frontier import asked, ripples
        from certax.bounds import Checkpoint, refine
        count = 0
        def listen(*_):
            global count
            count += 1
            if count == 4:
                os.kill(os.getpid(), signal.SIGKILL)
        checkpoint = Checkpoint(Path(sys.argv[1]), interval=0.0)
        refine(ripples, asked, listen, checkpoint=checkpoint)
    """
    folders = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(child), str(tmp_path)],
        env={"PYTHONPATH": ":".join([*folders, *filter(None, sys.path)])},
    )
    assert done.returncode == -9 and len(files(tmp_path)) == 1
    sizes = []
    found = refine(
        ripples,
        asked,
        lambda leaves, bound, attained: sizes.append(leaves),
        checkpoint=Checkpoint(tmp_path, resume=True),
    )
    truth = refine(ripples, asked)
    assert sizes[0] > 16 and found.tree.encode(1) == truth.tree.encode(1)


def test_a_budget_is_continued_with_another(tmp_path):
    short = replace(asked, seconds=0.0)
    first = refine(ripples, short, checkpoint=Checkpoint(tmp_path))
    assert not first.reached and len(files(tmp_path)) == 1
    whole = refine(ripples, asked, checkpoint=Checkpoint(tmp_path, resume=True))
    assert whole.reached and len(whole.leaves) > len(first.leaves)
    assert whole.tree.encode(1) == refine(ripples, asked).tree.encode(1)


def test_without_resume_and_for_another_search_all_begins_anew(tmp_path):
    refine(ripples, replace(asked, seconds=0.0), checkpoint=Checkpoint(tmp_path))
    for other, checkpoint in (
        (asked, Checkpoint(tmp_path)),
        (replace(asked, tolerance=0.01), Checkpoint(tmp_path, resume=True)),
    ):
        sizes = []
        refine(ripples, other, lambda n, *_: sizes.append(n), checkpoint=checkpoint)
        assert sizes[0] == 16


def test_a_spoilt_file_is_refused(tmp_path):
    refine(ripples, replace(asked, seconds=0.0), checkpoint=Checkpoint(tmp_path))
    (file,) = files(tmp_path)
    content = file.read_bytes()
    again = lambda: refine(ripples, asked, checkpoint=Checkpoint(tmp_path, resume=True))
    for spoilt in (b"", content[:-9], b"x" * 100):
        file.write_bytes(spoilt)
        with pytest.raises(CertaxError, match="cannot be taken up") as caught:
            again()
        assert "Delete the file" in caught.value.remedy
    frontier = Frontier(Tree(2), np.array([], int))
    frontier.put(np.array([0]), np.ones((1, 6)))
    frontier.save(file, "another key")
    with pytest.raises(CertaxError, match="another search"):
        again()


def test_a_leaf_that_was_forgotten_is_refused(tmp_path):
    tree = Tree(2)
    tree.split(np.array([0]), np.array([1]))
    frontier = Frontier(tree, np.array([], int))
    frontier.put(np.array([0, 1]), np.ones((2, 6)))
    frontier.save(tmp_path / "a", "key")
    with pytest.raises(CertaxError, match="neither enclosed nor pending"):
        Frontier.load(tmp_path / "a", "key", 2)
    frontier.pending = np.array([2])
    frontier.save(tmp_path / "a", "key")
    assert Frontier.load(tmp_path / "a", "key", 2).evaluated == 2


def test_the_key_tells_searches_apart():
    keys = {
        _frontier.search_key(b"task", asked),
        _frontier.search_key(b"other", asked),
        _frontier.search_key(b"task", replace(asked, target=0.5)),
        _frontier.search_key(b"task", replace(asked, boxes=7)),
    }
    assert len(keys) == 4


# Targets.


@pytest.mark.parametrize(
    ("goal", "power"), [("supremum", 1), ("mean", 1), ("mean", 2), ("mean", 4)]
)
def test_a_target_out_of_reach_names_what_is_attainable(goal, power, tmp_path):
    asked = Refinement(goal, 0.0, 2, (2, 2), target=1e-3, power=power)
    with pytest.raises(CertaxError, match="out of reach") as caught:
        refine(ripples, asked, checkpoint=Checkpoint(tmp_path, interval=0.0))
    assert caught.value.exit_code == 1 and files(tmp_path) == []
    said = float(caught.value.remedy.split()[3])
    reachable = replace(asked, target=said, boxes=20_000)
    found = refine(ripples, reachable)
    assert found.reached


def test_a_target_below_rounding_is_out_of_reach():
    from test_bisection import function

    zero = function(lambda x: (x + 1) * (x - 1) - x * x + 1, "x")
    with pytest.raises(CertaxError, match="out of reach") as caught:
        refine(zero, Refinement("supremum", 0.0, 2, (2,), target=1e-18))
    least = float(caught.value.remedy.split()[3])
    assert 1e-18 < least < 1e-13
    asked = Refinement("supremum", 0.0, 2, (2,), target=least)
    assert supremum(refine(zero, asked)) <= least
