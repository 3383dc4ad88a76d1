"""What is searched for claims about a function itself: the residual of `refine` is a
derivative minus the middle of its range, or the size of the gradient.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import qmc

from .._core import Input, Program, derivatives, expression, to_float, trace
from ._bisection import Quantity
from ._enclose import with_slopes
from ._jets import MultiIndex

Ends = Mapping[str, tuple[str, str]]
_samples = 2**12


def range_quantity(
    fields: Program,
    weights: Mapping[str, np.ndarray],
    ends: Ends,
    field: str,
    orders: MultiIndex,
) -> tuple[Quantity, Fraction]:
    """A derivative of a field minus the middle of its sampled range, and that middle:
    so a bound of the supremum is tight at both ends.
    """
    values = _sampled(fields, weights, ends, field, orders)
    finite = values[np.isfinite(values)]
    middle = (
        Fraction(float(0.5 * finite.min() + 0.5 * finite.max()))
        if finite.size
        else Fraction(0)
    )
    unknown = _derivative(field, orders)
    number = Input("literal.middle", "constant", value=expression(middle))
    residual = Program((unknown, number), (("sub", (0, 1), None),), {"0": 2})
    return Quantity(_only(fields, [field]), residual, ends, weights), middle


def lipschitz_quantity(
    fields: Program,
    weights: Mapping[str, np.ndarray],
    ends: Ends,
    names: Sequence[str],
    norm: str,
) -> Quantity:
    """For `"l2"` the sum of the squares of all first derivatives of some fields, for
    `"linf"` all sums of signed derivatives of one field, whose largest is the sum of
    absolute values.
    """
    dimension = len(ends)
    units = [tuple(int(i == j) for i in range(dimension)) for j in range(dimension)]
    inputs = [_derivative(f, unit) for f in names for unit in units]

    def squares(*slopes):
        return [sum(s * s for s in slopes)]

    def sums(*slopes):
        rows = [slopes[i : i + dimension] for i in range(0, len(slopes), dimension)]
        return [_signed(row, signs) for row in rows for signs in _signs(dimension)]

    made = squares if norm == "l2" else sums
    count = 1 if norm == "l2" else len(names) * 2 ** (dimension - 1)
    residual = trace(made, inputs, [str(i) for i in range(count)], "the gradient")
    return Quantity(with_slopes(_only(fields, names)), residual, ends, weights)


def _signs(dimension: int) -> list[tuple[int, ...]]:
    """All choices of signs, the first of which may be taken as positive."""
    return [(1, *rest) for rest in product((1, -1), repeat=dimension - 1)]


def _signed(row: Sequence[Any], signs: Sequence[int]) -> Any:
    total = row[0]
    for item, sign in zip(row[1:], signs[1:], strict=True):
        total = total + item if sign > 0 else total - item
    return total


def _derivative(field: str, orders: MultiIndex) -> Input:
    marks = ".".join(map(str, orders))
    return Input(f"{field}.{marks}", "derivative", field=field, orders=orders)


def _only(fields: Program, names: Sequence[str]) -> Program:
    """The program with the other outputs left out."""
    return Program(fields.inputs, fields.ops, {n: fields.outputs[n] for n in names})


def _sampled(
    fields: Program,
    weights: Mapping[str, np.ndarray],
    ends: Ends,
    field: str,
    orders: MultiIndex,
) -> np.ndarray:
    """Values at scattered points and at the corners."""
    lower, upper = (np.array([to_float(e[i]) for e in ends.values()]) for i in (0, 1))
    dimension = len(lower)
    corners = np.array(list(product((0.0, 1.0), repeat=dimension)))
    inner = qmc.Sobol(dimension, scramble=True, rng=0).random(_samples)
    points = lower + np.concatenate([corners, inner]) * (upper - lower)
    with jax.enable_x64(True):
        known = {
            i.name: jnp.asarray(to_float(i.value)) for i in fields.of_kind("constant")
        }
        known |= {n: jnp.asarray(w, jnp.float64) for n, w in weights.items()}

        @jax.jit
        def values(points):
            found = derivatives(fields, known, tuple(ends), points, [orders])
            return found[orders][field]

        return np.asarray(values(jnp.asarray(points)))
