"""Errors of elliptic equations in energy."""

import math

import numpy as np
import pytest
from elliptic import bump, dome, line, minus_bend, number, plane, prove, refused, square
from examples import axis, dirichlet, problem
from material import (
    Builder,
    constant_program,
)


def test_energy_of_a_sine(tmp_path):
    """e = epsilon sin(pi x), r = (pi^2 + c) e: the L2 and gradient bounds are sharp."""

    def build(b, d, c):
        return b.add(b.neg(d(2)), b.mul(c, d(0)))

    b = Builder()
    x, e = b.coordinate("x"), b.weight("epsilon", ())
    candidate = b.program(u=b.mul(e, b.sinpi(x))), {"epsilon": np.array(1e-3)}
    for c in ("3", "0", "0-9"):
        made = line(build, (c + "+0*1",))
        exact = 1e-3 / math.sqrt(2)
        report = prove(tmp_path, made, candidate, "elliptic-energy", norm="L2")
        assert exact <= number(report) * (1 + 1e-12)
        assert number(report) <= 1.001 * exact
        report = prove(tmp_path, made, candidate, "elliptic-gradient", norm="H1")
        assert math.pi * exact <= number(report) * (1 + 1e-12)
        sharp = 1.001 if c != "3" else 1.4
        assert number(report) <= sharp * math.pi * exact
    beyond = line(build, ("0-9.87",))
    for theorem, norm in (("elliptic-energy", "L2"), ("elliptic-gradient", "H1")):
        report = prove(tmp_path, beyond, candidate, theorem, norm=norm)
        assert refused(report, "equation", "minus the least eigenvalue")


def test_energy_with_varying_reaction_in_the_plane(tmp_path):
    """-2 u_xx - u_yy + (x y - 5) u = f and the error of the dome."""

    def build(b, d, x, y, two, five):
        c = b.sub(b.mul(x, y), five)
        lead = b.add(b.mul(two, d(2, 0)), d(0, 2))
        return b.sub(lead, b.mul(c, d(0, 0)))

    made = plane(build, ("2", "5"), ("x", "y"))
    report = prove(
        tmp_path, made, dome(1.0), "elliptic-energy", levels=(2, 2), norm="L2"
    )
    assert 1 / 30 <= number(report) <= 0.06
    report = prove(tmp_path, made, dome(1.0), "elliptic-gradient", levels=(2, 2),
                   norm="H1")  # fmt: skip
    assert math.sqrt(2 / 90) <= number(report) <= 0.35


NEAR = (
    "91106186954104003915416658115105583649-29000000000000000000000000000000000002*pi"
    "-0.5"
)


def test_a_constant_known_to_no_digit_is_taken_at_its_lower_end(tmp_path):
    """-a u_xx - 1.67 u_yy + 0.001 u = sin(pi x) sin(pi y / 10), of which the net is 0.

    a = 0.4989, the difference of two numbers of 38 digits, is known to be in
    [0.32, 1.68] only; the gradient is bounded by the least diffusion, which is a.
    """
    a, other = NEAR, "1.67"
    b = Builder()
    x, y, tenth = b.coordinate("x"), b.coordinate("y"), b.constant("0.1")
    first, second = b.constant(a), b.constant(other)
    u, small = b.derivative("u", 0, 0), b.constant("0.001")
    xx, yy = b.derivative("u", 2, 0), b.derivative("u", 0, 2)
    made = b.add(b.mul(first, xx), b.mul(second, yy))
    made = b.sub(made, b.mul(small, u))
    force = b.mul(b.sinpi(x), b.sinpi(b.mul(tenth, y)))
    axes = [axis("x", "0", "1"), axis("y", "0", "10")]
    made = problem(axes, b.program(_0=b.neg(b.add(made, force))),
                   [dirichlet("x"), dirichlet("y")])  # fmt: skip
    rest = constant_program(u="0"), {}
    report = prove(tmp_path, made, rest, "elliptic-gradient", levels=(2, 2),
                   norm="H1")  # fmt: skip
    squared = math.pi**2 * (0.4989021 + 0.0167) + 0.001
    assert number(report) >= math.pi * math.sqrt(1.01 * 10) / 2 / squared


@pytest.mark.parametrize(
    "build, text",
    [
        (square, "does not know"),
        (lambda b, d: b.sub(d(1), d(2)), "does not know"),
        (lambda b, d: b.mul(d(0), d(2)), "one sign"),
    ],
)
def test_equations_without_energy(tmp_path, build, text):
    report = prove(tmp_path, line(build), bump(1e-3), "elliptic-energy", norm="L2")
    assert refused(report, "equation", text)


def test_energy_needs_exact_walls(tmp_path):
    for theorem, norm, more in (
        ("elliptic-energy", "L2", {}),
        ("elliptic-gradient", "H1", {}),
        ("newton-kantorovich", "H1", {"radius": "1"}),
    ):
        report = prove(tmp_path, line(minus_bend), bump(1e-3, "1e-9"), theorem,
                       norm=norm, **more)  # fmt: skip
        assert refused(report, "walls", "not equal to the data")
