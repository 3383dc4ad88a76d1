"""Meshes: files to regions."""

import numpy as np
import pytest

import certax as cx

meshio = pytest.importorskip("meshio")


def grid_with_hole(n=6, flipped=False):
    """A square of n² cells of two triangles without its middle cells."""
    index = np.arange((n + 1) ** 2).reshape(n + 1, n + 1)
    x = np.linspace(0.0, 1.0, n + 1)
    points = np.stack(np.meshgrid(x, x, indexing="ij"), axis=-1).reshape(-1, 2)
    cells = []
    for i in range(n):
        for j in range(n):
            if n // 3 <= i < 2 * n // 3 and n // 3 <= j < 2 * n // 3:
                continue
            a, b, c, d = (
                index[i, j],
                index[i + 1, j],
                index[i + 1, j + 1],
                index[i, j + 1],
            )
            cells += [[a, b, c], [a, d, c] if flipped else [a, c, d]]
    return points, np.array(cells)


@pytest.mark.parametrize("ending", ["vtk", "vtu", "msh"])
def test_a_mesh_file_gives_its_region(tmp_path, ending):
    points, cells = grid_with_hole(flipped=True)
    file = tmp_path / f"square.{ending}"
    flat = np.column_stack([points, np.zeros(len(points))])
    meshio.write(file, meshio.Mesh(flat, [("triangle", cells)]))
    mesh = cx.Mesh.read(file)
    assert mesh.volume.value == pytest.approx(8 / 9, rel=1e-12)
    assert mesh.boundary_measure.value == pytest.approx(4 + 4 / 3, rel=1e-12)
    assert mesh.pieces == ("outer", "hole.0")
    inside = mesh.contains(np.array([[0.1, 0.1], [0.5, 0.5], [2.0, 0.5]]))
    assert inside.tolist() == [True, False, False]


def test_a_mesh_in_two_parts():
    points, cells = grid_with_hole(3)
    both = np.concatenate([points, points + [2.0, 0.0]])
    mesh = cx.Mesh.of_triangles(both, np.concatenate([cells, cells + len(points)]))
    assert mesh.pieces == ("outer.0", "hole.0", "outer.1", "hole.1")
    assert mesh.volume.value == pytest.approx(16 / 9, rel=1e-12)


@pytest.mark.parametrize(
    ("cells", "words"),
    [([("line", [[0, 1]])], "no triangles, but line"), (None, "cannot be read")],
)
def test_files_without_triangles(tmp_path, cells, words):
    file = tmp_path / "odd.vtk"
    if cells is None:
        file.write_text("nothing")
    else:
        meshio.write(file, meshio.Mesh([[0.0, 0, 0], [1.0, 0, 0]], cells))
    with pytest.raises(cx.CertaxError, match=words):
        cx.Mesh.read(file)


def test_a_surface_in_space_is_not_plane(tmp_path):
    file = tmp_path / "surface.vtk"
    points = [[0.0, 0, 0], [1.0, 0, 0], [0.0, 1, 1]]
    meshio.write(file, meshio.Mesh(points, [("triangle", [[0, 1, 2]])]))
    with pytest.raises(cx.CertaxError, match="not plane"):
        cx.Mesh.read(file)


@pytest.mark.parametrize(
    ("points", "cells", "words"),
    [
        ([[0.0, 0], [np.nan, 0], [0, 1]], [[0, 1, 2]], "Vertex 1 of the mesh is"),
        ([[0.0, 0], [np.inf, 0], [0, 1]], [[0, 1, 2]], "Vertex 1 of the mesh is"),
        ([[0.0, 0], [1, 0], [0, 1]], [[0, 1, 3]], "the vertex 3, but the mesh has 3"),
        ([[0.0, 0], [1, 0], [0, 1]], [[0, 1, -1]], "the vertex -1"),
    ],
)
def test_vertices_that_are_no_points(points, cells, words):
    with pytest.raises(cx.CertaxError, match=words):
        cx.Mesh.of_triangles(np.array(points), np.array(cells))
