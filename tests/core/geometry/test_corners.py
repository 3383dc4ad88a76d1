"""Reentrant corners: the map that straightens them, and which of them it is for."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings, strategies

import certax as cx
from certax._core import to_float

pytestmark = pytest.mark.usefixtures("x64")

tee = [(0, 0), (3, 0), (3, 1), (2, 1), (2, 3), (1, 3), (1, 1), (0, 1)]
notched = [(0, 0), (3, 0), (3, 2), (2, 2), (2, 1), (1, 1), (1, 2), (0, 2)]


@pytest.fixture
def x64():
    with jax.enable_x64(True):
        yield


def number(expression):
    return jnp.asarray(to_float(expression))


def wedge(turn, angle):
    """A polygon with the vertex 0 between rays at `turn` and `turn + angle`."""
    rays = turn + angle * np.linspace(0.0, 1.0, 7)
    return cx.Polygon([(0, 0), *((float(np.cos(a)), float(np.sin(a))) for a in rays)])


@settings(max_examples=15, deadline=None)
@given(
    turn=strategies.floats(0.0, 6.0),
    angle=strategies.floats(1.06 * math.pi, 1.95 * math.pi),
    share=strategies.floats(0.01, 0.99),
    radius=strategies.floats(1e-6, 1.0),
)
def test_the_map_is_a_power_and_so_its_parts_are_harmonic(turn, angle, share, radius):
    with jax.enable_x64(True):
        (corner,) = wedge(turn, angle).straightened
        assert corner.angle == pytest.approx(angle, rel=1e-12)
        alpha, theta = math.pi / angle, share * angle
        at = radius * np.array([math.cos(turn + theta), math.sin(turn + theta)])

        def both(p):
            return jnp.stack(corner.straightened((p[0], p[1]), number))

        size = (radius / corner.reach) ** alpha
        truth = size * np.array([math.cos(alpha * theta), math.sin(alpha * theta)])
        np.testing.assert_allclose(both(at), truth, rtol=0, atol=1e-13 * size)
        assert both(at)[1] > 0.0
        (a, b), (c, d) = np.asarray(jax.jacfwd(both)(at))
        slope = alpha * size / radius
        np.testing.assert_allclose([a - d, b + c], 0.0, atol=1e-11 * slope)
        # On both edges the imaginary part is no more than rounding.
        for ray in (turn, turn + angle):
            edge = radius * np.array([math.cos(ray), math.sin(ray)])
            assert abs(both(edge)[1]) <= 1e-14 * size


@pytest.mark.parametrize(
    ("shape", "vertices"),
    [
        (cx.Polygon(tee), {("1", "1"), ("2", "1")}),
        (cx.Polygon(notched), set()),
        (cx.Box(x=(-2, 2), y=(-2, 2)) - cx.Box(x=(-1, 1), y=(-1, 1)), set()),
        (cx.Box(x=(0, 1), y=(0, 1)), set()),
    ],
)
def test_only_corners_whose_rays_leave_for_good_are_straightened(shape, vertices):
    assert {c.vertex for c in shape.straightened} == vertices
    box = shape * cx.Box(t=(0, 1))
    assert [c.vertex for c in box.straightened] == [
        c.vertex for c in shape.straightened
    ]
    at = {"x": jnp.asarray(1.2), "y": jnp.asarray(0.8), "t": jnp.asarray(0.5)}
    assert len(box.features(at, number)) == 2 * len(vertices)


def test_a_mesh_of_a_smooth_boundary_has_no_corner_to_straighten():
    angles = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    radii = 1.0 + 0.3 * np.cos(3 * angles)
    points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    shape = cx.Polygon([tuple(map(float, p)) for p in points])
    assert len(shape.reentrant_corners) > 0 and shape.straightened == ()


@pytest.mark.parametrize("name", ["tee", "l-shape"])
def test_the_multiplier_grows_like_the_solution_along_the_bisector(name):
    square, quarter = cx.Box(x=(-1, 1), y=(-1, 1)), cx.Box(x=(0, 1), y=(-1, 0))
    shape = cx.Polygon(tee) if name == "tee" else square - quarter
    (x, y), *_ = [c.middle for c in shape.straightened]
    (away, *_) = [c.rays[2] for c in shape.straightened]

    def at(r):
        point = {"x": jnp.asarray(x - r * away[0]), "y": jnp.asarray(y - r * away[1])}
        return float(shape.multiplier(point, number))

    for r in (1e-4, 1e-6):
        assert at(r) / at(r / 8) == pytest.approx(8 ** (2 / 3), rel=1e-3)


def test_data_on_one_of_the_edges_alone_need_no_corner():
    shape = cx.Polygon(tee)
    at = {"x": jnp.asarray(1.4), "y": jnp.asarray(0.9)}
    (corner, _) = shape.straightened
    one = shape.multiplier(at, number, (corner.before.piece,))
    assert one == shape.distance(at, number, (corner.before.piece,))
