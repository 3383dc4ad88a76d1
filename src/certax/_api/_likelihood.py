"""The posterior's density: data, residual and prior over their deviations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from .._core import sobol_points
from ..problems import Data, Solution, point_derivatives
from ._bands import rms_misfit
from ._inverse import numbers_of, starting_values, unknown_values
from ._objective import residual_function
from ._vectors import split_vector

# Of the unknowns' numbers, which have the size one.
_prior_of_unknowns = 10.0
# A residual that training left below this is rounding.
_least_residual = 1e-9
# So many draws are evaluated at once.
_batch = 32


@dataclass(frozen=True, eq=False)
class Likelihood:
    """F with the posterior's density exp(−|F(θ)|²/2).

    **Attributes:**

    - `outer`: whether θ is the last layer only, beside the unknowns' numbers.
    - `noise`: deviations of the data by field; a field's misfit where it is left out.
    - `residual`, `prior`: deviations, or `None` for those of the solution.
    """

    solution: Solution
    data: Data
    outer: bool
    hard: bool
    points: int
    noise: Mapping[str, float]
    residual: float | None
    prior: float | None
    seed: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The sampled weights: with `outer` from the last matrix on."""
        entries = self.solution.network.of_kind("weight")
        if not self.outer:
            return tuple(i.name for i in entries)
        last = max(k for k, i in enumerate(entries) if len(i.shape) == 2)
        return tuple(i.name for i in entries[last:])

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        weights = self.solution.weights
        return {n: weights[n].shape for n in self.names}

    @cached_property
    def center(self) -> np.ndarray:
        """θ of the solution."""
        solution = self.solution
        weights = [solution.weights[n].ravel() for n in self.names]
        return np.concatenate(
            [*weights, numbers_of(solution.problem, solution.unknowns)]
        )

    @property
    def weights_count(self) -> int:
        return len(self.center) - len(self.solution.problem.unknowns)

    def _all(self, theta: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """All weights and the unknowns at θ."""
        weights = {n: jnp.asarray(w) for n, w in self.solution.weights.items()}
        weights |= split_vector(theta[: self.weights_count], self.shapes)
        return weights, unknown_values(
            self.solution.problem, theta[self.weights_count :]
        )

    def _at(self, theta: Any, points: Any) -> dict[str, Any]:
        """All fields at points of shape `(n, d)`."""
        solution = self.solution
        names = solution.problem.domain.names
        zero, weights = (0,) * len(names), self._all(theta)[0]
        network = solution.network
        found = jax.vmap(
            lambda p: point_derivatives(network, names, (zero,), weights, p)
        )(points)
        return found[zero]

    def misfits(self) -> Callable[[Any], Any]:
        """F, a function of θ."""
        problem = self.solution.problem
        unit = sobol_points(self.points, problem.domain.dimension, seed=self.seed)
        if problem.domain.inside_of_cube is not None:
            unit = unit[problem.domain.inside_of_cube(unit)]
        wrong = residual_function(
            problem, self.solution.network, self.hard, unpack=self._all
        )
        names = problem.domain.names
        where = np.stack([self.data.points[n] for n in names], axis=-1)
        noise, left = self._deviations(wrong, unit, where)
        center, count = self.center, self.weights_count
        size = max(1.0, float(np.sqrt(np.mean(center[:count] ** 2))))
        wide = np.full(len(center), self.prior or size)
        wide[count:] = _prior_of_unknowns
        middle = np.zeros(len(center))
        middle[count:] = starting_values(problem)

        def misfits(theta):
            fields = self._at(theta, where)
            parts = [
                (fields[f] - values) / noise[f]
                for f, values in self.data.values.items()
            ]
            parts.append(jnp.ravel(wrong(theta, jnp.asarray(unit)) / left))
            return jnp.concatenate([*parts, (theta - middle) / wide])

        return misfits

    def _deviations(self, wrong: Any, unit: Any, where: Any) -> tuple[dict, Any]:
        """Of the data by field, and of the residual's terms."""

        @jax.jit
        def now(theta):
            return self._at(theta, where), wrong(theta, jnp.asarray(unit))

        fields, terms = now(self.center)
        noise = {
            f: self.noise.get(f) or rms_misfit(values, np.asarray(fields[f]))
            for f, values in self.data.values.items()
        }
        left = np.sqrt(np.mean(np.asarray(terms) ** 2, axis=0))
        if self.residual is not None:
            left = np.full_like(left, self.residual)
        return noise, np.maximum(left, _least_residual)

    def fields(
        self, thetas: np.ndarray, coordinates: Mapping[str, Any]
    ) -> dict[str, np.ndarray]:
        """Every field at points for every θ, of shape `(θ, ...)`."""
        names = self.solution.problem.domain.names
        arrays = np.broadcast_arrays(
            *[np.asarray(coordinates[n], np.float64) for n in names]
        )
        points = np.stack([a.ravel() for a in arrays], axis=-1)
        with jax.enable_x64(True):
            found = jax.jit(self._for_all)(thetas, points)
        shape = (len(thetas), *arrays[0].shape)
        return {f: np.asarray(v).reshape(shape) for f, v in found.items()}

    def _for_all(self, thetas: Any, points: Any) -> dict[str, Any]:
        at = lambda theta: self._at(theta, points)
        return jax.lax.map(at, thetas, batch_size=_batch)

    def unknowns(self, thetas: np.ndarray) -> dict[str, np.ndarray]:
        """Every unknown coefficient for every θ."""
        numbers = thetas[:, self.weights_count :].T
        return unknown_values(self.solution.problem, numbers)
