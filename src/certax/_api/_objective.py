"""What training minimizes: the residual of a problem at points of the unit cube."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import Program, TracedCondition, evaluate, to_float
from ..nn import Ansatz, program_of, weights_of
from ..problems import Problem, point_derivatives

Residual = Callable[[Float[Array, " p"], Float[Array, "n d"]], Float[Array, "n terms"]]


def initial_network(
    problem: Problem, width: int, depth: int, activation: str, hard: bool, seed: int
) -> tuple[Program, dict[str, np.ndarray]]:
    """A fresh net for a problem: its program and random weights."""
    with jax.enable_x64(True):
        ansatz = Ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            width,
            depth,
            activation,
            hard,
            key=jax.random.key(seed),
        )
        program = program_of(ansatz, problem.domain.names, problem.fields)
        weights = {n: np.asarray(w) for n, w in weights_of(ansatz).items()}
    return program, weights


def flatten(weights: dict[str, np.ndarray], program: Program) -> np.ndarray:
    """All weights as one vector, in the order of the program's inputs."""
    return np.concatenate([weights[i.name].ravel() for i in program.of_kind("weight")])


def unflatten(vector, program: Program) -> dict:
    """The inverse of `flatten`, for NumPy and JAX arrays."""
    found, start = {}, 0
    for item in program.of_kind("weight"):
        size = int(np.prod(item.shape))
        found[item.name] = vector[start : start + size].reshape(item.shape)
        start += size
    return found


def residual_function(problem: Problem, network: Program, hard: bool) -> Residual:
    """The terms whose mean squares are minimized: the equations and, with soft
    conditions, the defects of all data, at each point's projection to the face.
    """
    names = problem.domain.names
    orders = tuple({i.orders: None for i in problem.residual.of_kind("derivative")})
    lower, upper = problem.domain.lower_floats, problem.domain.upper_floats
    faces = [] if hard else _faces(problem.conditions)
    constants = {
        i.name: to_float(i.value)
        for p in (problem.residual, *(c.values for _, _, c in faces if c.values))
        for i in p.of_kind("constant")
    }

    def terms(weights, unit):
        point = lower + unit * (upper - lower)
        found = point_derivatives(network, names, orders, weights, point)
        inputs = {n: jnp.asarray(c) for n, c in constants.items()}
        inputs |= {n: point[i] for i, n in enumerate(names)}
        inputs |= {
            i.name: found[i.orders][i.field]
            for i in problem.residual.of_kind("derivative")
        }
        needed = {i.name: inputs[i.name] for i in problem.residual.inputs}
        values = list(evaluate(problem.residual, needed).values())
        for name, side, condition in faces:
            axis = names.index(name)
            end = (lower if side == "lower" else upper)[axis]
            values += _defect(
                network, condition, names, weights, point.at[axis].set(end), constants
            )
        return jnp.stack([jnp.asarray(v, jnp.float64) for v in values])

    def residual(vector, points):
        weights = unflatten(vector, network)
        return jax.vmap(lambda unit: terms(weights, unit))(points)

    return residual


def _faces(
    conditions: Sequence[TracedCondition],
) -> list[tuple[str, str, TracedCondition]]:
    return [
        (c.coordinate, side, c)
        for c in conditions
        if c.values is not None
        for side in (("lower", "upper") if c.side == "both" else (c.side,))
    ]


def _defect(network, condition, names, weights, point, constants) -> list[Array]:
    zero = (0,) * len(names)
    found = point_derivatives(network, names, (zero,), weights, point)[zero]
    inputs = {n: jnp.asarray(c) for n, c in constants.items()}
    inputs |= {n: point[i] for i, n in enumerate(names)}
    data = evaluate(
        condition.values, {i.name: inputs[i.name] for i in condition.values.inputs}
    )
    return [found[f] - data[f] for f in found]
