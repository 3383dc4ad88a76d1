"""What training minimizes: the residual of a problem at points of the unit cube."""

from collections.abc import Callable, Mapping, Sequence

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from .._core import Program, TracedCondition, evaluate, to_float
from ..problems import Problem, point_derivatives
from ._vectors import unflatten

Residual = Callable[[Float[Array, " p"], Float[Array, "n d"]], Float[Array, "n terms"]]


def residual_terms(
    problem: Problem, network: Program, weights: Mapping[str, Array], point: Array
) -> Float[Array, " equations"]:
    """The equations' residuals at one point, of shape `(d,)`."""
    names, residual = problem.domain.names, problem.residual
    orders = tuple({i.orders: None for i in residual.of_kind("derivative")})
    found = point_derivatives(network, names, orders, weights, point)
    inputs = known_inputs(residual, names, point)
    inputs |= {i.name: found[i.orders][i.field] for i in residual.of_kind("derivative")}
    return jnp.stack([jnp.asarray(v) for v in evaluate(residual, inputs).values()])


def condition_defects(
    problem: Problem,
    network: Program,
    condition: TracedCondition,
    weights: Mapping[str, Array],
    point: Array,
) -> Float[Array, " fields"]:
    """û, or its velocity, minus a condition's data at one point, of shape `(d,)`, of
    its face.
    """
    assert condition.values is not None
    names = problem.domain.names
    moves = condition.kind == "velocity"
    orders = tuple(int(moves and n == condition.coordinate) for n in names)
    found = point_derivatives(network, names, (orders,), weights, point)[orders]
    data = evaluate(condition.values, known_inputs(condition.values, names, point))
    return jnp.stack([found[f] - data[f] for f in problem.fields])


def known_inputs(
    program: Program, names: tuple[str, ...], point: Array
) -> dict[str, Array]:
    """The coordinates and constants among a program's inputs."""
    kind = point.dtype
    known = {
        i.name: jnp.asarray(to_float(i.value), kind)
        for i in program.of_kind("constant")
    }
    return known | {
        i.name: point[names.index(i.name)] for i in program.of_kind("coordinate")
    }


def residual_function(problem: Problem, network: Program, hard: bool) -> Residual:
    """The terms whose mean squares are minimized: the equations and, with soft
    conditions, the defects of all data, at each point's projection to the face.
    """
    names = problem.domain.names
    lower, upper = problem.domain.lower_floats, problem.domain.upper_floats
    faces = [] if hard else _faces(problem.conditions)

    def terms(weights, unit):
        point = lower + unit * (upper - lower)
        found = [residual_terms(problem, network, weights, point)]
        for name, side, condition in faces:
            axis = names.index(name)
            end = (lower if side == "lower" else upper)[axis]
            on_face = point.at[axis].set(end)
            found.append(
                condition_defects(problem, network, condition, weights, on_face)
            )
        return jnp.concatenate(found)

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
