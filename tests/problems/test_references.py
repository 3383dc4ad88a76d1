"""Every reference is measured again here against a method independent of it."""

import functools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st
from numpy.polynomial import legendre
from scipy.integrate import solve_ivp
from scipy.linalg import eigh, expm
from scipy.sparse import dia_array

from certax.problems import _references as references
from certax.problems._references import _allen_cahn as allen_cahn_module
from certax.problems._references._burgers import cole_hopf
from certax.problems._references._exponential import exponential_step, phi_functions
from certax.problems._references._sinpi import cospi, sinpi

pi = math.pi
corner_datum, corner = allen_cahn_module.corner_datum, allen_cahn_module.corner
smooth_datum, nothing = allen_cahn_module.smooth_datum, allen_cahn_module.nothing
cosine_solution = allen_cahn_module.cosine_solution

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


def confirm(reference: references.Reference, measured: float) -> None:
    """The stated accuracy holds, and is not idle: it is not loose by 100 either."""
    print(f"{reference.name}: {measured:.1e} of the stated {reference.accuracy:.0e}")
    assert measured <= reference.accuracy <= 100 * measured


# Independent methods


class LegendreGalerkin:
    """Eigenfunctions of -d^2/dx^2 on [0, 1] in Shen's basis P_k - P_{k+2}.

    They are normalized to stiffness one, so their mass is 1 / eigenvalue.
    """

    def __init__(self, size: int = 24):
        points, weights = legendre.leggauss(2 * size)
        self.points, self.weights = (points + 1) / 2, weights / 2
        scale = 1 / np.sqrt(2 * (4 * np.arange(size) + 6))
        self.shen = (np.eye(size + 2, size) - np.eye(size + 2, size, -2)) * scale
        basis = self.basis(self.points)
        masses, self.modes = eigh(basis.T @ (self.weights[:, None] * basis))
        self.eigenvalues = 1 / masses

    def basis(self, x):
        return legendre.legvander(2 * x - 1, len(self.shen) - 1) @ self.shen

    def functions(self, x):
        return self.basis(x) @ self.modes

    def loads(self, values):
        return self.functions(self.points).T @ (self.weights * values)


def trapezoid_cole_hopf(x, times):
    """Cole's integrals by the trapezoidal rule."""
    z = np.linspace(-14, 14, 3001)
    result = np.empty((len(x), len(times)))
    for j, t in enumerate(times):
        y = x[:, None] - math.sqrt(0.04 / pi * t) * z
        exponent = -(z**2) - 50 * np.cos(pi * y)
        f = np.exp(exponent - exponent.max(axis=1, keepdims=True))
        result[:, j] = -(np.sin(pi * y) * f).sum(1) / f.sum(1)
    return result


def fourier_burgers(times, steps, modes=1024):
    """Burgers' equation itself by a Fourier series: its points, and u there."""
    points = np.arange(2 * modes) / modes - 1
    wave = pi * np.arange(modes + 1)

    def flux(c, _):
        return -0.5j * wave * np.fft.rfft(np.fft.irfft(c, 2 * modes) ** 2)

    c = np.fft.rfft(-np.sin(pi * points))
    found = []
    for n in range(steps):
        c = exponential_step(-0.01 / pi * wave**2, flux, c, n / steps, 1 / steps)
        if (n + 1) / steps in times:
            found.append(np.fft.irfft(c, 2 * modes))
    return points, np.stack(found, axis=1)


_times = np.logspace(-6, 0, 13)


@functools.cache
def spectral_elements(datum, degree=18, uniform=64):
    """Allen-Cahn on [0, 1] with Neumann walls, since u is even about both ends.

    Gauss-Lobatto elements, halved eight times towards the corner at x = 1, and
    backward differentiation of variable order: another basis, another integrator.
    """
    ends = np.arange(uniform + 1) / uniform
    ends = np.sort([*ends, *(1 - 0.5 ** np.arange(1, 9) / uniform)])
    last = np.eye(degree + 1)[degree]
    nodes = np.array([-1, *legendre.legroots(legendre.legder(last)), 1])
    weights = 2 / (degree * (degree + 1) * legendre.legval(nodes, last) ** 2)
    slopes = legendre.legval(nodes, legendre.legder(np.eye(degree + 1))).T
    slopes = slopes @ np.linalg.inv(legendre.legvander(nodes, degree))
    stiffness = slopes.T @ (weights[:, None] * slopes)

    size = degree * (len(ends) - 1) + 1
    x, mass, band = np.zeros(size), np.zeros(size), np.zeros((2 * degree + 1, size))
    row, column = np.indices(stiffness.shape)
    for e, (a, b) in enumerate(zip(ends[:-1], ends[1:], strict=True)):
        here = slice(degree * e, degree * (e + 1) + 1)
        x[here] = a + (b - a) * (nodes + 1) / 2
        mass[here] += weights * (b - a) / 2
        band[degree + row - column, degree * e + column] += stiffness * 2 / (b - a)
    offsets = np.arange(degree, -degree - 1, -1)
    rows = np.clip(np.arange(size) - offsets[:, None], 0, size - 1)
    linear = -1e-4 * band / mass[rows]
    laplacian = dia_array((linear, offsets), shape=(size, size)).tocsr()

    def jacobian(_, u):
        matrix = linear.copy()
        matrix[degree] += 5 - 15 * u**2
        return matrix

    found = solve_ivp(
        lambda _, u: laplacian @ u + 5 * (u - u**3),
        (0, 1),
        datum(x),
        method="LSODA",
        t_eval=_times,
        rtol=1e-12,
        atol=1e-13,
        lband=degree,
        uband=degree,
        jac=jacobian,
    )
    assert found.success
    return x, found.y


def runge_kutta(right_side, start):
    """Its own steps only: the dense output of DOP853 has a lower order."""
    return solve_ivp(
        right_side, (0, 10), start, "DOP853", rtol=1e-13, atol=1e-16, max_step=0.05
    )


# Accuracy, measured again


def test_heat_against_legendre_galerkin():
    galerkin = LegendreGalerkin()
    x, t = np.linspace(0, 1, 101), np.linspace(0, 1, 21)
    start = galerkin.eigenvalues * galerkin.loads(np.sin(pi * galerkin.points))
    decay = np.exp(-np.multiply.outer(galerkin.eigenvalues, t) / 4)
    reference = references.heat()
    found = galerkin.functions(x) @ (start[:, None] * decay)
    confirm(reference, distance(reference.evaluate(x, t)[0], found))


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_poisson_against_legendre_galerkin(dimension):
    galerkin = LegendreGalerkin()
    x = np.linspace(0, 1, 21)
    load = galerkin.loads(np.sin(pi * galerkin.points))
    load = dimension * pi**2 * functools.reduce(np.multiply.outer, [load] * dimension)
    masses = np.meshgrid(*[1 / galerkin.eigenvalues] * dimension, indexing="ij")
    stiffness = sum(np.prod(masses, axis=0) / mass for mass in masses)
    found = load / stiffness
    for axis in range(dimension):
        found = np.moveaxis(found, axis, -1) @ galerkin.functions(x).T
        found = np.moveaxis(found, -1, axis)
    reference = references.poisson(dimension)
    confirm(reference, distance(reference.evaluate(*[x] * dimension)[0], found))


def test_bratu_against_chebyshev_collocation():
    from numpy.polynomial import chebyshev

    count = 24
    nodes = np.cos(pi * (np.arange(count) + 0.5) / count)
    basis = [chebyshev.chebmul([0.5, 0, -0.5], unit) for unit in np.eye(count)]
    values = np.stack([chebyshev.chebval(nodes, c) for c in basis], 1)
    bends = [4 * chebyshev.chebval(nodes, chebyshev.chebder(c, 2)) for c in basis]
    bends = np.stack(bends, 1)
    found = np.zeros(count)
    for _ in range(8):
        u = values @ found
        slope = bends + np.exp(u)[:, None] * values
        found = found - np.linalg.solve(slope, bends @ found + np.exp(u))
    x = np.linspace(0, 1, 101)
    wanted = sum(
        c * chebyshev.chebval(2 * x - 1, b) for c, b in zip(found, basis, strict=True)
    )
    reference = references.bratu()
    confirm(reference, distance(reference.evaluate(x)[0], wanted))


def test_advection_against_the_matrix_exponential():
    number = 16
    x, t = 2 * pi * np.arange(number) / number, np.linspace(0, 10, 41)
    wave = np.fft.fftfreq(number, 1 / number)
    wave[number // 2] = 0
    transform = np.fft.fft(np.eye(number), axis=0)
    derivative = np.fft.ifft(1j * wave[:, None] * transform, axis=0).real
    found = np.stack([expm(-time * derivative) @ np.sin(x) for time in t], axis=1)
    reference = references.advection()
    confirm(reference, distance(reference.evaluate(x, t)[0], found))


def test_hamilton_jacobi_against_fourier_collocation():
    number = 64
    x = 2 * np.arange(number) / number - 1
    wave = pi * np.fft.fftfreq(number, 1 / number)
    odd = np.where(np.arange(number) == number // 2, 0, wave)

    def rate(_, u):
        modes = np.fft.fft(u)
        slope = np.fft.ifft(1j * odd * modes).real
        return -(slope**2) / 2 - np.fft.ifft(wave**2 * modes).real / 10

    start = -np.log(2 + cospi(x)) / 5
    t = np.linspace(0, 1, 21)
    found = solve_ivp(
        rate, (0, 1), start, "DOP853", t, rtol=1e-13, atol=1e-15, max_step=1e-3
    )
    reference = references.hamilton_jacobi()
    confirm(reference, distance(reference.evaluate(x, t)[0], found.y))


def test_wave_against_legendre_galerkin():
    galerkin = LegendreGalerkin()
    x, t = np.linspace(0, 1, 101), np.linspace(0, 10, 41)
    start = galerkin.eigenvalues * galerkin.loads(np.sin(pi * galerkin.points))
    swing = np.cos(np.multiply.outer(np.sqrt(galerkin.eigenvalues), t))
    reference = references.wave()
    found = galerkin.functions(x) @ (start[:, None] * swing)
    confirm(reference, distance(reference.evaluate(x, t)[0], found))


def test_klein_gordon_against_the_matrix_exponential():
    number = 16
    x, t = 2 * pi * np.arange(number) / number, np.linspace(0, 10, 41)
    wave = np.fft.fftfreq(number, 1 / number)
    transform = np.fft.fft(np.eye(number), axis=0)
    bend = np.fft.ifft(-(wave[:, None] ** 2) * transform, axis=0).real
    zero, one = np.zeros((number, number)), np.eye(number)
    system = np.block([[zero, one], [bend - one, zero]])
    start = np.concatenate([np.cos(x), math.sqrt(2) * np.sin(x)])
    found = np.stack([expm(time * system) @ start for time in t], axis=1)[:number]
    reference = references.klein_gordon()
    confirm(reference, distance(reference.evaluate(x, t)[0], found))


def second_derivative(number):
    """Of a trigonometric polynomial, from values to values."""
    wave = np.fft.fftfreq(number, 1 / number)
    transform = np.fft.fft(np.eye(number), axis=0)
    return np.fft.ifft(-(wave[:, None] ** 2) * transform, axis=0).real


def test_schrodinger_against_the_matrix_exponential():
    x, t = 2 * pi * np.arange(16) / 16, np.linspace(0, 10, 41)
    start = (np.exp(1j * x) + np.exp(2j * x)) / 2
    half = second_derivative(16) / 2
    found = np.stack([expm(1j * time * half) @ start for time in t], axis=1)
    reference = references.schrodinger()
    parts = np.stack([found.real, found.imag])
    confirm(reference, distance(np.stack(reference.evaluate(x, t)), parts))


def test_nonlinear_schrodinger_against_runge_kutta():
    x = 2 * pi * np.arange(8) / 8
    bend = second_derivative(8)

    def right_side(_, both):
        w = both[:8] + 1j * both[8:]
        rate = 1j * (bend @ w / 2 + np.abs(w) ** 2 * w)
        return np.concatenate([rate.real, rate.imag])

    start = np.concatenate([np.cos(x), np.sin(x)]) / 2
    found = runge_kutta(right_side, start)
    reference = references.nonlinear_schrodinger()
    parts = np.concatenate(reference.evaluate(x, found.t))
    confirm(reference, distance(parts, found.y))


def test_logistic_against_runge_kutta():
    found = runge_kutta(lambda _, u: u * (1 - u), [0.1])
    reference = references.logistic()
    confirm(reference, distance(reference.evaluate(found.t), found.y))


def test_pendulum_against_runge_kutta():
    found = runge_kutta(lambda _, u: [u[1], -np.sin(u[0])], [1.0, 0.0])
    reference = references.pendulum()
    confirm(reference, distance(reference.evaluate(found.t), found.y))


def test_pendulum_keeps_its_energy_and_its_period():
    t = np.linspace(0, 10, 501)
    theta, omega = references.pendulum().evaluate(t)
    energy = omega**2 / 2 - np.cos(theta)
    assert distance(energy, np.full_like(t, -math.cos(1))) <= 1e-14
    # the period by the arithmetic-geometric mean of 1 and cos(theta(0) / 2)
    a, b = 1.0, math.cos(0.5)
    for _ in range(6):
        a, b = (a + b) / 2, math.sqrt(a * b)
    theta, omega = references.pendulum().evaluate(np.array([pi / a, 2 * pi / a]))
    assert distance(theta, np.array([-1, 1])) <= 1e-14
    assert distance(omega, np.zeros(2)) <= 1e-14


def test_burgers_against_the_trapezoidal_rule_down_to_tiny_times():
    x = np.linspace(-1, 1, 201)
    t = np.array([0, *np.logspace(-12, 0, 25)])
    (u,) = references.burgers().evaluate(x, t)
    assert distance(u, trapezoid_cole_hopf(x, t)) <= 1e-14
    assert distance(u, cole_hopf(x, t, nodes=120)) <= 1e-14
    assert distance(u[:, 0], -np.sin(pi * x)) <= 1e-15
    # to first order in time: u_t = nu u_xx - u u_x at the datum
    rate = 0.01 * pi * np.sin(pi * x) - pi * np.sin(pi * x) * np.cos(pi * x)
    assert distance(u[:, 13], -np.sin(pi * x) + 1e-6 * rate) <= 1e-10


def test_burgers_against_a_fourier_solution_of_the_equation():
    t = np.array([0.25, 0.5, 0.75, 1.0])
    x, coarse = fourier_burgers(t, steps=4000)
    _, fine = fourier_burgers(t, steps=8000)
    reference = references.burgers()
    (u,) = reference.evaluate(x, t)
    # what separates them is the comparison's step, at its order four
    assert distance(u, coarse) >= 12 * distance(u, fine)
    confirm(reference, distance(u, fine + (fine - coarse) / 15))


def test_allen_cahn_against_spectral_elements():
    x, found = spectral_elements(corner_datum)
    reference = references.allen_cahn()
    error = np.abs(reference.evaluate(x, _times)[0] - found)
    confirm(reference, error.max())
    # the corner is where the accuracy is lost, and only at first
    assert error[x < 0.95].max() <= 1e-9
    assert error[:, _times >= 0.099].max() <= 1e-9
    assert x[np.argmax(error.max(axis=1))] > 0.999


def test_allen_cahn_without_splitting_the_corner_is_worse_by_three_orders():
    x, found = spectral_elements(corner_datum)
    plain = cosine_solution(x, _times, corner_datum, nothing, modes=4096, steps=300)
    assert distance(plain, found) >= 1000 * references.allen_cahn().accuracy


def test_allen_cahn_by_refinement():
    x = np.concatenate([np.linspace(0, 1, 101), 1 - np.logspace(-6, -2, 60)])

    early = _times[_times < 0.1]  # when the corner matters

    solve = functools.partial(cosine_solution, x, early, corner_datum, corner)
    accuracy = references.allen_cahn().accuracy
    used, finer = solve(modes=4096, steps=600), solve(modes=8192, steps=600)
    assert distance(finer, used) <= accuracy
    assert distance(solve(modes=2048, steps=600), used) >= 4 * distance(finer, used)
    assert distance(solve(modes=4096, steps=300), used) <= accuracy


def test_allen_cahn_smooth_against_spectral_elements():
    x, found = spectral_elements(smooth_datum)
    reference = references.allen_cahn_smooth()
    confirm(reference, distance(reference.evaluate(x, _times)[0], found))


def test_allen_cahn_smooth_by_refinement_has_order_four():
    x = np.linspace(-1, 1, 201)
    solve = functools.partial(cosine_solution, x, _times, smooth_datum, nothing)
    best = solve(modes=2048, steps=800)
    assert distance(solve(modes=1024, steps=800), best) <= 1e-13
    errors = [distance(solve(modes=1024, steps=n), best) for n in (100, 200, 400)]
    assert errors[0] >= 12 * errors[1] >= 144 * errors[2]
    assert errors[2] / 12 <= references.allen_cahn_smooth().accuracy


# What every reference promises


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
