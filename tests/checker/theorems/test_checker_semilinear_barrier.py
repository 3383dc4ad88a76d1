"""Semilinear equations between barriers."""

import numpy as np
import pytest
from elliptic import (
    PARABOLA,
    attach,
    bump,
    number,
    prove,
    reaction,
    refused,
    sine_barrier,
)
from material import (
    uniform_tree,
    write_draft,
)


@pytest.mark.parametrize("tube", ["everywhere", "1", "0.01"])
def test_monotone_reaction(tmp_path, tube):
    """u = 0 solves -u'' + u^3 + u = 0; the network is epsilon x (1 - x)."""
    report = prove(tmp_path, reaction("1", "0", "1"), bump(1e-3), "semilinear-barrier",
                   PARABOLA, tube=tube)  # fmt: skip
    assert 0.25e-3 <= number(report) <= 0.7e-3
    unique = "where u is the solution of" in report["statement"]
    assert unique == (tube == "everywhere")
    assert ("nothing is said" in report["statement"]) != unique


def test_steep_reaction_has_no_global_bound_but_a_tube(tmp_path):
    """-u'' + 60 (u^3 - u) = 0 has three solutions; near 0 nothing is proved."""
    made = reaction("0-60", "0", "60")
    for tube in ("everywhere", "1", "0.05", "1e-6"):
        report = prove(tmp_path, made, bump(1e-9), "semilinear-barrier",
                       sine_barrier(), levels=(5,), tube=tube)  # fmt: skip
        assert refused(report, "barrier", "operator of the barrier")


@pytest.mark.parametrize(
    "powers", [("0", "1"), ("0", "0", "0-1"), ("1", "0", "0", "1")]
)
def test_reactions_without_a_least_slope(tmp_path, powers):
    report = prove(tmp_path, reaction(*powers), bump(1e-3), "semilinear-barrier",
                   PARABOLA, tube="everywhere")  # fmt: skip
    assert refused(report, "equation", "not bounded below")
    near = prove(tmp_path, reaction(*powers), bump(1e-3), "semilinear-barrier",
                 PARABOLA, tube="0.01")  # fmt: skip
    assert 0.25e-3 <= number(near) <= 0.5e-3


def test_bound_must_stay_in_the_tube(tmp_path):
    for tube, works in (("0.0004", True), ("0.0003", False), ("0.0002", False)):
        report = prove(tmp_path, reaction("0", "1"), bump(1e-3), "semilinear-barrier",
                       PARABOLA, tube=tube)  # fmt: skip
        assert report["accepted"] == works
        if not works:
            assert refused(report, "tube", "leaves the tube")


@pytest.mark.parametrize("tube", ["0", "-1", "NaN", "", 1, None, "nowhere"])
def test_tubes_have_a_grammar(tmp_path, tube):
    import json

    from material import call

    parameters = attach(tmp_path, PARABOLA) | {"tube": tube}
    draft = write_draft(tmp_path, reaction("1"), *bump(1e-3), uniform_tree((2,), 4),
                        theorem="semilinear-barrier",
                        parameters=parameters)  # fmt: skip
    status, output = call("derive", draft)
    assert status == 2 and not json.loads(output)["accepted"]


@pytest.mark.parametrize("seed", range(6))
def test_least_slope_against_sampling(seed):
    from flint import arb

    from certax_checker.kernel._algebra import Algebra, rational
    from certax_checker.theorems import semilinear_barrier

    generator = np.random.default_rng(seed)
    highest = int(generator.choice([3, 5, 7]))
    numbers = generator.integers(-20, 20, highest - 1).tolist()
    numbers[-1] = abs(numbers[-1]) + 1
    algebra = Algebra()
    key = ("u", (0,))
    u = algebra.atom(("derivative", key), frozenset({("derivative", key)}))
    form = rational(0)
    power = u
    for n in numbers:
        power = power * u
        form = form + rational(n) * power

    class Case:
        term = staticmethod(lambda: ((key, 1),))

        @staticmethod
        def require(truth, name, reason):
            assert truth is True, reason

    found = semilinear_barrier._least_slope(Case, form, 1)
    s = np.linspace(-60, 60, 400_001)
    slopes = [n * (k + 2) for k, n in enumerate(numbers)]
    values = sum(c * s ** (k + 1) for k, c in enumerate(slopes))
    least = values.min()
    assert isinstance(found, arb) and float(found) <= least
    assert float(found) >= least - 1e-2 * (1 + abs(least))
