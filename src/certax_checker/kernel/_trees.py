"""Bisection trees: leaves that cover a box exactly, by construction."""

from array import array
from typing import NamedTuple

import numpy as np

from ._errors import Malformed

LEVELS = 45
NODES = 2**25


class Tree(NamedTuple):
    """Centres and half-widths (dimension, leaves), exact; degrees (leaves,)."""

    centers: np.ndarray
    halves: np.ndarray
    degrees: np.ndarray

    @property
    def leaves(self) -> int:
        """How many leaves there are."""
        return len(self.degrees)

    @property
    def volumes(self) -> np.ndarray:
        """The leaves' volumes, exact: they are powers of two, at least 2^-230."""
        return np.multiply.reduce(2.0 * self.halves, axis=0)

    def describe(self, leaf: int) -> str:
        """A leaf as a product of intervals."""
        ends = [
            f"[{float(c - h)!r}, {float(c + h)!r}]"
            for c, h in zip(self.centers[:, leaf], self.halves[:, leaf], strict=True)
        ]
        return f"leaf {leaf}: " + " x ".join(ends)


def read_tree(data: bytes, dimension: int, where: str) -> Tree:
    """The tree of section 6 of `docs/format.md` over a box of this dimension."""
    if len(data) > NODES:
        raise Malformed(f"{where} has more than 2^25 nodes", where)
    stack = [((0.5, 0.5) * dimension, (0,) * dimension)]
    boxes, degrees = array("d"), bytearray()
    for byte in data:
        if not stack:
            raise Malformed(f"{where} goes on after its last leaf", where)
        box, levels = stack.pop()
        if byte < 16:
            boxes.extend(box)
            degrees.append(byte)
            continue
        axis = byte - 16
        if axis >= dimension or levels[axis] >= LEVELS:
            raise Malformed(f"{where} cuts an axis that cannot be cut", where)
        center, half = box[2 * axis], 0.5 * box[2 * axis + 1]
        deeper = levels[:axis] + (levels[axis] + 1,) + levels[axis + 1 :]
        head, rest = box[: 2 * axis], box[2 * axis + 2 :]
        stack.append((head + (center + half, half) + rest, deeper))
        stack.append((head + (center - half, half) + rest, deeper))
    if stack:
        raise Malformed(f"{where} ends before its last leaf", where)
    table = np.frombuffer(boxes, dtype=np.float64).reshape(-1, dimension, 2)
    centers, halves = table[:, :, 0].T.copy(), table[:, :, 1].T.copy()
    return Tree(centers, halves, np.frombuffer(bytes(degrees), dtype=np.uint8))
