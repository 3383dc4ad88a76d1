"""Adam steps per second in float32, beside DeepXDE, in interleaved runs."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from ._figure import Figure
from ._points import cost_of_points

problems = ("burgers", "poisson", "klein-gordon")
rounds, steps = 5, 300
_opponent = Path(__file__).parent / "_deepxde.py"
# A process of JAX takes all cores, whatever it is told.
_threads = {"jax": [0], "pytorch": sorted({1, os.cpu_count() or 1})}


class Worker:
    """A process that waits, compiled, and measures when it is asked."""

    def __init__(self, command: list[str], environment: Mapping[str, str]):
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | environment,
        )

    def rate(self) -> float:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("rate "):
                return float(line.split()[1])
        raise RuntimeError(f"{self.process.args} ended with {self.process.wait()}.")

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def adam() -> list[Figure]:
    """For each problem the ratios to DeepXDE's best setting on JAX and on PyTorch, and
    what a step costs by the number of points.
    """
    figures = [figure for name in problems for figure in _against(name)]
    return figures + cost_of_points()


def _against(name: str) -> list[Figure]:
    ours, theirs = _measured(name)
    figures = []
    for backend, target in (("jax", 1.5), ("pytorch", 3.0)):
        found = theirs[backend]
        best = max(found, key=lambda setting: median(found[setting]), default=None)
        value = None
        if best is not None:
            pairs = zip(ours, found[best], strict=True)
            value = median(own / other for own, other in pairs)
        figures.append(
            Figure(
                f"Adam steps per second over DeepXDE on {backend}: {name}",
                target,
                value,
                at_least=True,
                details={"certax": ours, f"deepxde {backend}": found, "best": best},
            )
        )
    return figures


Rates = dict[str, list[float]]


def _measured(name: str) -> tuple[list[float], dict[str, Rates]]:
    """Steps per second of certax, and of each backend in each setting."""
    python = os.environ.get("CERTAX_OPPONENT_PYTHON")
    with ExitStack() as stack:
        command = [sys.executable, "-m", "benchmarks._steps", name]
        own = stack.enter_context(Worker(command, {}))
        others: dict[str, dict[str, Worker]] = {backend: {} for backend in _threads}
        for backend, counts in _threads.items():
            for threads in counts if python is not None else []:
                for mode in ("reverse", "forward"):
                    setting = f"{threads} threads, {mode}" if threads else mode
                    command = [str(python), str(_opponent), name, str(threads), mode]
                    worker = Worker(command, {"DDE_BACKEND": backend})
                    others[backend][setting] = stack.enter_context(worker)
        everyone = [own, *(w for found in others.values() for w in found.values())]
        for worker in everyone:
            worker.rate()  # all are compiled and warm before anything counts
        table = [[worker.rate() for worker in everyone] for _ in range(rounds)]
    ours, *columns = [list(column) for column in zip(*table, strict=True)]
    rest = iter(columns)
    return ours, {b: {s: next(rest) for s in found} for b, found in others.items()}
