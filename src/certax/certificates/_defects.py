"""Solves the linearized equation for the measured residual, by collocation.

What is found is written into the certificate as a correction and a barrier; that they
do what they should is for the checker to prove.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import jax
import jax.numpy as jnp
import numpy as np

from .._core import Program, TracedCondition, evaluate
from ..problems import Solution, at_points, constants_of
from ._boundary import meets
from ._chebyshev import MultiIndex, Polynomials, nodes, write_program

_degrees = {1: (12, 24, 36, 48), 2: (8, 12, 16, 20, 24, 28), 3: (4, 6, 8, 10)}
_barrier_degrees = {1: 16, 2: 10, 3: 6}
_samples = {1: 400, 2: 40, 3: 14}
_good = 1e-2


class NoBarrier(Exception):
    """The linearized equation does not seem to have a positive barrier."""


@dataclass(frozen=True)
class Preparation:
    """A correction ℓ and a barrier w, both as one program with weights.

    **Attributes:**

    - `program`: its outputs are `correction` and `barrier`.
    - `weights`: by name.
    - `size`: the largest measured |ℓ|; `stretch`: that of w / 𝓛w.
    - `defect`: the largest measured residual of û − ℓ.
    """

    program: Program
    weights: dict[str, np.ndarray]
    size: float
    stretch: float
    defect: float


@dataclass(frozen=True)
class _Grid:
    """Points with the derivatives of û there."""

    solution: Solution
    points: np.ndarray
    fields: dict[MultiIndex, np.ndarray]

    def linearized(
        self, moved: dict[MultiIndex, np.ndarray]
    ) -> tuple[np.ndarray, dict[MultiIndex, np.ndarray]]:
        """The residual of û − ℓ and its partial derivatives, ℓ given by derivatives."""
        residual = self.solution.problem.residual
        names = self.solution.problem.domain.names
        count = len(self.points)
        # Few sizes, so that little is compiled.
        padded = 512 * 2 ** max(0, math.ceil(math.log2(count / 512)))
        inputs = {}
        for item in residual.inputs:
            if item.kind == "coordinate":
                found = self.points[:, names.index(item.name)]
            elif item.kind == "derivative":
                found = self.fields[item.orders] - moved.get(item.orders, np.zeros(1))
            else:
                continue
            inputs[item.name] = np.resize(found, padded)
        with jax.enable_x64(True):
            value, slopes = _compiled(residual)(inputs, constants_of(residual))
        partial = {i.name: i.orders for i in residual.of_kind("derivative")}
        return (
            np.asarray(value)[:count],
            {partial[n]: np.asarray(slope)[:count] for n, slope in slopes.items()},
        )


@lru_cache(maxsize=8)
def _compiled(residual: Program) -> Callable:
    """The residual at many points, and its derivatives by its derivative inputs."""
    names = [item.name for item in residual.of_kind("derivative")]

    def everywhere(inputs: dict, constants: dict) -> tuple[jax.Array, dict]:
        def scalar(known: dict) -> jax.Array:
            value = evaluate(residual, constants | inputs | known)["0"]
            return jnp.broadcast_to(value, inputs[names[0]].shape)

        own = {n: inputs[n] for n in names}
        zeros = {n: jnp.zeros_like(v) for n, v in own.items()}
        slopes = {
            n: jax.jvp(scalar, (own,), (zeros | {n: jnp.ones_like(own[n])},))[1]
            for n in names
        }
        return scalar(own), slopes

    return jax.jit(everywhere)


def prepare(solution: Solution) -> Preparation:
    """Finds the correction and the barrier.

    **Raises:** `NoBarrier` where no positive barrier is found.
    """
    dimension = solution.problem.domain.dimension
    if dimension not in _degrees:
        raise NoBarrier("polynomial barriers are made in one to three dimensions")
    check = _grid(solution, _samples[dimension])
    barrier, coefficients, stretch = _barrier(solution, check)
    exact = _meets(solution)
    best: tuple | None = None
    for degree in _degrees[dimension]:
        polynomials = Polynomials(solution.problem.domain, degree, exact)
        grid = _grid(solution, degree + degree // 2 + 3)
        found = _correction(polynomials, grid, not exact)
        moved = _derivatives(polynomials, found, check)
        size = np.abs(moved[(0,) * dimension]).max()
        defect = np.abs(check.linearized(moved)[0]).max()
        if best is None or size + stretch * defect < best[0]:
            best = (size + stretch * defect, polynomials, found, size, defect)
        if stretch * defect <= _good * size:
            break
    assert best is not None
    _, polynomials, found, size, defect = best
    program, weights = write_program(
        {"correction": (polynomials, found), "barrier": (barrier, coefficients)},
        solution.problem.domain,
    )
    return Preparation(program, weights, float(size), stretch, float(defect))


def _orders(solution: Solution) -> tuple[MultiIndex, ...]:
    used = {i.orders: None for i in solution.problem.residual.of_kind("derivative")}
    return tuple({(0,) * solution.problem.domain.dimension: None} | used)


def _grid(solution: Solution, count: int) -> _Grid:
    problem = solution.problem
    points = nodes(problem.domain, count)
    names, weights = problem.domain.names, solution.weights
    orders = _orders(solution)
    found = at_points(solution.network, names, orders, weights, points)
    field = problem.fields[0]
    return _Grid(solution, points, {o: values[field] for o, values in found.items()})


def _derivatives(
    polynomials: Polynomials, coefficients: np.ndarray, grid: _Grid
) -> dict[MultiIndex, np.ndarray]:
    return {o: polynomials.values(grid.points, o) @ coefficients for o in grid.fields}


def _operator(
    polynomials: Polynomials, grid: _Grid, slopes: dict[MultiIndex, np.ndarray]
) -> np.ndarray:
    """The linearized operator of every polynomial, at the points."""
    made = np.zeros((len(grid.points), int(np.prod(polynomials.shape))))
    for order, slope in slopes.items():
        made += slope[:, None] * polynomials.values(grid.points, order)
    return made


def _correction(polynomials: Polynomials, grid: _Grid, walls: bool) -> np.ndarray:
    """ℓ with 𝓛ℓ = r in the sense of least squares, by Newton's method; where `walls`,
    ℓ is also to be the defect there.
    """
    domain = grid.solution.problem.domain
    rows = np.zeros((0, int(np.prod(polynomials.shape))))
    defect = np.zeros(0)
    if walls:
        points, defect = _wall_defect(grid)
        # In the units of second derivatives, and a little more.
        scale = 10 * np.abs(domain.upper_floats - domain.lower_floats).min() ** -2
        rows = scale * polynomials.values(points, (0,) * domain.dimension)
        defect = scale * defect

    def step(value: np.ndarray, slopes: dict, found: np.ndarray) -> np.ndarray:
        system = np.concatenate([_operator(polynomials, grid, slopes), rows])
        wanted = np.concatenate([value, defect - rows @ found])
        return found + _least_squares(system, wanted)

    value, slopes = grid.linearized({})
    found = step(value, slopes, np.zeros(rows.shape[1]))
    for _ in range(2):
        old = slopes
        value, slopes = grid.linearized(_derivatives(polynomials, found, grid))
        if all(np.array_equal(slopes[o], old[o]) for o in slopes):
            break  # The equation is linear.
        found = step(value, slopes, found)
    return found


def _meets(solution: Solution) -> bool:
    """Whether the network equals the data on every wall, exactly."""
    problem = solution.problem
    return all(
        meets(solution.network, problem, condition, side)
        for condition in problem.conditions
        for side in _sides(condition)
    )


def _sides(condition: TracedCondition) -> tuple[str, ...]:
    return ("lower", "upper") if condition.side == "both" else (condition.side,)


def _wall_defect(grid: _Grid) -> tuple[np.ndarray, np.ndarray]:
    """Points on the walls, and û − data there."""
    solution = grid.solution
    problem = solution.problem
    names, field = problem.domain.names, problem.fields[0]
    places, defects = [], []
    for condition in problem.conditions:
        axis = names.index(condition.coordinate)
        assert condition.values is not None
        for side in _sides(condition):
            ends = problem.domain
            points = grid.points.copy()
            points[:, axis] = (
                ends.lower_floats if side == "lower" else ends.upper_floats
            )[axis]
            points = np.unique(points, axis=0)
            at: dict = dict(zip(names, points.T, strict=True))
            known = constants_of(condition.values) | at
            with jax.enable_x64(True):
                data = evaluate(condition.values, known)[field]
            places.append(points)
            defects.append(solution(**at) - np.asarray(data))
    return np.concatenate(places), np.concatenate(defects)


def _least_squares(matrix: np.ndarray, values: np.ndarray) -> np.ndarray:
    from scipy.linalg import lstsq

    sizes = np.linalg.norm(matrix, axis=0)
    found = lstsq(matrix / sizes, values, cond=1e-13, lapack_driver="gelsy")
    assert found is not None
    return found[0] / sizes


def _barrier(solution: Solution, check: _Grid) -> tuple[Polynomials, np.ndarray, float]:
    """w with ±𝓛w near one, as small as may be on the walls, and sup w / 𝓛w."""
    domain = solution.problem.domain
    polynomials = Polynomials(domain, _barrier_degrees[domain.dimension], False)
    grid = _grid(solution, polynomials.degree + 4)
    zero = (0,) * domain.dimension
    faces = _walls(grid.points, solution)
    rows = polynomials.values(faces, zero)
    _, slopes = grid.linearized({})
    operator = _operator(polynomials, grid, slopes)
    _, other = check.linearized({})
    tried = _operator(polynomials, check, other)
    every = np.concatenate([polynomials.values(check.points, zero), rows])
    scale = np.abs(domain.upper_floats - domain.lower_floats).min() ** -2
    sign = -1.0 if sum(slopes[o].mean() for o in slopes if max(o) == 2) > 0 else 1.0
    ones = np.ones(len(grid.points))
    for margin, weight in product((0.3, 0.1, 0.03), (10.0, 1.0, 0.1, 0.01)):
        system = np.concatenate([sign * operator, weight * scale * rows])

        def solved(wall: float) -> np.ndarray:
            values = np.full(len(faces), weight * scale * wall)
            return _least_squares(system, np.concatenate([ones, values]))

        # Positive on the walls too, with room for its enclosure near them.
        wall = margin * np.abs(every @ solved(0.0)).max()
        found = solved(wall)
        rise, values = (sign * tried) @ found, every @ found
        if rise.min() > 0.5 and values.min() > 0.5 * wall:
            return polynomials, found, float(values.max() / rise.min())
    raise NoBarrier(
        "no positive function was found that the linearized operator makes positive"
    )


def _walls(points: np.ndarray, solution: Solution) -> np.ndarray:
    """The points' projections on all walls."""
    domain = solution.problem.domain
    faces = []
    for i, ends in enumerate(
        zip(domain.lower_floats, domain.upper_floats, strict=True)
    ):
        for end in ends:
            moved = points.copy()
            moved[:, i] = end
            faces.append(np.unique(moved, axis=0))
    return np.concatenate(faces)
