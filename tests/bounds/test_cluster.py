"""A Dask cluster gives the same bytes as this process, also when it loses a worker."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_executors import asked, cache, killer, quantity, same, truth

from certax._core import CertaxError
from certax.bounds import Cluster, refine

__all__ = ["cache", "truth"]  # fixtures

distributed = pytest.importorskip("distributed")
quiet = pytest.mark.filterwarnings("ignore")


def dask(*arguments, **options):
    command = shutil.which("dask", path=str(Path(sys.executable).parent))
    assert command is not None
    return subprocess.Popen(
        [command, *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **options,
    )


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler with two workers."""
    file = tmp_path / "scheduler.json"
    options = ["--scheduler-file", file, "--no-dashboard"]
    running = [dask("scheduler", "--host", "127.0.0.1", "--port", 0, *options)]
    options += ["--nthreads", 1, "--local-directory", tmp_path]
    running += [dask("worker", *options) for _ in range(2)]
    try:
        with distributed.Client(scheduler_file=str(file), timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
            yield client
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


@quiet
def test_a_cluster_with_a_worker_killed(cluster, truth):
    with Cluster(cluster.scheduler.address) as executor:
        pids = lambda: list(cluster.run(os.getpid).values())
        listen, killed = killer(pids)
        same(refine(quantity, asked, listen, executor), truth)
        assert killed


@quiet
def test_a_scheduler_that_is_not_there():
    with pytest.raises(CertaxError, match="No Dask scheduler answers") as caught:
        Cluster("127.0.0.1:9", patience=0.5)
    assert caught.value.exit_code == 3
    with pytest.raises(CertaxError, match="is not the address") as caught:
        Cluster("nonsense://x", patience=0.5)
    assert caught.value.exit_code == 2


@quiet
def test_a_scheduler_without_workers(tmp_path):
    file = tmp_path / "scheduler.json"
    options = ["--scheduler-file", file, "--no-dashboard"]
    process = dask("scheduler", "--host", "127.0.0.1", "--port", 0, *options)
    try:
        with distributed.Client(scheduler_file=str(file), timeout=60) as client:
            with pytest.raises(CertaxError, match="has had no worker") as caught:
                Cluster(client.scheduler.address, patience=1.0)
    finally:
        process.terminate()
        process.wait()
    assert "dask worker" in caught.value.remedy
