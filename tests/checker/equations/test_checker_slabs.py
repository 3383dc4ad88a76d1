"""Slabs of time take the leaves that meet them."""

from fractions import Fraction

import numpy as np
import pytest
from material import (
    random_tree,
)

from certax_checker.equations import _slabs
from certax_checker.kernel._trees import read_tree


@pytest.mark.parametrize("seed", range(5))
def test_slabs_take_the_leaves_that_meet_them(seed):
    """Against the definition, in exact arithmetic, on random trees."""
    generator = np.random.default_rng(seed)
    tree = read_tree(random_tree(generator, 2, 9), 2, "t")
    values = generator.random(tree.leaves)

    class Case:
        trees = {"residual": tree}

        class problem:
            index = staticmethod(lambda name: 1)

    class time:
        name = "t"

    lower = [Fraction(v) for v in tree.centers[1] - tree.halves[1]]
    upper = [Fraction(v) for v in tree.centers[1] + tree.halves[1]]
    volumes = tree.volumes
    for slabs in (1, 2, 8, 64):
        suprema = _slabs.slab_suprema(Case, time, values, slabs)
        sums = _slabs.slab_sums(Case, time, values, slabs)
        squares = _slabs.slab_squares(Case, time, values, slabs)
        for k in range(slabs):
            begin, end = Fraction(k, slabs), Fraction(k + 1, slabs)
            inside = [
                i for i in range(tree.leaves) if lower[i] < end and upper[i] > begin
            ]
            begun = [i for i in range(tree.leaves) if lower[i] < end]
            assert suprema[k] == max(values[i] for i in inside)
            exact = sum(Fraction(values[i]) for i in begun)
            masses = [Fraction(values[i]) ** 2 * Fraction(volumes[i]) for i in inside]
            assert sum(masses) <= Fraction(squares[k])
            assert Fraction(squares[k]) <= sum(masses) * (1 + Fraction(1, 10**8))
            assert exact <= Fraction(sums[k]) <= exact * (1 + Fraction(1, 10**9))
