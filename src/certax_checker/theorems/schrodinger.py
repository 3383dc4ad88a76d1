"""Linear and cubic Schroedinger equations: `docs/theory/schrodinger.md`."""

from typing import NamedTuple

from flint import arb

from ..equations._case import Case, Proof, only_coordinates, positive
from ..equations._forms import Product
from ..equations._maxima import largest_wave
from ..equations._means import euclidean, mean_square_root
from ..equations._rates import closed
from ..equations._slabs import energy_growth, slab_count, slab_squares, slab_suprema
from ..kernel._algebra import ZERO, Polynomial, enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above
from ..kernel._leaves import Chunk
from ..kernel._models import TINY, UP, Array

NORM = "L2"
PARAMETERS = ("slabs",)


class Half(NamedTuple):
    """m_t + sum b_i o_ii + V o + k (m^2 + o^2) o = f for the fields m and o."""

    bends: dict[Coordinate, Polynomial]
    potential: Polynomial
    cubic: Polynomial
    forcing: Polynomial


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    slabs = slab_count(case.parameters)
    time = case.time()
    half = _equation(case, time)
    closed(case, list(half.bends), [case.problem.of_kind("initial")[0].values])
    case.corners()
    case.smooth()
    start = arb(case.initial_defect(time, "L2"))
    largest = 0.0
    if half.cubic:
        ((space, bend),) = half.bends.items()
        largest = largest_wave(case, time, space, enclose(half.cubic) / enclose(bend))
    factor = above(abs(enclose(half.cubic)))
    fields = case.problem.fields

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        roots = euclidean([mean_square_root(model) for model in chunk.residuals()])
        size = euclidean([chunk.field(name).bound for name in fields])
        return roots, (factor * size * UP + TINY) * (size + largest) * UP + TINY

    roots, rates = case.sweep(quantities)
    kappas = slab_suprema(case, time, rates, slabs)
    squares = slab_squares(case, time, roots, slabs)
    curve = [above(e) for e in energy_growth(case, time, start, kappas, squares)]
    case.solvable(
        "a unique solution exists for all times, in H1 (Cazenave 2003; Bourgain 1999),"
        " with conserved mass and energy"
        if half.cubic
        else "a unique solution exists for all times (Stone, Kato)"
    )
    place = ", ".join(axis.interval for axis in half.bends)
    sentence = (
        f"for every {time.interval}, the root of the integral over {place} of "
        f"|network - ({', '.join(fields)})|^2 is at most {{bound}}"
    )
    return Proof(curve[-1], curve, sentence)


def _equation(case: Case, time: Coordinate) -> Half:
    """Checks that the two equations are real and imaginary part of one."""
    two = len(case.problem.fields) == len(case.problem.residual.outputs) == 2
    case.require(two, "equation", "there are not two fields and two equations")
    p, q = case.problem.fields
    parts = [case.equation(output) for output in ("0", "1")]
    swapped = _power(case, {p: 1}, time) not in parts[0]
    first, second = (
        _half(case, time, parts[swapped], p, q),
        _half(case, time, parts[not swapped], q, p),
    )
    opposite = all(b == -second.bends[axis] for axis, b in first.bends.items())
    opposite = opposite and first.potential == -second.potential
    reason = "the equations are not real and imaginary part of a Schroedinger equation"
    case.require(opposite and first.cubic == -second.cubic, "equation", reason)
    if first.cubic:
        plain = not (first.potential or first.forcing or second.forcing)
        plain = plain and len(first.bends) == 1
        reason = "with a cubic term neither potential nor forcing nor a second space"
        case.require(plain, "equation", reason + " coordinate may stand there")
    case.passed("equation", "i w_t + a D^2 w + V w + k |w|^2 w = f, w = p + i q")
    return first


def _power(case: Case, powers: dict[str, int], axis: Coordinate | None = None,
           order: int = 1) -> Product:  # fmt: skip
    """The product of powers of the fields, or of a derivative of them."""
    at = axis.name if axis else ""
    orders = tuple(order * int(name == at) for name in case.names)
    return tuple(sorted(((field, orders), n) for field, n in powers.items()))


def _half(case: Case, time: Coordinate, parts: dict, m: str, o: str) -> Half:
    rate = parts.pop(_power(case, {m: 1}, time), ZERO).rational
    reason = f"the coefficient of the derivative of {m} in {time.name} is not 1 or -1"
    case.require(rate in (1, -1), "equation", reason)
    parts = {key: c if rate == 1 else -c for key, c in parts.items()}
    space = [axis for axis in case.problem.coordinates if axis is not time]
    bends = {a: parts.pop(_power(case, {o: 1}, a, 2), ZERO) for a in space}
    proper = bool(space) and all(positive(b) or positive(-b) for b in bends.values())
    reason = "a second derivative has no constant in front that is not zero"
    case.require(proper, "equation", reason)
    potential = parts.pop(_power(case, {o: 1}), ZERO)
    cubic = parts.pop(_power(case, {o: 3}), ZERO)
    mixed = parts.pop(_power(case, {o: 1, m: 2}), ZERO)
    forcing = parts.pop((), ZERO)
    known = only_coordinates(potential) and only_coordinates(forcing) and not parts
    reason = "the equation has a term that this theorem does not know"
    case.require(known, "equation", reason)
    reason = "the cubic term is not a real constant times |w|^2 w"
    case.require(cubic == mixed and not cubic.depends, "equation", reason)
    return Half(bends, potential, cubic, forcing)
