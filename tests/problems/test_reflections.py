"""Mirrors of problems: those that are there are found, and no others."""

import numpy as np
import pytest

import certax as cx
from certax._core import to_float
from certax.problems import reflections, zoo_entry


def stated(residual=None, conditions=(), domain=None):
    return cx.Problem(
        name="mirrored",
        domain=domain or cx.Box(x=(0, 1), t=(0, 1)),
        residual=residual or (lambda u: u.t - u.xx),
        conditions=conditions,
        complete=False,
    )


start = cx.Initial(lambda x: cx.sinpi(x))
walls = cx.Dirichlet("x", 0)


@pytest.mark.parametrize(
    ("residual", "conditions", "found"),
    [
        (None, (start, walls), {"x": (1,)}),
        (None, (cx.Initial(lambda x: cx.sinpi(2 * x)), walls), {"x": (-1,)}),
        (None, (cx.Initial(lambda x: x * cx.sinpi(x)), walls), {}),
        (lambda u: u.t - u.xx - u.x, (start, walls), {}),
        # u u_x changes its sign with an odd u, not with an even one.
        (lambda u: u.t + u * u.x - u.xx, (start, walls), {}),
        (
            lambda u: u.t + u * u.x - u.xx,
            (cx.Initial(lambda x: cx.sinpi(2 * x)), walls),
            {"x": (-1,)},
        ),
        (lambda u, x: u.t - x * u.xx, (start, walls), {}),
        (lambda u, x: u.t - x * (1 - x) * u.xx, (start, walls), {"x": (1,)}),
        # Other data at the other end, of another kind, or of another value.
        (None, (start, cx.Dirichlet("x", 0, "lower")), {}),
        (None, (start, cx.Dirichlet("x", 0, "lower"), cx.Neumann("x", 0, "upper")), {}),
        (
            None,
            (
                cx.Initial(lambda x: 1 + x),
                cx.Dirichlet("x", 1, "lower"),
                cx.Dirichlet("x", 2, "upper"),
            ),
            {},
        ),
        (
            None,
            (
                cx.Initial(lambda x: 1 - 2 * x),
                cx.Dirichlet("x", 1, "lower"),
                cx.Dirichlet("x", -1, "upper"),
            ),
            {"x": (-1,)},
        ),
        # The derivative along the outward normal is the same at both ends.
        (None, (start, cx.Neumann("x", "1/3")), {"x": (1,)}),
        (None, (start, cx.Robin("x", 1, 2, 0)), {"x": (1,)}),
    ],
)
def test_what_is_a_mirror_and_what_is_none(residual, conditions, found):
    assert dict(reflections(stated(residual, conditions))) == found


def test_time_is_no_mirror_and_neither_is_a_seam_elsewhere():
    wave = lambda u: u.tt - u.xx
    conditions = (cx.Initial(0, velocity=0), cx.Periodic("x"))
    for ends, mirrored in (((-1, 1), True), ((0, 1), True), (("1/3", "4/3"), False)):
        domain = cx.Box(x=ends, t=(0, 1))
        assert ("x" in reflections(stated(wave, conditions, domain))) is mirrored
    assert "t" not in reflections(stated(wave, conditions))


def test_fields_have_their_own_signs():
    assert dict(reflections(zoo_entry("kovasznay").problem)) == {"y": (1, -1, 1)}


def test_shapes_regions_and_unknowns_have_none():
    assert not reflections(zoo_entry("poisson-disk").problem)
    inverse = cx.Problem(
        name="inverse",
        domain=cx.Box(x=(0, 1)),
        residual=lambda u, k: -k * u.xx - 1,
        conditions=(cx.Dirichlet("x", 0),),
        unknowns={"k": 1.0},
    )
    assert not reflections(inverse)


@pytest.mark.parametrize(
    "name",
    [
        "burgers",
        "hamilton-jacobi",
        "heat-4d",
        "helmholtz",
        "kovasznay",
        "legendre",
        "semilinear-heat",
        "sine-gordon",
        "taylor-green",
        "two-color-soliton",
        "wildfire",
    ],
)
def test_references_have_the_mirrors_of_their_problems(name):
    """The truth is even or odd wherever a problem is said to be its own image."""
    entry = zoo_entry(name)
    problem, domain = entry.problem, entry.problem.domain
    found = reflections(problem)
    assert found and entry.reference is not None
    axes = [
        np.linspace(to_float(a), to_float(b), 7 if domain.dimension < 4 else 3)
        for a, b in zip(domain.lower, domain.upper, strict=True)
    ]
    values = entry.reference.evaluate(*axes)
    for coordinate, signs in found.items():
        axis = domain.names.index(coordinate)
        for value, sign in zip(values, signs, strict=True):
            gap = np.abs(value - sign * np.flip(value, axis)).max()
            accuracy = max(entry.reference.accuracy, 1e-12)
            assert gap <= 100 * accuracy * np.abs(value).max()
