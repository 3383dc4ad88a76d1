"""Where initial data have a corner at a periodic seam that diffusion rounds."""

from dataclasses import dataclass

import jax
import numpy as np

from .._core import Program, evaluate
from ._problem import Problem
from ._solution import constants_of

_jump = 1e-9


@dataclass(frozen=True)
class CornerSeam:
    """One field's data with a corner at the seam of a coordinate.

    - `coordinate`, `time`: their names.
    - `diffusivity`: of the equation.
    - `values`: the initial data.
    """

    coordinate: str
    time: str
    diffusivity: float
    values: Program


def corner_seam(problem: Problem) -> CornerSeam | None:
    """The corner of a problem u_t = κ u_xx + ... for one field, periodic in x, whose
    data are continuous at the seam and their derivative is not; else None.
    """
    names, time = problem.domain.names, problem.time
    if time is None or len(names) != 2 or len(problem.fields) != 1:
        return None
    (space,) = (n for n in names if n != time)
    initial = problem.condition("initial", time)
    if problem.condition("periodic", space) is None or initial is None:
        return None
    diffusivity = _diffusivity(problem, space, time)
    if diffusivity is None or initial.values is None:
        return None
    values, axis = initial.values, names.index(space)
    ends = problem.domain.lower_floats[axis], problem.domain.upper_floats[axis]
    if not _jumps(values, problem.fields[0], space, ends):
        return None
    return CornerSeam(space, time, diffusivity, values)


def _jumps(values: Program, field: str, space: str, ends: tuple[float, float]) -> bool:
    constants = constants_of(values)

    def data(x):
        known = {**constants, space: x}
        return evaluate(values, {i.name: known[i.name] for i in values.inputs})[field]

    with jax.enable_x64(True):
        (here, left), (there, right) = (jax.value_and_grad(data)(end) for end in ends)
    size = max(1.0, abs(float(left)), abs(float(right)))
    continuous = np.isclose(here, there, rtol=1e-12, atol=1e-12)
    return bool(continuous and abs(float(left) - float(right)) > _jump * size)


def _diffusivity(problem: Problem, space: str, time: str) -> float | None:
    """κ where the one equation is u_t = κ u_xx + (lower order) with the same κ > 0 at
    every sample.
    """
    residual, names = problem.residual, problem.domain.names
    orders = {i.orders for i in residual.of_kind("derivative")}
    second = tuple(2 * (n == space) for n in names)
    first = tuple(int(n == time) for n in names)
    higher = [o for o in orders if sum(o) > 1 and o != second]
    if problem.equations != 1 or higher or not {first, second} <= orders:
        return None
    slots = {i.orders: i.name for i in residual.of_kind("derivative")}
    free = [i.name for i in residual.inputs if i.kind != "constant"]

    def value(sample):
        return evaluate(residual, {**constants_of(residual), **sample})["0"]

    samples = np.random.default_rng(0).uniform(0.1, 0.9, (8, len(free)))
    with jax.enable_x64(True):
        slopes = jax.vmap(jax.grad(value))(dict(zip(free, samples.T, strict=True)))
        found = -np.asarray(slopes[slots[second]]) / np.asarray(slopes[slots[first]])
    constant = np.ptp(found) <= 1e-12 * np.abs(found).max()
    return float(found[0]) if constant and found[0] > 0 else None
