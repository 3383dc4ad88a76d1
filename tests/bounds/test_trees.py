"""Bisection trees: they cover the box exactly, and their bytes say the same."""

from fractions import Fraction

import numpy as np
import pytest

from certax import CertaxError
from certax.bounds import _trees
from certax.bounds._trees import Tree

Interval = tuple[Fraction, Fraction]


def decoded(data: bytes, dimension: int) -> list[tuple[int, tuple[Interval, ...]]]:
    """An independent reader of `docs/format.md`, section 6: leaves in order."""
    leaves = []
    waiting = [((Fraction(0), Fraction(1)),) * dimension]
    for byte in data:
        box = waiting.pop()
        if byte < 16:
            leaves.append((byte, box))
            continue
        axis = byte - 16
        low, high = box[axis]
        middle = (low + high) / 2
        for half in ((middle, high), (low, middle)):
            waiting.append((*box[:axis], half, *box[axis + 1 :]))
    assert not waiting, "the stream ended early"
    return leaves


def boxes_of(tree: Tree, nodes: np.ndarray) -> set[tuple[Interval, ...]]:
    """From centers and half-widths, taken as the exact numbers that they are."""
    found = set()
    for node in nodes:
        pairs = zip(tree.center[node], tree.half[node], strict=True)
        ends = [(Fraction(float(c)), Fraction(float(h))) for c, h in pairs]
        found.add(tuple((c - h, c + h) for c, h in ends))
    return found


def grown(dimension: int, rounds: int, rng: np.random.Generator) -> Tree:
    tree = Tree(dimension)
    for _ in range(rounds):
        leaves = tree.leaves
        kept = rng.random(len(leaves)) < 0.6
        kept[:2] = True
        chosen = leaves[kept]
        axes = rng.integers(0, dimension, len(chosen))
        possible = tree.divisible(chosen, axes)
        tree.split(chosen[possible], axes[possible])
    return tree


def volume(box: tuple[Interval, ...]) -> Fraction:
    size = Fraction(1)
    for low, high in box:
        size *= high - low
    return size


@pytest.mark.parametrize("dimension", [1, 2, 3, 5])
def test_leaves_cover_the_box_exactly(dimension, seed):
    tree = grown(dimension, 9, np.random.default_rng(seed))
    leaves = boxes_of(tree, tree.leaves)
    assert len(leaves) == len(tree.leaves) > 10
    assert sum(volume(box) for box in leaves) == 1
    assert float(tree.volume(tree.leaves).sum()) == 1.0
    # Bisection makes no two leaves overlap: one contains the other or they are apart.
    for point in np.random.default_rng(seed).random((50, dimension)):
        exact = [Fraction(float(x)) for x in point]
        hits = [
            box
            for box in leaves
            if all(low <= x < high for x, (low, high) in zip(exact, box, strict=True))
        ]
        assert len(hits) == 1


@pytest.mark.parametrize("dimension", [1, 2, 4])
def test_bytes_say_the_same_boxes(dimension, seed):
    tree = grown(dimension, 9, np.random.default_rng(seed))
    data = tree.encode(7)
    found = decoded(data, dimension)
    assert len(data) == tree.size == 2 * len(tree.leaves) - 1
    assert {box for _, box in found} == boxes_of(tree, tree.leaves)
    assert {degree for degree, _ in found} == {7}


def test_the_order_is_lower_half_first():
    tree = Tree(2)
    left, right = tree.split(np.array([0]), np.array([1]))
    tree.split(np.array([right]), np.array([0]))
    assert tree.encode(3) == bytes([17, 3, 16, 3, 3])
    assert tree.center[left].tolist() == [0.5, 0.25]


def test_an_uncut_box_is_one_byte():
    assert Tree(3).encode(0) == b"\0"
    assert Tree(3).encode(15) == b"\x0f"


@pytest.mark.parametrize("side", [0, 1])
def test_no_axis_is_cut_more_often_than_the_format_allows(side):
    """At the last cut allowed, centers are still exact."""
    tree, node, cuts = Tree(2), np.array([0]), 0
    while tree.divisible(node, np.array([1]))[0]:
        node = tree.split(node, np.array([1]))[side : side + 1]
        cuts += 1
    assert cuts == 45
    assert tree.divisible(node, np.array([0]))[0]
    (box,) = boxes_of(tree, node)
    end = (
        (Fraction(0), Fraction(1, 2**45)) if side == 0 else (1 - Fraction(1, 2**45), 1)
    )
    assert box == ((0, 1), end)
    assert sum(volume(box) for box in boxes_of(tree, tree.leaves)) == 1


@pytest.mark.parametrize("degree", [-1, 16])
def test_a_degree_without_a_byte_is_refused(degree):
    with pytest.raises(CertaxError, match=f"degrees from 0 to 15, not {degree}"):
        Tree(1).encode(degree)


def test_a_tree_too_large_for_the_format_is_refused(monkeypatch):
    monkeypatch.setattr(_trees, "_most_nodes", 4)
    tree = Tree(1)
    (first, _) = tree.split(np.array([0]), np.array([0]))
    assert len(tree.encode(1)) == 3
    tree.split(np.array([first]), np.array([0]))
    with pytest.raises(CertaxError, match="at most 4 nodes, but this one 5"):
        tree.encode(1)
