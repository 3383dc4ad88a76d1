"""Norms of the residual as claims of their own."""

import json
import math

import examples
import numpy as np
import pytest
from material import (
    call,
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


def exact_norm(power: int, lower: float = 0.0, upper: float = 0.5) -> float:
    """The norm of x (1 - x) + 0.2 t over [0, 1] x [lower, upper], by Gauss points."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    x, t = (nodes + 1) / 2, lower + (upper - lower) * (nodes + 1) / 2
    values = np.add.outer(x * (1 - x), 0.2 * t) ** power
    integral = weights @ values @ weights * (upper - lower) / 4
    return float(integral ** (1 / power))


@pytest.mark.parametrize("power", [1, 2, 3, 7, 16])
def test_residual_norms_of_any_power_and_on_slabs(tmp_path, power):
    epsilon, slabs = 1e-3, 4
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(epsilon),
        uniform_tree([5, 4], 5), claim="residual", norm=f"L{power}",
        parameters={"slabs": slabs},
    )  # fmt: skip
    report = derive(draft)
    exact = epsilon * exact_norm(power)
    assert exact <= number(report) * (1 + 1e-12)
    assert number(report) <= (1.02 + 0.005 * power) * exact
    assert len(report["curve"]) == slabs
    for k, entry in enumerate(report["curve"]):
        exact = epsilon * exact_norm(power, k / 8, (k + 1) / 8)
        assert exact <= float(entry) * (1 + 1e-12)
        assert float(entry) <= (1.02 + 0.005 * power) * exact
    assert verify(certificate_from(draft, report))["accepted"]


def test_suprema_on_slabs(tmp_path):
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(1e-3),
        uniform_tree([4, 3], 5), claim="residual", norm="Linf", parameters={"slabs": 2},
    )  # fmt: skip
    first, second = (float(entry) for entry in derive(draft)["curve"])
    assert 0.30e-3 <= first <= 0.31e-3 and 0.35e-3 <= second <= 0.36e-3


@pytest.mark.parametrize("norm", ["L0", "L17", "L02", "L2 ", "Lp", "linf", ""])
def test_other_norms_are_malformed(tmp_path, norm):
    draft = write_draft(
        tmp_path, examples.heat(), *examples.heat_candidate(1e-3),
        uniform_tree([1, 1], 5), claim="residual", norm=norm,
    )  # fmt: skip
    _, output = call("derive", draft)
    assert "is not a norm" in json.loads(output)["reason"]
