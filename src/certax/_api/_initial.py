"""A fresh net, and its parameters as one vector."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._core import NetworkSettings, Program, evaluate, to_float
from ..nn import (
    Lagrangian,
    RoundedCorner,
    is_folded,
    make_ansatz,
    parameters_of,
    program_of,
    weights_of,
    with_parameters,
)
from ..problems import Problem, corner_seam
from ._characteristics import mean_speeds
from ._inverse import starting_values
from ._vectors import flatten, split_vector

# A block has three layers, and features do the work of the first ones.
_depths = {"residual-adaptive": 1, "gaussian-features": 1, "fourier-features": 2}


@dataclass(frozen=True)
class InitialNet:
    """What training starts from.

    - `program`: of the folded net.
    - `parameters`: what is trained, as one vector; the unknowns' numbers last.
    - `shapes`: of its arrays.
    - `parameterization`: from such a vector to that of the program's weights and
      the unknowns' numbers, in JAX;
      `None` if they are the same.
    """

    program: Program
    parameters: np.ndarray
    shapes: tuple[tuple[int, ...], ...]
    parameterization: Callable[[Array], Array] | None = None

    def stored(self, parameters: Any) -> np.ndarray:
        """The program's weights and the unknowns' numbers as one vector."""
        if self.parameterization is None:
            return np.asarray(parameters)
        with jax.enable_x64(True):
            return np.asarray(self.parameterization(jnp.asarray(parameters)))


def initial_network(
    problem: Problem,
    settings: NetworkSettings,
    hard: bool,
    seed: int,
    widths: tuple[int, ...],
) -> InitialNet:
    """A fresh net for a problem.

    **Arguments:**

    - `settings`: which net.
    - `hard`: whether data are built in exactly.
    - `seed`: of the random weights.
    - `widths`: of the hidden layers, where the settings leave them open.

    **Raises:** `CertaxError` for settings that the problem has no use for.
    """
    with jax.enable_x64(True):
        ansatz = make_ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            settings.width or widths[0],
            settings.depth or _depths.get(settings.kind, len(widths)),
            settings.activation or "tanh",
            hard,
            corner=_corner(problem) if hard else None,
            kind=settings.kind,
            form=settings.form,
            features=settings.features,
            scale=settings.scale,
            factorized=settings.factorized,
            key=jax.random.key(seed),
        )
        program = program_of(ansatz, problem.domain.names, problem.fields)
        if isinstance(ansatz, Lagrangian):
            speeds = mean_speeds(problem, program, weights_of(ansatz))
            ansatz = ansatz.moving(speeds)
        parameters = {n: np.asarray(w) for n, w in parameters_of(ansatz).items()}
    start = starting_values(problem)
    shapes = {name: value.shape for name, value in parameters.items()}
    if is_folded(ansatz):
        shapes = {i.name: i.shape for i in program.of_kind("weight")}
        vector = np.concatenate([flatten(parameters, program), start])
        return InitialNet(program, vector, _all_shapes(shapes, start))

    @jax.jit
    def parameterization(vector: Array) -> Array:
        net, numbers = jnp.split(vector, [len(vector) - len(start)])
        weights = weights_of(with_parameters(ansatz, split_vector(net, shapes)))
        parts = [weights[i.name].reshape(-1) for i in program.of_kind("weight")]
        return jnp.concatenate([*parts, numbers])

    vector = np.concatenate([*(v.ravel() for v in parameters.values()), start])
    return InitialNet(program, vector, _all_shapes(shapes, start), parameterization)


def _all_shapes(
    shapes: Mapping[str, tuple[int, ...]], start: np.ndarray
) -> tuple[tuple[int, ...], ...]:
    return (*shapes.values(), *((start.shape,) if start.size else ()))


def _corner(problem: Problem) -> RoundedCorner | None:
    """The corner of the initial data at a periodic seam, rounded, if there is one."""
    seam = corner_seam(problem)
    if seam is None:
        return None
    constants = {
        i.name: jnp.asarray(to_float(i.value)) for i in seam.values.of_kind("constant")
    }

    def data(x: Array) -> Array:
        known = constants | {seam.coordinate: x}
        needed = {i.name: known[i.name] for i in seam.values.inputs}
        return evaluate(seam.values, needed)[problem.fields[0]]

    return RoundedCorner(
        problem.domain, seam.coordinate, seam.time, seam.diffusivity, data
    )
