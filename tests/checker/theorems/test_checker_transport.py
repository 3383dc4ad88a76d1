"""Transport, with inflow walls and around the circle."""

import examples
import numpy as np
import pytest
from examples import dirichlet, initial
from material import (
    Builder,
    constant_program,
)
from proofs import number, prove, refused


@pytest.mark.parametrize("epsilon", [0.0, 1e-5, 0.1])
def test_transport(tmp_path, epsilon):
    candidate = examples.transport_candidate(epsilon, at_start=False)
    report = prove(tmp_path, examples.transport(), candidate, "transport",
                   levels=(3, 3))  # fmt: skip
    assert epsilon <= number(report) <= 9 * epsilon + 1e-5


def test_transport_with_inflow(tmp_path):
    """u = 0 for both; the candidate is epsilon x t, wrong by 2 epsilon."""
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    candidate = b.program(u=b.mul(e, b.mul(x, t))), {"epsilon": np.array(1e-3)}
    start = initial(constant_program(u="0"))

    def report(speed, *conditions, decay="0"):
        made = examples.transport([start, *conditions], speed, decay)
        return prove(tmp_path, made, candidate, "transport")

    assert 2e-3 <= number(report("2", dirichlet("x", "lower")))
    damped = report("2", dirichlet("x", "lower"), decay="3")
    assert number(damped) > 0
    assert refused(report("2", dirichlet("x")), "walls", "contradictory")
    assert refused(report("2", dirichlet("x", "upper")), "walls", "contradictory")
    assert refused(report("2"), "walls", "lower end")
    # At x = 2, where characteristics enter, it misses the data by 2 epsilon t.
    assert 2e-3 <= number(report("-2", dirichlet("x", "upper"))) <= 1e-2
    assert refused(report("0", dirichlet("x")), "equation", "no first derivative")


def test_transport_seam(tmp_path):
    candidate = examples.transport_candidate(1e-3, corner=True)
    report = prove(tmp_path, examples.transport(), candidate, "transport")
    assert refused(report, "walls", "corner or jump at the seam")
