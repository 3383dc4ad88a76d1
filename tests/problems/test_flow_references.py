"""References of flows and of what flows obey, against methods they do not use."""

import numpy as np
import pytest
from collocation import by_newton, walls
from scipy.integrate import solve_ivp

from certax.problems import _references as references, zoo_entry
from certax.problems._references import _cavity, _darcy, _stokes


def distance(found, expected) -> float:
    assert np.shape(found) == np.shape(expected) and np.all(np.isfinite(found))
    return float(np.max(np.abs(np.asarray(found) - expected)))


@pytest.fixture(scope="module")
def past_a_cylinder():
    return _stokes.fitted(70, 20, 180)


def test_stokes_flow_meets_its_data_where_it_was_not_fitted(past_a_cylinder):
    inlet, outlet, wall = _stokes.boundary(271, 0.23)
    limit = references.stokes().accuracy
    u, v, _ = past_a_cylinder(inlet)
    assert distance(u, 1.2 * inlet.imag * (0.41 - inlet.imag) / 0.41**2) <= limit
    assert np.max(np.abs(v)) <= limit
    assert np.max(np.abs(past_a_cylinder(wall)[:2])) <= limit
    # Far from the cylinder the flow is that of a channel, whose pressure is zero here.
    u, v, p = past_a_cylinder(outlet)
    assert distance(u, 1.2 * outlet.imag * (0.41 - outlet.imag) / 0.41**2) <= 1e-6
    assert max(np.max(np.abs(v)), np.max(np.abs(p))) <= 1e-6


def test_stokes_flow_does_not_change_with_fewer_functions(past_a_cylinder):
    x, y = np.meshgrid(np.linspace(0, 2.2, 40), np.linspace(0, 0.41, 20))
    z = (x + 1j * y)[np.abs(x + 1j * y - 0.2 - 0.2j) > 0.05]
    fewer = _stokes.fitted(60, 16, 150)
    change = np.max(np.abs(fewer(z) - past_a_cylinder(z)), axis=1)
    assert 0 < change.max() <= 10 * references.stokes().accuracy


def test_stokes_flow_solves_the_equations(past_a_cylinder):
    """By polynomials on squares, one of which is beside the cylinder."""
    for corner in (0.3 + 0.15j, 1.2 + 0.2j):
        (x, along), (y, across) = walls(0, 0.04, 14), walls(0, 0.04, 14)
        z = corner + np.add.outer(x, 1j * y)
        u, v, p = past_a_cylinder(z.ravel()).reshape(3, *z.shape)
        push = along @ p, p @ across.T
        for f, slope in zip((u, v), push, strict=True):
            pull = (along @ along @ f + f @ across.T @ across.T) / 1000
            assert distance(pull, slope) <= 1e-5 * np.max(np.abs(push))
        shear = np.max(np.abs(u @ across.T))
        assert distance(along @ u, -(v @ across.T)) <= 1e-7 * shear


def test_stokes_flow_is_unknown_inside_the_cylinder():
    entry = zoo_entry("stokes")
    axes = np.linspace(0, 2.2, 23), np.linspace(0, 0.41, 9)
    mesh = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    side = entry.problem.domain.side(mesh.reshape(-1, 2)).reshape(23, 9)
    for found in entry.reference.evaluate(*axes):
        assert np.all(np.isnan(found[side < 0])) and np.any(side < 0)
        assert np.all(np.isfinite(found[side > 0]))


def test_the_cavity_is_what_newtons_method_finds_for_velocity_and_pressure():
    """Collocation of the problem's own programs, with the pressure's mean free."""
    problem, axis = zoo_entry("cavity").problem, walls(0, 1, 15)[0]
    expected = np.stack(_cavity.cavity_flow(100.0, 24, axis, axis))
    _, found = by_newton(problem, (15, 15), 1.001 * expected + 0.0003, steps=3)
    found[2] += np.mean(expected[2] - found[2])
    assert distance(found[:2], expected[:2]) <= 5e-3
    inner = np.s_[2, 2:-2, 2:-2]
    assert distance(found[inner], expected[inner]) <= 5e-3


def test_the_cavity_converges_and_has_no_divergence():
    axis = np.linspace(0, 1, 33)
    found = [_cavity.cavity_flow(100.0, size, axis, axis) for size in (12, 18, 24)]
    changes = [
        [distance(f, last) for f, last in zip(flow, found[-1], strict=True)]
        for flow in found[:-1]
    ]
    assert all(a > 3 * b for a, b in zip(*changes, strict=True))
    u, v, _ = found[-1]
    assert distance(u[:, -1], 16 * axis**2 * (1 - axis) ** 2) <= 1e-12
    still = (u[[0, -1]], v[[0, -1]], u[:, 0], v[:, [0, -1]])
    assert max(np.max(np.abs(f)) for f in still) <= 1e-12
    # As much flows to the right as to the left.
    points, weights = np.polynomial.legendre.leggauss(40)
    half = _cavity.cavity_flow(100.0, 24, np.array([0.5]), (points + 1) / 2)[0]
    assert abs(half[0] @ weights) <= 1e-12


def test_the_cavity_continues_to_other_reynolds_numbers():
    axis = np.linspace(0, 1, 9)
    slow, fast = (_cavity.cavity_flow(r, 16, axis, axis)[0] for r in (1e-6, 150.0))
    # Without inertia the flow is that of Stokes, which is symmetric.
    assert distance(slow, slow[::-1]) <= 1e-7 < distance(fast, fast[::-1])


def test_seepage_is_what_collocation_finds():
    """By Chebyshev collocation of -a (Δu + k_x u_x + k_y u_y) = f for a = exp(k)."""
    x, matrix = walls(0, 1, 33)
    inner, eye = np.s_[1:-1], np.eye(31)
    sine, cosine = np.sin(2 * np.pi * x), 2 * np.pi * np.cos(2 * np.pi * x)
    first, second = matrix[inner, inner], (matrix @ matrix)[inner, inner]
    tilt = np.multiply.outer(cosine, sine)[inner, inner]
    operator = np.kron(second, eye) + np.kron(eye, second)
    operator += tilt.reshape(-1, 1) * np.kron(first, eye)
    operator += tilt.T.reshape(-1, 1) * np.kron(eye, first)
    wave = np.sin(np.pi * x)
    source = 10 * np.multiply.outer(wave, wave)
    source *= np.exp(-np.multiply.outer(sine, sine))
    found = np.linalg.solve(-operator, source[inner, inner].ravel()).reshape(31, 31)
    (expected,) = references.darcy().evaluate(x[inner], x[inner])
    assert distance(found, expected) <= 1e-8


def test_seepage_does_not_change_with_fewer_functions():
    axis = np.linspace(0, 1, 41)
    (expected,) = references.darcy().evaluate(axis, axis)
    changes = []
    for size in (24, 30):
        square, c = _darcy.solved(size)
        changes.append(distance(square.evaluate(c, (0, 0), axis, axis), expected))
    # It converges geometrically.
    assert changes[1] <= changes[0] / 20
    assert changes[1] ** 2 / changes[0] <= references.darcy().accuracy


def test_the_distance_has_the_slope_one():
    x, matrix = walls(0.4, 0.6, 12)
    (u,) = references.eikonal().evaluate(x, x)
    assert distance((matrix @ u) ** 2 + (u @ matrix.T) ** 2, np.ones_like(u)) <= 1e-10
    (ends,) = references.eikonal().evaluate(np.array([0.5, 1.0]), np.zeros(1))
    assert ends.ravel().tolist() == [0.0, 0.5]
    (outside,) = references.eikonal().evaluate(np.array([0.4]), np.zeros(1))
    assert np.isnan(outside.item())


def test_the_vortex_sheet_is_what_a_runge_kutta_method_finds():
    reference = references.vortex_sheet()
    mach = np.linspace(0, 2, 41)

    def rate(m, w):
        return 2 * m - 4 * m / (1 + m**2 - w)

    ended = solve_ivp(
        rate, (0, 2), [0.0], "DOP853", mach, rtol=1e-13, atol=1e-15, max_step=0.05
    )
    assert distance(ended.y[0], reference.evaluate(mach)[0]) <= reference.accuracy


def test_the_vortex_sheet_obeys_the_jump_conditions():
    """Pressure and displacement of waves that fade away from the sheet, where it is
    unstable: (ω - kU)² κ₋ + (ω + kU)² κ₊ = 0 with κ² = k² - (ω ∓ kU)² / c², c = k = 1.
    """
    mach = np.linspace(0.1, 1.4, 14)
    (w,) = references.vortex_sheet().evaluate(mach)
    assert np.all(w < 0)
    omega = np.sqrt(w.astype(complex))
    above, below = (np.sqrt(1 - (omega - s * mach) ** 2) for s in (1, -1))
    assert np.all(above.real > 0) and np.all(below.real > 0)
    jump = (omega - mach) ** 2 * below + (omega + mach) ** 2 * above
    assert np.max(np.abs(jump)) <= 1e-13
    (edge,) = references.vortex_sheet().evaluate(np.array([np.sqrt(2)]))
    assert abs(edge.item()) <= 1e-15
