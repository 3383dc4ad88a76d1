"""Bisection trees: a box cut into leaves, growing, and written as `docs/format.md`,
section 6, says.
"""

import numpy as np

from .._core import CertaxError

_most_cuts = 45
_most_nodes = 2**25
_highest_degree = 15


class Tree:
    """Nodes in arrays that grow; leaves have axis -1.

    **Arguments:**

    - `dimension`: of the box.
    """

    def __init__(self, dimension: int):
        self.dimension = dimension
        self.size = 1
        self._axis = np.full(1024, -1, np.int8)
        self._child = np.zeros(1024, np.int64)
        self._center = np.full((1024, dimension), 0.5)
        self._half = np.full((1024, dimension), 0.5)

    @staticmethod
    def from_nodes(dimension: int, axes: np.ndarray, children: np.ndarray) -> "Tree":
        """The tree with these `nodes`.

        **Raises:** `ValueError` if they are not those of a tree.
        """
        tree = Tree(dimension)
        cut = np.flatnonzero(axes >= 0)
        order = cut[np.argsort(children[cut], kind="stable")]
        expected = 1 + 2 * np.arange(len(order))
        sound = len(axes) == len(children) == 1 + 2 * len(order)
        if not sound or np.any(axes >= dimension):
            raise ValueError("its nodes do not form a tree")
        if np.any(children[order] != expected) or np.any(order >= expected):
            raise ValueError("its nodes do not form a tree")
        while tree.size < len(axes):
            # All parents that are known by now; their children follow one another.
            left = order[(tree.size - 1) // 2 :]
            later = np.flatnonzero(left >= tree.size)
            known = left[: later[0]] if len(later) else left
            tree.split(known, axes[known].astype(int))
        return tree

    @property
    def nodes(self) -> tuple[np.ndarray, np.ndarray]:
        """The axis along which each node is cut, or -1; its first child, or 0."""
        return self._axis[: self.size], self._child[: self.size]

    @property
    def center(self) -> np.ndarray:
        """Centers in normalized coordinates, shape `(size, dimension)`."""
        return self._center[: self.size]

    @property
    def half(self) -> np.ndarray:
        """Half-widths in normalized coordinates, shape `(size, dimension)`."""
        return self._half[: self.size]

    @property
    def leaves(self) -> np.ndarray:
        """The numbers of all leaves."""
        return np.flatnonzero(self._axis[: self.size] < 0)

    def volume(self, nodes: np.ndarray) -> np.ndarray:
        """Volumes in normalized coordinates; powers of two, hence exact."""
        return np.prod(2.0 * self.half[nodes], axis=1)

    def divisible(self, nodes: np.ndarray, axes: np.ndarray) -> np.ndarray:
        """Whether a cut along the axis is still allowed."""
        return self.half[nodes, axes] > 0.5 * 2.0**-_most_cuts

    def split(self, nodes: np.ndarray, axes: np.ndarray) -> np.ndarray:
        """Cuts leaves in the middle; returns the numbers of the new leaves, the lower
        half before the upper one.
        """
        count = len(nodes)
        self._reserve(self.size + 2 * count)
        children = self.size + 2 * np.arange(count)
        self._axis[nodes], self._child[nodes] = axes, children
        for offset, sign in ((0, -1.0), (1, 1.0)):
            new = children + offset
            self._axis[new] = -1
            self._half[new] = self._half[nodes]
            self._half[new, axes] *= 0.5
            self._center[new] = self._center[nodes]
            self._center[new, axes] += sign * self._half[new, axes]
        self.size += 2 * count
        return np.arange(self.size - 2 * count, self.size)

    def _reserve(self, size: int) -> None:
        capacity = len(self._axis)
        if size > capacity:
            extra = max(size, 2 * capacity) - capacity
            self._axis = np.concatenate([self._axis, np.full(extra, -1, np.int8)])
            self._child = np.concatenate([self._child, np.zeros(extra, np.int64)])
            room = np.zeros((extra, self.dimension))
            self._center = np.concatenate([self._center, room])
            self._half = np.concatenate([self._half, room])

    def encode(self, degree: int) -> bytes:
        """The preorder byte stream, every leaf with the given degree.

        **Raises:** `CertaxError` if the format has no room for the degree or the tree.
        """
        if not 0 <= degree <= _highest_degree:
            raise CertaxError(
                f"A tree's leaves have degrees from 0 to {_highest_degree}, "
                f"not {degree}.",
                value=degree,
                remedy="Lower the degree of the Taylor models.",
            )
        if self.size > _most_nodes:
            raise CertaxError(
                f"A tree has at most {_most_nodes} nodes, but this one {self.size}.",
                value=self.size,
                remedy="Ask for a larger tolerance, or allow fewer boxes.",
            )
        out = bytearray()
        stack = [0]
        axes, children = self._axis.tolist(), self._child.tolist()
        while stack:
            node = stack.pop()
            axis = axes[node]
            if axis < 0:
                out.append(degree)
            else:
                out.append(16 + axis)
                stack += [children[node] + 1, children[node]]
        return bytes(out)
