"""Scalar viscous conservation laws in one space dimension, and their L1 contraction."""

from typing import NamedTuple

from flint import arb

from ..kernel._algebra import ZERO, Polynomial
from ..kernel._documents import Coordinate
from ..kernel._functions import above
from ..kernel._leaves import volume
from ..kernel._models import Array
from ._case import Case, only_coordinates, positive
from ._slabs import slab_sums


class Law(NamedTuple):
    """u_t + F'(u) u_x - nu u_xx + source = 0, with F' by powers of u."""

    space: Coordinate
    flux: dict[int, Polynomial]
    source: Polynomial


def conservation_law(case: Case, time: Coordinate) -> Law:
    """Checks that the equation is one, with a constant nu > 0 and a constant F'."""
    two = len(case.problem.coordinates) == 2
    case.require(two, "equation", "there is not one space coordinate beside time")
    (space,) = [c for c in case.problem.coordinates if c is not time]
    parts = case.evolution(time)
    viscosity = -parts.pop(case.term(space.name, 2), ZERO)
    reason = "the coefficient of the second derivative is not a negative constant"
    case.require(positive(viscosity), "equation", reason)
    source = parts.pop((), ZERO)
    plain = only_coordinates(source)
    case.require(plain, "equation", "the forcing is no function of the coordinates")
    (slope,), ((value, _),) = case.term(space.name, 1), case.term()
    flux: dict[int, Polynomial] = {}
    for product, coefficient in parts.items():
        rest = [factor for factor in product if factor != slope]
        fits = len(rest) == len(product) - 1 and all(f == value for f, _ in rest)
        reason = "a term is no polynomial in u with constant coefficients times u_x"
        case.require(fits and not coefficient.depends, "equation", reason)
        flux[sum(power for _, power in rest)] = coefficient
    return Law(space, flux, source)


def confined(case: Case, space: Coordinate,
             detail: str = "the network equals the data on both walls, exactly",
             ) -> None:  # fmt: skip
    """Periodic, or equal to Dirichlet data on both walls; the data fit each other."""
    if case.is_periodic(space.name):
        case.seam(space.name, [case.problem.of_kind("initial")[0].values])
        case.passed("walls", f"the network is periodic in {space.name}")
        case.passed("data", "the data are smooth and periodic on the real line")
        return
    for side in ("lower", "upper"):
        case.wall(space.name, side)
    case.passed("walls", detail)
    case.corners()


def contraction(case: Case, time: Coordinate, start: float, norms: Array,
                slabs: int) -> list[float]:  # fmt: skip
    """At each slab's end a bound of the integral of the absolute error."""
    sums = slab_sums(case, time, norms * case.trees["residual"].volumes, slabs)
    box = arb(volume(case.subject, case.names))
    return [above(arb(start) + box * arb(value)) for value in sums.tolist()]
