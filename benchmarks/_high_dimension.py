"""Sine-Gordon on the ball in 100 to 100,000 dimensions: time, memory, error."""

import json
import os
import subprocess
import sys
from typing import Any

from ._figure import Figure

_dimensions = (100, 1_000, 10_000, 100_000)
_budget = 60.0
# Before the clock of training starts, in 100,000 dimensions on a busy machine.
_patience = 1200.0


def high_dimension() -> list[Figure]:
    """Each dimension in a process of its own, the same seconds of training."""
    rows = [_in_a_process(d) for d in _dimensions]
    last, before = rows[-1], rows[-2]
    details = {"rows": rows, "load": os.getloadavg()[0]}
    growth = last["step_bytes"] / before["step_bytes"]
    figures = [
        Figure(
            "sine-gordon-ball: memory of a step, 10^5 over 10^4 dimensions",
            10.5,
            growth,
            details=details,
        ),
        Figure(
            "sine-gordon-ball, 10^5 dimensions: peak memory, GiB",
            8.0,
            last["peak_bytes"] / 2**30,
        ),
    ]
    for row in rows:
        # The target is what a constant in place of the net reaches.
        figures.append(
            Figure(
                f"sine-gordon-ball, {row['dimension']} dimensions: relative L2 after "
                f"{_budget:.0f} s of training",
                row["constant_error"],
                row["error"],
                details={"seconds_per_step": row["seconds_per_step"]},
            )
        )
    return figures


def _in_a_process(dimension: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks._high_dimension", str(dimension)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=_patience, check=True
    )
    return json.loads(done.stdout)


def _measure(dimension: int) -> dict[str, Any]:
    import resource

    import jax.numpy as jnp

    import certax as cx
    from certax._api._measure_points import TestPoints
    from certax.problems import high_dimensional_problem
    from certax.training import StochasticRecipe, step_memory

    problem = high_dimensional_problem("sine-gordon-ball", {"d": str(dimension)})
    solution = cx.solve_high_dimensional(problem, budget=_budget)
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    constant = lambda *_: jnp.asarray(solution.constant, jnp.float32)
    errors = TestPoints(problem).errors({"constant": constant})
    return {
        "dimension": dimension,
        "steps": solution.steps,
        "seconds_per_step": solution.seconds_per_step,
        "peak_bytes": peak,
        "step_bytes": step_memory(problem, StochasticRecipe()),
        "error": solution.relative_l2(),
        "constant_error": errors["constant"][0],
    }


if __name__ == "__main__":
    print(json.dumps(_measure(int(sys.argv[1]))))
