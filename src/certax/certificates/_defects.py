"""Solves the linearized equation for the measured residual, by collocation.

What is found is written into the certificate as a correction and a barrier; that they
do what they should is for the checker to prove.
"""

from dataclasses import dataclass
from functools import partial
from itertools import product

import jax
import numpy as np

from .._core import Program, evaluate
from ..problems import Solution, at_points, constants_of
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
        inputs: dict = {
            i.name: self.points[:, names.index(i.name)]
            for i in residual.of_kind("coordinate")
        }
        orders = {i.name: i.orders for i in residual.of_kind("derivative")}
        inputs |= {
            n: self.fields[o] - moved.get(o, np.zeros(1)) for n, o in orders.items()
        }
        ones = {n: np.ones(len(self.points)) for n in orders}

        def scalar(known: dict) -> jax.Array:
            value = evaluate(residual, constants_of(residual) | inputs | known)["0"]
            return jax.numpy.broadcast_to(value, len(self.points))

        slopes = {}
        with jax.enable_x64(True):
            value = np.asarray(scalar({}))
            for name, order in orders.items():
                one = partial(_alone, scalar, name)
                _, slope = jax.jvp(one, (inputs[name],), (ones[name],))
                slopes[order] = np.asarray(slope)
        return value, slopes


def _alone(scalar, name: str, value: jax.Array) -> jax.Array:
    return scalar({name: value})


def prepare(solution: Solution) -> Preparation:
    """Finds the correction and the barrier.

    **Raises:** `NoBarrier` where no positive barrier is found.
    """
    dimension = solution.problem.domain.dimension
    if dimension not in _degrees:
        raise NoBarrier("polynomial barriers are made in one to three dimensions")
    check = _grid(solution, _samples[dimension])
    barrier, coefficients, stretch = _barrier(solution, check)
    best: tuple | None = None
    for degree in _degrees[dimension]:
        polynomials = Polynomials(solution.problem.domain, degree, True)
        found = _correction(polynomials, _grid(solution, degree + degree // 2 + 3))
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


def _correction(polynomials: Polynomials, grid: _Grid) -> np.ndarray:
    """ℓ with 𝓛ℓ = r in the sense of least squares, by Newton's method."""
    value, slopes = grid.linearized({})
    found = _least_squares(_operator(polynomials, grid, slopes), value)
    for _ in range(2):
        old = slopes
        value, slopes = grid.linearized(_derivatives(polynomials, found, grid))
        if all(np.array_equal(slopes[o], old[o]) for o in slopes):
            break  # The equation is linear.
        found = found + _least_squares(_operator(polynomials, grid, slopes), value)
    return found


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
    target = np.concatenate([np.ones(len(grid.points)), np.zeros(len(faces))])
    for margin, weight in product((0.3, 0.1, 0.01), (10.0, 1.0, 0.1, 0.01)):
        system = np.concatenate([sign * operator, weight * scale * rows])
        found = _least_squares(system, target)
        values = every @ found
        # A constant makes it positive, with room for its enclosure near the walls.
        found[0] += max(0.0, -values.min()) + margin * np.abs(values).max()
        rise, values = (sign * tried) @ found, every @ found
        if rise.min() > 0.5 and values.min() > 0:
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
