"""How the cost of a search grows: workers, tolerance, depth, width, dimension.

Everything is measured on this machine but the column of more workers than it has: that
one replays the rounds of a recorded search. A round waits for its last batch, and what
happens between rounds happens in one process.
"""

import math
import os
import time
from collections.abc import Sequence
from typing import Any

from certax.bounds import (
    AbstractExecutor,
    Processes,
    Quantity,
    Refinement,
    Threads,
    refine,
)

from ._figure import Figure

degree, boxes = 3, 2**15
tolerances, search_degree = (0.1, 0.03, 0.01, 0.003, 0.001), 1
simulated = (1, 2, 4, 16, 64, 256)


class Recording(AbstractExecutor):
    """Threads, with the number of batches and the seconds of each call."""

    def __init__(self):
        self.inner, self.calls = Threads(), []

    def enclose(self, task, batches):
        began = time.monotonic()
        found = self.inner.enclose(task, batches)
        self.calls.append((len(batches), time.monotonic() - began))
        return found


def scaling() -> list[Figure]:
    """Speeds, counts, and a simulation of more workers."""
    cores = Threads().workers
    net = _quantity("burgers", 3, 20)
    threads = {n: _rate(net, Threads(n)) for n in _doubling(cores)}
    processes = {}
    for n in _doubling(cores):
        with Processes(n) as executor:
            processes[n] = _rate(net, executor)
    searches, calls, serial = _searches(net)
    seconds = {n: _replayed(calls, serial, n) for n in simulated}
    efficiency = seconds[1] / (16 * seconds[16])
    tables = {
        "load": os.getloadavg()[0],
        "threads": _rows(threads, "workers", "boxes a second"),
        "processes": _rows(processes, "workers", "boxes a second"),
        "tolerance": searches,
        "replayed": [
            {"workers": n, "seconds": s, "speed": seconds[1] / s}
            for n, s in seconds.items()
        ],
        "depth": [
            {"depth": n, "boxes a second": _rate(_quantity("burgers", n, 20))}
            for n in (1, 3, 9)
        ],
        "width": [
            {"width": n, "boxes a second": _rate(_quantity("burgers", 3, n))}
            for n in (10, 20, 40)
        ],
        "dimension": [
            _dimension(name) for name in ("poisson-1d", "poisson", "poisson-3d")
        ],
    }
    last = searches[-1]
    return [
        Figure(
            f"search, {cores} processes over {cores} threads: boxes a second",
            0.9,
            processes[cores] / threads[cores],
            at_least=True,
            details=tables,
        ),
        Figure(
            f"search, {cores} threads over one: boxes a second",
            0.8 * cores,
            threads[cores] / threads[1],
            at_least=True,
        ),
        Figure(
            f"search, replayed on 16 workers: efficiency at {last['leaves']} leaves",
            0.5,
            efficiency,
            at_least=True,
        ),
    ]


def _doubling(most: int) -> list[int]:
    return sorted({min(2**k, most) for k in range(most.bit_length() + 1)})


def _rows(found: dict[int, float], key: str, value: str) -> list[dict[str, float]]:
    return [{key: k, value: v} for k, v in found.items()]


def _quantity(name: str, depth: int, width: int) -> Quantity:
    """The residual of an untrained net."""
    import jax

    from certax.certificates._quantities import residual_quantity
    from certax.nn import Ansatz, program_of, weights_of
    from certax.problems import zoo_entry

    problem = zoo_entry(name).problem
    with jax.enable_x64(True):
        net = Ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            width,
            depth,
            key=jax.random.key(0),
        )
        weights = weights_of(net)
    network = program_of(net, problem.domain.names, problem.fields)
    return residual_quantity(problem, network, weights)


def _rate(quantity: Quantity, executor: AbstractExecutor | None = None) -> float:
    """Boxes a second on an even tree, after compilation; the best of three."""
    dimension = quantity.dimension
    levels = round(math.log2(boxes))
    cuts = tuple((levels + i) // dimension for i in range(dimension))
    rates = []
    for even in ((1,) * dimension, cuts, cuts, cuts):  # the first compiles
        asked = Refinement("supremum", 1e9, degree, even)
        found = refine(quantity, asked, executor=executor)
        rates.append(found.evaluated / found.seconds)
    return max(rates[1:])


def _searches(
    quantity: Quantity,
) -> tuple[list[dict[str, Any]], Sequence[tuple[int, float]], float]:
    """A row for each tolerance; of the last one the calls, and the seconds between."""
    rows, calls, serial = [], [], 0.0
    refine(quantity, Refinement("mean", 1e9, search_degree, (1, 1)))  # compiles
    for tolerance in tolerances:
        recording = Recording()
        asked = Refinement("mean", tolerance, search_degree, (1, 1), boxes=2**20)
        found = refine(quantity, asked, executor=recording)
        calls = recording.calls
        serial = found.seconds - sum(seconds for _, seconds in calls)
        rows.append(
            {
                "tolerance": tolerance,
                "leaves": len(found.leaves),
                "enclosed": found.evaluated,
                "rounds": len(calls) - 1,
                "seconds": found.seconds,
            }
        )
    return rows, calls, serial


def _replayed(calls: Sequence[tuple[int, float]], serial: float, workers: int) -> float:
    """Seconds of the same rounds on so many workers, each as fast as one thread."""
    batches = sum(count for count, _ in calls)
    one = Threads().workers * sum(seconds for _, seconds in calls) / batches
    return serial + sum(math.ceil(count / workers) * one for count, _ in calls)


def _dimension(name: str) -> dict[str, Any]:
    quantity = _quantity(name, 3, 20)
    cuts = (2,) * quantity.dimension
    asked = Refinement("supremum", 0.1, degree, cuts, boxes=2**17)
    found = refine(quantity, asked)
    return {
        "dimension": quantity.dimension,
        "boxes a second": _rate(quantity),
        "leaves at 10 %": len(found.leaves),
        "reached": found.reached,
    }
