"""A Dask cluster: any number of machines with `dask worker` and certax on them."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._core import CertaxError, sha256
from ._executors import AbstractExecutor
from ._tasks import Block, Boxes, Task, enclose_sent


class Cluster(AbstractExecutor):
    """The workers of a Dask scheduler.

    Dask sends the boxes of a lost worker to another one, and there the task again.

    **Arguments:**

    - `address`: of the scheduler, as `dask scheduler` prints it.
    - `patience`: seconds to wait for the scheduler, and for a worker while there is
      none.

    **Raises:** `CertaxError` if Dask is not installed, the scheduler does not answer,
    or it has no worker.
    """

    def __init__(self, address: str, patience: float = 30.0):
        self.address, self.patience = address, patience
        self._client = _connected(address, patience)
        self._task: tuple[Task, Any] | None = None
        self._await_worker(time.monotonic())

    def enclose(self, task: Task, batches: Sequence[Boxes]) -> list[Block]:
        from distributed import wait

        client = self._client
        try:
            message = self._sent(task)
            futures = [
                client.submit(enclose_sent, message, boxes, pure=False)
                for boxes in batches
            ]
            last_seen = time.monotonic()
            while True:
                try:
                    wait(futures, timeout=1.0)
                    break
                except TimeoutError:
                    last_seen = self._await_worker(last_seen)
            return [np.asarray(block) for block in client.gather(futures)]
        except CertaxError:
            raise
        except Exception as error:
            raise CertaxError(
                f"The cluster at {self.address} failed: "
                f"{type(error).__name__}: {' '.join(str(error).split())[:200]}.",
                value=self.address,
                remedy="See the logs of the scheduler and its workers; "
                "certax certify --resume goes on from the last checkpoint.",
                kind="environment",
            ) from None

    def close(self) -> None:
        self._client.close()

    def _sent(self, task: Task) -> Any:
        """The task's bytes on the cluster; Dask makes them anew where they are lost."""
        if self._task is None or self._task[0] is not task:
            key = f"certax-{sha256(task.message)}"
            self._task = task, self._client.submit(bytes, task.message, key=key)
        return self._task[1]

    def _await_worker(self, last_seen: float) -> float:
        """When there was a worker last; waits for one no longer than the patience."""
        while not self._client.nthreads():
            if time.monotonic() - last_seen > self.patience:
                raise CertaxError(
                    f"The Dask scheduler at {self.address} has had no worker for "
                    f"{self.patience:.0f} seconds.",
                    value=self.address,
                    remedy=f"Start one with: dask worker {self.address} --nthreads 1",
                    kind="environment",
                )
            time.sleep(0.2)
        return time.monotonic()


def _connected(address: str, patience: float) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise CertaxError(
            "Dask is not installed.",
            value=address,
            remedy="Install it with: pip install 'certax[dask]'",
            kind="environment",
        ) from None
    try:
        return Client(address, timeout=patience, set_as_default=False)
    except (OSError, TimeoutError):
        raise CertaxError(
            f"No Dask scheduler answers at {address}.",
            value=address,
            remedy="Start one with: dask scheduler; it prints its address.",
            kind="environment",
        ) from None
    except ValueError as error:
        raise CertaxError(
            f"{address!r} is not the address of a Dask scheduler: {error}.",
            value=address,
            remedy="Give it as HOST:PORT or tcp://HOST:PORT.",
        ) from None
