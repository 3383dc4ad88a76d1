"""Adam steps per second in float32, beside DeepXDE, in interleaved runs."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from ._figure import Figure

rounds = 3
steps = 1500
_opponent = Path(__file__).parent / "_deepxde.py"


def certax_steps_per_second() -> float:
    """The Burgers program of certax, 2540 + 80 + 160 points, soft conditions."""
    import jax
    import jax.numpy as jnp
    import optax

    from certax._api._initial import initial_network
    from certax._api._objective import condition_defects, residual_terms
    from certax._api._vectors import unflatten
    from certax._core import NetworkSettings
    from certax.problems import zoo_entry

    problem = zoo_entry("burgers").problem
    net = initial_network(problem, NetworkSettings(), False, 0, (20, 20, 20))
    network = net.program
    generator = np.random.default_rng(0)
    interior = generator.uniform([-1, 0], [1, 1], (2540, 2)).astype(np.float32)
    walls = generator.uniform([-1, 0], [1, 1], (80, 2)).astype(np.float32)
    walls[:, 0] = np.where(walls[:, 0] < 0, -1.0, 1.0)
    start = generator.uniform([-1, 0], [1, 1], (160, 2)).astype(np.float32)
    start[:, 1] = 0.0
    initial, wall = problem.conditions

    def loss(vector):
        named = unflatten(vector, network)

        values = residual_terms(problem, network, named, jnp.asarray(interior))
        total = jnp.mean(values**2)
        for condition, points in ((initial, start), (wall, walls)):
            defects = condition_defects(
                problem, network, condition, named, jnp.asarray(points)
            )
            total = total + jnp.mean(defects**2)
        return total

    adam = optax.adam(1e-3)

    @jax.jit
    def run(vector, state):
        def body(carry, _):
            vector, state = carry
            updates, state = adam.update(jax.grad(loss)(vector), state)
            return (optax.apply_updates(vector, updates), state), None

        return jax.lax.scan(body, (vector, state), None, length=100)[0]

    vector = jnp.asarray(net.parameters, jnp.float32)
    carry = jax.block_until_ready(run(vector, adam.init(vector)))
    began = time.perf_counter()
    for _ in range(steps // 100):
        carry = run(*carry)
    jax.block_until_ready(carry)
    assert np.isfinite(np.asarray(carry[0])).all() and carry[0].dtype == jnp.float32
    return steps / (time.perf_counter() - began)


def adam() -> list[Figure]:
    """Steps per second, and the ratios to DeepXDE on JAX and on PyTorch."""
    python = os.environ.get("CERTAX_OPPONENT_PYTHON")
    ours: list[float] = []
    theirs: dict[str, list[float]] = {"jax": [], "pytorch": []}
    for _ in range(rounds):
        command = [
            sys.executable,
            "-c",
            "from benchmarks._adam import *; print(certax_steps_per_second())",
        ]
        ours.append(_printed(command, {}))
        for backend, found in theirs.items():
            if python is not None:
                command = [python, str(_opponent), str(steps)]
                found.append(_printed(command, {"DDE_BACKEND": backend}))
    figures = []
    for backend, target in (("jax", 1.5), ("pytorch", 3.0)):
        found = theirs[backend]
        ratio = (
            median(a / b for a, b in zip(ours, found, strict=False)) if found else None
        )
        figures.append(
            Figure(
                f"Adam steps per second over DeepXDE on {backend}",
                target,
                ratio,
                at_least=True,
                details={"certax": ours, f"deepxde {backend}": found},
            )
        )
    return figures


def _printed(command: list[str], environment: dict[str, str]) -> float:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    return float(done.stdout.strip().splitlines()[-1])
