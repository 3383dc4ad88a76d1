"""The same task for many numbers on several cores, answered in their order."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any


def cores() -> int:
    """How many processes this one may run at the same time."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def answers(task: Callable[[int], Any], count: int, workers: int) -> Iterator[Any]:
    """task(0), ..., task(count - 1); worker w of n has the numbers w, w + n, ...

    Workers are forked, so they need nothing but what this process knows already.

    **Raises:** what the first task in order raises; `MemoryError` for a killed worker.
    """
    workers = min(workers, count)
    if workers < 2 or sys.platform != "linux":
        yield from map(task, range(count))
        return
    context = multiprocessing.get_context("fork")
    processes, receivers = [], []
    try:
        for worker in range(workers):
            receiver, sender = context.Pipe(duplex=False)
            arguments = task, range(worker, count, workers), sender
            process = context.Process(target=_work, args=arguments, daemon=True)
            process.start()
            # Else the end of a killed worker would not end its pipe.
            sender.close()
            processes.append(process)
            receivers.append(receiver)
        for number in range(count):
            try:
                answer, error = receivers[number % workers].recv()
            except EOFError:
                raise MemoryError("a process of the checker was killed") from None
            if error is not None:
                raise error
            yield answer
    finally:
        for process in processes:
            process.kill()
            process.join()


def _work(task: Callable[[int], Any], numbers: range, sender: Connection) -> None:
    for number in numbers:
        try:
            sender.send((task(number), None))
        except Exception as error:
            sender.send((None, error))
            return
