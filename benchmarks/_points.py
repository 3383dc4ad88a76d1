"""What a training step costs by the number of points, each in a process of its own:
`python -m benchmarks._points NUMBER` prints seconds per step and peak memory.
"""

import json
import resource
import subprocess
import sys
import time

import numpy as np

from ._figure import Figure

numbers = (10**3, 10**4, 10**5, 10**6)
_least_seconds = 1.0


def cost_of_points() -> list[Figure]:
    """The exponent of the seconds per step, and the growth of the peak memory."""
    rows = []
    for number in numbers:
        command = [sys.executable, "-m", "benchmarks._points", str(number)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
    seconds = [row["seconds per step"] for row in rows]
    exponent = float(np.polyfit(np.log(numbers), np.log(seconds), 1)[0])
    return [
        Figure(
            "Adam on all points: exponent of the seconds per step in the points, "
            f"{numbers[0]:.0e} to {numbers[-1]:.0e}",
            1.1,
            exponent,
            details={"rows": rows},
        ),
        Figure(
            f"Adam on all points: peak memory with {numbers[-1]:.0e} points over that "
            f"with {numbers[0]:.0e}, the points themselves included",
            1.5,
            rows[-1]["peak bytes"] / rows[0]["peak bytes"],
            details={"rows": rows},
        ),
    ]


def main() -> None:
    """The Burgers equation, in the chunks and the float64 of training."""
    import optax

    from certax._api._initial import initial_network
    from certax._api._objective import residual_function
    from certax._core import NetworkSettings
    from certax.problems import zoo_entry
    from certax.training import Optax, ResidualLoss, batch

    number = int(sys.argv[1])
    problem = zoo_entry("burgers").problem
    net = initial_network(problem, NetworkSettings(), True, 0, (20, 20, 20))
    loss = ResidualLoss(residual_function(problem, net.program, True))
    data = batch(np.random.default_rng(0).uniform(size=(number, 2)))
    optimizer = Optax("adam(1e-3)", optax.adam(1e-3), whole=True)
    state = optimizer.init(loss, net.parameters, data)
    state, _ = optimizer.update(loss, state, data)  # everything is compiled now
    began, steps = time.perf_counter(), 0
    while time.perf_counter() - began < _least_seconds:
        state, _ = optimizer.update(loss, state, data)
        steps += 1
    seconds = (time.perf_counter() - began) / steps
    assert np.isfinite(state.value)
    peak = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    row = {"points": number, "seconds per step": seconds, "peak bytes": peak}
    print(json.dumps(row))


if __name__ == "__main__":
    main()
