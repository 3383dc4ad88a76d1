"""Sizes, normals and distances of domains, against closed forms and Gauss's theorem."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from shapes import every, plane

import certax as cx
from certax._core import Input, shape_from_json, to_float, trace

each = pytest.mark.parametrize("name", every)


@pytest.fixture(autouse=True)
def x64():
    with jax.enable_x64(True):
        yield


def distances(shape, points, pieces=None):
    one = lambda p: shape.distance(dict(zip(shape.names, p, strict=True)), None, pieces)
    return jax.vmap(one)(jnp.asarray(points))


def slopes(shape, points):
    one = lambda p: shape.distance(dict(zip(shape.names, p, strict=True)))
    return np.asarray(jax.vmap(jax.grad(one))(jnp.asarray(points)))


@each
def test_sizes_are_the_true_ones(name):
    shape, volume, boundary = every[name]
    for found, truth in ((shape.volume, volume), (shape.boundary_measure, boundary)):
        slack = 5 * found.error if found.error else 1e-12 * truth
        assert abs(found.value - truth) <= slack
        # What is sampled says so.
        assert (found.error == 0.0) == (name in plane or found.error == 0.0)
    assert plane.get(name) is None or shape.volume.error == 0.0


@each
def test_the_divergence_theorem_holds(name):
    """The integral of div F is that of F·n, for F with a cubic component."""
    shape = every[name].shape
    inside = shape.interior_points(2**13, seed=1)
    on = shape.boundary_points(2**13, seed=2)
    rate = 2.0 * inside.sum(axis=1) + 3.0 * inside[:, 0] ** 2
    field = on.points**2
    field[:, 0] += on.points[:, 0] ** 3
    through = np.sum(field * on.normals, axis=1)
    inner = shape.volume.value * rate.mean()
    outer = shape.boundary_measure.value * through.mean()
    size = shape.volume.value * np.abs(rate).mean()
    assert abs(inner - outer) <= 0.02 * size


@each
def test_normals_point_out_and_points_lie_on_the_boundary(name):
    shape = every[name].shape
    on = shape.boundary_points(500)
    np.testing.assert_allclose(np.linalg.norm(on.normals, axis=1), 1.0, rtol=1e-12)
    assert np.all(shape.side(on.points) == 0)
    step = 1e-5 * on.normals
    # Next to a corner a step along the normal may leave the region.
    assert np.mean(shape.side(on.points - step) == 1) > 0.99
    assert np.mean(shape.side(on.points + step) == -1) > 0.99
    assert set(on.pieces) <= set(shape.pieces)
    assert set(shape.boundary_points(4000).pieces) == set(shape.pieces)


@each
def test_points_inside_are_inside_and_depend_on_seed_and_step_alone(name):
    shape = every[name].shape
    found = shape.interior_points(200, seed=3, step=7)
    assert found.shape == (200, shape.dimension)
    assert np.all(shape.side(found) == 1) and np.all(shape.contains(found))
    np.testing.assert_array_equal(found, shape.interior_points(200, seed=3, step=7))
    assert not np.array_equal(found, shape.interior_points(200, seed=3, step=8))
    assert np.all((found >= shape.lower_floats) & (found <= shape.upper_floats))


@each
def test_the_distance_vanishes_on_the_boundary_only_with_slope_one(name):
    shape = every[name].shape
    on = shape.boundary_points(300)
    size = float(np.max(shape.upper_floats - shape.lower_floats))
    assert np.max(np.abs(distances(shape, on.points))) <= 1e-14 * size
    assert np.min(distances(shape, shape.interior_points(2000))) > 0.0
    # A little inside, where square roots have derivatives.
    slope = slopes(shape, on.points - 1e-7 * on.normals)
    normal = np.einsum("ni,ni->n", slope, -on.normals)
    assert np.mean(np.abs(normal - 1.0) < 1e-4) > 0.95
    length = np.linalg.norm(slope, axis=1)
    assert np.mean(np.abs(length - 1.0) < 1e-4) > 0.95


@pytest.mark.parametrize("name", plane)
def test_the_distance_to_a_piece_vanishes_there_only(name):
    shape = plane[name].shape
    on = shape.boundary_points(600)
    for piece in shape.pieces[:2]:
        found = np.asarray(distances(shape, on.points, (piece,)))
        here = on.pieces == piece
        assert np.max(np.abs(found[here]), initial=0.0) <= 1e-13
        far = ~here & (np.min(
            np.linalg.norm(on.points[:, None] - on.points[here][None], axis=2), axis=1
        ) > 0.05)  # fmt: skip
        assert np.min(found[far], initial=1.0) > 1e-4


@pytest.mark.parametrize("name", ["annulus", "l-shape", "moon", "cuboid"])
def test_the_distance_is_smooth_inside(name):
    """Its Laplacian is finite at all points inside, and continuous."""
    shape = every[name].shape
    one = lambda p: shape.distance(dict(zip(shape.names, p, strict=True)))
    curvature = jax.jit(jax.vmap(lambda p: jnp.trace(jax.hessian(one)(p))))
    points = shape.interior_points(500)
    found = np.asarray(curvature(points))
    near = np.asarray(curvature(points + 1e-9))
    assert np.all(np.isfinite(found))
    assert np.median(np.abs(found - near) / (1.0 + np.abs(found))) < 1e-5


@each
def test_shapes_survive_as_data(name):
    shape = every[name].shape
    data = json.loads(json.dumps(shape.as_json()))
    again = shape_from_json(data)
    assert again == shape and again.as_json() == data
    points = shape.physical(
        np.random.default_rng(0).uniform(size=(200, len(shape.names)))
    )
    np.testing.assert_array_equal(again.side(points), shape.side(points))


@each
def test_distances_are_programs_with_exact_numbers(name):
    shape = every[name].shape
    constants = [
        Input(f"exact.{i}", "constant", value=e) for i, e in enumerate(shape.numbers())
    ]
    inputs = [*(Input(n, "coordinate") for n in shape.names), *constants]

    def distance(*arrays):
        point = dict(zip(shape.names, arrays, strict=False))
        held = dict(zip(shape.numbers(), arrays[len(shape.names) :], strict=True))
        return [shape.distance(point, held.__getitem__)]

    program = trace(distance, inputs, ["distance"], "the distance")
    # Vectors, not edges one by one: the number of operations stays small.
    assert len(program.ops) <= 120


coordinate = st.integers(-20, 20)


@settings(max_examples=15)
@given(
    st.tuples(coordinate, coordinate),
    st.integers(1, 15),
    st.tuples(coordinate, coordinate),
    st.integers(1, 15),
)
def test_areas_of_combined_disks_and_squares_add_up(center, radius, corner, side):
    """|A| + |B| = |A ∪ B| + |A ∩ B| and |A - B| = |A| - |A ∩ B|, however they lie."""
    disk = cx.Ball(center, radius)
    x, y = corner
    box = cx.Box(x=(x, x + side), y=(y, y + side))
    common = (box & disk).volume.value if _meet(box, disk) else 0.0
    sizes = box.volume.value + disk.volume.value
    assert (box | disk).volume.value == pytest.approx(sizes - common, rel=1e-9)
    left = box.volume.value - common
    if left > 1e-9 * sizes:
        assert (box - disk).volume.value == pytest.approx(left, rel=1e-8)
    inside = box.physical(np.random.default_rng(0).uniform(size=(2**14, 2)))
    share = np.mean(disk.side(inside) > 0)
    assert common / box.volume.value == pytest.approx(share, abs=0.02)


def _meet(box, disk):
    try:
        box & disk
    except cx.CertaxError:
        return False
    return True


@settings(max_examples=15)
@given(st.lists(st.integers(3, 20), min_size=3, max_size=9))
def test_stars_obey_the_divergence_theorem(radii):
    """For F = (x, 0) and (0, y), exactly on polygons: both give the area."""
    angle = 2 * np.pi * np.arange(len(radii)) / len(radii)
    vertices = (
        np.stack([np.cos(angle), np.sin(angle)], axis=1) * np.array(radii)[:, None]
    )
    star = cx.Polygon(vertices.tolist())
    for axis in (0, 1):
        through = sum(
            c.length * np.mean(c.points(np.array([0.0, 1.0]))[:, axis])
            * c.normals(np.zeros(1))[0, axis]
            for c in star.curves
        )  # fmt: skip
        assert through == pytest.approx(star.volume.value, rel=1e-12)


@pytest.mark.parametrize("name", ["triangle", "l-shape", "notched", "moon", "stairs"])
def test_what_nets_are_multiplied_with_vanishes_on_the_boundary_only(name):
    shape = every[name].shape
    number = lambda e: jnp.asarray(to_float(e))
    one = lambda p: shape.multiplier(dict(zip(shape.names, p, strict=True)), number)
    on, inside = shape.boundary_points(300).points, shape.interior_points(1000)
    assert np.max(np.abs(jax.vmap(one)(jnp.asarray(on)))) <= 1e-13
    assert np.min(jax.vmap(one)(jnp.asarray(inside))) > 0.0


def test_it_is_smooth_at_convex_corners():
    shape = every["triangle"].shape
    number = lambda e: jnp.asarray(to_float(e))
    one = lambda p: shape.multiplier({"x": p[0], "y": p[1]}, number)
    near = jnp.array([[1e-2, 2e-3], [1e-4, 2e-5], [1e-6, 2e-7]])
    curvature = jax.vmap(lambda p: jnp.trace(jax.hessian(one)(p)))(near)
    assert np.max(np.abs(curvature)) < 100.0


def test_reentrant_corners():
    corners = {n: every[n].shape.reentrant_corners.tolist() for n in plane}
    assert corners["l-shape"] == [[0.0, 0.0]] and corners["stairs"] == [[1.0, 2.0]]
    assert sorted(corners["notched"]) == [[1.0, 1.0], [3.0, 1.0]]
    assert len(corners["clockwise with a hole"]) == 3
    smooth = ("disk", "annulus", "box", "triangle", "stadium", "lens")
    assert not any(corners[n] for n in smooth)
    assert len(corners["two disks"]) == 2 and len(corners["bitten square"]) == 0
