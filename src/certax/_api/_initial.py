"""A fresh net, and its parameters as one vector."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._core import NetworkSettings, Program
from ..nn import (
    is_folded,
    make_ansatz,
    parameters_of,
    program_of,
    weights_of,
    with_parameters,
)
from ..problems import Problem


@dataclass(frozen=True)
class InitialNet:
    """What training starts from.

    - `program`: of the folded net.
    - `parameters`: what is trained, as one vector.
    - `parameterization`: from such a vector to that of the program's weights, in JAX;
      `None` if they are the same.
    """

    program: Program
    parameters: np.ndarray
    parameterization: Callable[[Array], Array] | None = None

    def stored(self, parameters: Any) -> np.ndarray:
        """The program's weights as one vector."""
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
            settings.depth or len(widths),
            settings.activation or "tanh",
            hard,
            kind=settings.kind,
            form=settings.form,
            features=settings.features,
            scale=settings.scale,
            factorized=settings.factorized,
            key=jax.random.key(seed),
        )
        program = program_of(ansatz, problem.domain.names, problem.fields)
        parameters = {n: np.asarray(w) for n, w in parameters_of(ansatz).items()}
    if is_folded(ansatz):
        return InitialNet(program, flatten(parameters, program))
    shapes = {name: value.shape for name, value in parameters.items()}

    @jax.jit
    def parameterization(vector: Array) -> Array:
        weights = weights_of(with_parameters(ansatz, _split(vector, shapes)))
        parts = [weights[i.name].reshape(-1) for i in program.of_kind("weight")]
        return jnp.concatenate(parts)

    vector = np.concatenate([value.ravel() for value in parameters.values()])
    return InitialNet(program, vector, parameterization)


def flatten(weights: Mapping[str, np.ndarray], program: Program) -> np.ndarray:
    """All weights as one vector, in the order of the program's inputs."""
    return np.concatenate([weights[i.name].ravel() for i in program.of_kind("weight")])


def unflatten(vector: Any, program: Program) -> dict[str, Any]:
    """The inverse of `flatten`, for NumPy and JAX arrays."""
    return _split(vector, {i.name: i.shape for i in program.of_kind("weight")})


def _split(vector: Any, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Any]:
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1].tolist()
    # One split has one transpose; slices would each cost a whole vector in a gradient.
    split = np.split if isinstance(vector, np.ndarray) else jnp.split
    parts = split(vector, ends)
    return {
        name: part.reshape(shape)
        for (name, shape), part in zip(shapes.items(), parts, strict=True)
    }
