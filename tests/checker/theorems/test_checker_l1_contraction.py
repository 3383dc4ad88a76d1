"""The L1 contraction: known errors are bounded, and near misses refused."""

import examples
import numpy as np
import pytest
from examples import dirichlet, initial, periodic, wave
from material import (
    constant_program,
)
from proofs import number, prove, refused


@pytest.mark.parametrize("epsilon", [0.0, 1e-9, 1e-4, 0.1])
def test_heat_error_is_bounded_in_l1(tmp_path, epsilon):
    report = prove(tmp_path, examples.heat(), examples.heat_candidate(epsilon),
                   "l1-contraction", norm="L1")  # fmt: skip
    error = epsilon / 12
    assert error <= number(report) <= 3 * error + 1e-7
    assert len(report["curve"]) == 8
    ends = np.arange(1, 9) / 16
    curve = np.array([float(v) for v in report["curve"]])
    assert (curve >= epsilon * ends / 6).all() and (np.diff(curve) >= 0).all()


def test_burgers_net(tmp_path):
    report = prove(tmp_path, examples.burgers(), examples.burgers_net(),
                   "l1-contraction", levels=(4, 3), degree=4, norm="L1")  # fmt: skip
    assert number(report) > 0
    assert report["statement"].startswith(
        "Proved: for every t in [0, 1], the integral over x in [-1, 1] of "
        f"|network - u| is at most {report['bound']['decimal']}, where u is the "
        "solution of "
    )
    for part in ("u*u_x", "0.01/pi", "u = -sinpi(x) at t = 0", "Cited:"):
        assert part in report["statement"]


@pytest.mark.parametrize(
    "made, where, text",
    [
        (examples.burgers(viscosity="0"), "equation", "second derivative"),
        (examples.burgers(viscosity="-1"), "equation", "second derivative"),
        (examples.burgers(rate="2"), "equation", "not exactly 1"),
        (examples.burgers(flux=lambda b, d: b.sin(d(0, 0))), "equation", "polynomial"),
        (examples.burgers(flux=lambda b, d: d(1, 0)), "equation", "constant coeff"),
        (
            examples.burgers(
                conditions=[initial(wave(sign=-1)), dirichlet("x", "lower")]
            ),
            "walls",
            "upper",
        ),
        (
            examples.burgers(
                conditions=[
                    initial(wave(sign=-1)),
                    dirichlet("x", values=constant_program(u="0.001")),
                ]
            ),
            "walls",
            "not equal to the data",
        ),
        (examples.burgers(conditions=[dirichlet("x")]), "time", "exactly one initial"),
        (
            examples.burgers(conditions=[initial(wave(sign=-1)), periodic("x")]),
            "walls",
            "corner or jump",
        ),
        (
            examples.burgers(
                conditions=[initial(wave(sign=-1)), periodic("x"), periodic("t")]
            ),
            "time",
            "another condition",
        ),
    ],
)
def test_l1_refusals(tmp_path, made, where, text):
    report = prove(tmp_path, made, examples.burgers_net(), "l1-contraction", norm="L1")
    assert refused(report, where, text)


def test_flux_that_depends_on_space_is_refused(tmp_path):
    def build(b, d, x):
        made = b.add(d(0, 1), b.mul(b.mul(x, d(0, 0)), d(1, 0)))
        return b.sub(made, d(2, 0))

    made = examples.burgers()
    made["residual"] = examples.residual(2, build, (), ("x",))
    report = prove(tmp_path, made, examples.burgers_net(), "l1-contraction", norm="L1")
    assert refused(report, "equation", "constant coefficients")


def test_zeroth_order_term_is_refused(tmp_path):
    made = examples.heat(lambda b, d: d(0, 0))
    report = prove(tmp_path, made, examples.heat_candidate(1e-3), "l1-contraction",
                   norm="L1")  # fmt: skip
    assert refused(report, "equation", "times u_x")


def test_net_that_misses_the_wall_is_refused(tmp_path):
    report = prove(tmp_path, examples.burgers(), examples.burgers_net(wall=False),
                   "l1-contraction", norm="L1")  # fmt: skip
    assert refused(report, "walls", "not equal to the data")


def test_refinement_sharpens(tmp_path):
    bounds = []
    for levels in ((1, 1), (2, 2), (4, 4)):
        report = prove(tmp_path, examples.burgers(), examples.burgers_net(),
                       "l1-contraction", levels=levels, degree=2,
                       norm="L1")  # fmt: skip
        bounds.append(number(report))
    assert bounds[0] > bounds[1] > bounds[2] > 0
