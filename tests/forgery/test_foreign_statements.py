"""Statements that no theorem knows: every solution theorem refuses, all hashes new."""

import pytest

from .genuine import MADE, dirichlet, genuine, initial
from .material import Bundle, derivative, program, verify
from .tables import Forgeries, assert_refused, rejected

forgery = Forgeries()
FLAT = program(_0=derivative("u", 1, 0))
ON_FACE = {"kind": "residual", "coordinate": "x", "side": "upper", "residual": FLAT}
INSIDE = {"kind": "residual", "coordinate": "x", "at": "1/2", "residual": FLAT}
NOT_ZERO = program(_0=derivative("u", 0, 0) - "1")
END = {"kind": "terminal", "coordinate": "t", "values": program(u="0")}


def more(name: str, *added, where: str = "problem", reason: str = "no theorem") -> None:
    """Adds conditions to a problem that a theorem had settled."""
    forgery.add(
        name, "burgers", lambda b: b.problem["conditions"].extend(added), where, reason
    )


more("a Neumann condition beside Dirichlet", ON_FACE, reason="takes: residual")
more("the same twice", ON_FACE, ON_FACE)
more("a condition inside", INSIDE)
more("two that contradict each other", ON_FACE | {"residual": NOT_ZERO})
more("one that holds anyway", ON_FACE | {"residual": program(_0=derivative("u", 0, 0))})
more("terminal data", END, reason="takes: terminal")
more("a side that is none", ON_FACE | {"side": ["upper"]})
more("nothing but its kind", {"kind": "residual"})
more("a mistake behind it", ON_FACE, {"kind": "dirichlet"}, reason="lacks the key")
more("Neumann as a kind", {"kind": "neumann", "coordinate": "x", "side": "upper",
     "values": program(u="0")}, reason="not a kind")  # fmt: skip
more("a kind that is no text", {"kind": ["residual"]}, reason="not a kind")


@forgery("burgers", "problem", "takes: terminal")
def initial_data_become_terminal(b: Bundle):
    b.problem["conditions"][0]["kind"] = "terminal"


@forgery("oscillator", "problem", "initial data of some fields")
def a_field_is_left_free(b: Bundle):
    b.problem["conditions"] = [initial(p="1")]


@forgery("oscillator", "problem", "dirichlet data of some fields")
def a_field_is_left_free_beside_all_data(b: Bundle):
    b.problem["conditions"].append(dirichlet("t", side="upper"))
    b.problem["conditions"][-1]["values"] = program(p="0")


def stated(name: str, key: str, value, reason: str, base: str = "burgers") -> None:
    """States something beside the conditions."""
    forgery.add(name, base, lambda b: b.problem.update({key: value}), "problem", reason)


HALF = {"name": "x", "lower": "0", "upper": "1/2"}
stated("an unknown coefficient", "unknowns", ["nu"], "takes: unknowns")
stated("no unknown at all", "unknowns", [], "takes: unknowns")
stated("unknowns that are nothing", "unknowns", 0, "takes: unknowns")
stated("an equation on a part", "regions", {"0": [HALF]}, "takes: regions")
stated("no region", "regions", {}, "takes: regions")
stated("a residual with an unknown", "unknowns", ["nu"], "no one residual",
       "residual_mean")  # fmt: skip
stated("a residual on a part", "regions", {"0": [HALF]}, "no one residual",
       "residual_mean")  # fmt: skip
stated("another key", "parameters", ["nu"], "unknown key 'parameters'")


@forgery.parametrize()
def test_foreign_statements_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


@pytest.mark.parametrize("base", [n for n in MADE if not n.startswith("residual")])
def test_no_theorem_takes_an_equation_on_a_face(base, tmp_path):
    bundle = genuine(base)
    axes = bundle.problem["coordinates"]
    orders = [1] + [0] * (len(axes) - 1)
    slope = program(_0=derivative(bundle.problem["fields"][0], *orders))
    bundle.problem["conditions"].append(
        ON_FACE | {"coordinate": axes[0]["name"], "residual": slope}
    )
    rejected(verify(bundle, tmp_path), "problem", "no theorem takes: residual")


@pytest.mark.parametrize("key", ["unknowns", "regions"])
@pytest.mark.parametrize("base", MADE)
def test_no_claim_but_about_the_net_is_made_where_the_equation_is_open(
    base, key, tmp_path
):
    bundle = genuine(base)
    bundle.problem[key] = ["nu"] if key == "unknowns" else {"0": []}
    rejected(verify(bundle, tmp_path), "problem", "the problem ")


def test_claims_on_the_residual_remain(tmp_path):
    bundle = genuine("residual_mean")
    name = bundle.problem["coordinates"][0]["name"]
    field = bundle.problem["fields"][0]
    orders = [1] + [0] * (len(bundle.problem["coordinates"]) - 1)
    bundle.problem["conditions"].append(
        ON_FACE
        | {"coordinate": name, "residual": program(_0=derivative(field, *orders))}
    )
    report = verify(bundle.derived(tmp_path), tmp_path)
    assert report["accepted"] and "left-hand sides" in report["statement"]
