"""What training minimizes: the residual of a problem at points of the unit cube."""

import math
from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import Program, TracedCondition, evaluate, to_float
from ..nn import Ansatz, program_of, weights_of
from ..problems import Problem, point_derivatives
from ._walls import chosen_of, wall_points

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
    items = program.of_kind("weight")
    ends = np.cumsum([math.prod(item.shape) for item in items])[:-1].tolist()
    # One split has one transpose; slices would each cost a whole vector in a gradient.
    split = np.split if isinstance(vector, np.ndarray) else jnp.split
    parts = split(vector, ends)
    return {i.name: part.reshape(i.shape) for i, part in zip(items, parts, strict=True)}


def residual_terms(
    problem: Problem, network: Program, weights: Mapping[str, Array], point: Array
) -> Float[Array, " equations"]:
    """The equations' residuals at one point, of shape `(d,)`."""
    return equation_terms(
        problem.residual, problem.domain.names, network, weights, point
    )


def equation_terms(
    equations: Program,
    names: tuple[str, ...],
    network: Program,
    weights: Mapping[str, Array],
    point: Array,
) -> Float[Array, " equations"]:
    """The values of a program of derivatives at one point, of shape `(d,)`, or longer
    by the components of a normal.
    """
    entries = equations.of_kind("derivative")
    orders = tuple({i.orders: None for i in entries})
    here = point[: len(names)]
    found = point_derivatives(network, names, orders, weights, here)
    inputs = _known(equations, names, point)
    inputs |= {i.name: found[i.orders][i.field] for i in entries}
    return jnp.stack([jnp.asarray(v) for v in evaluate(equations, inputs).values()])


def condition_defects(
    problem: Problem,
    network: Program,
    condition: TracedCondition,
    weights: Mapping[str, Array],
    point: Array,
) -> Float[Array, " defects"]:
    """What a condition leaves at one point of its face, of shape `(d,)`, or of its
    piece, where the components of the normal follow: û, or its velocity, minus the
    data, or the residuals of its equations.
    """
    names = problem.domain.names
    if condition.residual is not None:
        return equation_terms(condition.residual, names, network, weights, point)
    assert condition.values is not None
    moves = condition.kind == "velocity"
    orders = tuple(int(moves and n == condition.coordinate) for n in names)
    here = point[: len(names)]
    found = point_derivatives(network, names, (orders,), weights, here)[orders]
    data = evaluate(condition.values, _known(condition.values, names, point))
    return jnp.stack([found[f] - data[f] for f in condition.fields])


def _known(program: Program, names: tuple[str, ...], point: Array) -> dict[str, Array]:
    """The coordinates and constants among a program's inputs."""
    kind = point.dtype
    known = {
        i.name: jnp.asarray(to_float(i.value), kind)
        for i in program.of_kind("constant")
    }
    return known | {
        i.name: point[_place(names, i.name)] for i in program.of_kind("coordinate")
    }


def _place(names: tuple[str, ...], name: str) -> int:
    """Where a coordinate, or after them the component of a normal, stands."""
    if name.startswith("normal."):
        return len(names) + names.index(name.removeprefix("normal."))
    return names.index(name)


def residual_function(problem: Problem, network: Program, hard: bool) -> Residual:
    """The terms whose mean squares are minimized: the equations, what conditions cannot
    be built into the net and, with soft conditions, the defects of all data, at each
    point's projection to the face or at a point of its piece.
    """
    names = problem.domain.names
    lower, upper = problem.domain.lower_floats, problem.domain.upper_floats
    faces = [
        (names.index(c.coordinate), _position(problem, c, side), c)
        for c in problem.conditions
        if c.residual is not None or (c.values is not None and not hard)
        for side in c.sides
        if not c.piece
    ]
    walls = [
        (wall_points(problem.domain, c.piece), c)
        for c in problem.conditions
        if c.piece and (c.residual is not None or not hard)
    ]

    def terms(weights, unit):
        point = lower + unit * (upper - lower)
        found = [residual_terms(problem, network, weights, point)]
        for axis, position, condition in faces:
            on_face = point.at[axis].set(position)
            found.append(
                condition_defects(problem, network, condition, weights, on_face)
            )
        for on_wall, condition in walls:
            chosen = chosen_of(unit, len(on_wall))
            near = jnp.asarray(on_wall, unit.dtype)[chosen]
            found.append(condition_defects(problem, network, condition, weights, near))
        return jnp.concatenate(found)

    def residual(vector, points):
        weights = unflatten(vector, network)
        return jax.vmap(lambda unit: terms(weights, unit))(points)

    return residual


def _position(problem: Problem, condition: TracedCondition, side: str) -> float:
    if side == "inside":
        return to_float(condition.at)
    domain = problem.domain
    ends = domain.lower_floats if side == "lower" else domain.upper_floats
    return float(ends[domain.names.index(condition.coordinate)])
