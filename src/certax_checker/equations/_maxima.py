"""How large the solution of a cubic Schroedinger equation can become."""

import numpy as np
from flint import arb

from ..kernel._algebra import enclose
from ..kernel._documents import Coordinate
from ..kernel._functions import above
from ..kernel._leaves import Chunk, sum_up, sweep
from ..kernel._models import TINY, UP, Array, add, multiply
from ..kernel._trees import Tree
from ._case import Case
from ._means import euclidean, mean_below, mean_square_root


def uniform(count: int, degree: int) -> Tree:
    """An interval in equal leaves; `count` is a power of two."""
    centers = (2.0 * np.arange(count) + 1.0) / (2.0 * count)
    halves = np.full((1, count), 0.5 / count)
    return Tree(centers[None], halves, np.full(count, degree))


def largest_wave(case: Case, time: Coordinate, space: Coordinate, ratio: arb) -> float:
    """A bound of |w| at all times, w the solution of i w_t + a w_xx + k |w|^2 w = 0.

    It follows from the conserved mass M and energy of the data, which are integrated on
    1024 intervals; `ratio` is k / a. `docs/theory/schrodinger.md` has the proof.
    """
    case.require(bool(ratio > 0 or ratio < 0), "equation", "the sign of k is not known")
    periodic = case.is_periodic(space.name)
    walls = [] if periodic else case.problem.of_kind("dirichlet")
    zero = not any(any(case.forms(c.values).values()) for c in walls)
    case.require(zero, "walls", "with a cubic term the data on the walls must be zero")
    data = case.problem.of_kind("initial")[0].values
    origin = tuple(0 for _ in case.names)
    slope = tuple(int(name == space.name) for name in case.names)

    def quantities(chunk: Chunk) -> tuple[Array, ...]:
        made = chunk.evaluate(data, [slope])
        jets = [made[field] for field in case.problem.fields]
        values = [jet[origin] for jet in jets]
        slopes = [mean_square_root(jet[slope]) for jet in jets if slope in jet]
        p, q = (multiply([(value, value)], chunk.degree) for value in values)
        square = add(p, q)
        mass = euclidean([mean_square_root(value) for value in values])
        bending = euclidean(slopes) if slopes else np.zeros(1)
        least = np.maximum(mean_below(square), 0.0)
        return mass, bending, mean_square_root(square), least

    tree, length = uniform(1024, 4), enclose(space.length)
    *roots, low = sweep(
        case.subject, tree, [space.name], quantities, {time.name: time.lower}
    )
    mass, bending, fourth = (
        (arb(sum_up((v * v * UP + TINY) * tree.volumes)) * length).upper()
        for v in roots
    )
    total = float(np.add.reduce(low * low * tree.volumes)) * (2.0 - UP)
    least = (arb(total) * length).lower()
    if ratio > 0:
        seam = mass**2 / length if periodic else arb(0)
        inner = ratio**2 * mass**3 / 16 + bending + ratio / 2 * (seam - least)
        root = inner.upper().sqrt() if inner.upper() > 0 else arb(0)
        gradient = ratio * mass.sqrt() * mass / 4 + root
    else:
        gradient = (bending - ratio / 2 * fourth).sqrt()
    peak = mass.sqrt() * gradient + (mass / length if periodic else 0)
    bound = above(peak.sqrt())
    case.passed("maximum", f"|w| is at most {bound!r} at all times")
    return bound
