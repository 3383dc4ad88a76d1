"""Shapes with their true sizes."""

from math import acos, pi, sqrt
from typing import NamedTuple

import certax as cx


class Known(NamedTuple):
    """A shape, its volume and the size of its boundary."""

    shape: object
    volume: float
    boundary: float


def square(**ends):
    return cx.Box(**(ends or {"x": (-1, 1), "y": (-1, 1)}))


_lens = 2 * acos(0.5) - sqrt(3) / 2
_lens_3d = 5 * pi / 12
_triangle = [(0, 0), (1, 0), ("1/2", "sqrt(3)/2")]

plane = {
    "disk": Known(cx.Ball((0, 0), 1), pi, 2 * pi),
    "annulus": Known(cx.Annulus((1, 2), "1/2", 1), 0.75 * pi, 3 * pi),
    "box": Known(square(x=(0, 2), y=(0, 3)), 6, 10),
    "l-shape": Known(square() - square(x=(0, 1), y=(-1, 0)), 3, 8),
    "triangle": Known(cx.Polygon(_triangle), sqrt(3) / 4, 3),
    "clockwise with a hole": Known(
        cx.Polygon(
            [(0, 0), (0, 2), (3, 2), (3, 0)], holes=[[(1, 1), (2, 1), (2, "3/2")]]
        ),
        5.75,
        10 + 1.5 + sqrt(1.25),
    ),
    "notched": Known(
        cx.Polygon([(0, 0), (4, 0), (4, 2), (3, 2), (3, 1), (1, 1), (1, 2), (0, 2)]),
        6,
        14,
    ),
    "square with a round hole": Known(
        square(x=(0, 2), y=(0, 2)) - cx.Ball((1, 1), "1/2"), 4 - pi / 4, 8 + pi
    ),
    "lens": Known(cx.Ball((0, 0), 1) & cx.Ball((1, 0), 1), _lens, 4 * pi / 3),
    "two disks": Known(
        cx.Ball((0, 0), 1) | cx.Ball((1, 0), 1), 2 * pi - _lens, 8 * pi / 3
    ),
    "moon": Known(cx.Ball((0, 0), 1) - cx.Ball((1, 0), 1), pi - _lens, 2 * pi),
    "bitten square": Known(
        square(x=(0, 2), y=(0, 2)) - cx.Ball((0, 0), 1), 4 - pi / 4, 6 + pi / 2
    ),
    "stadium": Known(
        square(x=(0, 2), y=(-1, 1)) | cx.Ball((0, 0), 1) | cx.Ball((2, 0), 1),
        4 + pi,
        4 + 2 * pi,
    ),
    "two squares with a common edge": Known(
        square(x=(0, 1), y=(0, 1)) | square(x=(1, 2), y=(0, 1)), 2, 6
    ),
    "stairs": Known(square(x=(0, 1), y=(0, 3)) | square(x=(1, 2), y=(0, 2)), 5, 10),
}
solid = {
    "interval": Known(cx.Ball((1,), 2, ["t"]), 4, 2),
    "interval with a gap": Known(square(x=(0, 3)) - square(x=(1, "3/2")), 2.5, 4),
    "ball": Known(cx.Ball((0, 0, 1), 2), 32 * pi / 3, 16 * pi),
    "ball of dimension 4": Known(
        cx.Ball((0, 0, 0, 0), 1, ["x", "y", "z", "w"]), pi**2 / 2, 2 * pi**2
    ),
    "shell": Known(cx.Annulus((0, 0, 0), 1, 2), 28 * pi / 3, 20 * pi),
    "cuboid": Known(square(x=(0, 1), y=(0, 2), z=(0, 3)), 6, 22),
    "bitten ball": Known(
        cx.Ball((0, 0, 0), 1) - cx.Ball((1, 0, 0), 1),
        4 * pi / 3 - _lens_3d,
        4 * pi,
    ),
    "disk in time": Known(
        cx.Ball((0, 0), 1) * cx.Box(t=(0, 2)), 2 * pi, 4 * pi + 2 * pi
    ),
    "l-shape in time": Known(plane["l-shape"].shape * cx.Box(t=(0, 1)), 3, 8 + 6),
}
every = plane | solid
