"""certax's Adam in float32: for every line on its input, a number of steps,
`python -m benchmarks._steps PROBLEM` prints `rate STEPS_PER_SECOND`.
"""

import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

import certax as cx
from certax._api._initial import initial_network
from certax._api._objective import condition_defects, residual_terms
from certax._api._vectors import unflatten
from certax._core import NetworkSettings, TracedCondition
from certax.problems import Problem, zoo_entry

interior, conditions, scanned = 2540, 240, 50


def problem_of(name: str) -> Problem:
    """An entry of the zoo, or the Klein-Gordon equation of DeepXDE's examples."""
    if name != "klein-gordon":
        return zoo_entry(name).problem
    wave = lambda x, t: x * jnp.cos(t)
    force = lambda x, t: -wave(x, t) + wave(x, t) ** 2
    return cx.Problem(
        domain=cx.Box(x=(-1, 1), t=(0, 10)),
        residual=lambda u, x, t: u.tt - u.xx + u**2 - force(x, t),
        conditions=(
            cx.Initial(lambda x: x, velocity=lambda x: 0.0),
            cx.Dirichlet("x", lambda t: -jnp.cos(t), "lower"),
            cx.Dirichlet("x", lambda t: jnp.cos(t), "upper"),
        ),
    )


def main() -> None:
    problem = problem_of(sys.argv[1])
    net = initial_network(problem, NetworkSettings(), False, 0, (20, 20, 20))
    network = net.program
    generator = np.random.default_rng(0)
    points = _drawn(problem, interior, generator)
    # DeepXDE cannot state a velocity on JAX.
    given = [c for c in problem.conditions if c.kind != "velocity"]
    counts = _counts(given)
    faces = [
        (c, _on_face(problem, c, _drawn(problem, n, generator)))
        for c, n in zip(given, counts, strict=True)
    ]

    def loss(vector):
        named = unflatten(vector, network)
        total = jnp.mean(residual_terms(problem, network, named, points) ** 2)
        for condition, on_face in faces:
            defects = condition_defects(problem, network, condition, named, on_face)
            total = total + jnp.mean(defects**2)
        return total

    adam = optax.adam(1e-3)

    @jax.jit
    def run(carry):
        def body(carry, _):
            vector, state = carry
            updates, state = adam.update(jax.grad(loss)(vector), state)
            return (optax.apply_updates(vector, updates), state), None

        return jax.lax.scan(body, carry, None, length=scanned)[0]

    vector = jnp.asarray(net.parameters, jnp.float32)
    carry = jax.block_until_ready(run((vector, adam.init(vector))))
    for line in sys.stdin:
        began, steps = time.perf_counter(), int(line)
        for _ in range(steps // scanned):
            carry = run(carry)
        jax.block_until_ready(carry)
        rate = steps / (time.perf_counter() - began)
        assert np.isfinite(np.asarray(carry[0])).all()
        assert carry[0].dtype == jnp.float32
        print("rate", rate, flush=True)


def _counts(given: list[TracedCondition]) -> list[int]:
    """Two thirds of the points are for initial data, if there are any."""
    initial = [c.kind == "initial" for c in given]
    if not any(initial):
        return [conditions // len(given)] * len(given)
    walls = conditions // 3 // (len(given) - 1)
    return [conditions * 2 // 3 if first else walls for first in initial]


def _drawn(problem: Problem, number: int, generator: np.random.Generator) -> jax.Array:
    domain = problem.domain
    unit = generator.uniform(size=(number, domain.dimension))
    return jnp.asarray(domain.physical(unit), jnp.float32)


def _on_face(
    problem: Problem, condition: TracedCondition, points: jax.Array
) -> jax.Array:
    """Points moved to the sides of a condition in turn."""
    domain = problem.domain
    axis = domain.names.index(condition.coordinate)
    ends = {"lower": domain.lower_floats[axis], "upper": domain.upper_floats[axis]}
    at = np.resize([ends[side] for side in condition.sides], len(points))
    return points.at[:, axis].set(at.astype(np.float32))


if __name__ == "__main__":
    main()
