"""Closed polygonal loops: refused where they meet themselves or each other.

Whether two edges meet is decided in exact arithmetic, for rational coordinates as they
were given, for others at their nearest doubles.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from .._errors import CertaxError
from .._exact import to_float
from ._numbers import nearest_rational

Loop = tuple[tuple[str, str], ...]
Edge = tuple[int, int]
_chunk = 512


def check_loops(loops: Sequence[Loop], say: Callable[[Edge], str]) -> None:
    """**Arguments:**

    - `say`: names a vertex, given as (loop, position), in messages.

    **Raises:** `CertaxError` if a loop has fewer than three vertices, repeats one, or
    if two edges meet elsewhere than at a vertex that they share.
    """
    for index, loop in enumerate(loops):
        if len(loop) < 3:
            raise CertaxError(
                f"A closed boundary needs three vertices, but this has {len(loop)}: "
                f"{', '.join(say((index, i)) for i in range(len(loop))) or 'none'}.",
                value=len(loop),
                remedy="Give the vertices around the region, in order.",
            )
    exact = [[(nearest_rational(x), nearest_rational(y)) for x, y in p] for p in loops]
    seen: dict[tuple[Fraction, Fraction], Edge] = {}
    for index, points in enumerate(exact):
        for i, point in enumerate(points):
            if point in seen:
                raise CertaxError(
                    f"The boundary passes {say(seen[point])} twice, again as "
                    f"{say((index, i))}.",
                    value=say((index, i)),
                    remedy="Name each vertex once; what touches at a vertex only must "
                    "be two shapes.",
                )
            seen[point] = (index, i)
    edges = [(k, i) for k, p in enumerate(loops) for i in range(len(p))]
    for one, two in _near_pairs(loops, edges):
        a, b = (_edge(exact, e) for e in (one, two))
        if _meet(a, b):
            raise CertaxError(
                f"The boundary meets itself: the edge from {say(one)} to "
                f"{say(_next(loops, one))} meets that from {say(two)} to "
                f"{say(_next(loops, two))}.",
                value=f"{say(one)}, {say(two)}",
                remedy="Give the vertices in the order in which one walks around the "
                "region.",
            )


def check_nesting(
    loops: Sequence[Loop], holes: Sequence[bool], say: Callable[[Edge], str]
) -> None:
    """Around every hole lies the region, around every other loop does not.

    **Raises:** `CertaxError` if that is not so.
    """
    for index, loop in enumerate(loops):
        first = np.array([[to_float(c) for c in loop[0]]])
        others = [*loops[:index], *loops[index + 1 :]]
        around = bool(others) and bool(crossing_parity(others, first)[0])
        if around != holes[index]:
            what = "hole" if holes[index] else "outer boundary"
            where = "outside the region" if holes[index] else "inside another part"
            raise CertaxError(
                f"The {what} through {say((index, 0))} lies {where}.",
                value=say((index, 0)),
                remedy="Holes lie inside the region, beside each other, and parts "
                "outside of each other.",
            )


def twice_area(loop: Loop) -> Fraction:
    """Twice the area, positive for counterclockwise loops; exact where they are."""
    points = [(nearest_rational(x), nearest_rational(y)) for x, y in loop]
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return sum((a * d - b * c for (a, b), (c, d) in pairs), Fraction(0))


def crossing_parity(loops: Sequence[Loop], points: np.ndarray) -> np.ndarray:
    """Whether rays from points, shape `(n, 2)`, cross an odd number of edges."""
    ends = [
        np.array([[to_float(x), to_float(y)] for x, y in loop], np.float64)
        for loop in loops
    ]
    a = np.concatenate(ends)
    b = np.concatenate([np.roll(e, -1, axis=0) for e in ends])
    parity = np.zeros(len(points), bool)
    for first in range(0, len(points), 4096):
        x, y = points[first : first + 4096].T[:, :, None]
        spans = (a[:, 1] > y) != (b[:, 1] > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
            right = spans & (x < at)
        parity[first : first + 4096] = np.sum(right, axis=1) % 2 == 1
    return parity


def _next(loops: Sequence[Loop], edge: Edge) -> Edge:
    return edge[0], (edge[1] + 1) % len(loops[edge[0]])


def _edge(exact: Sequence[Sequence[tuple]], edge: Edge) -> tuple:
    loop = exact[edge[0]]
    return loop[edge[1]], loop[(edge[1] + 1) % len(loop)]


def _near_pairs(loops: Sequence[Loop], edges: Sequence[Edge]):
    """Pairs of edges whose boxes meet."""
    ends = np.array(
        [
            [[to_float(c) for c in loops[k][j % len(loops[k])]] for j in (i, i + 1)]
            for k, i in edges
        ]
    )
    slack = 1e-9 * float(np.abs(ends).max())
    low, high = ends.min(axis=1) - slack, ends.max(axis=1) + slack
    for first in range(0, len(edges), _chunk):
        last = first + _chunk
        meet = np.all(
            (low[first:last, None] <= high[None])
            & (low[None] <= high[first:last, None]),
            axis=2,
        )
        for i, j in np.argwhere(meet):
            if first + i < j:
                yield edges[first + i], edges[j]


def _turn(a: tuple, b: tuple, c: tuple) -> int:
    value = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (value > 0) - (value < 0)


def _within(a: tuple, b: tuple, c: tuple) -> bool:
    """Whether c, on the line through a and b, lies between them."""
    return all(min(p, q) <= r <= max(p, q) for p, q, r in zip(a, b, c, strict=True))


def _meet(one: tuple, two: tuple) -> bool:
    """Whether two edges have a point in common other than a vertex of both."""
    (a, b), (c, d) = one, two
    if {a, b} & {c, d}:
        # Neighbors: they may only not lie on each other.
        others = (
            [p for p in (a, b) if p not in (c, d)],
            [p for p in (c, d) if p not in (a, b)],
        )
        if not others[0] or not others[1]:
            return True
        p, q = others[0][0], others[1][0]
        shared = next(iter({a, b} & {c, d}))
        if _turn(shared, p, q) != 0:
            return False
        return _within(shared, p, q) or _within(shared, q, p)
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    touching = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(
        turn == 0 and _within(*points)
        for turn, points in zip(turns, touching, strict=True)
    )
