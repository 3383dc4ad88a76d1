"""Threads, processes and a cluster give the same bytes, also when workers are lost."""

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from helpers import ansatz_of, burgers, solution_of

from certax._core import CertaxError, Program
from certax.bounds import (
    AbstractExecutor,
    Processes,
    Quantity,
    Refinement,
    Threads,
    _processes,
    refine,
)
from certax.bounds._tasks import Task

asked = Refinement("mean", 0.02, 1, (5, 5))


def net() -> Quantity:
    problem = burgers()
    solution = solution_of(problem, ansatz_of(problem))
    domain = problem.domain
    pairs = zip(domain.lower, domain.upper, strict=True)
    ends = dict(zip(domain.names, pairs, strict=True))
    return Quantity(solution.network, problem.residual, ends, solution.weights)


quantity = net()


@pytest.fixture(scope="module")
def truth():
    return refine(quantity, asked, executor=Threads(1))


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """Workers share compiled functions, but with no other test run."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    folder.mkdir(exist_ok=True, mode=0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))


def same(found, truth):
    assert found.tree.encode(1) == truth.tree.encode(1)
    assert found.evaluated == truth.evaluated > 3000
    for name in ("supremum", "mean", "attained", "typical", "sensitivity"):
        ours, theirs = getattr(found.bounds, name), getattr(truth.bounds, name)
        np.testing.assert_array_equal(ours, theirs)


class Backwards(AbstractExecutor):
    """Encloses the last batch first."""

    def enclose(self, task, batches):
        return [task.enclose(boxes) for boxes in reversed(batches)][::-1]


def test_timing_decides_nothing(truth):
    same(refine(quantity, asked, executor=Backwards()), truth)


def test_the_task_survives_its_message():
    task = Task(quantity, 1)
    again = Task.from_message(task.message)
    assert again.message == task.message and again.degree == 1
    boxes = np.full((3, 4), 0.25)
    np.testing.assert_array_equal(again.enclose(boxes), task.enclose(boxes))


def test_a_worker_of_another_version_is_refused():
    message = Task(quantity, 2).message.replace(b'"certax":"', b'"certax":"9')
    with pytest.raises(CertaxError, match="but the search 9"):
        Task.from_message(message)


def killer(pids):
    """A listener that kills the first process after the first round."""
    killed = []

    def listen(leaves, bound, attained):
        if not killed:
            killed.append(pids()[0])
            os.kill(killed[0], signal.SIGKILL)

    return listen, killed


@pytest.mark.parametrize("workers", [1, 4])
def test_processes_one_of_them_killed(workers, truth):
    with Processes(workers) as executor:
        listen, killed = killer(lambda: executor.processes)
        same(refine(quantity, asked, listen, executor), truth)
        assert killed and killed[0] not in executor.processes
        running = executor.processes
    assert running and not any(Path(f"/proc/{pid}").exists() for pid in running)


def test_a_batch_that_kills_its_workers_is_an_error(monkeypatch):
    flags = "--no-such-flag-of-xla"
    monkeypatch.setattr(_processes, "_flags", flags)
    with Processes(1) as executor:
        with pytest.raises(CertaxError, match="ended 3 times") as caught:
            refine(quantity, asked, executor=executor)
    assert caught.value.exit_code == 3


def test_what_a_worker_refuses_is_told():
    strange = Program(quantity.fields.inputs, (("max0", (0,), None),), {"u": 9})
    with Processes(1) as executor:
        with pytest.raises(CertaxError, match="max0"):
            executor.enclose(
                Task(Quantity(strange, quantity.residual, quantity.ends, {}), 1),
                [np.full((1, 4), 0.25)],
            )
