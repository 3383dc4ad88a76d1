"""What is no domain is refused, with the place named."""

import numpy as np
import pytest

import certax as cx

unit = [(0, 0), (1, 0), (1, 1), (0, 1)]


@pytest.mark.parametrize(
    ("vertices", "words"),
    [
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "edge from vertex 0 (0, 0) to vertex 1"),
        ([(0, 0), (2, 0), (1, 0), (1, 1)], "meets itself"),
        ([(0, 0), (1, 0), (1, 1), (0, 0), (-1, 1)], "vertex 0 (0, 0) twice"),
        ([(0, 0), (1, 0)], "three vertices"),
        ([(0, 0), (1, 0), (0, 0)], "three vertices"),
        ([], "three vertices"),
        ([(0, 0), (1, 0), (2, 0)], "meets itself"),
        # Touches an edge at a vertex of another.
        ([(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)], "vertex 3 (2, 0)"),
        # Crosses by one part in 10^20, which no double can tell.
        ([(0, 0), (2, 0), (2, 1), (1, "-1/100000000000000000000"), (0, 1)], "vertex 3"),
        ([(0, 0, 0), (1, 0, 0), (1, 1, 0)], "not a pair"),
    ],
)
def test_bad_polygons(vertices, words):
    with pytest.raises(cx.CertaxError) as caught:
        cx.Polygon(vertices)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_a_hair_above_is_a_polygon():
    cx.Polygon([(0, 0), (2, 0), (2, 1), (1, "1/100000000000000000000"), (0, 1)])


@pytest.mark.parametrize(
    ("hole", "words"),
    [
        ([(2, 2), (3, 2), (3, 3)], "hole through vertex 0 of hole 0"),
        ([("1/2", "1/2"), (2, "1/2"), (2, 2)], "of hole 0"),
    ],
)
def test_bad_holes(hole, words):
    with pytest.raises(cx.CertaxError, match=words):
        cx.Polygon(unit, holes=[hole])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: cx.Ball((0, 0), 0), "radius of the ball is 0"),
        (lambda: cx.Ball((0, 0), -1), "must be positive"),
        (lambda: cx.Ball((0, 0), float("nan")), "not a finite number"),
        (lambda: cx.Ball((0,) * 6, 1), "one to five"),
        (lambda: cx.Ball((0,) * 4, 1), "no names"),
        (lambda: cx.Ball((0, 0), 1, ["x", "x"]), "do not fit"),
        (lambda: cx.Annulus((0, 0), 1, "1/2"), "do not increase"),
        (lambda: cx.Ball((0, 0), 1) | cx.Ball((0, 0, 0), 1), "cannot be combined"),
        (lambda: cx.Ball((0, 0), 1) & cx.Ball((3, 0), 1), "is empty"),
        (lambda: cx.Ball((0, 0), 1) - cx.Ball((0, 0), 2), "is empty"),
        (lambda: cx.Ball((0, 0), 1) * cx.Ball((0,), 1, ["t"]), "with a box only"),
        (lambda: cx.Ball((0, 0), 1) * cx.Box(x=(0, 1)), "different names"),
        (
            lambda: (
                cx.Box(x=(0, 1), y=(0, 1), z=(0, 1))
                | cx.Box(x=(1, 2), y=(0, 1), z=(0, 1))
            ),
            "a face in common",
        ),
    ],
)
def test_bad_shapes(make, words):
    with pytest.raises(cx.CertaxError, match=words) as caught:
        make()
    assert caught.value.remedy


def test_an_unknown_piece_is_named_with_those_that_exist():
    with pytest.raises(cx.CertaxError) as caught:
        cx.Annulus((0, 0), 1, 2).selected(["innner"])
    assert "'innner'" in str(caught.value) and "inner, outer" in str(caught.value)


square_points = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.5]])
fan = np.array([[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])


@pytest.mark.parametrize(
    ("points", "triangles", "words"),
    [
        # A hanging node: the boundary runs into the region and back.
        (
            [[0, 0], [2, 0], [1, 1], [1, 0], [1, -1]],
            [[0, 1, 2], [0, 3, 4], [3, 1, 4]],
            "meets itself",
        ),
        ([[0, 0], [1, 0], [0, 1], [1, 1]], [[0, 1, 2], [0, 1, 3]], "two triangles"),
        ([[0, 0], [1, 0], [2, 0]], [[0, 1, 2]], "vertices 0, 1 and 2"),
        (
            [[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]],
            [[0, 1, 2], [0, 3, 4]],
            "at vertex 0",
        ),
        # Two triangles that lie on each other, with vertices of their own.
        (
            [[0, 0], [2, 0], [0, 2], [1, -1], [3, 1], [1, 1]],
            [[0, 1, 2], [3, 4, 5]],
            "meets itself",
        ),
    ],
)
def test_bad_meshes(points, triangles, words):
    with pytest.raises(cx.CertaxError, match=words):
        cx.Mesh.of_triangles(np.array(points, float), np.array(triangles))


def test_a_mesh_that_covers_a_part_twice_is_refused():
    """Two nested squares: no edges meet, but the small one is covered twice."""
    small = 0.25 * square_points + 0.1
    points = np.concatenate([square_points, small])
    with pytest.raises(cx.CertaxError, match="inside another part"):
        cx.Mesh.of_triangles(points, np.concatenate([fan, fan + 5]))
