"""Worker processes of this machine, which talk through pipes in plain bytes."""

import os
import queue
import struct
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import numpy as np

from .._core import CertaxError
from ._executors import AbstractExecutor, cores
from ._tasks import Block, Boxes, Task

_deaths_at_most = 3
# Each worker is one of many: it computes in one thread.
_flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


class Processes(AbstractExecutor):
    """Processes of their own, restarted with their batch where they were killed.

    **Arguments:**

    - `workers`: how many; by default as many as processors.
    """

    def __init__(self, workers: int | None = None):
        self.workers = workers or cores()
        self._threads = ThreadPoolExecutor(self.workers)
        self._all = [_Worker() for _ in range(self.workers)]
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for worker in self._all:
            self._idle.put(worker)

    @property
    def processes(self) -> list[int]:
        """The numbers of the processes that run at the moment."""
        return [w.process.pid for w in self._all if w.process is not None]

    def enclose(self, task: Task, batches: Sequence[Boxes]) -> list[Block]:
        if not batches:
            return []
        one = lambda boxes: self._enclose(task, boxes)
        # The first one fills the cache of compiled functions for the others.
        first = one(batches[0])
        return [first, *self._threads.map(one, batches[1:])]

    def _enclose(self, task: Task, boxes: Boxes) -> Block:
        worker = self._idle.get()
        try:
            for _ in range(_deaths_at_most):
                try:
                    return worker.enclose(task, boxes)
                except (EOFError, OSError):
                    code = worker.end()
        finally:
            self._idle.put(worker)
        raise CertaxError(
            f"Worker processes were ended {_deaths_at_most} times on the same boxes, "
            f"at last with status {code}.",
            value=code,
            remedy="Use fewer workers if memory is short.",
            kind="environment",
        )

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        for worker in self._all:
            worker.end()


class _Worker:
    """One process, started when it is first needed."""

    def __init__(self):
        self.process: subprocess.Popen[bytes] | None = None
        self._task: Task | None = None

    def enclose(self, task: Task, boxes: Boxes) -> Block:
        """**Raises:** `EOFError` or `OSError` if the process has ended."""
        if self.process is None:
            self._start()
        assert self.process is not None
        assert self.process.stdin is not None and self.process.stdout is not None
        if self._task is not task:
            send(self.process.stdin, task.message)
            self._task = task
        else:
            send(self.process.stdin, b"")
        send(self.process.stdin, np.ascontiguousarray(boxes, "<f8").tobytes())
        kind, content = receive(self.process.stdout), receive(self.process.stdout)
        if kind == b"refused":
            raise CertaxError(content.decode(), kind="environment")
        return np.frombuffer(content, "<f8").reshape(len(boxes), -1)

    def _start(self) -> None:
        flags = f"{os.environ.get('XLA_FLAGS', '')} {_flags}".strip()
        self._task = None
        self.process = subprocess.Popen(
            [sys.executable, "-m", "certax.bounds._worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "XLA_FLAGS": flags, "OMP_NUM_THREADS": "1"},
        )

    def end(self) -> int | None:
        """Ends the process; its status."""
        if self.process is None:
            return None
        process, self.process, self._task = self.process, None, None
        process.kill()
        for stream in (process.stdin, process.stdout):
            try:
                if stream is not None:
                    stream.close()
            except OSError:  # what was written to it is lost with the process
                pass
        return process.wait()


def send(stream: IO[bytes], content: bytes) -> None:
    """Writes a length and so many bytes."""
    stream.write(struct.pack("<Q", len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Reads what `send` has written.

    **Raises:** `EOFError` if the stream has ended.
    """
    (size,) = struct.unpack("<Q", _exactly(stream, 8))
    return _exactly(stream, size)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content
