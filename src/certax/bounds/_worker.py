"""`python -m certax.bounds._worker`: encloses the batches that come through a pipe.

It ends with its standard input, hence also when whoever started it was killed.
"""

import os
import signal
import sys

import numpy as np

from .._core import CertaxError
from .._core._compilation_cache import enable_compilation_cache
from ._processes import receive, send
from ._tasks import received


def main() -> None:
    # An interrupt is the business of whoever started the worker.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print must not meet the answers
    try:
        enable_compilation_cache()
    except CertaxError:
        pass  # without it each worker compiles
    requests, message = sys.stdin.buffer, b""
    while True:
        try:
            message = receive(requests) or message
            content = receive(requests)
        except EOFError:
            return
        try:
            task = received(message)
            boxes = np.frombuffer(content, "<f8")
            block = task.enclose(boxes.reshape(-1, 2 * task.quantity.dimension))
        except CertaxError as error:
            kind, answer = b"refused", str(error).encode()
        else:
            kind, answer = b"done", np.ascontiguousarray(block, "<f8").tobytes()
        send(answers, kind)
        send(answers, answer)


if __name__ == "__main__":
    main()
