"""Problems that are none: names, numbers and places that could be read in two ways."""

import pytest

from .genuine import T, X, dirichlet, genuine, initial
from .material import Bundle, call, constant, derivative, program, verify, weight
from .tables import Forgeries, assert_refused, rejected

forgery = Forgeries()


def field(name: str, base: str, path: tuple, value, where: str, reason: str) -> None:
    """Adds a forgery that exchanges one entry of the problem."""

    def change(b: Bundle) -> None:
        place = b.problem
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    forgery.add(name, base, change, where, reason)


TIME = ("coordinates", 0)
NUMBERS = {
    "a division by zero": ("1/0", "1/(pi-pi)", "1/(sqrt(4)-2)"),
    "not proved to be positive": ("sqrt(-1)", "sqrt(1-2)"),
    "contains 0^0": ("0^0", "(1-1)^0"),
    "no integer to 400": ("2^401", "2^-401", "1^1/2^", "2^1000000000000"),
    "larger than 400": ("1e401", "1e-401", "1e0000000001"),
    "lacks a closing bracket": ("(1", "sqrt(4"),
    "nested deeper than 50": ("(" * 51 + "1" + ")" * 51,),
    "4,000 characters": ("1" * 4001, 1, ["1"], {"value": "1"}, ""),
    "more than 100,000 bits": ("((9^400)^400)^400",),
    "is not an exact number": (
        "pi^x", "--1", "+1", "1+", "()", "1)", "e", "t", "2pi", "1e2.5", "0x1", "1_0",
        "1,5", "1\n", "\u0661", "sqrt 4", "sqrt()", "1//2", "2**3", "9^400^400", ".5",
        "1 pi", "NaN", "inf",
    ),
}  # fmt: skip
for _reason, _texts in NUMBERS.items():
    for _text in _texts:
        reason = "is not an exact number" if _text == "" else _reason
        field(f"number {_text!r:.40}", "logistic", (*TIME, "upper"), _text, "", reason)
for _lower, _upper in (("1", "0"), ("0", "0"), ("sqrt(2)", "sqrt(8)/2"), ("pi", "3")):
    forgery.add(
        f"time from {_lower} to {_upper}", "logistic",
        lambda b, ends=(_lower, _upper): b.problem["coordinates"][0].update(
            lower=ends[0], upper=ends[1]),
        "problem", "lower end below its upper",
    )  # fmt: skip


# What the statement does not tell is what was checked.
for _name, _base, _path, _value in (
    ("a shorter time", "logistic", (*TIME, "upper"), "1/2"),
    ("a later start", "logistic", (*TIME, "lower"), "1e-9"),
    ("a shorter time for burgers", "burgers", ("coordinates", 1, "upper"), "1/8"),
    ("a time in other words", "logistic", (*TIME, "upper"), "2/2"),
):
    field(_name, _base, _path, _value, "statement", "not the one that follows")
field("a time beyond all numbers", "logistic", (*TIME, "upper"), "10^400", "leaf 0",
      "exceeds the range")  # fmt: skip


@forgery("heat", "statement", "not the one that follows")
def another_constant(b: Bundle):
    (entry,) = [e for e in b.problem["residual"]["inputs"] if e["kind"] == "constant"]
    entry["value"] = "0.100000001"
    b.claim["bound"] = "1"
    b.claim["curve"] = ["1"] * 4
    b.claim["statement"] = genuine("heat").claim["statement"]


@forgery("burgers", "statement", "not the one that follows")
def smaller_space(b: Bundle):
    """The net meets the wall at 0 and at 1 only; here both are moved inwards."""
    b.problem["coordinates"][0].update(lower="0/1", upper="1")


# Names.
def named(name: str, old: str, new: str, reason: str) -> None:
    """Adds a forgery that gives a coordinate another name everywhere."""

    def change(b: Bundle) -> None:
        for part in (b.problem["residual"], b.network):
            for entry in part["inputs"]:
                if (entry["kind"], entry["name"]) == ("coordinate", old):
                    entry["name"] = new
        for axis in b.problem["coordinates"]:
            axis["name"] = new if axis["name"] == old else axis["name"]
        for entry in b.problem["conditions"]:
            if entry["coordinate"] == old:
                entry["coordinate"] = new

    forgery.add(name, "logistic", change, "", reason)


for _name in ("y", "pi", "sin", "network", "y_t", "x.y", "stack", "neg"):
    named(f"coordinate {_name}", "t", _name, "not distinct and clear")
for _name in ("", "1t", "t t", "t\n", "\u0442", "t" * 129, "-t", "{bound}"):
    named(f"coordinate {_name[:9]!r}", "t", _name, "does not have its form")


@pytest.mark.parametrize("second", ["x", "y"])
def test_derivatives_in_a_statement_cannot_be_confused(second, tmp_path):
    """u_x.x would be u_xx over (x, y, t) as well as the slope in a coordinate x.x."""
    names = ("x", second + ".x", "t")
    b = genuine("layered")
    for axis, name in zip(b.problem["coordinates"], names, strict=True):
        axis["name"] = name
    b.claim.update(claim="residual", theorem="", parameters={})
    rejected(verify(b, tmp_path), "problem", "not distinct and clear")


@forgery("burgers", "problem", "not distinct and clear")
def two_coordinates_of_one_name(b: Bundle):
    b.problem["coordinates"][1]["name"] = "x"


@forgery("logistic", "problem", "not distinct and clear")
def two_fields_of_one_name(b: Bundle):
    b.problem["fields"] = ["y", "y"]


@forgery("logistic", "problem", "not distinct and clear")
def no_field(b: Bundle):
    b.problem["fields"] = []


@forgery("logistic", "problem", "one to 64 coordinates")
def too_many_coordinates(b: Bundle):
    made = {"lower": "0", "upper": "1"}
    b.problem["coordinates"] += [{"name": f"x{i}", **made} for i in range(64)]


@forgery("logistic", "problem", "one to 64 coordinates")
def no_coordinate(b: Bundle):
    b.problem["coordinates"] = []


@forgery("logistic", "statement", "not the one that follows")
def a_constant_named_as_the_time(b: Bundle):
    """The name of a constant has no meaning: the statement tells its value."""
    y = derivative("y", 0)
    residual = program(_0=derivative("y", 1) - y * (constant("1.00", "t") - y))
    b.problem["residual"] = residual


# Derivatives.
RESIDUAL = ("residual", "inputs", 0)
for _orders, _reason in (
    ([0, 0], "no derivative of a field"),
    ([], "no derivative of a field"),
    ([5], "not an integer in [0, 4]"),
    ([-1], "not an integer in [0, 4]"),
    (["1"], "not an integer in [0, 4]"),
    (1, "is not a list"),
):
    field(f"orders {_orders}", "logistic", (*RESIDUAL, "orders"), _orders, "", _reason)
field("field that is none", "logistic", (*RESIDUAL, "field"), "z", "problem",
      "no derivative of a field")  # fmt: skip


@forgery("logistic", "residual", "two inputs of one name or meaning")
def one_derivative_under_two_names(b: Bundle):
    entry = dict(b.problem["residual"]["inputs"][0], name="other")
    inputs = b.problem["residual"]["inputs"]
    twice = {**entry, "orders": inputs[1]["orders"]}
    inputs[0] = twice if inputs[1]["kind"] == "derivative" else entry


@forgery("logistic", "residual", "has the kind 'weight'")
def residual_with_a_weight(b: Bundle):
    y, slope = derivative("y", 0), derivative("y", 1)
    b.problem["residual"] = program(_0=slope - y + weight("net.2"))


for _outputs in ({"1": 5}, {"00": 5}, {"0": 5, "2": 5}, {"zero": 5}):
    forgery.add(
        f"equations {sorted(_outputs)}", "logistic",
        lambda b, names=_outputs: b.problem["residual"].update(outputs=dict.fromkeys(
            names, b.problem["residual"]["outputs"]["0"])),
        "problem", "not numbered 0, 1",
    )  # fmt: skip


# Conditions.
START, WALL = initial(u=call("sinpi", X)), dirichlet("x")
PERIODIC = {"kind": "periodic", "coordinate": "x"}
for _name, _made, _reason in (
    ("condition twice", [START, WALL, WALL], "stand at the same place"),
    ("start twice", [START, START, WALL], "stand at the same place"),
    ("two data on a wall", [START, WALL, dirichlet("x", "1", "upper")], "same place"),
    ("ring twice", [START, PERIODIC, PERIODIC], "stand at the same place"),
    ("condition on nothing", [START, dirichlet("z")], "is not a coordinate"),
    ("data of their own coordinate", [START, dirichlet("x", X * (1 - X))], "unknown"),
    ("start that knows the time", [initial(u=call("sinpi", X) + T), WALL], "unknown"),
    ("start for another field", [initial(v=call("sinpi", X)), WALL], "some fields"),
    ("unknown condition", [START, {**PERIODIC, "kind": "neumann"}], "is not a kind"),
    ("list of kinds", [START, {**PERIODIC, "kind": ["periodic"]}], "kind of condition"),
    ("object of kinds", [START, {**PERIODIC, "kind": {}}], "kind of condition"),
    ("ring with data", [START, {**WALL, "kind": "periodic"}], "unknown key"),
    ("unknown side", [START, dirichlet("x", "0", "left")], "is not a side"),
    ("side with a blank", [START, dirichlet("x", "0", "both ")], "is not a side"),
    ("list of sides", [START, {**WALL, "side": ["lower", "upper"]}], "is not a side"),
    ("data from the net", [START, dirichlet("x", weight("net.2"))], "kind 'weight'"),
    ("data from the solution", [START, dirichlet("x", derivative("u", 0, 0))],
     "kind 'derivative'"),
):  # fmt: skip
    field(_name, "burgers", ("conditions",), _made, "", _reason)
field(
    "conditions as an object", "burgers", ("conditions",), {}, "problem", "not a list"
)


@forgery.parametrize()
def test_forged_documents_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)
