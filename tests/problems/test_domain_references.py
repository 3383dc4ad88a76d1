"""References on domains that are no boxes, measured against independent methods."""

import math

import numpy as np
import pytest
from numpy.polynomial import chebyshev
from scipy.sparse import diags_array
from scipy.sparse.linalg import spsolve

from certax.problems import _references as references, zoo_entry
from certax.problems._references import _domains

names = "poisson-disk", "poisson-annulus", "poisson-l-shape", "heat-disk"


def second_derivative(size):
    """Chebyshev points of [-1, 1], first and second differentiation matrices."""
    x = np.cos(np.pi * np.arange(size + 1) / size)
    vandermonde = chebyshev.chebvander(x, size)
    slopes = chebyshev.chebder(np.eye(size + 1))
    first = chebyshev.chebvander(x, size - 1) @ slopes @ np.linalg.inv(vandermonde)
    return x, first, first @ first


@pytest.mark.parametrize("name", names)
def test_values_are_known_inside_and_only_there(name):
    entry = zoo_entry(name)
    domain, reference = entry.problem.domain, entry.reference
    ends = zip(domain.lower_floats, domain.upper_floats, strict=True)
    axes = [np.linspace(a, b, 21) for a, b in ends]
    (found,) = reference.evaluate(*axes)
    mesh = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    side = domain.side(mesh.reshape(-1, domain.dimension)).reshape(found.shape)
    assert found.shape == (21,) * domain.dimension
    assert np.all(np.isfinite(found[side > 0])) and np.all(np.isnan(found[side < 0]))
    with pytest.raises(ValueError, match="leave such points out"):
        reference.evaluate(*[axis + 1e-9 for axis in axes])


@pytest.mark.parametrize("name", names)
def test_boundary_data_hold(name):
    entry = zoo_entry(name)
    domain = entry.problem.domain
    on = domain.boundary_points(200)
    points = on.points[np.isin(on.pieces, domain.selected(("boundary",)))] * (1 - 1e-13)
    for point in points[:60]:
        (found,) = entry.reference.evaluate(*[np.array([c]) for c in point])
        assert np.isnan(found.item()) or abs(found.item()) <= 1e-11


@pytest.mark.parametrize("reference", [references.poisson_disk, references.heat_disk])
def test_closed_forms_on_a_disk_solve_their_equations(reference):
    """Differentiated by polynomials on the square inside of the disk."""
    x, first, second = second_derivative(18)
    axis = 0.7 * x
    if reference is references.poisson_disk:
        (u,) = reference().evaluate(axis, axis)
        source = (3 + 4 * axis + axis**2)[:, None] + axis**2
        wanted = -source * np.exp(axis)[:, None]
    else:
        t = 0.5 * (x + 1)
        (all_times,) = reference().evaluate(axis, axis, t)
        rate = np.einsum("tk,xyk->xyt", 2.0 * first, all_times)
        middle = 9
        u = all_times[:, :, middle]
        source = 3 + np.add.outer(axis**2, axis**2)
        wanted = rate[:, :, middle] - source * np.exp(-t[middle])
    laplacian = (second @ u + u @ second.T) / 0.7**2
    assert np.max(np.abs(laplacian - wanted)) <= 1e-9


def test_the_closed_form_on_an_annulus_is_that_of_collocation():
    x, first, second = second_derivative(30)
    r = 0.75 + 0.25 * x
    operator = -16.0 * second - 4.0 * first / r[:, None]
    rows = slice(1, -1)
    u = np.zeros(31)
    u[rows] = np.linalg.solve(operator[rows, rows], np.full(29, 4.0))
    (found,) = references.poisson_annulus().evaluate(r, np.zeros(1))
    assert np.nanmax(np.abs(found[rows, 0] - u[rows])) <= 1e-12


def test_the_l_shape_meets_its_boundary_values():
    """The error is harmonic, so it is largest on the boundary."""
    near = 10.0 ** -np.linspace(1, 12, 150)
    shares = np.concatenate([np.linspace(0, 1, 1501), near, 1 - near])
    at = _domains.l_shape_boundary(shares)
    misfit = float(np.max(np.abs(_domains.l_shape_solution(*at))))
    assert misfit <= references.poisson_l_shape().accuracy <= 100 * misfit


def test_the_l_shape_is_that_of_finite_differences():
    """They converge slowly because of the corner, so they are compared coarsely."""
    errors = []
    for half in (16, 32):
        h = 1.0 / half
        axis = np.linspace(-1, 1, 2 * half + 1)
        x, y = np.meshgrid(axis, axis, indexing="ij")
        inside = (np.abs(x) < 1) & (np.abs(y) < 1) & ~((x >= 0) & (y <= 0))
        number = np.full(inside.shape, -1)
        number[inside] = np.arange(inside.sum())
        size = int(inside.sum())
        matrix = diags_array(np.full(size, 4.0)).tolil()
        for shift in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            there = np.roll(number, shift, (0, 1))[inside]
            known = there >= 0
            matrix[np.arange(size)[known], there[known]] = -1.0
        u = spsolve(matrix.tocsc(), np.full(size, h * h))
        (found,) = references.poisson_l_shape().evaluate(axis, axis)
        errors.append(float(np.max(np.abs(found[inside] - u))))
    assert errors[1] < 4e-3 and errors[1] < 0.7 * errors[0]


def test_the_l_shape_has_the_corner_that_is_known():
    """Along the bisector u / r^(2/3) tends to the strength of the corner."""
    r = np.array([1e-4, 1e-6])
    angle = 0.75 * math.pi
    u = _domains.l_shape_solution(r * math.cos(angle), r * math.sin(angle))
    gaps = np.abs(u / r ** (2 / 3) - _domains.corner_strength())
    # The next terms are of order r^(4/3) relative to the first.
    assert gaps[1] < 1e-6 and gaps[0] < 1e-4
