"""What every reference promises: shapes, exact walls, and refusals of what misleads."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from certax.problems import _references as references
from certax.problems._references._allen_cahn import corner
from certax.problems._references._exponential import phi_functions
from certax.problems._references._sinpi import cospi, sinpi

pi = math.pi

# name: (reference, the domain's ends, number of fields)
_cases = {
    "burgers": (references.burgers(), ((-1, 1), (0, 1)), 1),
    "heat": (references.heat(), ((0, 1), (0, 1)), 1),
    "poisson-1d": (references.poisson(1), ((0, 1),), 1),
    "poisson-2d": (references.poisson(2), 2 * ((0, 1),), 1),
    "poisson-3d": (references.poisson(3), 3 * ((0, 1),), 1),
    "bratu": (references.bratu(), ((0, 1),), 1),
    "advection": (references.advection(), ((0, 2 * pi), (0, 10)), 1),
    "allen-cahn": (references.allen_cahn(), ((-1, 1), (0, 1)), 1),
    "allen-cahn-smooth": (references.allen_cahn_smooth(), ((-1, 1), (0, 1)), 1),
    "hamilton-jacobi": (references.hamilton_jacobi(), ((-1, 1), (0, 1)), 1),
    "wave": (references.wave(), ((0, 1), (0, 10)), 1),
    "klein-gordon": (references.klein_gordon(), ((0, 2 * pi), (0, 10)), 1),
    "schrodinger": (references.schrodinger(), ((0, 2 * pi), (0, 10)), 2),
    "nonlinear-schrodinger": (
        references.nonlinear_schrodinger(),
        ((0, 2 * pi), (0, 10)),
        2,
    ),
    "logistic": (references.logistic(), ((0, 10),), 1),
    "pendulum": (references.pendulum(), ((0, 10),), 2),
}
every_reference = pytest.mark.parametrize("name", _cases)


def distance(a, b) -> float:
    assert np.shape(a) == np.shape(b) and np.size(a) and np.all(np.isfinite(a))
    return float(np.max(np.abs(np.asarray(a) - np.asarray(b))))


@every_reference
def test_fields_have_the_shape_of_the_grid(name):
    reference, domain, fields = _cases[name]
    sizes = (5, 4, 3)[: len(domain)]
    axes = [np.linspace(0, b / 9, n) for (_, b), n in zip(domain, sizes, strict=True)]
    found = reference.evaluate(*axes)
    assert reference.name == name and reference.method.endswith(".")
    assert isinstance(found, tuple) and len(found) == fields
    for field in found:
        assert field.shape == sizes and field.dtype == np.float64
        assert np.all(np.isfinite(field))
    empty = reference.evaluate(*[np.empty(0)] * len(domain))
    assert all(field.shape == len(domain) * (0,) for field in empty)


@every_reference
def test_values_do_not_depend_on_the_other_points(name):
    reference, domain, _ = _cases[name]
    axes = [np.array([0.21, 0.07, 0.3, 0.07]) * ends[1] for ends in domain]
    together = reference.evaluate(*axes)
    alone = reference.evaluate(*[axis[1:2] for axis in axes])
    for whole, one in zip(together, alone, strict=True):
        assert distance(whole[(slice(1, 2),) * len(domain)], one) <= 1e-14
        assert distance(whole[1], whole[3]) <= 1e-14


@every_reference
def test_axes_that_would_mislead_are_refused(name):
    evaluate, domain = _cases[name][0].evaluate, _cases[name][1]
    axes = [np.array([ends[1]], np.float64) for ends in domain]
    with pytest.raises(ValueError, match="one axis for each of its coordinates"):
        evaluate(*axes, axes[0])
    for wrong, message in [
        (axes[0].astype(np.float32), "float64, but is float32"),
        ([1.0], "float64, but is list"),
        (np.ones((1, 1)), r"shape is \(1, 1\)"),
        (np.array([np.nan]), "= nan"),
        (np.array([domain[0][1] + 0.5]), "leave such points out"),
        (np.array([domain[0][0] - 1e-9]), "leave such points out"),
    ]:
        with pytest.raises(ValueError, match=message):
            evaluate(wrong, *axes[1:])


def test_poisson_refuses_dimensions_that_were_not_measured():
    with pytest.raises(ValueError, match="dimension 4"):
        references.poisson(4)


def test_walls_and_seams_are_exact():
    t = np.linspace(0, 1, 5)
    ends = np.array([0.0, 1.0])
    assert not np.any(references.heat().evaluate(ends, t)[0])
    assert not np.any(references.poisson(2).evaluate(ends, t)[0])
    assert distance(references.burgers().evaluate(ends, t)[0], np.zeros((2, 5))) < 1e-15
    for reference in (references.allen_cahn(), references.allen_cahn_smooth()):
        (u,) = reference.evaluate(np.array([-1.0, 1.0, -0.3, 0.3]), t / 100)
        assert np.array_equal(u[0], u[1]) and np.array_equal(u[2], u[3])


def test_the_split_corner_solves_the_heat_equation_from_its_datum():
    x = np.linspace(-1, 1, 2001)
    n = np.arange(1, 4001)[:, None]
    cosines = 4 * (-1.0) ** n / (n * pi) ** 2 * np.cos(n * pi * x)
    for t in (0.01, 0.3, 1.0):
        decay = np.exp(-1e-4 * (n * pi) ** 2 * t)
        assert distance(corner(x, t), -1 / 3 - np.sum(decay * cosines, 0)) <= 1e-13
    assert np.array_equal(corner(x, 0.0), -(x**2))


@given(st.floats(-50, 0))
def test_phi_functions_are_their_series(z):
    for k, found in enumerate(phi_functions(np.array([z])), start=1):
        exact, power = Fraction(0), 10**80  # the powers of z in fixed point
        for n in range(250):
            exact += power // math.factorial(n + k)
            power = math.floor(power * Fraction(z))
        exact = float(exact / 10**80)
        assert abs(found[0] - exact) <= 2e-15 * exact


@given(st.floats(-8, 8))
def test_sine_and_cosine_of_multiples_of_pi(x):
    at = np.array([x])
    assert abs(sinpi(at)[0] - math.sin(pi * x)) <= 1e-14
    assert abs(cospi(at)[0] - math.cos(pi * x)) <= 1e-14
    assert sinpi(-at)[0] == -sinpi(at)[0] and cospi(-at)[0] == cospi(at)[0]
    nearest = np.round(at)
    assert sinpi(nearest)[0] == 0 and abs(cospi(nearest)[0]) == 1
