"""What training minimizes: the residual of a problem at points of the unit cube."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from .._core import Box, Program, TracedCondition, evaluate, to_float
from ..problems import Data, Problem, column_of, field_derivatives, holds
from ._inverse import data_terms, unknown_values
from ._measure import positions
from ._vectors import unflatten
from ._walls import chosen_of, corner_weight, wall_points

Unpack = Callable[[Array], tuple[Mapping[str, Array], Mapping[str, Array]]]
Part = tuple[str, float, float]
Points = Float[Array, "n d"]
Residual = Callable[[Float[Array, " p"], Float[Array, "n d"]], Float[Array, "n terms"]]


def residual_terms(
    problem: Problem, network: Program, weights: Mapping[str, Array], points: Points
) -> Float[Array, "n equations"]:
    """The equations' residuals at points; zero where an equation does not hold.
    `weights` holds the values of the problem's unknowns too.
    """
    values = equation_terms(problem.residual, problem, network, weights, points)
    if not problem.regions:
        return values
    within = jax.vmap(partial(holds, problem.regions, problem.domain.names))(points)
    return jnp.where(within, values, 0.0)


def equation_terms(
    equations: Program,
    problem: Problem,
    network: Program,
    weights: Mapping[str, Array],
    points: Points,
) -> Float[Array, "n equations"]:
    """The values of a program of derivatives at points, whose coordinates the
    components of a normal may follow.
    """
    names = problem.domain.names
    entries = equations.of_kind("derivative")
    orders = tuple({i.orders: None for i in entries})
    here = points[:, : len(names)]
    found = field_derivatives(network, names, orders, weights, here)
    unknowns = {n: weights[n] for n in problem.unknowns}

    def at(point, fields):
        known = known_inputs(equations, names, point) | unknowns
        return evaluate(equations, known | {i.name: fields[i.name] for i in entries})

    fields = {i.name: found[i.orders][i.field] for i in entries}
    return _columns(jax.vmap(at)(points, fields).values())


def condition_defects(
    problem: Problem,
    network: Program,
    condition: TracedCondition,
    weights: Mapping[str, Array],
    points: Points,
) -> Float[Array, "n defects"]:
    """What a condition leaves at points of its face or its piece, where the components
    of the normal follow the coordinates: û, or its velocity, minus the data, or the
    residuals of its equations.
    """
    names = problem.domain.names
    if condition.residual is not None:
        return equation_terms(condition.residual, problem, network, weights, points)
    values = condition.values
    assert values is not None
    moves = condition.kind == "velocity"
    orders = tuple(int(moves and n == condition.coordinate) for n in names)
    here = points[:, : len(names)]
    found = field_derivatives(network, names, (orders,), weights, here)[orders]
    data = jax.vmap(lambda p: evaluate(values, known_inputs(values, names, p)))(points)
    return _columns(found[f] - data[f] for f in condition.fields)


def _columns(values: Iterable[Array]) -> Float[Array, "n values"]:
    return jnp.stack([jnp.asarray(v) for v in values], axis=1)


def known_inputs(
    program: Program, names: tuple[str, ...], point: Array
) -> dict[str, Array]:
    """The coordinates and constants among a program's inputs, at one point."""
    kind = point.dtype
    known = {
        i.name: jnp.asarray(to_float(i.value), kind)
        for i in program.of_kind("constant")
    }
    return known | {
        i.name: point[column_of(names, i.name)] for i in program.of_kind("coordinate")
    }


def parameters(problem: Problem, network: Program, vector) -> tuple[dict, dict]:
    """The net's weights and the unknowns' values in a vector of all that is trained."""
    count = vector.shape[0] - len(problem.unknowns)
    weights = unflatten(vector[:count], network)
    return weights, unknown_values(problem, vector[count:])


def residual_function(
    problem: Problem,
    network: Program,
    hard: bool,
    data: Data | None = None,
    *,
    unpack: Unpack | None = None,
    part: Part | None = None,
) -> Residual:
    """The terms whose mean squares are minimized: the equations, what conditions cannot
    be built into the net, at each point's projection to the face or at a point of its
    piece, the measured data and, with soft conditions, the defects of all data that
    could be built in.

    **Arguments:**

    - `unpack`: from what is trained to the net's weights and the unknowns' values; by
      default all of them in one vector.
    - `part`: of the domain, a coordinate and from where to where in the unit interval;
      by default the whole.
    """
    names = problem.domain.names
    lower, upper = problem.domain.lower_floats, problem.domain.upper_floats
    begin, end = lower, upper
    if part is not None:
        axis, low, high = names.index(part[0]), part[1], part[2]
        begin, end = lower.copy(), upper.copy()
        begin[axis] = lower[axis] + low * (upper[axis] - lower[axis])
        end[axis] = lower[axis] + high * (upper[axis] - lower[axis])
    split = unpack or (lambda vector: parameters(problem, network, vector))
    faces = [
        (names.index(c.coordinate), position, c)
        for c in problem.conditions
        if c.residual is not None or not hard
        if not c.piece
        for position in positions(problem.domain, c)
    ]
    walls = [
        (wall_points(problem.domain, c.piece), c)
        for c in problem.conditions
        if c.piece and (c.residual is not None or not hard)
    ]

    measured = None if data is None else data_terms(problem, network, data)

    def residual(vector, units):
        weights, unknowns = split(vector)
        weights = {**weights, **unknowns}
        points = begin + units * (end - begin)
        found = [residual_terms(problem, network, weights, points)]
        if not isinstance(problem.domain, Box):
            near = jax.vmap(partial(corner_weight, problem.domain))(points)
            found[0] = near[:, None] * found[0]
        for axis, position, condition in faces:
            on_face = points.at[:, axis].set(position)
            found.append(
                condition_defects(problem, network, condition, weights, on_face)
            )
        for on_wall, condition in walls:
            chosen = jax.vmap(partial(chosen_of, number=len(on_wall)))(units)
            on_piece = jnp.asarray(on_wall, units.dtype)[chosen]
            found.append(
                condition_defects(problem, network, condition, weights, on_piece)
            )
        if measured is not None:
            found.append(jax.vmap(partial(measured, weights))(units))
        return jnp.concatenate(found, axis=1)

    return residual


def fields_function(
    problem: Problem, network: Program, terms: int, unpack: Unpack
) -> Residual:
    """The field that evolves by each term of the residual: the first by the first
    equation and so on, and zero for the terms that are not equations.
    """
    domain = problem.domain
    names, lower, upper = domain.names, domain.lower_floats, domain.upper_floats
    zero = (0,) * domain.dimension

    def fields(vector, units):
        weights, _ = unpack(vector)
        points = lower + units * (upper - lower)
        found = field_derivatives(network, names, (zero,), weights, points)[zero]
        values = _columns(found[f] for f in problem.fields)
        return jnp.pad(values, ((0, 0), (0, terms - len(problem.fields))))

    return fields
