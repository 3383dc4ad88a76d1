"""Oleinik's theorem: solutions in closed form, and every counterexample refused."""

import math

import examples
import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic, problem, residual
from flint import arb
from material import Builder, constant_program, uniform_tree
from proofs import number, prove, refused

from certax_checker.theorems.oleinik import _peak

SPEED = "0.1*pi^2"
ZERO, ONE = constant_program(u="0"), constant_program(u="1")


def cole_hopf(a):
    """The data -0.2 phi'/phi of a solution of u_t + u u_x = 0.1 u_xx,
    phi = a + cos(pi x) exp(-0.1 pi^2 t).
    """
    b = Builder()
    x, size, shift = b.coordinate("x"), b.constant("0.2*pi"), b.constant(a)
    return b.program(u=b.div(b.mul(size, b.sinpi(x)), b.add(shift, b.cospi(x))))


def viscous(conditions, build=None, constants=()):
    """u_t + u u_x = 0.1 u_xx on [-1, 1] x [0, 1], or with another flux."""

    def law(b, d, nu, *rest):
        flux = build(b, d, *rest) if build else b.mul(d(0, 0), d(1, 0))
        return b.sub(b.add(d(0, 1), flux), b.mul(nu, d(2, 0)))

    axes = [axis("x", "-1", "1"), axis("t", "0", "1")]
    return problem(axes, residual(2, law, ("0.1", *constants)), conditions)


def candidate(a, epsilon, turns):
    """The solution plus epsilon t sin(pi turns x)."""
    b = Builder()
    x, t = b.coordinate("x"), b.coordinate("t")
    size, shift = b.constant("0.2*pi"), b.constant(a)
    rate, n = b.constant("-0.1*pi^2"), b.constant(f"{turns}.0")
    e = b.weight("epsilon", ())
    decay = b.exp(b.mul(rate, t))
    top = b.mul(b.mul(size, decay), b.sinpi(x))
    exact = b.div(top, b.add(shift, b.mul(decay, b.cospi(x))))
    wave = b.mul(b.mul(e, t), b.sinpi(b.mul(n, x)))
    return b.program(u=b.add(exact, wave)), {"epsilon": np.array(epsilon)}


def derived(folder, made, net, levels=(6, 3), degree=7, slabs=8, start=None):
    return prove(folder, made, net, "oleinik", levels=levels, degree=degree,
                 parameters={"slabs": slabs}, start=start)  # fmt: skip


@pytest.mark.parametrize("turns", [1, 2, 6])
@pytest.mark.parametrize("epsilon", [1e-6, 1e-2, -0.3])
@pytest.mark.parametrize("a", ["1.5", "-1.5"])
def test_the_error_is_bounded_at_every_time(tmp_path, a, epsilon, turns):
    made = viscous([initial(cole_hopf(a)), dirichlet("x")])
    report = derived(tmp_path, made, candidate(a, epsilon, turns))
    curve = [float(v) for v in report["curve"]]
    assert len(curve) == 8 and max(curve) == float(report["bound"]["decimal"])
    for k, bound in enumerate(curve):
        assert bound >= abs(epsilon) * (k + 1) / 8
    assert number(report) < 60 * math.sqrt(abs(epsilon) + 1e-7)


def test_the_initial_slope_is_that_of_the_data(tmp_path):
    made = viscous([initial(cole_hopf("1.2")), dirichlet("x")])
    report = derived(tmp_path, made, candidate("1.2", 1e-3, 1))
    (detail,) = [
        h["detail"] for h in report["hypotheses"] if h["name"] == "initial slope"
    ]
    found = float(detail.split("most ")[1].split(",")[0])
    x = np.linspace(-1, 1, 20001)
    values = 0.2 * np.pi * np.sin(np.pi * x) / (1.2 + np.cos(np.pi * x))
    slope = np.gradient(values, x).max()
    assert slope <= found <= 1.2 * slope


def test_a_zero_net_is_as_wrong_as_the_solution_is_large(tmp_path):
    """Only u itself is steep then: the initial slope must count."""
    made = viscous([initial(cole_hopf("1.05")), dirichlet("x")])
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    zero = b.mul(b.mul(e, t), b.sinpi(x))
    net = b.program(u=zero), {"epsilon": np.array(0.0)}
    report = derived(tmp_path, made, net, start=uniform_tree([6], 4))
    x = np.linspace(-1, 1, 2001)
    values = 0.2 * np.pi * np.sin(np.pi * x) / (1.05 + np.cos(np.pi * x))
    assert np.abs(values).max() <= number(report)
    # And it decays with Oleinik's rate: later slabs say more.
    curve = [float(v) for v in report["curve"]]
    assert curve[-1] < curve[0]


def test_a_constant_error_on_the_circle_is_not_missed(tmp_path):
    """The net 1 for the solution 0: no slope anywhere, and the error is 1."""
    made = viscous([initial(ZERO), periodic("x")])
    b = Builder()
    net = b.program(u=b.weight("level", ())), {"level": np.array(1.0)}
    report = derived(tmp_path, made, net, (0, 0), 1, 1, uniform_tree([0], 1))
    assert 1.0 <= number(report) <= 1.0 + 1e-8
    # The same on Dirichlet walls does not meet the data.
    made = viscous([initial(ZERO), dirichlet("x")])
    report = derived(tmp_path, made, net, (0, 0), 1, 1, uniform_tree([0], 1))
    assert refused(report, "walls", "not equal to the data")


@pytest.mark.parametrize("level", ["0", "2"])
def test_a_moving_frame_on_the_circle(tmp_path, level):
    """u = level solves u_t + (u - 2) u_x = 0.1 u_xx."""

    def flux(b, d, two):
        return b.mul(b.sub(d(0, 0), two), d(1, 0))

    start = constant_program(u=level)
    made = viscous([initial(start), periodic("x")], flux, ("2",))
    b = Builder()
    x, t, e = b.coordinate("x"), b.coordinate("t"), b.weight("epsilon", ())
    base = b.constant(level)
    wave = b.mul(b.mul(e, t), b.cospi(x))
    net = b.program(u=b.add(base, wave)), {"epsilon": np.array(1e-3)}
    assert 1e-3 <= number(derived(tmp_path, made, net)) <= 0.3


def test_a_chord_on_walls_that_are_not_zero_is_refused(tmp_path):
    """u = -0.2 / (x + 1.2) is steady and u_x > 0 for ever; the net is its chord."""

    def wall(value):
        return constant_program(u=value)

    b = Builder()
    x, top, shift = b.coordinate("x"), b.constant("0.2"), b.constant("1.2")
    start = b.program(u=b.neg(b.div(top, b.add(x, shift))))
    sides = [
        dirichlet("x", "lower", wall("-1.0")),
        dirichlet("x", "upper", wall("-1/11")),
    ]
    made = viscous([initial(start), *sides])
    b = Builder()
    x, slope, one = b.coordinate("x"), b.constant("5/11"), b.constant("1")
    unit = b.weight("unit", ())
    chord = b.sub(b.mul(slope, b.add(x, one)), one)
    extra = b.mul(unit, b.sub(one, b.ipow(x, extra=2)))
    net = b.program(u=b.add(chord, extra)), {"unit": np.array(0.0)}
    report = derived(tmp_path, made, net, start=uniform_tree([4], 4))
    assert refused(report, "walls", "are not zero")


def square(b, d, *rest):
    return b.mul(b.ipow(d(0, 0), extra=2), d(1, 0))


def concave(b, d, *rest):
    return b.neg(b.mul(d(0, 0), d(1, 0)))


def drift(b, d, one):
    return b.mul(b.add(d(0, 0), one), d(1, 0))


def linear(b, d, one):
    return b.mul(one, d(1, 0))


def forced(b, d, one):
    return b.add(b.mul(d(0, 0), d(1, 0)), one)


@pytest.mark.parametrize(
    "flux, constants, text",
    [
        (square, (), "not proved convex"),
        (concave, (), "not positive"),
        (drift, ("1",), "must be even"),
        (linear, ("1",), "must be even"),
        (forced, ("1",), "a forcing"),
        (forced, ("1e-30",), "a forcing"),
    ],
)
def test_laws_without_the_one_sided_bound_are_refused(tmp_path, flux, constants, text):
    made = viscous([initial(cole_hopf("1.5")), dirichlet("x")], flux, constants)
    report = derived(tmp_path, made, candidate("1.5", 1e-3, 1))
    assert refused(report, "equation", text)


def test_a_linear_flux_on_the_circle_is_refused(tmp_path):
    made = viscous([initial(ZERO), periodic("x")], linear, ("1",))
    report = derived(tmp_path, made, candidate("1.5", 1e-3, 1))
    assert refused(report, "equation", "linear in u")


def test_without_viscosity_it_is_refused(tmp_path):
    made = examples.burgers(viscosity="0")
    report = derived(tmp_path, made, examples.burgers_net())
    assert refused(report, "equation", "not a negative constant")


@pytest.mark.parametrize("seed", range(20))
def test_no_function_with_such_slopes_is_higher(seed):
    """Against the extremal functions: triangles, and triangles on a pedestal."""
    generator = np.random.default_rng(seed)
    slope, length = generator.exponential(3.0), generator.uniform(0.1, 4)
    for height in generator.exponential(2.0, 20):
        s = np.linspace(0, length, 20001)
        shape = np.maximum(height - slope * s, 0.0)
        mean = float(np.trapezoid(shape, s))
        assert height <= _peak(arb(slope), arb(mean), arb(length)) * (1 + 1e-6)
        if slope * length >= height:
            assert height <= _peak(arb(slope), arb(mean), None) * (1 + 1e-6)
            assert height >= _peak(arb(slope), arb(mean), None) * (1 - 1e-3)
