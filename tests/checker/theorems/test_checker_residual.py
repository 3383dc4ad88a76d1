"""Norms of the residual as claims of their own."""

import math

import examples
import pytest
from material import (
    certificate_from,
    derive,
    uniform_tree,
    verify,
    write_draft,
)
from proofs import number


@pytest.mark.parametrize("norm", ["Linf", "L1", "L2"])
def test_residual_norms_of_a_known_residual(tmp_path, norm):
    """The residual is epsilon (x (1 - x) + 0.2 t), which has simple norms."""
    epsilon = 1e-3
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(epsilon),
        uniform_tree([4, 3], 5), claim="residual", norm=norm,
    )  # fmt: skip
    report = derive(draft)
    square = 1 / 60 + 0.2 * 0.125 / 3 + 0.04 / 24
    exact = {"Linf": 0.35, "L1": 1 / 12 + 0.025, "L2": math.sqrt(square)}[norm]
    assert exact * epsilon <= number(report) * (1 + 1e-12)
    assert number(report) <= 1.02 * exact * epsilon
    assert verify(certificate_from(draft, report))["accepted"]
