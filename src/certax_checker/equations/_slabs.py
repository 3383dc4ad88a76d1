"""Slabs of time: suprema on each slab, sums up to its end, growth of the error."""

from typing import Any

import numpy as np
from flint import arb

from ..kernel._algebra import enclose
from ..kernel._documents import Coordinate
from ..kernel._errors import Malformed
from ..kernel._functions import above
from ..kernel._leaves import volume
from ..kernel._models import TINY, UNIT, UP, Array
from ._case import Case


def slab_count(parameters: Any) -> int:
    """The parameter `slabs`: a power of two from 1 to 4096."""
    slabs = parameters["slabs"]
    if type(slabs) is not int or not 1 <= slabs <= 4096 or slabs & (slabs - 1):
        raise Malformed(f"slabs is {slabs!r}, not a power of two up to 4096", "slabs")
    return slabs


def times(case: Case, axis: Coordinate) -> tuple[Array, Array]:
    """The leaves' lower and upper ends in normalized time, exact."""
    tree, i = case.trees["residual"], case.problem.index(axis.name)
    return tree.centers[i] - tree.halves[i], tree.centers[i] + tree.halves[i]


def slab_suprema(case: Case, axis: Coordinate, values: Array, slabs: int) -> Array:
    """On each slab the largest value over the leaves whose interior meets it."""
    return _gathered(case, axis, values, np.full(slabs, -np.inf), np.maximum)


def slab_integrals(case: Case, axis: Coordinate, means: Array, slabs: int) -> Array:
    """On each slab an upper bound of an integral, in normalized volume.

    **Arguments:** `means`, for each leaf a bound of the mean of what is integrated.
    A leaf that meets several slabs is charged to each of them as a whole.
    """
    parts = means * case.trees["residual"].volumes * UP + TINY
    made = _gathered(case, axis, parts, np.zeros(slabs), np.add)
    return made * (1.0 + (len(means) + slabs + 8) * UNIT)


def slab_squares(case: Case, axis: Coordinate, roots: Array, slabs: int) -> Array:
    """The same for a square, from bounds of the roots of its means."""
    return slab_integrals(case, axis, roots * roots * UP, slabs)


def _gathered(case: Case, axis: Coordinate, values: Array, made: Array,
              join: np.ufunc) -> Array:  # fmt: skip
    """The leaves' values joined on every slab that their interior meets."""
    lower, upper = times(case, axis)
    first = np.floor(lower * len(made)).astype(int)
    last = np.ceil(upper * len(made)).astype(int)
    long = last - first > 1
    join.at(made, first[~long], values[~long])
    for begin, end in set(zip(first[long].tolist(), last[long].tolist(), strict=True)):
        found = join.reduce(values[(first == begin) & (last == end)])
        made[begin:end] = join(made[begin:end], found)
    return made


def slab_sums(case: Case, axis: Coordinate, values: Array, slabs: int) -> Array:
    """At each slab's end an upper bound of the sum over the leaves begun by then."""
    lower, _ = times(case, axis)
    begun = np.zeros(slabs)
    np.add.at(begun, np.floor(lower * slabs).astype(int), values)
    return np.cumsum(begun) * (1.0 + (len(values) + slabs + 8) * UNIT)


def phi(z: arb) -> arb:
    """(e^z - 1) / z, an enclosure for a ball that does not contain 0, and 1 at 0."""
    return arb(1) if z == 0 else z.expm1() / z


def grow(error: arb, kappa: float, rho: float | arb, length: arb) -> arb:
    """e^(kappa h) E + rho h phi(kappa h), an exact upper end of its enclosure.

    The expression increases in E, kappa and rho for kappa of either sign.
    """
    z = arb(kappa) * length
    return (z.exp() * error + arb(rho) * length * phi(z)).upper()


def growth(case: Case, axis: Coordinate, start: float, kappas: Array,
           rhos: Array, wall: float = 0.0) -> list[float]:  # fmt: skip
    """For each slab's end the largest error bound of all ends so far.

    Where the error is up to `wall` on the walls, E = wall + y with y >= 0: then
    E' = kappa y + rho + max(kappa, 0) wall is at least kappa E + rho, and E >= wall.
    """
    length = enclose(axis.length) / len(rhos)
    error = (arb(start) - arb(wall)).upper() if start > wall else arb(0)
    largest, curve = error, []
    for kappa, rho in zip(kappas.tolist(), rhos.tolist(), strict=True):
        source = (arb(rho) + arb(max(kappa, 0.0)) * arb(wall)).upper()
        error = grow(error, kappa, source, length)
        largest = error if not error <= largest else largest
        curve.append(above(largest + arb(wall)))
    return curve


def energy_growth(case: Case, axis: Coordinate, start: arb, kappas: Array,
                  squares: Array) -> list[arb]:  # fmt: skip
    """For each slab's end a bound of an L2 norm at all times so far.

    On a slab E grows to e^(kappa h) E + sqrt(h phi(2 kappa h)) R with R^2 the integral
    of the squared residual over the slab. Within it E is at most
    max(1, e^(kappa h)) E + sqrt(h phi(2 kappa h)) R. Both increase in E, kappa and R.
    """
    length = enclose(axis.length) / len(squares)
    box = arb(volume(case.subject, case.names))
    error, largest, curve = start.upper(), start.upper(), []
    for kappa, square in zip(kappas.tolist(), squares.tolist(), strict=True):
        z = arb(kappa) * length
        gain = (length * phi(2 * z) * box * arb(square)).sqrt()
        inside = (error * (z.exp() if kappa > 0 else 1) + gain).upper()
        error = (error * z.exp() + gain).upper()
        largest = inside if not inside <= largest else largest
        curve.append(largest)
    return curve
