"""The energy of waves: known errors are bounded, and what must be refused."""

import math

import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic, problem, residual, wave
from material import Builder, constant_program, uniform_tree
from proofs import number, prove, refused

ZERO = constant_program(u="0")


def velocity(values, coordinate="t"):
    """The fields' first derivative at the start."""
    return {"kind": "velocity", "coordinate": coordinate, "values": values}


def energy(folder, made, candidate, **options):
    """Derives, and has the certificate verified."""
    options = {"levels": (2, 3), "degree": 8, "norm": "L2"} | options
    return prove(folder, made, candidate, "wave", **options)


def string(extra=None, constants=(), conditions=None, rate="1", speed="4"):
    """u_tt = 4 u_xx on [0, 1] x [0, 1] with u = sin(pi x) cos(2 pi t)."""

    def build(b, d, one, c, *rest):
        made = b.sub(b.mul(one, d(0, 2)), b.mul(c, d(2, 0)))
        return b.add(made, extra(b, d, *rest)) if extra else made

    default = [initial(wave()), velocity(ZERO), dirichlet("x")]
    axes = [axis("x", "0", "1"), axis("t", "0", "1")]
    program = residual(2, build, (rate, speed, *constants))
    return problem(axes, program, conditions or default)


def plucked(epsilon, power=2, exact=True):
    """The string's solution, or zero, plus epsilon x (1 - x) t^power."""
    b = Builder()
    x, t, one, two = (
        b.coordinate("x"), b.coordinate("t"), b.constant("1"), b.constant("2")
    )  # fmt: skip
    e = b.weight("epsilon", ())
    bump = b.mul(x, b.sub(one, x))
    bump = b.mul(bump, t if power == 1 else b.ipow(t, extra=power)) if power else bump
    moved = b.mul(b.sinpi(x), b.cospi(b.mul(two, t))) if exact else b.sub(one, one)
    return b.program(u=b.add(moved, b.mul(e, bump))), {"epsilon": np.array(epsilon)}


def still(**changes):
    """The string at rest, for candidates that are exact at the start."""
    conditions = [initial(ZERO), velocity(ZERO), dirichlet("x")]
    return string(conditions=conditions, **changes)


@pytest.mark.parametrize("epsilon", [1e-9, 1e-4, 0.1])
def test_string(tmp_path, epsilon):
    report = energy(tmp_path, still(), plucked(epsilon, exact=False))
    ends = np.arange(1, 9) / 8
    errors = epsilon * ends**2 / math.sqrt(30)
    found = np.array([float(value) for value in report["curve"]])
    assert (errors <= found).all() and number(report) <= 10 * errors[-1]
    assert report["verdict"] == "proved" and "u_t = 0 at t = 0" in report["statement"]


def test_closed_form_needs_a_tree_and_is_then_almost_exact(tmp_path):
    """cos(2 pi t) is flat at the start, but not as a polynomial in t."""
    report = energy(tmp_path, string(), plucked(0.0))
    assert refused(report, "initial defect", "give a tree `initial`")
    report = energy(tmp_path, string(), plucked(0.0), start=uniform_tree([3], 8),
                    levels=(3, 3), degree=9)  # fmt: skip
    assert number(report) <= 1e-7


@pytest.mark.parametrize("power", [0, 1])
def test_initial_energy_counts(tmp_path, power):
    """A wrong shape, or a wrong velocity alone, each with its derivatives."""
    report = energy(tmp_path, string(), plucked(1e-3, power), levels=(3, 3), degree=9,
                    start=uniform_tree([3], 8))  # fmt: skip
    bump, gradient = 1 / math.sqrt(30), 1 / math.sqrt(3)
    start = 1e-3 * (2 * gradient if power == 0 else bump) / (2 * math.pi)
    assert number(report) >= max(1e-3 * bump, start)
    assert float(report["curve"][0]) >= start


def test_superfluous_initial_tree_is_refused(tmp_path):
    report = energy(tmp_path, still(), plucked(1e-3, exact=False),
                    start=uniform_tree([3], 3))  # fmt: skip
    assert refused(report, "initial defect", "zero by substitution")


def around(extra=None, constants=()):
    """A wave around a circle, from rest."""
    conditions = [initial(ZERO), velocity(ZERO), periodic("x")]
    return string(extra, constants, conditions)


def rising(epsilon):
    """epsilon t^2, wrong by just that."""
    b = Builder()
    t, e = b.coordinate("t"), b.weight("epsilon", ())
    return b.program(u=b.mul(e, b.mul(t, t))), {"epsilon": np.array(epsilon)}


def test_circle_without_mass_has_no_eigenvalue(tmp_path):
    """r = 2 epsilon and e = epsilon t^2; an eigenvalue pi^2 would hide it."""
    report = energy(tmp_path, around(), rising(1e-3))
    assert 1e-3 <= number(report) <= 8e-3


def test_sine_gordon(tmp_path):
    """u = 0, with the slope of the sine; its sign does not matter."""
    for sign in ("1.0", "-1.0"):
        made = around(lambda b, d, s: b.mul(s, b.sin(d(0, 0))), (sign,))
        report = energy(tmp_path, made, rising(1e-3))
        assert 1e-3 <= number(report) <= 2e-2


def test_negative_mass_makes_errors_grow(tmp_path):
    """u_tt = 4 u_xx + 100 u: a mode e^(k t) with k^2 = 100 - 4 pi^2 grows."""
    made = still(extra=lambda b, d, m: b.mul(m, d(0, 0)), constants=("-100",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    rate, half, one = (b.constant(v) for v in ("sqrt(100-4*pi^2)", "0.5", "1"))
    k = b.mul(rate, t)
    grown = b.mul(half, b.add(b.exp(k), b.exp(b.neg(k))))
    grown = b.mul(b.mul(e, b.sinpi(x)), b.mul(b.ipow(t, extra=2), b.sub(grown, one)))
    candidate = b.program(u=grown), {"epsilon": np.array(1e-6)}
    report = energy(tmp_path, made, candidate, levels=(3, 5), degree=9,
                    parameters={"slabs": 32})  # fmt: skip
    growth = math.cosh(math.sqrt(100 - 4 * math.pi**2)) - 1
    assert number(report) >= 1e-6 * growth / math.sqrt(2)


def test_mode_that_grows_is_bounded(tmp_path):
    """An exact solution of the homogeneous equation, started with a small energy."""
    made = still(extra=lambda b, d, m: b.mul(m, d(0, 0)), constants=("-100",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    rate = b.constant("sqrt(100-4*pi^2)")
    field = b.mul(e, b.mul(b.sinpi(x), b.exp(b.mul(rate, t))))
    candidate = b.program(u=field), {"epsilon": np.array(1e-6)}
    report = energy(tmp_path, made, candidate, levels=(3, 5), degree=9,
                    start=uniform_tree([3], 8), parameters={"slabs": 32})  # fmt: skip
    growth = math.exp(math.sqrt(100 - 4 * math.pi**2))
    assert number(report) >= 1e-6 * growth / math.sqrt(2)


@pytest.mark.parametrize(
    "extra, constants, where, text",
    [
        (lambda b, d, c: b.mul(c, b.ipow(d(0, 0), extra=3)), ("1.0",),
         "equation", "bounded slope"),
        (lambda b, d, c: b.mul(c, d(0, 1)), ("1.0",), "equation", "does not know"),
        (lambda b, d, c: b.mul(c, d(1, 0)), ("1.0",), "equation", "does not know"),
        (lambda b, d, c: b.mul(c, b.exp(d(0, 0))), ("1.0",),
         "equation", "bounded slope"),
        (lambda b, d, c: b.mul(c, b.sin(b.ipow(d(0, 0), extra=2))), ("1.0",),
         "equation", "bounded slope"),
        (lambda b, d, c: b.mul(c, b.sin(d(1, 0))), ("1.0",),
         "equation", "bounded slope"),
        (lambda b, d, c: b.mul(d(0, 0), b.sin(d(0, 0))), ("1.0",),
         "equation", "bounded slope"),
        (lambda b, d, c: b.ipow(b.sin(d(0, 0)), extra=2), ("1.0",),
         "equation", "bounded slope"),
        (lambda b, d, c: b.sin(b.mul(c, b.sin(d(0, 0)))), ("2.0",),
         "equation", "bounded slope"),
    ],
)  # fmt: skip
def test_other_terms_are_refused(tmp_path, extra, constants, where, text):
    made = still(extra=extra, constants=constants)
    report = energy(tmp_path, made, plucked(1e-3, exact=False))
    assert refused(report, where, text)


@pytest.mark.parametrize(
    "made, where, text",
    [
        (still(rate="2"), "equation", "not exactly 1"),
        (still(speed="-4"), "equation", "no constant < 0"),
        (still(speed="0"), "equation", "no constant < 0"),
        (string(conditions=[initial(ZERO), dirichlet("x")]), "time",
         "first derivative in time is not given"),
        (string(conditions=[initial(ZERO), velocity(ZERO), dirichlet("x", "lower")]),
         "walls", "upper"),
        (string(conditions=[initial(ZERO), velocity(ZERO), periodic("x")]),
         "walls", "corner or jump"),
    ],
)  # fmt: skip
def test_refusals(tmp_path, made, where, text):
    report = energy(tmp_path, made, plucked(1e-3, exact=False))
    assert refused(report, where, text)


def test_variable_speed_and_mass_are_refused(tmp_path):
    def build(b, d, x):
        return b.sub(d(0, 2), b.mul(b.exp(x), d(2, 0)))

    made = still()
    made["residual"] = residual(2, build, (), ("x",))
    report = energy(tmp_path, made, plucked(1e-3, exact=False))
    assert refused(report, "equation", "no constant < 0")

    def massive(b, d, x):
        return b.add(b.sub(d(0, 2), d(2, 0)), b.mul(x, d(0, 0)))

    made["residual"] = residual(2, massive, (), ("x",))
    report = energy(tmp_path, made, plucked(1e-3, exact=False))
    assert refused(report, "equation", "mass is no constant")


def test_velocity_that_does_not_repeat_is_refused(tmp_path):
    b = Builder()
    corner = b.program(u=b.mul(b.coordinate("x"), b.constant("0.0001")))
    conditions = [initial(ZERO), velocity(corner), periodic("x")]
    report = energy(tmp_path, string(conditions=conditions), rising(1e-3),
                    start=uniform_tree([3], 3))  # fmt: skip
    assert refused(report, "data", "corner or jump")


def test_velocity_belongs_to_initial_data(tmp_path):
    from material import call, write_draft

    for conditions in ([velocity(ZERO), dirichlet("x")],
                       [initial(ZERO), velocity(ZERO), velocity(ZERO)]):  # fmt: skip
        draft = write_draft(
            tmp_path, string(conditions=conditions), *plucked(1e-3),
            uniform_tree((2, 2), 4), theorem="wave", norm="L2",
            parameters={"slabs": 8},
        )  # fmt: skip
        status, _ = call("derive", draft)
        assert status == 2


def test_heat_takes_no_velocity(tmp_path):
    """Data that a theorem does not use contradict the solution it speaks about."""
    import examples

    conditions = [initial(wave()), velocity(ZERO), dirichlet("x")]
    report = prove(tmp_path, examples.heat(conditions=conditions),
                   examples.heat_candidate(1e-3), "maximum-principle")  # fmt: skip
    assert refused(report, "time", "another condition")


@pytest.mark.parametrize("epsilon", [1e-9, 1e-3])
def test_the_supremum_of_a_string(tmp_path, epsilon):
    candidate = plucked(epsilon, exact=False)
    report = prove(tmp_path, still(), candidate, "wave-supremum", levels=(2, 3),
                   degree=8)  # fmt: skip
    ends = np.arange(1, 9) / 8
    found = np.array([float(value) for value in report["curve"]])
    assert (epsilon * ends**2 / 4 <= found).all()
    assert number(report) <= 10 * epsilon / 4


def test_the_supremum_around_a_circle_is_refused(tmp_path):
    report = prove(tmp_path, around(), rising(1e-3), "wave-supremum", levels=(2, 3),
                   degree=8)  # fmt: skip
    assert refused(report, "walls", "need vanish nowhere")
