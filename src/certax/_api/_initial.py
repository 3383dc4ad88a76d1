"""A fresh net, and its parameters as one vector."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from .._core import CertaxError, NetworkSettings, Program, evaluate, to_float
from ..nn import (
    Ansatz,
    Lagrangian,
    RoundedCorner,
    is_folded,
    make_ansatz,
    mirrored,
    parameters_of,
    program_of,
    weights_of,
    with_parameters,
)
from ..problems import Problem, corner_seam, reflections
from ._characteristics import mean_speeds
from ._inverse import starting_values, unknown_values
from ._vectors import split_vector

Module = TypeVar("Module", bound=eqx.Module)

# A block has three layers, and features do the work of the first ones.
depths = {"residual-adaptive": 1, "gaussian-features": 1, "fourier-features": 2}


@dataclass(frozen=True)
class InitialNet:
    """What training starts from.

    - `program`: of the folded net.
    - `parameters`: what is trained, as one vector; the unknowns' numbers last.
    - `arrays`: the shapes of the module's arrays in it, by name.
    - `parameterization`: from such a vector to that of the program's weights and
      the unknowns' numbers, in JAX;
      `None` if they are the same.
    - `frozen`: those of the program's weights that are not trained.
    """

    program: Program
    parameters: np.ndarray
    arrays: Mapping[str, tuple[int, ...]]
    parameterization: Callable[[Array], Array] | None = None
    frozen: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of all arrays in `parameters`."""
        unknowns = self.parameters.size - self._count
        return (*self.arrays.values(), *(((unknowns,),) if unknowns else ()))

    @property
    def _count(self) -> int:
        return sum(math.prod(shape) for shape in self.arrays.values())

    def trained(self, module: Module, parameters: np.ndarray) -> Module:
        """The module that it was made from, with what training found."""
        found = split_vector(jnp.asarray(parameters[: self._count]), self.arrays)
        return with_parameters(module, found)

    def stored(self, parameters: Any) -> np.ndarray:
        """The program's trained weights and the unknowns' numbers as one vector."""
        if self.parameterization is None:
            return np.asarray(parameters)
        with jax.enable_x64(True):
            return np.asarray(self.parameterization(jnp.asarray(parameters)))

    def unpack(self, problem: Problem, vector: Any) -> tuple[dict, dict]:
        """All of the program's weights and the unknowns' values, from such a vector."""
        count = vector.shape[0] - len(problem.unknowns)
        shapes = {
            i.name: i.shape
            for i in self.program.of_kind("weight")
            if i.name not in self.frozen
        }
        weights = {**self.frozen, **split_vector(vector[:count], shapes)}
        return weights, unknown_values(problem, vector[count:])


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
    ansatz = initial_ansatz(problem, settings, hard, seed, widths)
    return trainable(problem, ansatz, starting_values(problem))


def initial_ansatz(
    problem: Problem,
    settings: NetworkSettings,
    hard: bool,
    seed: int,
    widths: tuple[int, ...],
) -> eqx.Module:
    """The module of `initial_network`."""
    with jax.enable_x64(True):
        ansatz = make_ansatz(
            problem.domain,
            problem.fields,
            problem.conditions,
            settings.width or widths[0],
            settings.depth or depths.get(settings.kind or "mlp", len(widths)),
            settings.activation or "tanh",
            hard,
            corner=corner_of(problem) if hard else None,
            kind=settings.kind or "mlp",
            form=settings.form,
            features=settings.features,
            scale=settings.scale,
            factorized=settings.factorized,
            key=jax.random.key(seed),
        )
        if isinstance(ansatz, Lagrangian):
            program = program_of(ansatz, problem.domain.names, problem.fields)
            speeds = mean_speeds(problem, program, weights_of(ansatz))
            ansatz = ansatz.moving(speeds)
        return _symmetric(problem, ansatz) if settings.symmetric else ansatz


def _symmetric(problem: Problem, ansatz: eqx.Module) -> Ansatz:
    """**Raises:** `CertaxError` if the problem or the ansatz has no such form."""
    if not isinstance(ansatz, Ansatz):
        raise CertaxError(
            "Only plain nets are made even or odd, not those that follow "
            "characteristics or are stream functions.",
            value=type(ansatz).__name__,
            remedy="Leave network.symmetric, or network.kind and form, out.",
        )
    found = reflections(problem)
    if not found:
        raise CertaxError(
            f"The problem {problem.name!r} is not its own mirror image in any "
            "coordinate.",
            value=problem.name,
            remedy="Leave network.symmetric out.",
        )
    return mirrored(ansatz, found)


def trainable(
    problem: Problem, module: eqx.Module, start: np.ndarray, prefix: str = ""
) -> InitialNet:
    """What training of a module starts from.

    **Arguments:**

    - `start`: the numbers of the problem's unknowns.
    - `prefix`: of the names of what is trained; the rest stays as it is.
    """
    with jax.enable_x64(True):
        program = program_of(module, problem.domain.names, problem.fields)
        stored = {n: np.asarray(w) for n, w in weights_of(module).items()}
        parameters = {
            n: np.asarray(w)
            for n, w in parameters_of(module).items()
            if n.startswith(prefix)
        }
    names = [i.name for i in program.of_kind("weight")]
    trained = [n for n in names if n.startswith(prefix)]
    frozen = {n: stored[n] for n in names if not n.startswith(prefix)}
    folded = is_folded(module)
    if folded:
        parameters = {n: parameters[n] for n in trained}
    shapes = {name: value.shape for name, value in parameters.items()}
    vector = np.concatenate([*(v.ravel() for v in parameters.values()), start])
    if folded:
        return InitialNet(program, vector, shapes, None, frozen)

    @jax.jit
    def parameterization(vector: Array) -> Array:
        net, numbers = jnp.split(vector, [len(vector) - len(start)])
        weights = weights_of(with_parameters(module, split_vector(net, shapes)))
        return jnp.concatenate([*(weights[n].reshape(-1) for n in trained), numbers])

    return InitialNet(program, vector, shapes, parameterization, frozen)


def corner_of(problem: Problem) -> RoundedCorner | None:
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
