"""Measured quantities: what sampling says, beside what is proved. Never a bound."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from .._core import AbstractShape, Box, Product, TracedCondition, to_float
from ..problems import Problem, Reference, Solution
from ._walls import wall_points

_points = 2**20
_face_points = 2**12
_best = 64
_ascent_steps = 50


@dataclass(frozen=True)
class Grid:
    """The grid on which errors are measured, with the reference's values there.

    Outside of the domain, where `inside` is false, values are NaN. Of `floating` fields
    the equations leave the mean over `space`, the axes but time, free: errors are those
    of what is left without it.
    """

    axes: tuple[np.ndarray, ...]
    reference: dict[str, np.ndarray] | None
    inside: np.ndarray | None = None
    floating: tuple[str, ...] = ()
    space: tuple[int, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(a) for a in self.axes)

    def values(self, solution: Solution) -> dict[str, np.ndarray]:
        """The fields on the grid."""
        names = solution.problem.domain.names
        mesh = np.meshgrid(*self.axes, indexing="ij")
        point = dict(zip(names, mesh, strict=True))
        return self.masked(solution.evaluate(point, (0,) * len(names)))

    def masked(self, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Values with NaN outside of the domain."""
        if self.inside is None:
            return dict(values)
        return {n: np.where(self.inside, v, np.nan) for n, v in values.items()}

    def relative_l2(self, values: Mapping[str, np.ndarray]) -> dict[str, float | None]:
        """Of each field against the reference."""
        if self.reference is None:
            return dict.fromkeys(values, None)
        return relative_l2(self._centered(values), self._centered(self.reference))

    def largest_error(
        self, values: Mapping[str, np.ndarray]
    ) -> dict[str, float | None]:
        """Of each field against the reference."""
        if self.reference is None:
            return dict.fromkeys(values, None)
        return largest_error(self._centered(values), self._centered(self.reference))

    def reference_beside(
        self, values: Mapping[str, np.ndarray]
    ) -> dict[str, np.ndarray] | None:
        """The reference with the free means of the values, for pictures."""
        if self.reference is None:
            return None
        found = dict(self.reference)
        for name in self.floating:
            difference = values[name] - found[name]
            found[name] = found[name] + np.nanmean(
                difference, axis=self.space, keepdims=True
            )
        return found

    def _centered(self, values: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        means = {
            n: np.nanmean(values[n], axis=self.space, keepdims=True)
            for n in self.floating
        }
        return {n: v - means[n] if n in means else v for n, v in values.items()}


def floating_fields(problem: Problem) -> tuple[str, ...]:
    """The fields that equations and conditions after the start see through derivatives
    in space only, such as most pressures: a constant, or a function of time, can be
    added to them.
    """
    time, names = problem.time, problem.domain.names
    given = [c for c in problem.conditions if c.kind not in ("initial", "terminal")]
    programs = [problem.residual, *(c.residual for c in given if c.residual)]
    fixed = {f for c in given for f in c.fields}
    for program in programs:
        for item in program.of_kind("derivative"):
            orders = zip(names, item.orders, strict=True)
            if not any(order for name, order in orders if name != time):
                fixed.add(item.field)
    return tuple(f for f in problem.fields if f not in fixed)


def measuring_grid(problem: Problem, reference: Reference | None) -> Grid:
    """512 × 201 in space and time, 2001 points for one coordinate, 257² and 65³ for
    several in space, over the box around the domain; some corners beyond five
    coordinates.
    """
    dimension = problem.domain.dimension
    if problem.time is not None and dimension == 2:
        sizes = [201 if n == problem.time else 512 for n in problem.domain.names]
    elif dimension > 5:
        # Corners of twelve axes; a net of many inputs has no picture.
        sizes = [2] * min(dimension, 12) + [1] * (dimension - 12)
    else:
        sizes = [{1: 2001, 2: 257, 3: 65, 4: 17, 5: 9}[dimension]] * dimension
    ends = zip(
        problem.domain.lower_floats, problem.domain.upper_floats, sizes, strict=True
    )
    axes = tuple(np.linspace(lower, upper, n) for lower, upper, n in ends)
    inside = None
    if not isinstance(problem.domain, Box):
        mesh = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
        inside = is_inside(problem.domain, mesh)
    names = problem.domain.names
    space = tuple(i for i, name in enumerate(names) if name != problem.time)
    grid = Grid(axes, None, inside, floating_fields(problem), space)
    if reference is None:
        return grid
    found = dict(zip(problem.fields, reference.evaluate(*axes), strict=True))
    return replace(grid, reference=grid.masked(found))


def is_inside(domain: AbstractShape, points: np.ndarray) -> np.ndarray:
    """Whether points, shape `(..., d)`, are inside a domain, or at the ends of its
    straight coordinates. On curved boundaries a net may have no derivatives.
    """
    if isinstance(domain, Box):
        return np.ones(points.shape[:-1], bool)
    curved = domain.shape if isinstance(domain, Product) else domain
    flat = points.reshape(-1, domain.dimension)[:, : curved.dimension]
    return (curved.side(flat) > 0).reshape(points.shape[:-1])


def relative_l2(
    values: Mapping[str, np.ndarray], reference: Mapping[str, np.ndarray] | None
) -> dict[str, float | None]:
    """‖u − u_reference‖₂ / ‖u_reference‖₂ on the grid, for each field."""
    if reference is None:
        return dict.fromkeys(values, None)
    found: dict[str, float | None] = {}
    for name, value in values.items():
        inside = ~np.isnan(reference[name])
        size = float(np.linalg.norm(reference[name][inside]))
        error = float(np.linalg.norm((value - reference[name])[inside]))
        found[name] = error / size if size > 0 else None
    return found


def largest_error(
    values: Mapping[str, np.ndarray], reference: Mapping[str, np.ndarray] | None
) -> dict[str, float | None]:
    """The largest |u − u_reference| on the grid, for each field."""
    if reference is None:
        return dict.fromkeys(values, None)
    return {
        n: float(np.max(np.abs(v - reference[n])[~np.isnan(reference[n])]))
        for n, v in values.items()
    }


def baselines(
    grid: Grid, problem: Problem
) -> dict[str, dict[str, float | None] | None]:
    """Relative errors of what needs no net: zero, the frozen data in time, the mean."""
    if grid.reference is None:
        return {"zero": None, "initial": None, "mean": None}
    zero = {n: np.zeros_like(r) for n, r in grid.reference.items()}
    mean = {n: np.full_like(r, np.nanmean(r)) for n, r in grid.reference.items()}
    initial = None
    if problem.time is not None:
        axis = problem.domain.names.index(problem.time)
        end = 0 if problem.condition("initial", problem.time) else -1
        frozen = {
            n: np.broadcast_to(r.take([end], axis), r.shape)
            for n, r in grid.reference.items()
        }
        initial = grid.relative_l2(frozen)
    return {
        "zero": grid.relative_l2(zero),
        "initial": initial,
        "mean": grid.relative_l2(mean),
    }


def error_in_norm(solution: Solution, grid: Grid, norm: str) -> float | None:
    """The measured error in a certificate's norm: for `"Linf"` the largest error (for
    systems the Euclidean length), for `"L1"` and `"L2"` the largest over time of the
    norm in space, by the trapezoidal rule.
    """
    values = grid.values(solution)
    reference = grid.reference_beside(values)
    if reference is None:
        return None
    errors = np.stack([values[n] - reference[n] for n in values])
    length = np.sqrt(np.sum(errors**2, axis=0))
    if norm == "Linf":
        return float(length.max())
    problem = solution.problem
    power = {"L1": 1, "L2": 2}.get(norm)
    if power is None or problem.time is None:
        return None
    over = length**power
    # From the last axis on, so that the numbers of those before it stay.
    for axis in reversed(range(len(grid.axes))):
        if problem.domain.names[axis] != problem.time:
            over = np.trapezoid(over, grid.axes[axis], axis=axis)
    return float(over.max() ** (1 / power))


def residual_norms(
    solution: Solution, names: Iterable[str] = ("Linf", "L1", "L2")
) -> dict[str, float]:
    """Sampled norms of the residual over the domain, `"Linf"` and `"Lp"`: over 2^20
    scrambled Sobol points, the supremum after 50 projected ascent steps from the best
    64.
    """
    from scipy.stats import qmc

    domain = solution.problem.domain
    sobol = qmc.Sobol(domain.dimension, scramble=True, rng=0)
    points = domain.physical(sobol.random(_points))
    values = np.abs(solution.residual(points))
    volume = float(np.prod(domain.upper_floats - domain.lower_floats))
    largest = values.max(axis=1)
    best = points[np.argsort(-largest)[:_best]]
    found = {}
    for name in names:
        if name == "Linf":
            found[name] = _ascended(solution, best, float(largest.max()))
        else:
            power = int(name[1:])
            mean = volume * float(np.mean(np.sum(values**power, axis=1)))
            found[name] = mean ** (1.0 / power)
    return found


def condition_defects(solution: Solution) -> dict[str, float]:
    """The largest sampled |û − data| or |residual| of the conditions at each place."""
    from scipy.stats import qmc

    domain = solution.problem.domain
    sobol = qmc.Sobol(domain.dimension, scramble=True, rng=0)
    points = domain.physical(sobol.random(_face_points))
    points = points[is_inside(domain, points)]
    found: dict[str, float] = {}
    for condition in solution.problem.conditions:
        if condition.piece:
            on_wall = wall_points(domain, condition.piece)
            largest = float(np.max(np.abs(solution.defect(condition, on_wall))))
            found[condition.place] = max(largest, found.get(condition.place, 0.0))
            continue
        axis = domain.names.index(condition.coordinate)
        for position in positions(domain, condition):
            on_face = points.copy()
            on_face[:, axis] = position
            largest = float(np.max(np.abs(solution.defect(condition, on_face))))
            found[condition.place] = max(largest, found.get(condition.place, 0.0))
    return found


def positions(domain: AbstractShape, condition: TracedCondition) -> list[float]:
    """Where a condition's coordinate is on its faces; none where it is periodic."""
    if condition.program is None:
        return []
    if condition.side == "inside":
        return [to_float(condition.at)]
    axis = domain.names.index(condition.coordinate)
    ends = {"lower": domain.lower_floats[axis], "upper": domain.upper_floats[axis]}
    return [float(ends[side]) for side in condition.sides]


def _ascended(solution: Solution, points: np.ndarray, best: float) -> float:
    """Projected pattern ascent: each point tries a shrinking step along every axis."""
    domain = solution.problem.domain
    lower, upper = domain.lower_floats, domain.upper_floats
    here = np.max(np.abs(solution.residual(points)), axis=1)
    step = np.tile((upper - lower) * 1e-3, (len(points), 1))
    directions = np.concatenate([np.eye(domain.dimension), -np.eye(domain.dimension)])
    for _ in range(_ascent_steps):
        trials = np.clip(
            points[:, None, :] + directions[None] * step[:, None, :], lower, upper
        )
        flat = trials.reshape(-1, domain.dimension)
        found = np.max(np.abs(solution.residual(flat)), axis=1)
        found = found.reshape(len(points), -1)
        choice = found.argmax(axis=1)
        gain = found.max(axis=1) > here
        points = np.where(gain[:, None], trials[np.arange(len(points)), choice], points)
        here = np.where(gain, found.max(axis=1), here)
        step = np.where(gain[:, None], step, 0.5 * step)
    return max(best, float(here.max()))
