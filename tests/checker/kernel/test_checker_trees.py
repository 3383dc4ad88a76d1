"""Trees cover their box exactly, and nothing else is a tree."""

from fractions import Fraction

import numpy as np
import pytest
from material import random_tree, uniform_tree

from certax_checker.kernel._errors import Malformed
from certax_checker.kernel._trees import read_tree


@pytest.mark.parametrize("dimension", [1, 2, 3, 5])
def test_random_trees_cover(dimension):
    generator = np.random.default_rng(dimension)
    for _ in range(20):
        data = random_tree(generator, dimension, 8)
        tree = read_tree(data, dimension, "t")
        assert tree.leaves == sum(byte < 16 for byte in data)
        assert sum(map(Fraction, tree.volumes.tolist())) == 1
        lower, upper = tree.centers - tree.halves, tree.centers + tree.halves
        assert (lower >= 0).all() and (upper <= 1).all()
        for point in generator.random((20, dimension)):
            inside = (lower.T <= point).all(1) & (point <= upper.T).all(1)
            assert inside.any()


def test_preorder_and_degrees():
    tree = read_tree(bytes([16, 17, 1, 2, 3]), 2, "t")
    assert tree.degrees.tolist() == [1, 2, 3]
    assert tree.centers.T.tolist() == [[0.25, 0.25], [0.25, 0.75], [0.75, 0.5]]
    assert tree.halves.T.tolist() == [[0.25, 0.25], [0.25, 0.25], [0.25, 0.5]]
    assert "leaf 1: [0.0, 0.5] x [0.5, 1.0]" == tree.describe(1)


def test_deepest_cuts_are_exact():
    data = b"".join(bytes([16, 0]) for _ in range(45)) + bytes([0])
    tree = read_tree(data, 1, "t")
    assert Fraction(tree.centers[0, -1]) + Fraction(tree.halves[0, -1]) == 1
    assert tree.halves[0, -1] == 2.0**-46
    with pytest.raises(Malformed, match="cut"):
        read_tree(b"".join(bytes([16, 0]) for _ in range(46)) + bytes([0]), 1, "t")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x10", b"\x10\x00", b"\x00\x00", b"\x10\x00\x00\x00", b"\x12\x00\x00",
     b"\xff", uniform_tree([3, 3], 2)[:-1], uniform_tree([3, 3], 2) + b"\x02"],
)  # fmt: skip
def test_other_bytes_are_refused(data):
    with pytest.raises(Malformed):
        read_tree(data, 2, "t")
