"""Approximate solutions: a problem, the fields' program and its weights."""

from collections.abc import Mapping
from dataclasses import dataclass, field as dataclass_field, replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np

from .._core import (
    CertaxError,
    Program,
    TracedCondition,
    Verdict,
    derivative_names as all_derivatives,
    derivatives,
    evaluate,
    expression,
    to_float,
)
from ._pieces import column_of
from ._problem import Problem
from ._regions import holds

if TYPE_CHECKING:
    import xarray

MultiIndex = tuple[int, ...]
_chunk = 4096


@dataclass(frozen=True)
class Solution:
    """What training hands back, as data; also what certificates speak about.

    Call it with one array for each coordinate, all of the same shape or scalars, as
    `solution(x=0.5, t=1.0)`; `solution.u.xx(x=..., t=...)` gives derivatives. Values
    are float64 NumPy arrays; for several fields, a dictionary of such.

    **Attributes:**

    - `problem`: what was solved.
    - `network`: the fields' program, hard constraints included.
    - `weights`: its weights by name.
    - `details`: what else is known of the run (seed, steps, outcome).
    - `unknowns`: the values found for the problem's unknown coefficients.
    - `verdict`: whether it can be trusted, and on what evidence.
    """

    problem: Problem
    network: Program
    weights: Mapping[str, np.ndarray]
    details: Mapping[str, Any]
    unknowns: Mapping[str, float] = dataclass_field(default_factory=dict)

    @cached_property
    def verdict(self) -> Verdict | None:
        """The verdict on a solution that was just trained, without a proof; `None` for
        one that was loaded. The evidence is gathered when it is first asked for.
        """
        judge = self.details.get("judge")
        return None if judge is None else judge(self)

    def __call__(self, **coordinates: Any) -> np.ndarray | dict[str, np.ndarray]:
        values = self.evaluate(coordinates, (0,) * self.problem.domain.dimension)
        return values[self.problem.fields[0]] if len(values) == 1 else values

    def __getattr__(self, name: str) -> "SolutionField":
        if not name.startswith("_") and name in self.problem.fields:
            return SolutionField(self, name)
        raise AttributeError(f"the solution has no field {name!r}")

    def evaluate(
        self, coordinates: Mapping[str, Any], orders: MultiIndex
    ) -> dict[str, np.ndarray]:
        """All fields' derivatives of the given orders."""
        names = self.problem.domain.names
        if set(coordinates) != set(names):
            raise CertaxError(
                f"A solution over {', '.join(names)} was asked at "
                f"{', '.join(coordinates) or 'no coordinates'}.",
                value=", ".join(coordinates),
                remedy="Give every coordinate by name.",
            )
        arrays = np.broadcast_arrays(
            *[np.asarray(coordinates[n], np.float64) for n in names]
        )
        points = np.stack([a.ravel() for a in arrays], axis=-1)
        values = at_points(self.network, names, (orders,), self.weights, points)
        return {f: v.reshape(arrays[0].shape) for f, v in values[orders].items()}

    def residual(self, points: np.ndarray) -> np.ndarray:
        """The residual's components at points of shape `(n, d)`: `(n, equations)`.

        Unknown coefficients have the values that were found; an equation that does not
        hold at a point is zero there.
        """
        values = self._equations(self.problem.residual, points)
        names, regions = self.problem.domain.names, self.problem.regions
        return np.where(holds(regions, names, points), values, 0) if regions else values

    def defect(self, condition: TracedCondition, points: np.ndarray) -> np.ndarray:
        """What a condition leaves at points of shape `(n, d)` of its face, on pieces
        `(n, 2 d)` with the normals: û minus the data, or its equations' residuals, of
        shape `(n, defects)`.
        """
        if condition.residual is not None:
            return self._equations(condition.residual, points)
        assert condition.values is not None
        names = self.problem.domain.names
        moves = condition.kind == "velocity"
        orders = tuple(int(moves and n == condition.coordinate) for n in names)
        here = points[:, : len(names)]
        found = at_points(self.network, names, (orders,), self.weights, here)[orders]
        data = self._equations(condition.values, points)
        columns = zip(condition.fields, data.T, strict=True)
        return np.stack([found[f] - column for f, column in columns], axis=-1)

    def _equations(self, program: Program, points: np.ndarray) -> np.ndarray:
        """A program of derivatives at points, with the values of the unknowns."""
        program = program.with_constants(self._exact_unknowns())
        entries, names = program.of_kind("derivative"), self.problem.domain.names
        orders = tuple({i.orders: None for i in entries})
        inputs: dict[str, Any] = constants_of(program)
        here = points[:, : len(names)]
        found = at_points(self.network, names, orders, self.weights, here)
        inputs |= {i.name: found[i.orders][i.field] for i in entries}
        for item in program.of_kind("coordinate"):
            inputs[item.name] = points[:, column_of(names, item.name)]
        with jax.enable_x64(True):
            outputs = jax.jit(partial(evaluate, program))(inputs)
        full = [np.broadcast_to(np.asarray(v), len(points)) for v in outputs.values()]
        return np.stack(full, axis=-1)

    def _exact_unknowns(self) -> dict[str, str]:
        return {name: expression(value) for name, value in self.unknowns.items()}

    def identified(self) -> "Solution":
        """The solution of the forward problem whose coefficients are the values found,
        exactly as binary numbers. Theorems apply to it.

        **Raises:** `CertaxError` if no values were found.
        """
        missing = [n for n in self.problem.unknowns if n not in self.unknowns]
        if missing:
            raise CertaxError(
                f"No value was found for the unknown {missing[0]!r}.",
                value=missing[0],
                remedy="Solve the problem with measured data first.",
            )
        problem = self.problem.identified(self._exact_unknowns())
        return replace(self, problem=problem, unknowns={})

    def to_xarray(self, grid: Mapping[str, np.ndarray]) -> "xarray.Dataset":
        """The fields on a tensor grid, one one-dimensional array for each coordinate.

        **Returns:** an `xarray.Dataset` whose dimensions are the coordinates' names.
        """
        import xarray

        names = self.problem.domain.names
        axes = [np.asarray(grid[n], np.float64) for n in names]
        mesh = np.meshgrid(*axes, indexing="ij")
        point = dict(zip(names, mesh, strict=True))
        values = self.evaluate(point, (0,) * len(names))
        return xarray.Dataset(
            {f: (names, v) for f, v in values.items()},
            coords=dict(zip(names, axes, strict=True)),
        )


@dataclass(frozen=True)
class SolutionField:
    """One field of a solution; `solution.u.xx` is its derivative."""

    solution: Solution
    name: str
    orders: MultiIndex | None = None

    def __getattr__(self, name: str) -> "SolutionField":
        known = all_derivatives(self.solution.problem.domain.names)
        if name.startswith("_") or name not in known or self.orders is not None:
            raise AttributeError(f"the field {self.name} has no derivative {name!r}")
        return SolutionField(self.solution, self.name, known[name])

    def __call__(self, **coordinates: Any) -> np.ndarray:
        orders = self.orders or (0,) * self.solution.problem.domain.dimension
        return self.solution.evaluate(coordinates, orders)[self.name]


def constants_of(program: Program) -> dict[str, Any]:
    """The nearest doubles of a program's constants."""
    return {i.name: np.float64(to_float(i.value)) for i in program.of_kind("constant")}


def at_points(
    network: Program,
    names: tuple[str, ...],
    orders: tuple[MultiIndex, ...],
    weights: Mapping[str, np.ndarray],
    points: np.ndarray,
) -> dict[MultiIndex, dict[str, np.ndarray]]:
    """Derivatives of the fields at points of shape `(n, d)`, in chunks."""
    compiled = _compiled(network, names, orders)
    parts = []
    with jax.enable_x64(True):
        for start in range(0, len(points), _chunk):
            part = points[start : start + _chunk]
            padded = np.resize(part, (_chunk, points.shape[1]))
            found = compiled(dict(weights), padded)
            parts.append(jax.tree.map(lambda a: np.asarray(a)[: len(part)], found))
    return jax.tree.map(lambda *a: np.concatenate(a), *parts)


@lru_cache(maxsize=64)
def _compiled(network: Program, names: tuple[str, ...], orders: tuple[MultiIndex, ...]):
    def found(weights, points):
        return field_derivatives(network, names, orders, weights, points)

    return jax.jit(found)


def field_derivatives(network, names, orders, weights, points):
    """Derivatives of all fields at points of shape `(n, d)`, in JAX."""
    constants = {
        n: jnp.asarray(c, points.dtype) for n, c in constants_of(network).items()
    }
    return derivatives(network, {**weights, **constants}, names, points, orders)


def point_derivatives(network, names, orders, weights, point):
    """Derivatives of all fields at one point, in JAX."""
    found = field_derivatives(network, names, orders, weights, point[None])
    return jax.tree.map(lambda values: values[0], found)
