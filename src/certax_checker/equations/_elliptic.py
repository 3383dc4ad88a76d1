"""Second-order equations without time: their terms, walls and leading coefficients."""

import math
from typing import NamedTuple

import numpy as np
from flint import arb

from ..kernel._algebra import ZERO, Polynomial, enclose
from ..kernel._leaves import Chunk, sum_up, sweep, volume
from ..kernel._models import UP, Array, Model, negate, upper_end
from ..kernel._trees import Tree
from ._case import Case, only_coordinates, positive
from ._linearizations import expansion
from ._means import mean_square_root

Orders = tuple[int, ...]


class Diffusion(NamedTuple):
    """sign (-sum a_i u_ii + sum_n c_n(x) u^n) with positive constants a_i.

    `powers` holds sign c_n for n >= 1, `lengths` the sides of the box.
    """

    sign: int
    constants: list[arb]
    powers: dict[int, Polynomial]
    lengths: list[arb]

    @property
    def slowest(self) -> arb:
        """A lower end of the least a_i, which may lie in more than one enclosure."""
        return min(a.lower() for a in self.constants)

    @property
    def eigenvalue(self) -> arb:
        """The least eigenvalue of -sum a_i d_ii with zero data on the walls."""
        pairs = zip(self.constants, self.lengths, strict=True)
        return arb.pi() ** 2 * sum((a / (b * b) for a, b in pairs), arb(0))


def lower_end(a: Model) -> Array:
    """A lower bound of g."""
    return -upper_end(negate(a))


def signed(a: Model, sign: int) -> Model:
    """a or -a."""
    return a if sign > 0 else negate(a)


def steady(case: Case) -> None:
    """One equation for one field, without an initial condition."""
    still = not case.problem.of_kind("initial") and "initial" not in case.trees
    case.require(still, "equation", "there is an initial condition")
    one = len(case.problem.fields) == len(case.problem.residual.outputs) == 1
    case.require(one, "equation", "there is more than one field or equation")


def diffusion(case: Case, highest: int) -> Diffusion:
    """Checks -sum a_i u_ii + g(x, u) = 0, g in u a polynomial up to this degree."""
    steady(case)
    parts = case.single()
    bends = [parts.pop(case.term(name, 2), ZERO) for name in case.names]
    down, up = all(positive(-bend) for bend in bends), all(map(positive, bends))
    reason = "the second derivatives do not all have constants of one sign in front"
    case.require(down or up, "equation", reason)
    plain = only_coordinates(parts.pop((), ZERO))
    case.require(plain, "equation", "the forcing is no function of the coordinates")
    ((value, _),) = case.term()
    powers = {n: parts.pop(((value, n),), ZERO) for n in range(1, highest + 1)}
    reason = "the equation has a term that this theorem does not know"
    known = not parts and all(map(only_coordinates, powers.values()))
    case.require(known, "equation", reason)
    lengths = [enclose(axis.length) for axis in case.problem.coordinates]
    constants = [abs(enclose(bend)) for bend in bends]
    return Diffusion(1 if down else -1, constants, powers, lengths)


def leading(case: Case) -> tuple[list[Orders], Polynomial]:
    """The second derivatives of a general equation, and its terms without derivatives.

    Checks +-(-a(x) : D2 u + b(x) . grad u + g(x, u)) = 0 but for the signs.
    """
    steady(case)
    found: dict[Orders, None] = {}
    zeroth = {}
    for monomial, c in case.equation(fields=True)[()].terms.items():
        unknown = [f for f, _ in monomial if _fields(f.depends)]
        if not any(any(orders) for f in unknown for orders in _fields(f.depends)):
            zeroth[monomial] = c
            continue
        (factor, *others), powers = unknown, dict(monomial)
        alone = not others and powers[factor] == 1 and factor.key[0] == "derivative"
        reason = "a derivative does not stand alone, with a function of x in front"
        case.require(alone, "equation", reason)
        orders = factor.key[1][1]
        case.require(sum(orders) <= 2, "equation", "a derivative is above order two")
        if sum(orders) == 2:
            found[orders] = None
    case.require(bool(found), "equation", "there is no second derivative")
    return list(found), Polynomial(zeroth)


def _fields(depends: frozenset) -> list[Orders]:
    """The orders of the derivatives among these inputs."""
    return [entry[1][1] for entry in depends if entry[0] == "derivative"]


def dominant(chunk: Chunk, orders: list[Orders], sign: int) -> Array:
    """Positive where sign a(x) is proved positive on a leaf, else negative.

    By Gershgorin: in each row that is not zero, the diagonal exceeds the others' sum.
    """
    field, zero = chunk.subject.problem.fields[0], chunk.plain.constant
    coefficients = {}
    for alpha in orders:
        unit = 1.0 / math.prod(math.factorial(n) for n in alpha)
        along = {field: {alpha: Model({zero: np.full(1, unit)}, np.zeros(1))}}
        coefficients[alpha] = expansion(chunk, None, along)[1]
    holds = np.ones(1, dtype=bool)
    for i in range(len(orders[0])):
        own = [alpha for alpha in orders if alpha[i]]
        mixed = [0.5 * coefficients[alpha].bound for alpha in own if alpha[i] == 1]
        total = sum(mixed, np.zeros(1)) * UP
        for alpha in own:
            if alpha[i] == 2:
                holds = holds & (lower_end(signed(coefficients[alpha], -sign)) > total)
        pure = any(alpha[i] == 2 for alpha in own)
        holds = holds & (pure or not own)
    return np.where(holds, 1.0, -1.0)


def orientation(case: Case, orders: list[Orders]) -> int:
    """The sign of the residual, read off the first leaf.

    **Raises:** `Refusal` where neither sign makes a(x) positive there.
    """
    tree = case.trees["residual"]
    first = Tree(tree.centers[:, :1], tree.halves[:, :1], tree.degrees[:1])
    for sign in (1, -1):
        (found,) = sweep(
            case.subject, first, case.names, lambda c: (dominant(c, orders, sign),)
        )
        if found[0] > 0:
            return sign
    reason = "the matrix of the second derivatives is not proved positive"
    case.require(False, "equation", reason)
    return 0


def walls(case: Case, exact: bool) -> None:
    """Dirichlet data on all walls, met exactly if `exact`, equal where walls meet."""
    for axis in case.problem.coordinates:
        case.require(not case.is_periodic(axis.name), "walls", "a wall is periodic")
        for side in ("lower", "upper"):
            if exact:
                case.wall(axis.name, side)
            missing = f"{axis.name} has no Dirichlet condition on its {side} end"
            case.require(side in case.sides(axis.name), "walls", missing)
    if exact:
        case.passed("walls", "the network equals the data on every wall, exactly")
    case.corners()


def classical(case: Case, orders: list[Orders]) -> bool:
    """Whether second derivatives in every direction occur; notes why u exists."""
    full = all(any(alpha[i] == 2 for alpha in orders) for i in range(len(case.names)))
    if full:
        case.solvable(
            "a unique solution in C2(domain), continuous up to the walls, exists"
            " (Gilbarg, Trudinger, theorem 6.13, divided by the barrier)"
        )
    else:
        case.solvable(
            "the equation does not diffuse in every direction: a solution in"
            " C2(domain), continuous up to the walls, is assumed to exist",
            "assumed",
        )
    return full


def root_mean_square(case: Case, extra) -> tuple[arb, list[Array]]:
    """A bound of the residual's L2 norm, and further quantities on the leaves."""
    norms, *others = case.sweep(
        lambda chunk: (mean_square_root(chunk.residuals()[0]), *extra(chunk))
    )
    total = sum_up(norms * norms * UP * case.trees["residual"].volumes)
    box = arb(volume(case.subject, case.names))
    return (arb(total) * box).sqrt().upper(), others
