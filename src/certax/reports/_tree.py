"""Decodes a certificate's tree for the map of boxes. For drawing only: what a tree
covers is decided by the checker.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from .._core import CertaxError

_first_cut = 16


@dataclass(frozen=True)
class Boxes:
    """Boxes in normalized coordinates, which cover what was asked for.

    - `lower`, `upper`: ends, in [0, 1].
    - `leaves`: how many leaves of the tree a box stands for; 1 if it is one itself.
    - `total`: the number of leaves of the whole tree.
    """

    lower: Float64[np.ndarray, "boxes dimension"]
    upper: Float64[np.ndarray, "boxes dimension"]
    leaves: Int64[np.ndarray, " boxes"]
    total: int

    @property
    def complete(self) -> bool:
        """Whether every box is a leaf."""
        return bool(np.all(self.leaves == 1))


def decode_tree(
    content: bytes,
    dimension: int,
    *,
    limit: int = 20_000,
    section: Mapping[int, float] | None = None,
) -> Boxes:
    """The leaves of a tree (docs/format.md, section 6), level by level.

    When there are more than `limit`, the cuts below some level are left out and a box
    stands for all leaves inside.

    **Arguments:**

    - `content`: the bytes of the tree file.
    - `dimension`: how many axes there are.
    - `section`: for some axes a position in [0, 1); only boxes that meet it are given.

    **Raises:** `CertaxError` if the bytes are no tree.
    """
    nodes = np.frombuffer(content, dtype=np.uint8)
    is_leaf = nodes < _first_cut
    after = _subtrees_to_come(nodes, is_leaf, dimension)
    last_of = _ends(after)
    total = int(is_leaf.sum())

    index = np.zeros(1, dtype=np.int64)
    lower, upper = np.zeros((1, dimension)), np.ones((1, dimension))
    done: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    count = 0
    while index.size:
        leaf = is_leaf[index]
        done.append((lower[leaf], upper[leaf], np.ones(int(leaf.sum()), np.int64)))
        count += int(leaf.sum())
        index, lower, upper = index[~leaf], lower[~leaf], upper[~leaf]
        if count + 2 * index.size > limit:
            done.append((lower, upper, (last_of(index) - index + 2) // 2))
            break
        index, lower, upper = _cut(nodes, last_of, index, lower, upper)
        for axis, position in (section or {}).items():
            met = (lower[:, axis] <= position) & (position < upper[:, axis])
            index, lower, upper = index[met], lower[met], upper[met]
    columns = [np.concatenate(parts) for parts in zip(*done, strict=True)]
    return Boxes(*columns, total=total)


def _subtrees_to_come(nodes, is_leaf, dimension: int) -> np.ndarray:
    after = 1 + np.cumsum(np.where(is_leaf, -1, 1), dtype=np.int64)
    known = bool(np.all(nodes < _first_cut + dimension))
    if not (nodes.size and known and after[-1] == 0 and np.all(after[:-1] > 0)):
        raise CertaxError(
            f"The tree of {nodes.size} bytes is not one of {dimension} axes.",
            value=nodes.size,
            remedy="Certify again; the tree file is damaged or of another problem.",
        )
    return after


def _ends(after: np.ndarray):
    """A function from nodes to the last node of the subtree under each: the first from
    there on after which one subtree fewer is to come than before.
    """
    size = after.size
    keys = np.sort(after * size + np.arange(size))

    def last_of(index: np.ndarray) -> np.ndarray:
        before = np.where(index == 0, 1, after[index - 1])
        return keys[np.searchsorted(keys, (before - 1) * size + index)] % size

    return last_of


def _cut(nodes, last_of, index, lower, upper):
    rows = np.arange(index.size)
    axis = nodes[index].astype(np.int64) - _first_cut
    middle = (lower[rows, axis] + upper[rows, axis]) / 2
    upper_of_first, lower_of_second = upper.copy(), lower.copy()
    upper_of_first[rows, axis] = middle
    lower_of_second[rows, axis] = middle
    return (
        np.concatenate([index + 1, last_of(index + 1) + 1]),
        np.concatenate([lower, lower_of_second]),
        np.concatenate([upper_of_first, upper]),
    )
