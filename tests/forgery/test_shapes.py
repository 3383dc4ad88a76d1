"""Problems on domains that are no boxes: refused, or named, with all hashes new."""

import pytest

from .genuine import MADE, genuine
from .material import Bundle, coordinate, derivative, program, verify
from .tables import Forgeries, assert_refused, rejected

forgery = Forgeries()
DISK = {"kind": "ball", "names": ["x", "t"], "center": ["1/2", "1/8"], "radius": "1/8"}
BOX = {"kind": "box", "names": ["x", "t"], "lower": ["0", "0"], "upper": ["1", "1/4"]}
RING = {k: v for k, v in DISK.items() if k != "radius"}
RING |= {"kind": "annulus", "inner": "1/16", "outer": "1/8"}
CORNERS = [["0", "0"], ["1", "0"], ["0", "1/4"]]
POLYGON = {"kind": "polygon", "names": ["x", "t"], "loops": [CORNERS]}
ON_PIECE = {"kind": "dirichlet", "piece": "boundary", "values": program(u="0")}
FLUX = program(_0=derivative("u", 1, 0) * coordinate("normal.x"))
THROUGH = {"kind": "residual", "piece": "edge.0", "residual": FLUX}
INTERVAL = {"kind": "box", "names": ["t"], "lower": ["0"], "upper": ["1/4"]}
ROD = {"kind": "ball", "names": ["x"], "center": ["1/2"], "radius": "1/2"}


def shaped(
    name: str, shape, *conditions, where="problem", reason="the domain is no box"
):
    """Gives a problem that a theorem had settled another domain."""

    def edit(bundle: Bundle) -> None:
        bundle.problem["shape"] = shape
        bundle.problem["conditions"].extend(conditions)

    forgery.add(name, "burgers", edit, where, reason)


shaped("a disk in the box", DISK, reason="but the ball with center (1/2, 1/8)")
shaped("the box itself, written as a shape", BOX)
shaped("a ring", RING, reason="between 1/16 and 1/8")
shaped("a polygon", POLYGON, reason="the polygon (0, 0) (1, 0) (0, 1/4)")
shaped("a mesh", POLYGON | {"kind": "mesh"})
shaped("a union", {"kind": "union", "parts": [BOX, DISK]}, reason=" union ")
shaped("a difference", {"kind": "difference", "parts": [BOX, DISK]}, reason=" minus ")
shaped("a product", {"kind": "product", "shape": ROD, "box": INTERVAL}, reason="times")
shaped("data on a piece", DISK, ON_PIECE, reason="a condition on the piece boundary")
shaped("a flux through a piece", POLYGON, THROUGH, reason="on the piece edge.0")
shaped("no kind", {"names": ["x", "t"]}, reason="not a kind of shape")
shaped("a list for a kind", DISK | {"kind": ["ball"]}, reason="not a kind of shape")
shaped("text for a shape", "ball", reason="not a kind of shape")
shaped("an unknown key", DISK | {"color": "red"}, reason="unknown key 'color'")
shaped("no radius", {k: v for k, v in DISK.items() if k != "radius"}, reason="'radius'")
shaped("other names", DISK | {"names": ["t", "x"]}, reason="not over x, t")
shaped("three numbers for a point", DISK | {"center": ["0", "0", "0"]}, reason="point")
shaped("no numbers", DISK | {"radius": "r"}, where="", reason="'r'")
shaped(
    "an integer for a number",
    DISK | {"radius": 1},
    where="",
    reason="not an expression",
)
shaped("one part", {"kind": "union", "parts": [DISK]}, reason="fewer than two parts")
shaped("two shapes multiplied", {"kind": "product", "shape": ROD, "box": ROD},
       reason="not one of a shape and a box")  # fmt: skip
shaped("a product without a shape", {"kind": "product", "shape": BOX, "box": BOX},
       reason="")  # fmt: skip
shaped("no loops", POLYGON | {"loops": []}, reason="empty")
shaped("a start on a piece", DISK, ON_PIECE | {"kind": "initial"},
       reason="not a condition on a piece")  # fmt: skip
shaped("piece and coordinate", DISK, ON_PIECE | {"coordinate": "x"},
       reason="unknown key 'coordinate'")  # fmt: skip


@forgery("burgers", "problem", "lacks the key 'coordinate'")
def a_piece_without_a_shape(b: Bundle):
    b.problem["conditions"].append(ON_PIECE)


@forgery("burgers", "residual", "'normal.x'")
def a_normal_in_the_equation(b: Bundle):
    b.problem["shape"], b.problem["residual"] = DISK, FLUX


@forgery.parametrize()
def test_shapes_are_read_strictly_and_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


@pytest.mark.parametrize("base", [n for n in MADE if not n.startswith("residual")])
def test_no_theorem_takes_a_ball(base, tmp_path):
    bundle = genuine(base)
    names = [axis["name"] for axis in bundle.problem["coordinates"]]
    middle = ["1/8"] * len(names)
    ball = {"kind": "ball", "names": names, "center": middle, "radius": "1/8"}
    bundle.problem["shape"] = ball
    rejected(verify(bundle, tmp_path), "problem", "the domain is no box, but the ball")


def test_claims_on_the_box_remain_and_name_the_domain(tmp_path):
    bundle = genuine("residual_mean")
    names = [axis["name"] for axis in bundle.problem["coordinates"]]
    middle = ["1/2"] * len(names)
    ball = {"kind": "ball", "names": names, "center": middle, "radius": "1/8"}
    bundle.problem["shape"] = ball
    report = verify(bundle.derived(tmp_path), tmp_path)
    assert report["accepted"]
    assert "posed on the ball with center (1/2" in report["statement"]
    assert "the one lies in the other is not checked" in report["statement"]


def test_a_statement_that_hides_the_domain_is_refused(tmp_path):
    bundle = genuine("residual_mean")
    names = [axis["name"] for axis in bundle.problem["coordinates"]]
    ball = {"kind": "ball", "names": names, "center": ["1/2"] * len(names)}
    bundle.problem["shape"] = ball | {"radius": "1/8"}
    # The statement is still the one of the box.
    rejected(verify(bundle, tmp_path), "statement", "not the one that follows")
