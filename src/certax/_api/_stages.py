"""Trainings one after the other: windows in time, then corrections of what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, PRNGKeyArray

from .._core import Box, CertaxError, Configuration, evaluate
from ..nn import (
    Ansatz,
    Corrected,
    Windows,
    fold,
    program_of,
    weights_of,
    with_waves,
)
from ..problems import Data, Problem, Solution, point_derivatives
from ..training import fresh_points
from ._initial import InitialNet, corner_of, initial_ansatz, trainable
from ._inverse import starting_values, unknown_values
from ._objective import Part, known_inputs, residual_terms

# Points of the grid along each axis, by the dimension.
_grid = {1: 512, 2: 64, 3: 24, 4: 12, 5: 8}
# Of the terms of the equations: with a larger residual a window is not solved.
_acceptable = 0.1


@dataclass(frozen=True)
class Stage:
    """One training.

    - `label`: what progress calls it; empty if it is the only one.
    - `module`: û before it; `net`: what of û is trained.
    - `part`: where, if not on the whole domain.
    """

    label: str
    module: eqx.Module
    net: InitialNet
    part: Part | None = None


class Plan:
    """The stages of a configuration: `windows` in time and `stages - 1` corrections.

    **Arguments:**

    - `widths`: of the hidden layers, where the settings leave them open.

    **Raises:** `CertaxError` for settings that the problem has no use for.
    """

    def __init__(
        self,
        problem: Problem,
        configuration: Configuration,
        seed: int,
        widths: tuple[int, ...],
        data: Data | None = None,
    ):
        self.problem, self.settings = problem, configuration.network
        self.training, self.seed, self.widths = configuration.training, seed, widths
        self.windows, self.stages = self.training.windows, self.training.stages or 1
        if self.windows > 1:
            _check_windows(problem, self.windows, data)
        if self.stages > 1 and self.settings.form != "direct":
            raise CertaxError(
                "A correction of a stream function is not made.",
                value=self.stages,
                remedy="Leave training.stages or network.form out.",
            )

    def __len__(self) -> int:
        return self.windows + self.stages - 1

    def stage(
        self, index: int, module: eqx.Module | None, numbers: np.ndarray | None
    ) -> Stage:
        """The stage of an index, from û as the stage before it left it.

        **Arguments:**

        - `numbers`: of the unknowns, as that stage left them.
        """
        if module is None or numbers is None:
            return self._first()
        with jax.enable_x64(True):
            module = fold(module)
            if index >= self.windows:
                return self._correction(index, module, numbers)
            assert isinstance(module, Ansatz) and isinstance(module.network, Windows)
            network = module.network.extended()
            return self._window(eqx.tree_at(lambda m: m.network, module, network))

    def _first(self) -> Stage:
        problem = self.problem
        module = initial_ansatz(
            *(problem, self.settings, self.training.hard, self.seed, self.widths)
        )
        start = starting_values(problem)
        if self.windows == 1:
            return Stage("", module, trainable(problem, module, start))
        if not isinstance(module, Ansatz):
            raise CertaxError(
                f"Nets of the kind {self.settings.kind} and form {self.settings.form} "
                "have no time windows.",
                value=self.settings.kind,
                remedy="Leave training.windows out, or choose another net.",
            )
        time = problem.time
        axis = problem.domain.names.index(time) + sum(
            module.periodic[: problem.domain.names.index(time)]
        )
        network = Windows((module.network,), self.windows, axis)
        return self._window(eqx.tree_at(lambda m: m.network, module, network))

    def _window(self, module: Ansatz) -> Stage:
        network = module.network
        assert isinstance(network, Windows) and self.problem.time is not None
        last = len(network.networks)
        prefix = f"network.networks.{last - 1}."
        net = trainable(self.problem, module, starting_values(self.problem), prefix)
        part = (self.problem.time, *network.part())
        return Stage(f"window {last} of {self.windows}", module, net, part)

    def _correction(self, index: int, module: eqx.Module, numbers: np.ndarray) -> Stage:
        problem, number = self.problem, index - self.windows + 1
        values = unknown_values(problem, numbers)
        key = jax.random.fold_in(jax.random.key(self.seed), number)
        second = with_waves(
            self._plain(key),
            dominant_frequencies(_on_grid(problem, module, values)),
            self.settings.width or self.widths[0],
            self.settings.depth or len(self.widths),
            self.settings.activation or "tanh",
            key=key,
        )
        size = _size_of_error(problem, Corrected(module, second), values)
        corrected = Corrected(module, second, size)
        net = trainable(problem, corrected, numbers, "second.")
        return Stage(f"correction {number}", corrected, net)

    def _plain(self, key: PRNGKeyArray) -> Ansatz:
        problem, hard = self.problem, self.training.hard
        corner = corner_of(problem) if hard else None
        shape = (problem.domain, problem.fields, problem.conditions, 1, 1)
        return Ansatz(*shape, hard=hard, corner=corner, key=key)


def dominant_frequencies(residuals: np.ndarray) -> list[float]:
    """The frequency of the largest mode of residuals, for each coordinate in periods on
    the length of the domain, at least one half.

    **Arguments:**

    - `residuals`: on an even grid, of shape `(n, ..., equations)`.
    """
    axes = tuple(range(residuals.ndim - 1))
    shape = residuals.shape[:-1]
    # What does not end as it begins would look like all frequencies at once.
    for axis in axes:
        bell = np.hanning(shape[axis] + 2)[1:-1]
        others = [a for a in range(residuals.ndim) if a != axis]
        residuals = residuals * np.expand_dims(bell, others)
    power = np.sum(np.abs(np.fft.fftn(residuals, axes=axes)) ** 2, axis=-1)
    mode = np.unravel_index(int(power.argmax()), shape)
    return [
        max(0.5, abs(float(np.fft.fftfreq(count, 1.0 / count)[index])))
        for count, index in zip(shape, mode, strict=True)
    ]


def _on_grid(
    problem: Problem, module: eqx.Module, unknowns: Mapping[str, Any]
) -> np.ndarray:
    """The equations' residuals, of shape `(n, ..., equations)`."""
    domain = problem.domain
    program = program_of(module, domain.names, problem.fields)
    known = {**weights_of(module), **unknowns}
    count = _grid[domain.dimension]
    line = (np.arange(count) + 0.5) / count
    mesh = np.meshgrid(*[line] * domain.dimension, indexing="ij")
    unit = np.stack(mesh, axis=-1).reshape(-1, domain.dimension)
    points = domain.physical(unit)
    terms = jax.jit(lambda p: residual_terms(problem, program, known, p))
    found = np.array(terms(jnp.asarray(points)))
    if domain.inside_of_cube is not None:
        found[~domain.inside_of_cube(unit)] = 0.0
    return found.reshape(*mesh[0].shape, -1)


def _size_of_error(
    problem: Problem, corrected: Corrected, unknowns: Mapping[str, Any]
) -> float:
    """The size of the error that the residual stands for: the residual over what the
    linearized equations make of the fresh second net.
    """
    domain = problem.domain
    program = program_of(corrected, domain.names, problem.fields)
    known = {**weights_of(corrected), **unknowns}
    unit = fresh_points(1024, domain.dimension, seed=0)
    if domain.inside_of_cube is not None:
        unit = unit[domain.inside_of_cube(unit)]
    points = domain.physical(unit)

    def pair(points: Array) -> tuple[Array, Array]:
        def at(size: Array) -> Array:
            return residual_terms(problem, program, {**known, "size": size}, points)

        return jax.jvp(at, (jnp.zeros(()),), (jnp.ones(()),))

    left, response = jax.jit(pair)(jnp.asarray(points))
    ratio = float(np.sqrt(np.mean(np.square(left)) / np.mean(np.square(response))))
    # Nothing is left, or nothing can be done about it.
    return ratio if np.isfinite(ratio) and ratio > 0 else 1e-16


def check_window(stage: Stage, solution: Solution, rms: float) -> None:
    """Stops the march where a window was not solved.

    **Arguments:**

    - `solution`: û up to and with this window; `rms`: of its residual there, on points
      that were not trained on.

    **Raises:** `CertaxError` of the kind `"training"` if the residual is not small
    beside the terms of the equations.
    """
    assert stage.part is not None
    size = _size_of_terms(solution, stage.part)
    if rms <= _acceptable * size:
        return
    name, low, high = stage.part
    raise CertaxError(
        f"The march stopped: {stage.label} was not solved. Its residual is {rms:.2g} "
        f"on fresh points, and the terms of the equations are of size {size:.2g}.",
        value=rms,
        remedy="Give more windows (training.windows), more time (--budget) or a wider "
        "net (network.width); what follows a wrong state would be wrong too.",
        kind="training",
    )


def _size_of_terms(solution: Solution, part: Part) -> float:
    """The root mean square of Σ |∂F/∂q q| over the derivatives q of the fields."""
    domain, residual = solution.problem.domain, solution.problem.residual
    unit = fresh_points(256, domain.dimension, seed=0)
    axis = domain.names.index(part[0])
    unit[:, axis] = part[1] + (part[2] - part[1]) * unit[:, axis]
    entries = residual.of_kind("derivative")
    orders = tuple({i.orders: None for i in entries})

    def at(point: Array) -> Array:
        found = point_derivatives(
            solution.network, domain.names, orders, solution.weights, point
        )
        known = known_inputs(residual, domain.names, point)
        fields = {i.name: jnp.asarray(found[i.orders][i.field]) for i in entries}
        slopes = jax.jacfwd(lambda f: evaluate(residual, known | f))(fields)
        sums = [
            sum(jnp.abs(slope[n] * fields[n]) for n in fields)
            for slope in slopes.values()
        ]
        return jnp.stack([jnp.asarray(s) for s in sums])

    with jax.enable_x64(True):
        sizes = jax.jit(jax.vmap(at))(jnp.asarray(domain.physical(unit)))
        return float(np.sqrt(np.mean(np.sum(np.square(sizes), axis=1))))


def _check_windows(problem: Problem, windows: int, data: Data | None) -> None:
    remedy = "Leave training.windows out."
    if problem.time is None or problem.condition("initial", problem.time) is None:
        raise CertaxError(
            "Time windows follow one another from initial data, and the problem has "
            "none.",
            value=windows,
            remedy=remedy,
        )
    if not isinstance(problem.domain, Box):
        raise CertaxError(
            "Time windows are cut from boxes only.",
            value=type(problem.domain).__name__,
            remedy=remedy,
        )
    if problem.unknowns or data is not None:
        raise CertaxError(
            "What is unknown in the whole interval cannot be found window by window.",
            value=windows,
            remedy=remedy,
        )
