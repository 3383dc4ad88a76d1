"""Turning Ctrl-C and a scheduler's SIGTERM into a flag that is read between steps."""

import contextlib
import signal
import threading
from collections.abc import Iterator


class InterruptFlag:
    """True once the process was asked to stop."""

    def __init__(self):
        self.raised = False

    def __bool__(self) -> bool:
        return self.raised


@contextlib.contextmanager
def interrupt_flag() -> Iterator[InterruptFlag]:
    """A flag raised by the first SIGINT or SIGTERM; the second acts as usual.

    Only the main thread may handle signals; elsewhere the flag never rises.
    """
    flag = InterruptFlag()
    if threading.current_thread() is not threading.main_thread():
        yield flag
        return
    former = {}

    def restore():
        for number, handler in former.items():
            signal.signal(number, handler)

    def handle(number, frame):
        flag.raised = True
        restore()

    for number in (signal.SIGINT, signal.SIGTERM):
        former[number] = signal.signal(number, handle)
    try:
        yield flag
    finally:
        restore()
