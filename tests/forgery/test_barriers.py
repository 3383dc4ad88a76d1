"""Certificates that bring a barrier along, with another one put in its place."""

import numpy as np
import pytest

from .genuine import X, Y, genuine
from .material import Bundle, call, constant, program, verify
from .tables import Forgeries, assert_refused

forgery = Forgeries()
ONE = constant("1")
BUMP = X * (ONE - X)


def replaced(bundle: Bundle, barrier, correction="0"):
    bundle.attached["barrier"] = program(barrier=barrier, correction=correction)
    bundle.attached["barrier_weights"] = {}


@forgery("corrected", "barrier", "the barrier is not proved positive")
def barrier_negative(b: Bundle):
    replaced(b, -ONE)


@forgery("corrected", "barrier", "the barrier is not proved positive")
def barrier_zero_on_the_walls(b: Bundle):
    replaced(b, BUMP)


@forgery("corrected", "barrier", "operator of the barrier")
def barrier_without_image(b: Bundle):
    replaced(b, ONE)


@forgery("corrected", "barrier", "operator of the barrier")
def barrier_of_the_other_sign(b: Bundle):
    replaced(b, ONE - BUMP)


@forgery("corrected", "barrier", "max0")
def barrier_with_a_corner(b: Bundle):
    replaced(b, ONE + BUMP + call("max0", X - constant("0.5")))


@forgery("corrected", "", "away from zero")
def barrier_with_a_pole(b: Bundle):
    replaced(b, ONE / (X - constant("0.3")))


@forgery("corrected", "bound", "exceeds the claimed one")
def barrier_that_is_large(b: Bundle):
    replaced(b, constant("1000") + BUMP)


@forgery("corrected", "bound", "exceeds the claimed one")
def correction_on_the_walls(b: Bundle):
    replaced(b, constant("0.1") + BUMP, correction=constant("0.1"))


@forgery("corrected", "bound", "exceeds the claimed one")
def correction_another_one(b: Bundle):
    tensors = b.attached["barrier_weights"]
    b.attached["barrier_weights"] = {k: 100 * v for k, v in tensors.items()}


@forgery("corrected", "barrier", "not barrier and correction")
def correction_left_out(b: Bundle):
    b.attached["barrier"] = program(barrier=ONE + BUMP)
    b.attached["barrier_weights"] = {}


@forgery("corrected", "barrier", "names or shapes")
def weights_of_another_shape(b: Bundle):
    b.attached["barrier_weights"]["fix.1"] = np.ones(4)


@forgery("corrected", "barrier", "unknown coordinate")
def barrier_of_another_coordinate(b: Bundle):
    text = b.attached["barrier"]
    text["inputs"] = [
        {**entry, "name": "z"} if entry["name"] == "y" else entry
        for entry in text["inputs"]
    ]


@forgery("corrected", "parameters", "the parameters are not")
def parameters_of_another_theorem(b: Bundle):
    b.claim["theorem"] = "semilinear-barrier"


@forgery("corrected", "norm", "the theorem gives the norm")
def theorem_of_another_norm(b: Bundle):
    b.claim["theorem"] = "elliptic-energy"


@forgery("corrected", "bound", "exceeds the claimed one")
def network_another_one(b: Bundle):
    b.tensors = {name: 1.01 * value for name, value in b.tensors.items()}


@forgery("corrected", "walls", "no Dirichlet condition")
def wall_without_data(b: Bundle):
    b.problem["conditions"][0]["side"] = "lower"


@forgery.parametrize()
def test_a_forged_barrier_is_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


@pytest.mark.parametrize("value", ["1", 3, None, True, [], {}, {"file": "x"}])
def test_parameters_of_another_type_are_refused(value, tmp_path):
    bundle = genuine("corrected")
    del bundle.attached["barrier"]
    bundle.claim["parameters"] = {"barrier": value}
    report = verify(bundle, tmp_path)
    assert not report["accepted"] and report["status"] == 1


def test_a_better_barrier_is_accepted_for_the_old_claim(tmp_path):
    """The files may be any that imply the claim."""
    bundle = genuine("corrected")
    replaced(bundle, constant("0.01") + BUMP + Y * (ONE - Y))
    report = verify(bundle, tmp_path)
    assert report["accepted"] or report["where"] == "bound"
