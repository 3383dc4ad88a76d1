"""Several processes give the same answer as one, to the last bit, or none."""

import json
import os
import signal
import sys

import examples
import numpy as np
import pytest
from material import run, uniform_tree, write_draft

from certax_checker.kernel._errors import Refusal
from certax_checker.kernel._workers import answers

# The checker's own process has one thread; this one may have those of JAX.
pytestmark = pytest.mark.filterwarnings(
    "ignore:os.fork:RuntimeWarning", "ignore:.*fork:DeprecationWarning"
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked")


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_answers_come_in_order(workers):
    found = list(answers(lambda n: (n, np.full(20_000, n)), 7, workers))
    assert [n for n, _ in found] == list(range(7))
    assert all((array == n).all() for n, array in found)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_first_refusal_in_order_is_the_answer(workers):
    def task(number):
        if number in (2, 3, 5):
            raise Refusal(f"number {number}", f"place {number}")
        return number

    found = answers(task, 6, workers)
    assert [next(found), next(found)] == [0, 1]
    with pytest.raises(Refusal) as caught:
        next(found)
    assert (caught.value.reason, caught.value.where) == ("number 2", "place 2")


@linux
def test_a_killed_worker_is_no_answer():
    def task(number):
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(MemoryError, match="was killed"):
        list(answers(task, 6, 2))


def test_reports_are_identical_for_any_number_of_workers(tmp_path):
    tree = uniform_tree([6, 6], 3)
    for name, norm in (("sup", "Linf"), ("mean", "L1")):
        folder = tmp_path / name
        folder.mkdir()
        draft = write_draft(
            folder, examples.burgers(), *examples.burgers_net((20, 20)), tree,
            claim="residual", norm=norm,
        )  # fmt: skip
        reports = []
        for workers in (1, 2, 3):
            status, text = run("derive", draft, "--workers", workers)
            report = json.loads(text)
            assert status == 0 and report.pop("seconds") > 0
            reports.append(report)
        assert reports[0] == reports[1] == reports[2]
