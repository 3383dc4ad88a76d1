"""Two-dimensional flow by its stream function: `docs/theory/navier-stokes.md`."""

import numpy as np
from flint import arb

from ..equations._case import Case, Proof, only_coordinates, positive
from ..equations._forms import Product
from ..equations._means import euclidean, mean_square_root
from ..equations._rates import closed, initial_energy
from ..equations._slabs import energy_growth, slab_count, slab_squares, slab_suprema
from ..kernel._algebra import ONE, ZERO, Polynomial, enclose, rational
from ..kernel._documents import Coordinate
from ..kernel._functions import above
from ..kernel._jets import Index
from ..kernel._leaves import Chunk
from ..kernel._models import TINY, UP, Array, add, scale

NORM = "H1"
PARAMETERS = ("slabs",)


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    viscosity, forced = _equation(case, time)
    space = [axis for axis in case.problem.coordinates if axis is not time]
    for axis in space:
        reason = f"{axis.name} is not periodic: the flow may slip along its walls"
        case.require(case.is_periodic(axis.name), "walls", reason)
    closed(case, space, [case.problem.of_kind("initial")[0].values])
    case.smooth()
    x, y = (axis.name for axis in space)
    weights = {_orders(case, {name: 1}): arb(1) for name in (x, y)}
    start = initial_energy(case, time, weights)
    field = case.problem.fields[0]

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        xx, xy, yy = (
            chunk.derivative(field, _orders(case, powers))
            for powers in ({x: 2}, {x: 1, y: 1}, {y: 2})
        )
        strain = euclidean([xy.bound, scale(add(yy, xx, -1), 1, 2).bound])
        return mean_square_root(chunk.residuals()[0]), strain

    roots, strains = case.sweep(quantities)
    longest = max((enclose(axis.length) for axis in space), key=above)
    least = ((2 * arb.pi() / longest) ** 2).lower()
    suprema = slab_suprema(case, time, strains, slabs).tolist()
    rates = [above(arb(strain) - viscosity * least) for strain in suprema]
    # A product of doubles below the least of them would be lost without TINY.
    squares = slab_squares(case, time, roots, slabs) * above(1 / least) * UP + TINY
    energies = energy_growth(case, time, start, np.array(rates), squares)
    curve = [above(energy) for energy in energies]
    if forced:
        case.solvable(
            "the forcing has mean zero at all times, as a solution's must, by"
            " assumption; then a unique smooth solution exists (Temam 1995)", "assumed",
        )  # fmt: skip
    else:
        case.solvable(
            "a unique smooth flow exists for all times; its stream function is unique"
            " up to a function of time (Temam 1995)"
        )
    place = ", ".join(axis.interval for axis in space)
    sentence = (
        f"for every {time.interval}, the velocity, which is the gradient of {field} "
        f"turned by a right angle, is wrong in L2 by at most {{bound}}: the root of the"
        f" integral over {place} of |grad(network) - grad({field})|^2"
    )
    return Proof(curve[-1], curve, sentence)


def _orders(case: Case, powers: dict[str, int]) -> Index:
    return tuple(powers.get(name, 0) for name in case.names)


def _equation(case: Case, time: Coordinate) -> tuple[arb, bool]:
    """Checks the vorticity equation; returns a lower end of nu, and if it is forced."""
    three = len(case.problem.coordinates) == 3
    case.require(three, "equation", "there are not two space coordinates beside time")
    x, y = (name for name in case.names if name != time.name)
    field, parts = case.problem.fields[0], case.single()

    def product(*factors: dict[str, int]) -> Product:
        return tuple(sorted(((field, _orders(case, f)), 1) for f in factors))

    forcing = parts.pop((), ZERO)
    case.require(only_coordinates(forcing), "equation", "the forcing depends on u")
    sign = parts.get(product({x: 2, time.name: 1}), ZERO)
    reason = "the Laplacian's derivative in time has not the coefficient 1 or -1"
    case.require(sign.rational in (1, -1), "equation", reason)
    turn = parts.get(product({y: 1}, {x: 3}), ZERO)
    reason = "the flow is not carried by its own velocity, with coefficient 1 or -1"
    case.require(turn.rational in (1, -1), "equation", reason)
    viscosity: Polynomial = -parts.get(product({x: 4}), ZERO) * sign
    case.require(positive(viscosity), "equation", "nu is not a positive constant")
    wanted = {}
    for name in (x, y):
        wanted[product({name: 2, time.name: 1})] = sign
        wanted[product({name: 4})] = -viscosity * sign
    wanted[product({x: 2, y: 2})] = -viscosity * sign * rational(2)
    for name, other in ((x, y), (y, x)):
        direction = turn if name == x else -turn
        wanted[product({other: 1}, {name: 3})] = direction
        wanted[product({other: 1}, {name: 1, other: 2})] = direction
    reason = "it is not D^2 u_t + u_y D^2 u_x - u_x D^2 u_y - nu D^4 u = f"
    case.require(parts == wanted and sign * sign == ONE, "equation", reason)
    case.passed("equation", "the vorticity equation for the stream function, nu > 0")
    return enclose(viscosity).lower(), bool(forcing)
