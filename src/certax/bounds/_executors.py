"""Where batches of boxes are enclosed: in threads, in processes, on a cluster.

Whatever the place, and whatever is lost on the way, results come back in the order of
the batches; so decisions, and with them the tree, cannot depend on timing.
"""

import abc
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from ._tasks import Block, Boxes, Task


class AbstractExecutor(abc.ABC):
    """Encloses batches of boxes; a context manager that gives its workers back."""

    @abc.abstractmethod
    def enclose(self, task: Task, batches: Sequence[Boxes]) -> list[Block]:
        """`task.enclose` of each batch, in the order of the batches.

        **Raises:** `CertaxError` if the workers cannot be had any more.
        """

    def close(self) -> None:  # noqa: B027
        """Ends the workers."""

    def __enter__(self) -> "AbstractExecutor":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Threads(AbstractExecutor):
    """Threads of this process: nothing to start, nothing to compile twice.

    Compiled code runs without Python's lock, so threads use all cores.

    **Arguments:**

    - `workers`: how many; by default as many as processors.
    """

    def __init__(self, workers: int | None = None):
        self.workers = workers or cores()

    def enclose(self, task: Task, batches: Sequence[Boxes]) -> list[Block]:
        if not batches:
            return []
        # The first one compiles, which the others would do as well.
        first = task.enclose(batches[0])
        with ThreadPoolExecutor(self.workers) as pool:
            return [first, *pool.map(task.enclose, batches[1:])]
