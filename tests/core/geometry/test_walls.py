"""Pieces on the faces of the box around a region, and data extended from them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import certax as cx
from certax._core import to_float
from certax.nn import Ansatz

channel = cx.Box(x=(0, "2.2"), y=(0, "0.41"))
holes = channel - cx.Ball(("0.2", "0.2"), "0.05") - cx.Ball(("1", "0.15"), "0.04")


def problem(domain, conditions):
    return cx.Problem(
        name="extended",
        domain=domain,
        residual=lambda u: -u.laplacian(),
        conditions=conditions,
        constants={"top": "3.2419"},
        complete=False,
    )


walled = (
    cx.Dirichlet("part0.x.lower", lambda y: 3 + y * (1 - y)),
    cx.Dirichlet("part0.y.lower", lambda x: 3 + x),
    cx.Dirichlet("part0.y.upper", lambda x, top: top + x),
    cx.Dirichlet("part1.boundary", lambda x, y: x * y),
    cx.Dirichlet("part2.boundary", -1),
)


def test_whole_sides_of_the_box_are_walls():
    assert holes.walls == {
        "part0.x.lower": ("x", "lower"),
        "part0.x.upper": ("x", "upper"),
        "part0.y.lower": ("y", "lower"),
        "part0.y.upper": ("y", "upper"),
    }
    assert (holes * cx.Box(t=(0, 1))).walls == holes.walls


def test_without_the_corner_between_them_data_need_not_agree():
    """On a face where the corner is cut off, x.lower and y.lower do not meet."""
    cut = channel - cx.Ball((0, 0), "0.1")
    assert cut.walls == {}
    assert cx.Ball((0, 0), 1).walls == {}


def test_two_pieces_on_one_face_are_no_wall():
    shape = cx.Polygon(((0, 0), (1, 0), (2, 0), (2, 1), (0, 1)))
    on_floor = {
        p for p, (name, side) in shape.walls.items() if (name, side) == ("y", "lower")
    }
    assert on_floor == set()
    assert len(shape.walls) in (0, 3)


@pytest.mark.parametrize("conditions", [walled, walled[::-1], walled[:3]])
def test_all_data_are_met_and_smooth_at_corners(conditions, x64):
    stated = problem(holes, conditions)
    key = jax.random.key(0)
    ansatz = Ansatz(stated.domain, stated.fields, stated.conditions, 8, 1, key=key)

    def value(point):
        return ansatz(*point)[0]

    walls = stated.domain.boundary_points(2000)
    x, y = walls.points.T
    expected = {
        "part0.x.lower": 3 + y * (1 - y),
        "part0.y.lower": 3 + x,
        "part0.y.upper": 3.2419 + x,
        "part1.boundary": x * y,
        "part2.boundary": np.full(len(x), -1.0),
    }
    found = np.asarray(jax.jit(jax.vmap(value))(jnp.asarray(walls.points)))
    for condition in stated.conditions:
        on = walls.pieces == condition.piece
        gap = np.abs(found[on] - expected[condition.piece][on]).max()
        assert gap < 1e-12, condition.piece

    # Weights by inverse distances would have a second derivative like 1 / distance.
    bend = jax.jit(jax.hessian(value))
    bends = [np.abs(bend(jnp.array([d, d]))).max() for d in (1e-3, 1e-5)]
    assert bends[1] < 2 * bends[0] + 1


def test_weights_larger_than_one_divide_by_nothing(x64):
    """Far from a wall without an opposite, a factor is two; so is that of a lid."""
    domain = cx.Box(x=(0, 1), y=(0, 2)) - cx.Ball(("1/2", 2), "3/5")
    assert {"part0.x.lower", "part0.y.lower"} <= set(domain.walls)
    conditions = (
        cx.Dirichlet("part0.x.lower", 1),
        cx.Dirichlet("part0.y.lower", lambda x: 1 + x),
        cx.Dirichlet("part1.boundary", lambda x: 1 + x * x),
    )
    stated = problem(domain, conditions)
    key = jax.random.key(0)
    ansatz = Ansatz(stated.domain, stated.fields, stated.conditions, 8, 1, key=key)
    assert ansatz.constraint is not None

    def extension(point):
        named = dict(zip(domain.names, point, strict=True))
        return ansatz.constraint.extension(named)["u"]

    values = jax.jit(jax.vmap(extension))(jnp.asarray(domain.interior_points(4000)))
    assert float(jnp.abs(values).max()) < 4


def test_one_number_on_all_pieces_is_that_number(x64):
    pieces = ("part0.x.lower", "part0.y.lower", "part1.boundary", "part2.boundary")
    stated = problem(holes, tuple(cx.Dirichlet(p, "1/3") for p in pieces))
    key = jax.random.key(0)
    ansatz = Ansatz(stated.domain, stated.fields, stated.conditions, 8, 1, key=key)
    assert ansatz.constraint is not None
    point = {"x": jnp.asarray(0.7), "y": jnp.asarray(0.3)}
    assert float(ansatz.constraint.extension(point)["u"]) == 1 / 3


def test_what_multiplies_the_net_is_of_size_one_along_the_channel(x64):
    number = lambda e: jnp.asarray(to_float(e))
    pieces = ("part0.x.lower", "part0.y.lower", "part0.y.upper", "part1.boundary")
    places = jnp.linspace(0.3, 2.1, 19)
    at = lambda x: holes.multiplier({"x": x, "y": jnp.asarray(0.2)}, number, pieces)
    found = jax.vmap(at)(places)
    assert float(found.min()) > 0.2 and float(found.max()) < 1.5


def test_a_net_counts_from_the_middle_of_the_hole():
    one = channel - cx.Ball(("0.2", "0.2"), "0.05")
    lower, upper = one.frame
    assert [to_float(e) for e in lower] == pytest.approx([-0.005, -0.005])
    assert [to_float(e) for e in upper] == pytest.approx([0.405, 0.405])
    assert channel.frame == (channel.lower, channel.upper)
