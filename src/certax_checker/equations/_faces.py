"""The leaves on a face of the domain."""

import numpy as np

from ..kernel._trees import Tree


def face(tree: Tree, axis: int, side: str = "lower") -> Tree:
    """The leaves that touch an end of an axis, without that axis.

    They cover the face, as the leaves cover the box.
    """
    centers, halves = tree.centers[axis], tree.halves[axis]
    touches = centers == halves if side == "lower" else centers + halves == 1.0
    parts = [
        np.delete(part[:, touches], axis, axis=0)
        for part in (tree.centers, tree.halves)
    ]
    # What does not depend on anything needs no polynomials.
    degrees = tree.degrees[touches] if len(parts[0]) else np.zeros(1, dtype=int)
    return Tree(parts[0], parts[1], degrees)
