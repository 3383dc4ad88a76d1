"""Inverse problems: unknown coefficients as trainable numbers, and measured data."""

import math
from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import CertaxError, Program, to_float
from ..problems import Data, Problem, field_derivatives, point_derivatives

# So many parts of the data, each with its share of the points.
_parts = 512
# Of the data beside the equation, squared: with more, the net bends to meet the noise.
_weight = 0.1


def starting_values(problem: Problem) -> np.ndarray:
    """The trainable numbers of the unknowns before training, of size one."""
    return np.array([1.0 if s else 0.0 for s in starts_of(problem).values()])


def unknown_values(
    problem: Problem, numbers: Float[Array, " unknowns"] | np.ndarray
) -> dict:
    """The unknowns' values: the starting value times its number, or the number itself
    where the start is zero.
    """
    pairs = enumerate(starts_of(problem).items())
    return {name: (start or 1.0) * numbers[i] for i, (name, start) in pairs}


def numbers_of(problem: Problem, values: Mapping[str, float]) -> np.ndarray:
    """The trainable numbers of the unknowns' values."""
    starts = starts_of(problem).items()
    return np.array([values[name] / (start or 1.0) for name, start in starts])


def starts_of(problem: Problem) -> dict[str, float]:
    """The unknowns' starting values, as the problem states them."""
    constants = problem.constants
    return {name: to_float(constants[name]) for name in problem.unknowns}


def data_terms(
    problem: Problem, network: Program, data: Data
) -> Callable[[Mapping[str, Array], Float[Array, " d"]], Float[Array, " terms"]]:
    """Differences of û and the data, as a function of the weights and of a point of the
    unit cube, which chooses the measured points that are looked at there.

    They are divided by the standard deviation of each field's values, and weigh a
    hundredth of the equation. The mean of their squares over evenly spread points is
    the mean over all data.
    """
    names = problem.domain.names
    fields = tuple(data.values)
    columns = max(1, math.ceil(len(data) / _parts))
    # Dealt like cards, so that neighbors are not in the same row; the first ones again
    # fill the last row.
    rows = math.ceil(len(data) / columns)
    dealt = np.resize(np.arange(len(data)), columns * rows).reshape(columns, rows).T
    points = np.stack([data.points[n] for n in names], axis=-1)[dealt]
    measured = np.stack([data.values[f] for f in fields], axis=-1)
    scales = [float(np.std(v)) or float(np.max(np.abs(v))) or 1.0 for v in measured.T]
    factors = _weight / (np.array(scales) * math.sqrt(columns))
    wanted = measured[dealt]
    zero = (0,) * len(names)

    def terms(weights, unit):
        row = jnp.clip(jnp.floor(unit[0] * rows).astype(int), 0, rows - 1)
        here, given = jnp.asarray(points)[row], jnp.asarray(wanted)[row]
        found = jax.vmap(
            lambda point: point_derivatives(network, names, (zero,), weights, point)
        )(here)[zero]
        values = jnp.stack([found[f] for f in fields], axis=-1)
        return jnp.ravel((values - given) * factors)

    return terms


def smooth_terms(
    problem: Problem, network: Program, data: Data | None, weight: float
) -> Callable[[Mapping[str, Array], Float[Array, "n d"]], Float[Array, "n terms"]]:
    """Slopes of the fields that are not measured times the lengths of the domain, as a
    function of the weights and of points: Tikhonov's regularization of the first
    order. Where the equation hardly sees such a field, noise would choose it.

    **Raises:** `CertaxError` if all fields are measured, or none is.

    ??? cite "Reference"

        ```bibtex
        @book{engl1996regularization,
            title={Regularization of inverse problems},
            author={Engl, Heinz W. and Hanke, Martin and Neubauer, Andreas},
            publisher={Kluwer}, year={1996}}
        ```
    """
    measured = set() if data is None else set(data.values)
    fields = tuple(f for f in problem.fields if f not in measured)
    if not measured or not fields:
        raise CertaxError(
            "There is no field beside the measured ones that could be smoothed.",
            value=weight,
            remedy="Leave training.smoothness out.",
        )
    domain = problem.domain
    lengths = domain.upper_floats - domain.lower_floats
    slopes = tuple(
        tuple(int(i == axis) for i in range(domain.dimension))
        for axis in range(domain.dimension)
    )

    def terms(weights, points):
        found = field_derivatives(network, domain.names, slopes, weights, points)
        pairs = zip(slopes, lengths, strict=True)
        columns = [length * found[order][f] for order, length in pairs for f in fields]
        return weight * jnp.stack(columns, axis=1)

    return terms
