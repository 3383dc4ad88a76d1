"""Semilinear equations between two barriers: `docs/theory/semilinear-barrier.md`."""

from flint import arb, fmpq

from ..equations._barriers import PARAMETERS as FILES, bound, read_barrier
from ..equations._case import Case, Proof, only_coordinates
from ..equations._elliptic import Orders, leading, orientation, walls
from ..equations._forms import coefficients
from ..equations._linearizations import expansion
from ..kernel._algebra import Polynomial, enclose
from ..kernel._errors import Malformed
from ..kernel._functions import above, ball
from ..kernel._jets import Jet
from ..kernel._leaves import Chunk
from ..kernel._models import Model, add, multiply
from ..kernel._numbers import decimal

NORM = "Linf"
PARAMETERS = (*FILES, "tube")
PIECES = 1024


def prove(case: Case) -> Proof:
    """The bound of the theorem, or a `Refusal`."""
    tube = case.parameters["tube"]
    if type(tube) is not str or (tube != "everywhere" and decimal(tube) <= 0):
        raise Malformed("tube is neither a positive decimal nor `everywhere`", "tube")
    orders, zeroth = leading(case)
    for axis, name in enumerate(case.names):
        there = any(alpha[axis] == 2 for alpha in orders)
        reason = f"there is no second derivative in {name}"
        case.require(there, "equation", reason)
    barrier = read_barrier(case)
    walls(case, exact=False)
    case.smooth()
    sign = orientation(case, orders)
    case.passed("equation", "-a D^2 u + b grad u + g(x, u) = 0, a > 0 and b of x alone")
    if tube == "everywhere":
        return _everywhere(case, barrier, zeroth, orders, sign)
    return _inside(case, barrier, orders, sign)


def _inside(case: Case, barrier, orders: list[Orders], sign: int) -> Proof:
    field, tube = case.problem.fields[0], case.parameters["tube"]
    delta = decimal(tube)
    limit = arb(fmpq(delta.numerator, delta.denominator))

    def slope(chunk: Chunk, w: Jet) -> Model:
        return expansion(chunk, None, {field: w}, tube=above(limit))[1]

    value = bound(case, barrier, slope, orders, sign)
    inside = bool(arb(value) <= limit)
    reason = f"the error bound {value!r} leaves the tube of radius {tube}"
    case.require(inside, "tube", reason)
    case.passed("tube", f"the error bound is below {tube}")
    case.solvable(
        "a solution lies between the barriers, by monotone iteration with Gilbarg,"
        " Trudinger, theorem 6.13"
    )
    sentence = (
        f"a solution {field} exists such that at every point of the domain"
        f" |network - {field}| is at most {{bound}}, and it is the only solution that"
        f" stays within {tube} of the network (of other solutions nothing is said)"
    )
    return Proof(value, [], sentence, "a")


def _everywhere(case: Case, barrier, zeroth: Polynomial, orders: list[Orders],
                sign: int) -> Proof:  # fmt: skip
    field = case.problem.fields[0]
    # Divisors, roots and logarithms of fields are refused here.
    case.single()
    least = _least_slope(case, zeroth, sign)
    case.passed("reaction", f"g'(x, u) - g'(x, 0) >= {-above(-least)!r} for all real u")

    def slope(chunk: Chunk, w: Jet) -> Model:
        linear = expansion(chunk, {}, {field: w})[1]
        pairs = [(ball(sign * least, chunk.length), w[chunk.plain.zero])]
        return add(linear, multiply(pairs, chunk.degree))

    value = bound(case, barrier, slope, orders, sign)
    case.solvable(
        "it exists, by monotone iteration with Gilbarg, Trudinger, theorem 6.13, and"
        " is unique by the barrier"
    )
    sentence = f"at every point of the domain, |network - {field}| is at most {{bound}}"
    return Proof(value, [], sentence)


def _least_slope(case: Case, zeroth: Polynomial, sign: int) -> arb:
    """A lower bound of sum_(n >= 2) n c_n s^(n - 1) over all real s, at most zero."""
    parts = coefficients(zeroth)
    ((value, _),) = case.term()
    highest = max([1, *(e for product in parts for _, e in product)])
    first = all(
        only_coordinates(parts.pop(product, Polynomial({})))
        for product in ((), ((value, 1),))
    )
    powers = [parts.pop(((value, n),), Polynomial({})) for n in range(2, highest + 1)]
    reason = "the reaction is no polynomial in u with constants before its powers"
    plain = first and not parts and not any(c.depends for c in powers)
    case.require(plain, "equation", reason)
    if not powers:
        return arb(0)
    slopes = [sign * n * enclose(c) for n, c in enumerate(powers, 2)]
    rising = highest % 2 == 1 and bool(slopes[-1] > 0)
    reason = "the reaction's slope is not bounded below over all real u; give a tube"
    case.require(rising, "equation", reason)
    # Beyond this radius the highest power outweighs the others.
    radius = 1 + sum((abs(c) for c in slopes[:-1]), arb(0)) / slopes[-1]
    least = arb(0)
    for piece in range(PIECES):
        middle = radius * arb(fmpq(2 * piece + 1 - PIECES, PIECES))
        width = arb(0, above(radius / PIECES))
        bend = _horner([k * c for k, c in enumerate(slopes, 1)], middle + width)
        found = _horner([arb(0), *slopes], middle) + bend * width
        least = least if least <= found else found.lower()
    return least


def _horner(coefficients: list[arb], s: arb) -> arb:
    made = arb(0)
    for c in reversed(coefficients):
        made = made * s + c
    return made
