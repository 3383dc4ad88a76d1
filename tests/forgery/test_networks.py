"""Other nets, weights and trees under the same claim."""

import struct

import numpy as np

from .genuine import WIDTH, T, X, Y, genuine
from .material import (
    Bundle,
    call,
    constant,
    dense,
    program,
    uniform,
    verify,
    weight,
)
from .tables import Forgeries, assert_refused, rejected

forgery = Forgeries()
SEAM = "not periodic in x (a corner or jump at the seam)"


def net(name: str, base: str, made, where: str, reason: str) -> None:
    """Adds a forgery that exchanges the network's program for one output u or y."""
    field = "y" if base == "logistic" else "u"
    value = program(**{field: made})
    forgery.add(name, base, lambda b: b.network.update(value), where, reason)


def renamed(b: Bundle, old: str, new: str, nth: int = 0) -> None:
    """Exchanges the name of an operation of the net."""
    found = [op for op in b.network["ops"] if op[0] == old]
    found[nth][0] = new


# Operations.
@forgery("trained", "tube", "leaves the tube")
def sine_in_a_trained_net(b: Bundle):
    renamed(b, "tanh", "sin")


@forgery("trained", "tube", "leaves the tube")
def single_precision_of_a_trained_net(b: Bundle):
    for name, value in b.tensors.items():
        b.tensors[name] = value.astype(np.float32).astype(np.float64)


@forgery("trained", "tube", "leaves the tube")
def one_bit_of_a_trained_net(b: Bundle):
    name = next(name for name, value in b.tensors.items() if value.ndim == 2)
    b.tensors[name] = b.tensors[name].copy()
    b.tensors[name].view(np.uint64)[0, 0] ^= np.uint64(1 << 36)


for _base in ("logistic", "burgers", "heat", "allen_cahn", "advection", "poisson"):
    for _new in ("sin", "erf", "logistic"):
        forgery.add(
            f"tanh to {_new} in {_base}", _base,
            lambda b, new=_new: renamed(b, "tanh", new),
            "tube" if _base == "logistic" else "bound",
            "leaves the tube" if _base == "logistic" else "exceeds the claimed one",
        )  # fmt: skip
    forgery.add(
        f"tanh to max0 in {_base}", _base, lambda b: renamed(b, "tanh", "max0"),
        "smooth", "max0",
    )  # fmt: skip


@forgery("residual_mean", "leaf 0", "max0 is not differentiable")
def corner_in_a_residual(b: Bundle):
    renamed(b, "tanh", "max0")


@forgery("residual_maximum", "bound", "exceeds the claimed one")
def sine_in_a_residual(b: Bundle):
    renamed(b, "tanh", "sin")


@forgery("logistic", "tube", "leaves the tube")
def sum_to_difference(b: Bundle):
    renamed(b, "add", "sub", -1)


@forgery("logistic", "tube", "leaves the tube")
def another_start(b: Bundle):
    (entry,) = [e for e in b.network["inputs"] if e["kind"] == "constant"]
    entry["value"] = "0.52"


@forgery("logistic", "bound", "exceeds the claimed one")
def slightly_another_start(b: Bundle):
    (entry,) = [e for e in b.network["inputs"] if e["kind"] == "constant"]
    entry["value"] = "0.5001"


@forgery("burgers", "walls", "not equal to the data on the upper end of x")
def another_wall(b: Bundle):
    (entry,) = [e for e in b.network["inputs"] if e["kind"] == "constant"]
    entry["value"] = "1.000000000000000000000000000001"


BODY = dense(X, T, width=WIDTH)
WALL = X * (constant("1") - X)
CENTER = call("cospi", X)
TURN = dense(CENTER, call("sinpi", X), T, width=WIDTH)
AGAIN = constant("0.5") * CENTER
for _name, _base, _made, _where, _reason in (
    ("wall dropped", "burgers", call("sinpi", X) + T * BODY, "walls", "the lower end"),
    ("upper wall dropped", "burgers", call("sinpi", X) + T * X * BODY, "walls",
     "on the upper end"),
    ("start dropped", "burgers", call("sinpi", X) + WALL * BODY, "initial defect",
     "give a tree"),
    ("corner |x|", "burgers", call("sinpi", X) + T * WALL * BODY * call("sqrt", X**2),
     "", "sqrt of a constant"),
    ("quotient t / t", "burgers", call("sinpi", X) + T * WALL * BODY * (T / T), "",
     "a division by zero"),
    ("a quotient of one", "burgers",
     call("sinpi", X) + T * WALL * BODY * ((X + T) / (X + T)), "leaf",
     "a divisor is not proved"),
    ("pole inside", "burgers", call("sinpi", X) + T * WALL * BODY / (X - "1/3"), "leaf",
     "a divisor is not proved"),
    ("pole times zero", "burgers",
     call("sinpi", X) + T * WALL * BODY + constant("0") / (X - "1/3"), "leaf",
     "a divisor is not proved"),
    ("logarithm times zero", "burgers",
     call("sinpi", X) + T * WALL * BODY + constant("0") * call("log", X + T - "1/2"),
     "leaf",
     "argument of log is not proved"),
    ("root of t", "burgers", call("sinpi", X) + call("sqrt", T) * WALL * BODY, "",
     "sqrt of a constant"),
    ("corner times zero", "burgers",
     call("sinpi", X) + T * WALL * BODY + constant("0") * call("max0", X), "smooth",
     "max0"),
    ("overflow times zero", "burgers",
     call("sinpi", X) + T * WALL * BODY
     + constant("0") * call("exp", call("exp", call("exp", X * 10))), "leaf 0",
     "exceeds the range"),
    ("sine without pi", "allen_cahn", constant("0.5") * call("cos", X) + T * TURN,
     "walls", SEAM),
    ("half the frequency", "allen_cahn", AGAIN + T * call("sinpi", X / 2) * TURN,
     "walls", SEAM),
    ("third of the frequency", "allen_cahn", AGAIN + T * call("cospi", X / 3) * TURN,
     "walls", SEAM),
    ("parabola at the seam", "allen_cahn", AGAIN + T * TURN + T * X**2, "walls", SEAM),
    ("quartic at the seam", "allen_cahn",
     AGAIN + T * TURN + T * (constant("1") - X**2) ** 2, "walls", SEAM),
    ("tiny jump at the seam", "allen_cahn",
     AGAIN + T * TURN + constant("1e-300") * X * T,
     "walls", SEAM),
    ("jump in a factor", "allen_cahn", AGAIN + T * TURN * (X + 2), "walls", SEAM),
    ("|sin| at the seam", "allen_cahn",
     AGAIN + T * TURN * call("sqrt", call("sinpi", X) ** 2), "leaf", "of sqrt"),
    ("inflow dropped", "advection", X**2 + X * T * BODY, "bound", "exceeds"),
    ("one wall of four dropped", "poisson",
     X * (constant("1") - X) * Y * dense(X, Y, width=WIDTH), "bound", "exceeds"),
    ("data plus a corner term", "poisson",
     X * (constant("1") - X) * Y * (constant("1") - Y) * dense(X, Y, width=WIDTH)
     + constant("1e-6") * X * Y, "bound", "exceeds the claimed"),
):  # fmt: skip
    net(_name, _base, _made, _where, _reason)


@forgery("oscillator", "tube", "leaves the tube")
def fields_swapped(b: Bundle):
    outputs = b.network["outputs"]
    outputs["p"], outputs["q"] = outputs["q"], outputs["p"]


@forgery("oscillator", "network", "outputs are not the problem's fields")
def field_left_out(b: Bundle):
    b.network["outputs"]["r"] = b.network["outputs"].pop("q")


@forgery("logistic", "network", "outputs are not the problem's fields")
def field_more(b: Bundle):
    b.network["outputs"]["z"] = b.network["outputs"]["y"]


@forgery("logistic", "network", "unknown coordinate 'x'")
def unknown_coordinate(b: Bundle):
    b.network = program(y=constant("1/2") + X * dense(X, width=4))


@forgery("logistic", "network", "has the kind 'derivative'")
def net_that_knows_the_solution(b: Bundle):
    entry = {"kind": "derivative", "name": "y", "field": "y", "orders": [0]}
    b.network["inputs"][0] = entry


# Weights.
@forgery("logistic", "leaf 0", "not finite")
def exponent_bit_of_a_weight(b: Bundle):
    b.raw["weights.safetensors"] = lambda d: d[:-1] + bytes([d[-1] ^ 0x40])


@forgery("burgers", "bound", "exceeds the claimed one")
def sign_bit_of_a_weight(b: Bundle):
    value = b.tensors["net.2"]
    value[0] = -value[0]


@forgery("residual_maximum", "bound", "exceeds the claimed one")
def all_weights_zero(b: Bundle):
    b.tensors = {name: 0 * value for name, value in b.tensors.items()}


@forgery("residual_maximum", "leaf 0", "not finite")
def weight_too_large_for_arithmetic(b: Bundle):
    b.tensors["net.2"] = np.full(4, 1.7e308)


@forgery("residual_maximum", "bound", "exceeds the claimed one")
def weights_subnormal(b: Bundle):
    b.tensors["net.2"] = np.full(4, 5e-324)


for _base, _where, _reason in (
    ("logistic", "tube", "leaves the tube"),
    ("burgers", "bound", "exceeds the claimed one"),
    ("poisson", "bound", "exceeds the claimed one"),
):

    def _other(b: Bundle):
        generator = np.random.default_rng(7)
        for name, value in b.tensors.items():
            b.tensors[name] = generator.standard_normal(value.shape)

    forgery.add(f"another net of the shapes of {_base}", _base, _other, _where, _reason)

    def _mixed(b: Bundle):
        b.tensors["net.2"] = b.tensors["net.2"][::-1]

    forgery.add(f"units of {_base} mixed up", _base, _mixed, _where, _reason)


@forgery("logistic", "bound", "exceeds the claimed one")
def weights_of_the_example_rounded(b: Bundle):
    b.tensors = {name: np.round(value, 3) for name, value in b.tensors.items()}


# Trees.
def tree(name: str, base: str, edit, where: str, reason: str, key="residual") -> None:
    """Adds a forgery that edits a tree."""

    def change(b: Bundle) -> None:
        b.trees[key] = edit(b.trees.get(key, b""))

    forgery.add(name, base, change, where, reason)


for _base in ("logistic", "heat"):
    for _key in ("residual", "initial")[: 1 + (_base == "heat")]:
        for _name, _edit, _reason in (
            ("truncated", lambda d: d[:-1], "ends before its last leaf"),
            ("with a leaf more", lambda d: d + b"\5", "goes on after its last leaf"),
            ("with a cut more", lambda d: d + b"\x10", "goes on after its last leaf"),
            ("twice", lambda d: d + d, "goes on after its last leaf"),
            ("of cuts", lambda d: b"\x10" * 60 + b"\1", "an axis that cannot be cut"),
            ("with another axis", lambda d: b"\x12" + d[1:], "cannot be cut"),
            ("with axis 239", lambda d: b"\xff" + d[1:], "cannot be cut"),
            ("too deep", lambda d: b"\x10" * 46 + b"\1" * 47, "cannot be cut"),
        ):
            tree(f"tree {_key} of {_base} {_name}", _base, _edit, f"tree {_key}",
                 _reason, _key)  # fmt: skip
tree("empty tree", "logistic", lambda d: b"", "", "not an integer in [1")
for _name, _base, _edit, _where in (
    ("degree 0", "logistic", lambda d: d.replace(b"\6", b"\0"), "tube"),
    ("degree 0 in burgers", "burgers", lambda d: d.replace(b"\6", b"\0"), "bound"),
    ("degree 3 in burgers", "burgers", lambda d: d.replace(b"\6", b"\3"), "bound"),
    ("degree 0 on one leaf", "burgers", lambda d: d[:-1] + b"\0", "bound"),
    ("one leaf", "burgers", lambda d: b"\6", "bound"),
    ("one leaf for four", "poisson", lambda d: b"\6", "bound"),
    ("other axes", "burgers", lambda d: uniform((0, 5), 6), "bound"),
    ("half refined", "heat", lambda d: b"\x11\6" + uniform((2, 1), 6), "bound"),
    ("degree 1 for the mean", "residual_mean", lambda d: uniform((3, 2), 1), "bound"),
):
    reason = "leaves the tube" if _where == "tube" else "exceeds the claimed one"
    tree(_name, _base, _edit, _where, reason)
tree("coarse start", "heat", lambda d: b"\2", "bound", "exceeds", "initial")
tree(
    "start of an ODE", "logistic", lambda d: b"\2", "initial", "over a point", "initial"
)
tree("start of a residual", "residual_mean", lambda d: b"\2", "theorem",
     "no theorem", "initial")  # fmt: skip
tree("start of a barrier", "poisson", lambda d: b"\2", "equation", "initial", "initial")


@forgery.parametrize()
def test_forged_nets_and_trees_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


# Programs that are none.
broken = Forgeries()


def operation(name: str, value, reason: str) -> None:
    """Adds a forgery that appends an operation, whose value becomes the output."""

    def change(b: Bundle) -> None:
        network = b.network
        last = network["outputs"]["y"]
        network["ops"].append([last if v == "last" else v for v in value])
        network["ops"][-1] = [
            [last if i == "last" else i for i in v] if type(v) is list else v
            for v in network["ops"][-1]
        ]
        network["outputs"]["y"] = last + 1

    broken.add(name, "logistic", change, "network", reason)


for _name, _value, _reason in (
    ("unknown operation", ["abs", ["last"]], "is not an operation"),
    ("private operation", ["_power", ["last"]], "is not an operation"),
    ("operation recip", ["recip", ["last"]], "is not an operation"),
    ("own value", ["add", ["last", 99]], "not an integer in [0"),
    ("negative value", ["add", ["last", -1]], "not an integer in [0"),
    ("one argument", ["add", ["last"]], "has not 2 arguments"),
    ("three arguments", ["add", ["last", 0, 0]], "has not 2 arguments"),
    ("no argument", ["stack", []], "has 0 arguments"),
    ("power 0", ["ipow", ["last"], 0], "not an integer in [2"),
    ("power 1", ["ipow", ["last"], 1], "not an integer in [2"),
    ("power -1", ["ipow", ["last"], -1], "not an integer in [2"),
    ("power 65", ["ipow", ["last"], 65], "not an integer in [2"),
    ("power as a text", ["ipow", ["last"], "2"], "not an integer in [2"),
    ("extra number", ["tanh", ["last"], 2], "wrong length"),
    ("index of a scalar", ["index", ["last"], 0], "does not take the shapes"),
    ("sum of a scalar", ["sum", ["last"]], "does not take the shapes"),
    ("vector as output", ["stack", ["last"]], "is not a scalar"),
    ("broadcast", ["add", ["last", 2]], "does not take the shapes"),
    ("matrix elementwise", ["neg", [3]], "does not take the shapes"),
    ("matvec of scalars", ["matvec", ["last", "last"]], "does not take the shapes"),
    ("name in a list", [["tanh"], ["last"]], "is not an operation"),
):
    operation(_name, _value, _reason)


@broken("logistic", "network", "is never used")
def unused_operation(b: Bundle):
    b.network["ops"].append(["neg", [0]])


@broken("logistic", "network", "is never used")
def unused_weight(b: Bundle):
    b.network["ops"] = []
    b.network["outputs"]["y"] = 0


@broken("logistic", "network", "two inputs of one name")
def weight_named_as_a_coordinate(b: Bundle):
    b.network = program(y=constant("1/2") + T * weight("t"))
    b.tensors = {"t": np.array(1.0)}


@broken("logistic", "net.2", "not an integer in [1, 4096]")
def weight_of_no_size(b: Bundle):
    next(e for e in b.network["inputs"] if e["kind"] == "weight")["shape"] = [0]


@broken("logistic", "network, output y", "1?2 is not an integer")
def output_with_two_lines(b: Bundle):
    b.network["outputs"]["y"] = "1\n2"


@broken.parametrize()
def test_broken_programs_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


def test_one_bit_in_the_last_place_needs_a_statement_of_its_own(tmp_path):
    """Its claim may hold, but it is then a claim about other weights."""

    def flip(data: bytes) -> bytes:
        return data[:-8] + struct.pack("<Q", struct.unpack("<Q", data[-8:])[0] ^ 1)

    bundle = genuine("logistic")
    bundle.raw["weights.safetensors"] = flip
    bundle.restate("1e-3")
    assert verify(bundle, tmp_path)["accepted"]
    bundle.hashes = {}
    rejected(verify(bundle, tmp_path), "statement", "not the one that follows")
