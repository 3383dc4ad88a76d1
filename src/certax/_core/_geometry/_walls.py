"""Pieces of a plane region's boundary that lie on the faces of the box around it.

Data on them can be extended face by face, as in a box, by formulas that are smooth at
the corners; what weighs pieces by their distances is not.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ._curves import Curve, Segment

Wall = tuple[str, str]


def walls(
    curves: Sequence[Curve],
    names: Sequence[str],
    lower: np.ndarray,
    upper: np.ndarray,
    tolerance: float,
) -> Mapping[str, Wall]:
    """The coordinate and the side of each such piece.

    A piece is straight and alone on its face; of two on adjacent faces both reach the
    corner between them, where their data then agree. Otherwise there are none.
    """
    slack = 100.0 * tolerance
    ends = {c: c.points(np.array([c.low, c.high])) for c in curves}
    found: dict[str, Wall] = {}
    for axis, name in enumerate(names):
        for side, end in (("lower", lower[axis]), ("upper", upper[axis])):
            on = [
                c
                for c in curves
                if isinstance(c, Segment)
                and np.abs(ends[c][:, axis] - end).max() <= slack
            ]
            pieces = {c.piece for c in on}
            if len(pieces) == 1 and sum(c.piece in pieces for c in curves) == len(on):
                found[on[0].piece] = (name, side)
    for one, (name, side) in found.items():
        for two, (other, its) in found.items():
            if name != names[0] or other != names[1]:
                continue
            corner = np.array(
                [
                    (lower if s == "lower" else upper)[i]
                    for i, s in enumerate((side, its))
                ]
            )
            for piece in (one, two):
                reached = [
                    np.abs(ends[c] - corner).max(axis=1).min()
                    for c in curves
                    if c.piece == piece
                ]
                if min(reached) > slack:
                    return {}
    return found
