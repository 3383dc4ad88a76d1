"""Reactions and drifts that are polynomials in u: rates in tubes, and refusals."""

import math
from fractions import Fraction

import examples
import numpy as np
import pytest
from examples import axis, dirichlet, initial, periodic
from material import Builder, constant_program, uniform_tree
from proofs import number, prove, refused

from certax_checker.equations._tubes import narrowest
from certax_checker.kernel._algebra import ONE
from certax_checker.theorems.maximum_principle import Law, _rate


def steady(value, extra, constants, epsilon, upper="1/2", levels=(0, 4)):
    """A problem around a steady state, and the steady state plus epsilon t."""
    start = constant_program(u=value)
    made = examples.heat(extra, constants, [initial(start), periodic("x")])
    made["coordinates"][1] = axis("t", "0", upper)
    b = Builder()
    t, e, unit = b.coordinate("t"), b.weight("epsilon", ()), b.constant(value)
    return made, (b.program(u=b.add(unit, b.mul(e, t))), {"epsilon": np.array(epsilon)})


def fisher(b, d, one):
    """-u (1 - u)."""
    u = d(0, 0)
    return b.neg(b.mul(u, b.sub(one, u)))


def fifth(b, d, one):
    """u^5 - u."""
    return b.sub(b.ipow(d(0, 0), extra=5), b.mul(one, d(0, 0)))


def falling(b, d, one):
    """u - u^3, which is unstable at 1 and not bounded below."""
    return b.sub(b.mul(one, d(0, 0)), b.ipow(d(0, 0), extra=3))


def drifting(b, d, one):
    """u^2 u_x."""
    return b.mul(b.mul(one, b.ipow(d(0, 0), extra=2)), d(1, 0))


@pytest.mark.parametrize("epsilon", [1e-8, 1e-3, -1e-2])
@pytest.mark.parametrize("extra", [fisher, fifth, falling, drifting])
def test_errors_beside_a_steady_state_are_bounded(tmp_path, extra, epsilon):
    made, net = steady("1", extra, ("1",), epsilon)
    report = prove(tmp_path, made, net, "maximum-principle", levels=(0, 4))
    curve = [float(v) for v in report["curve"]]
    assert all(v >= abs(epsilon) * (k + 1) / 16 for k, v in enumerate(curve))
    assert number(report) <= 4 * abs(epsilon)
    assert "as long as it is bounded" in report["statement"]


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2])
def test_a_solution_that_grows_towards_its_end_is_followed(tmp_path, epsilon):
    """u = 1 / (1 - t) solves u_t = 0.1 u_xx + u^2, here until t = 1/2."""

    def square(b, d, one):
        return b.neg(b.mul(one, b.ipow(d(0, 0), extra=2)))

    made = examples.heat(
        square, ("1",), [initial(constant_program(u="1")), periodic("x")]
    )
    b = Builder()
    t, e, one = b.coordinate("t"), b.weight("epsilon", ()), b.constant("1")
    exact = b.div(one, b.sub(one, t))
    net = b.program(u=b.add(exact, b.mul(e, t))), {"epsilon": np.array(epsilon)}
    report = prove(tmp_path, made, net, "maximum-principle", levels=(0, 6), degree=9)
    assert epsilon / 2 <= number(report) <= 20 * epsilon


def test_a_solution_that_explodes_is_never_certified(tmp_path):
    """u = 1 / (1 - t) is gone at t = 1; the net 1 + t is not."""

    def square(b, d, one):
        return b.neg(b.mul(one, b.ipow(d(0, 0), extra=2)))

    for upper in ("1", "3/2"):
        made, net = steady("1", square, ("1",), 1.0, upper)
        report = prove(tmp_path, made, net, "maximum-principle", levels=(0, 6))
        assert refused(report, "tube", "leaves every tube")


def test_far_from_the_solution_a_growing_cubic_needs_no_tube(tmp_path):
    """The net 1 + 20 t for the steady state 1 of u - u^3."""

    def cubic(b, d, five):
        return b.mul(five, b.sub(b.ipow(d(0, 0), extra=3), d(0, 0)))

    made, net = steady("1", cubic, ("5",), 20.0)
    report = prove(tmp_path, made, net, "maximum-principle", levels=(0, 6))
    assert number(report) >= 10.0 and report["verdict"] == "proved"
    assert "as long as" not in report["statement"]


@pytest.mark.parametrize("epsilon", [1e-6, 1e-2])
def test_a_rarefaction_by_the_maximum_principle(tmp_path, epsilon):
    """x / (1 + t) solves the Burgers equation; its slope makes errors decay."""

    def flux(b, d, one):
        return b.mul(b.mul(one, d(0, 0)), d(1, 0))

    b = Builder()
    start = b.program(u=b.coordinate("x"))
    b = Builder()
    t, one = b.coordinate("t"), b.constant("1")
    right = b.program(u=b.div(one, b.add(one, t)))
    walls = [dirichlet("x", "lower"), dirichlet("x", "upper", right)]
    made = examples.heat(flux, ("1",), [initial(start), *walls])
    b = Builder()
    x, t, e, one = (
        b.coordinate("x"),
        b.coordinate("t"),
        b.weight("epsilon", ()),
        b.constant("1"),
    )
    bump = b.mul(b.mul(e, t), b.mul(x, b.sub(one, x)))
    net = b.program(u=b.add(b.div(x, b.add(one, t)), bump))
    report = prove(tmp_path, made, (net, {"epsilon": np.array(epsilon)}),
                   "maximum-principle", levels=(3, 4))  # fmt: skip
    assert epsilon / 8 <= number(report) <= 4 * epsilon


@pytest.mark.parametrize("seed", range(30))
def test_rates_in_tubes_hold_for_every_error(seed):
    """-(G(u) - G(u - e)) / e for random polynomials G, in exact arithmetic."""
    generator = np.random.default_rng(seed)
    degree = int(generator.integers(1, 8))
    parts = [Fraction(float(v)) for v in generator.standard_normal(degree + 1)]
    # parts[k] = G^(k)(u) / k!, so G(u - e) = sum parts[k] (-e)^k.
    tube = float(10.0 ** generator.uniform(-3, 1))
    rates = [np.array([-float(parts[1])])]
    for k in range(2, degree + 1):
        value = float(parts[k])
        rates.append(np.array([max(-value, 0.0) if k % 2 else abs(value)]))
    found = Fraction(float(_rate(Law(degree, [], True), rates, tube)[0]))
    for e in [tube, -tube, *generator.uniform(-tube, tube, 200)]:
        e = Fraction(float(e))
        quotient = sum(parts[k] * (-1) ** (k + 1) * e ** (k - 1)
                       for k in range(1, degree + 1))  # fmt: skip
        assert -quotient <= found


def test_a_growing_cubic_takes_the_smaller_rate():
    law = Law(3, [ONE, ONE, ONE], True)
    rates = [np.array([1.0, -1.0]), np.full(2, 2.0), np.zeros(2), np.full(2, 3.0)]
    assert _rate(law, rates, math.inf).tolist() == [3.0, 3.0]
    near = _rate(law, rates, 0.5)
    assert 2.0 <= near[0] <= 2.0 + 1e-6 and 0.0 <= near[1] <= 1e-6
    assert _rate(law, rates, 1e9).tolist() == [3.0, 3.0]


class Passing:
    def passed(self, name, detail):
        self.detail = detail


def test_the_narrowest_tube_is_consistent():
    """Errors that grow like 1 + tube: inside for a tube above 0.1 / 0.9."""
    seen = []

    def curve(tube):
        seen.append(tube)
        return [0.1 * (1.0 + tube)]

    (found,) = narrowest(Passing(), curve, False)
    assert 0.1 <= found <= 0.12
    assert any(found == 0.1 * (1.0 + tube) and found < tube for tube in seen)


def test_no_tube_at_all_is_a_refusal():
    with pytest.raises(Exception, match="leaves every tube"):
        narrowest(Passing(), lambda tube: [1.0 + 2.0 * tube], False)
    assert narrowest(Passing(), lambda tube: [min(1.0 + 2.0 * tube, 7.0)], True) == [
        7.0
    ]


def test_a_tube_that_is_met_exactly_is_not_enough():
    with pytest.raises(Exception, match="leaves every tube"):
        narrowest(Passing(), lambda tube: [tube if tube else 1.0], False)


def test_the_network_must_be_smooth(tmp_path):
    made, _ = steady("1", fisher, ("1",), 0.0)
    b = Builder()
    t, e, one = b.coordinate("t"), b.weight("epsilon", ()), b.constant("1")
    net = b.program(u=b.add(one, b.mul(e, b.max0(b.mul(t, e)))))
    report = prove(tmp_path, made, (net, {"epsilon": np.array(1e-3)}),
                   "maximum-principle", levels=(0, 3),
                   start=uniform_tree([0], 2))  # fmt: skip
    assert not report["accepted"]
