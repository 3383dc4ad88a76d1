"""ONNX graphs become programs that compute the same real function."""

import math
from fractions import Fraction

import numpy as np
import pytest
from helpers import check_program
from models import OPSET, computed, dense, model, reference, save, tensor
from onnx import TensorProto, helper

import certax as cx
from certax._core import _normal_form as nf
from certax.interchange import read_net, read_onnx

BOX = cx.Box(x=(-1, 1), t=(0, 1))
node = helper.make_node


def same(tmp_path, made, tolerance=1e-12):
    """Reads the model and compares it with the reference at random points."""
    net = read_onnx(save(made, tmp_path / "net.onnx"), BOX, ("u",), ("x", "t"))
    points = np.random.default_rng(5).uniform(0.1, 0.9, (7, 2))
    columns = {"x": points[:, 0], "t": points[:, 1]}
    wanted = reference(made, {"z": points})
    assert np.allclose(computed(net, columns), wanted, rtol=tolerance, atol=tolerance)
    check_program(net.program)
    return net


def entrywise(nodes, initializers=(), opset=OPSET):
    """A model that ends with the entry 0 of `v`, which nodes make from `z`."""
    last = node("Gather", ["v", "first"], ["y"], axis=1)
    first = tensor("first", [0], np.int64)
    return model([*nodes, last], [*initializers, first], opset=opset)


@pytest.mark.parametrize(
    "operator",
    "Tanh Sigmoid Softplus Sin Cos Exp Log Sqrt Erf Neg Reciprocal Sinh Cosh Mish Relu "
    "Gelu LeakyRelu Identity Dropout".split(),
)
def test_functions(tmp_path, operator):
    # The reference computes erf in float32.
    tolerance = 1e-6 if operator in ("Erf", "Gelu") else 1e-12
    same(tmp_path, entrywise([node(operator, ["z"], ["v"])]), tolerance)


def test_functions_with_attributes(tmp_path):
    gelu = entrywise([node("Gelu", ["z"], ["v"], approximate="tanh")])
    same(tmp_path, gelu, 1e-6)  # the reference's constants are float32
    same(tmp_path, entrywise([node("LeakyRelu", ["z"], ["v"], alpha=0.3)]))
    same(tmp_path, entrywise([node("Cast", ["z"], ["v"], to=TensorProto.DOUBLE)]))


def test_gelu_is_exact(tmp_path):
    made = entrywise([node("Gelu", ["z"], ["v"])])
    net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, ("u",), ("x", "t"))
    x = np.linspace(-1, 1, 9)
    wanted = [v * (1 + math.erf(v / math.sqrt(2))) / 2 for v in x]
    found = computed(net, {"x": x})[:, 0]
    assert np.allclose(found, wanted, rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("operator", ["Add", "Sub", "Mul", "Div"])
@pytest.mark.parametrize("shape", [(), (1,), (2,), (1, 2), (1, 1)])
def test_binary_operators_with_constants(tmp_path, operator, shape):
    c = tensor("c", np.arange(2.0, 2.0 + np.prod(shape)).reshape(shape))
    same(tmp_path, entrywise([node(operator, ["z", "c"], ["v"])], [c]))
    same(tmp_path, entrywise([node(operator, ["c", "z"], ["v"])], [c]))


@pytest.mark.parametrize("exponent", [1.0, 2.0, 3.0, -1.0, -2.0, 0.5])
def test_powers(tmp_path, exponent):
    c = tensor("c", exponent)
    same(tmp_path, entrywise([node("Pow", ["z", "c"], ["v"])], [c]))


@pytest.mark.parametrize("sizes", [(2, 3, 1), (2, 20, 20, 1), (2, 33, 2)])
@pytest.mark.parametrize("activation", ["Tanh", "Sin", "Sigmoid"])
def test_multilayer_perceptrons(tmp_path, sizes, activation):
    nodes, weights = dense(sizes, activation=activation)
    made = model(nodes, weights, outputs={"y": ["batch", sizes[-1]]})
    fields = ("u", "v")[: sizes[-1]]
    net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, fields, ("x", "t"), fields)
    points = np.random.default_rng(0).uniform(-1, 1, (5, 2))
    columns = {"x": points[:, 0], "t": points[:, 1]}
    assert np.allclose(computed(net, columns), reference(made, {"z": points}))
    check_program(net.program)
    assert set(net.weights) == {w.name for w in weights}


def test_gemm_without_its_defaults(tmp_path):
    w, b = tensor("w", [[1.0, 2.0], [3.0, 4.0]]), tensor("b", [0.5])
    gemm = node("Gemm", ["z", "w", "b"], ["v"], alpha=0.5, beta=3.0)
    same(tmp_path, entrywise([gemm], [w, b]))
    same(tmp_path, entrywise([node("Gemm", ["z", "w"], ["v"], transB=1)], [w]))


def test_matmul_with_a_transposed_weight(tmp_path):
    w = tensor("w", np.random.default_rng(0).normal(size=(30, 2)))
    back = tensor("back", np.random.default_rng(1).normal(size=(30, 1)))
    nodes = [
        node("Transpose", ["w"], ["wt"], perm=[1, 0]),
        node("MatMul", ["z", "wt"], ["h"]),
        node("Tanh", ["h"], ["a"]),
        node("MatMul", ["a", "back"], ["y"]),
    ]
    same(tmp_path, model(nodes, [w, back]))


def test_a_skip_connection_and_features(tmp_path):
    """sin and Gaussian features, a residual block, a transformed output."""
    generator = np.random.default_rng(3)
    arrays = {
        "B": generator.normal(size=(2, 9)), "W1": generator.normal(size=(27, 27)) / 5,
        "b1": generator.normal(size=27), "W2": generator.normal(size=(27, 1)),
        "one": np.array(1.0), "two": np.array(2.0),
    }  # fmt: skip
    nodes = [
        node("MatMul", ["z", "B"], ["p"]),
        node("Sin", ["p"], ["s"]), node("Cos", ["p"], ["c"]),
        node("Pow", ["p", "two"], ["q"]), node("Neg", ["q"], ["n"]),
        node("Exp", ["n"], ["g"]),
        node("Concat", ["s", "c", "g"], ["f"], axis=-1),
        node("MatMul", ["f", "W1"], ["m"]), node("Add", ["m", "b1"], ["h"]),
        node("Tanh", ["h"], ["a"]), node("Add", ["a", "f"], ["r"]),
        node("MatMul", ["r", "W2"], ["o"]),
        node("Split", ["z"], ["x", "t"], axis=1, num_outputs=2),
        node("Mul", ["x", "x"], ["xx"]), node("Sub", ["one", "xx"], ["d"]),
        node("Mul", ["d", "o"], ["y"]),
    ]  # fmt: skip
    net = same(tmp_path, model(nodes, [tensor(k, v) for k, v in arrays.items()]))
    # The output's factor makes it vanish at x = 1 and x = -1, exactly.
    for end in (1, -1):
        assert nf.interpret(net.program, {"x": nf.number(end)})["u"] == nf.number(0)


@pytest.mark.parametrize(
    "nodes",
    [
        [node("Slice", ["z", "i1", "i2", "i1"], ["v"])],
        [node("Slice", ["z", "i0", "i9", "i0"], ["w"]), node("Neg", ["w"], ["v"])],
        [node("Slice", ["z", "im", "il", "i1", "im"], ["v"])],
        [node("Gather", ["z", "swap"], ["v"], axis=-1)],
        [node("Gather", ["z", "one"], ["s"], axis=1),
         node("Unsqueeze", ["s", "i1"], ["v"])],
        [node("Split", ["z", "ones"], ["v", "w"], axis=1)],
        [node("Unsqueeze", ["z", "i2"], ["s"]), node("Squeeze", ["s", "i2"], ["v"])],
        [node("Unsqueeze", ["z", "i1"], ["s"]),
         node("Transpose", ["s"], ["p"], perm=[0, 2, 1]),
         node("Squeeze", ["p", "i2"], ["v"])],
        [node("Reshape", ["z", "flat"], ["v"])],
        [node("Reshape", ["z", "keep"], ["s"]), node("Flatten", ["s"], ["v"])],
        [node("Concat", ["z", "z"], ["v"], axis=1)],
        [node("ReduceSum", ["z", "i1"], ["v"])],
        [node("ReduceMean", ["z", "i1"], ["v"])],
        [node("ReduceSum", ["z", "i1"], ["s"], keepdims=0),
         node("Unsqueeze", ["s", "i1"], ["v"])],
        [node("Sum", ["z", "z", "z"], ["v"])],
        [node("Constant", [], ["c"], value_float=1.5), node("Mul", ["z", "c"], ["v"])],
        [node("Constant", [], ["c"], value_floats=[1.5, 2.0]),
         node("Sqrt", ["c"], ["k"]), node("Mul", ["z", "k"], ["v"])],
        [node("Cast", ["i2"], ["c"], to=TensorProto.DOUBLE),
         node("Div", ["z", "c"], ["v"])],
    ],
)  # fmt: skip
def test_rearrangements(tmp_path, nodes):
    numbers = {"i0": [0], "i1": [1], "i2": [2], "i9": [2**31 - 1], "im": [-1],
               "il": [-(2**31)], "swap": [1, 0], "one": 1, "ones": [1, 1],
               "flat": [-1, 2], "keep": [0, 2, 1]}  # fmt: skip
    given = [tensor(k, v, np.int64) for k, v in numbers.items()]
    made = entrywise(nodes, given)
    if any(n.op_type == "Constant" and n.attribute[0].name != "value" for n in nodes):
        # These constants are float32, which the reference does not mix with float64.
        net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, ("u",), ("x", "t"))
        c = 1.5 if nodes[-1].input[1] == "c" else np.sqrt(1.5)
        points = {"x": np.array([0.2, 0.7]), "t": np.array([0.1, 0.3])}
        assert np.allclose(computed(net, points)[:, 0], points["x"] * c)
        return
    same(tmp_path, made)


def test_old_files_have_attributes_where_new_ones_have_arguments(tmp_path):
    nodes = [
        node("Unsqueeze", ["z"], ["a"], axes=[1]),
        node("Squeeze", ["a"], ["b"], axes=[1]),
        node("Slice", ["b"], ["v"], axes=[1], starts=[1], ends=[2]),
    ]  # fmt: skip
    made = entrywise(nodes, opset=9)
    net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, ("u",), ("x", "t"))
    points = {"x": np.array([0.2]), "t": np.array([0.1])}
    assert computed(net, points) == points["t"]


def test_one_input_for_each_coordinate_needs_no_names(tmp_path):
    nodes = [node("Concat", ["t", "x"], ["z"], axis=1)]
    more, weights = dense((2, 5, 1), last="u")
    made = model([*nodes, *more], weights, inputs={"t": ["n", 1], "x": ["n", 1]},
                 outputs={"u": ["n", 1]})  # fmt: skip
    net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, ("u",))
    points = np.random.default_rng(0).uniform(0, 1, (4, 2))
    wanted = reference(made, {"x": points[:, :1], "t": points[:, 1:]})
    found = computed(net, {"x": points[:, 0], "t": points[:, 1]})
    assert np.allclose(found, wanted, rtol=1e-12)


def test_names_in_the_file_are_taken(tmp_path):
    nodes, weights = dense((2, 4, 2))
    named = {"certax.inputs": "t, x", "certax.outputs": "v,u"}
    made = model(nodes, weights, metadata=named, outputs={"y": ["batch", 2]})
    path = save(made, tmp_path / "n.onnx")
    net, swapped = (
        read_onnx(path, BOX, ("u", "v"), names) for names in (None, ("x", "t"))
    )
    a, b = np.array([0.3]), np.array([0.8])
    first = computed(net, {"t": a, "x": b})
    assert (first == computed(swapped, {"x": a, "t": b})).all()
    assert list(net.program.outputs) == ["v", "u"]


def test_a_batch_of_one_number_each_and_no_batch_at_all(tmp_path):
    line = cx.Box(x=(0, 1))
    nodes, weights = dense((1, 3, 1))
    column = model(nodes, weights, inputs={"z": ["batch", 1]})
    net = read_onnx(save(column, tmp_path / "n.onnx"), line, ("u",))
    x = np.linspace(0, 1, 5)
    wanted = reference(column, {"z": x[:, None]})
    assert np.allclose(computed(net, {"x": x}), wanted)
    up = [node("Unsqueeze", ["x", "i1"], ["z"])]
    flat = model([*up, *nodes], [*weights, tensor("i1", [1], np.int64)],
                 inputs={"x": ["batch"]})  # fmt: skip
    net = read_onnx(save(flat, tmp_path / "n.onnx"), line, ("u",))
    assert np.allclose(computed(net, {"x": x}), wanted)
    rows = [node("MatMul", ["z", "w"], ["h"]), node("ReduceSum", ["h"], ["y"])]
    alone = model(rows, [tensor("w", np.eye(2))], inputs={"z": [2]}, outputs={"y": [1]})
    net = read_onnx(save(alone, tmp_path / "n.onnx"), BOX, ("u",), ("x", "t"))
    assert computed(net, {"x": np.array([0.25]), "t": np.array([0.5])}) == 0.75


def test_weights_and_constants_are_exactly_what_the_file_holds(tmp_path):
    third = np.float32(1 / 3)
    nodes, weights = dense((2, 3, 1), dtype=np.float32)
    nodes = [node("Mul", ["z0", "c"], ["z"]), *nodes]
    made = model(nodes, [*weights, tensor("c", third, np.float32)],
                 inputs={"z0": ["n", 2]}, dtype=TensorProto.FLOAT)  # fmt: skip
    net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, ("u",), ("x", "t"))
    assert str(Fraction(float(third))) in {
        i.value for i in net.program.of_kind("constant")
    }
    for array in net.weights.values():
        assert array.dtype == np.float64
        assert (array.astype(np.float32).astype(np.float64) == array).all()


def test_constants_are_folded_exactly(tmp_path):
    """0.1f + 0.2f is not the float32 sum."""
    a, b = np.float32(0.1), np.float32(0.2)
    nodes = [node("Add", ["a", "b"], ["c"]), node("Mul", ["z", "c"], ["v"])]
    made = entrywise(nodes, [tensor("a", a, np.float32), tensor("b", b, np.float32)])
    net = read_onnx(save(made, tmp_path / "n.onnx"), BOX, ("u",), ("x", "t"))
    exact = Fraction(float(a)) + Fraction(float(b))
    assert exact != Fraction(float(a + b))
    assert str(exact) in {i.value for i in net.program.of_kind("constant")}


def test_nodes_that_no_output_needs_are_not_read(tmp_path):
    made = entrywise([node("Tanh", ["z"], ["v"]), node("Softmax", ["z"], ["unused"])])
    same(tmp_path, made)


def test_a_retrained_net_has_the_same_program(tmp_path):
    texts = set()
    for seed in range(2):
        nodes, weights = dense((2, 6, 1), seed)
        path = save(model(nodes, weights), tmp_path / f"{seed}.onnx")
        texts.add(read_net(path, BOX, ("u",), ("x", "t")).program.text())
    assert len(texts) == 1
