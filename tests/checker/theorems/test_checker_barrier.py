"""The plain barrier for Poisson problems."""

import examples
import pytest
from examples import dirichlet, initial, periodic
from material import (
    constant_program,
)
from proofs import number, prove, refused


@pytest.mark.parametrize("epsilon", [0.0, 1e-5, 0.1])
def test_poisson(tmp_path, epsilon):
    for made in (examples.poisson(-1), examples.poisson(1), examples.poisson(1, "2")):
        report = prove(tmp_path, made, examples.poisson_candidate(epsilon), "barrier",
                       parameters={})  # fmt: skip
        assert epsilon / 16 <= number(report) <= epsilon + 1e-6
        assert report["curve"] == []


def test_barrier_refusals(tmp_path):
    candidate = examples.poisson_candidate(1e-3)

    def refusal(made, where, text, candidate=candidate):
        report = prove(tmp_path, made, candidate, "barrier", parameters={})
        assert refused(report, where, text)

    refusal(examples.poisson(1, "-2"), "equation", "of one sign")
    refusal(examples.poisson(1, "0"), "equation", "of one sign")
    made = examples.poisson()
    made["conditions"][1] = dirichlet("y", "lower")
    refusal(made, "walls", "y has no Dirichlet condition on its upper end")
    made["conditions"][1] = periodic("y")
    refusal(made, "walls", "periodic")
    made["conditions"][1] = dirichlet("y", values=constant_program(u="1e-9"))
    refusal(made, "data", "the data differ at")
    made = examples.poisson()
    made["conditions"].append(initial(constant_program(u="0"), "y"))
    refusal(made, "equation", "initial condition")
