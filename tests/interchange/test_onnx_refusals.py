"""Whatever is wrong with a file is one sentence that names it."""

import sys

import numpy as np
import onnx
import pytest
from models import dense, model, save, tensor
from onnx import TensorProto, helper

import certax as cx
from certax.interchange import _files, read_net

BOX = cx.Box(x=(-1, 1), t=(0, 1))
node = helper.make_node


def refusal(path, inputs=("x", "t"), fields=("u",), outputs=None):
    """The error of reading a file: one line, with a remedy."""
    with pytest.raises(cx.CertaxError) as caught:
        read_net(path, BOX, fields, inputs, outputs)
    error = caught.value
    assert "\n" not in str(error) and error.remedy
    return error


def refused(tmp_path, made, *texts, **options):
    error = refusal(save(made, tmp_path / "net.onnx"), **options)
    for text in texts:
        assert text in error.message, error.message
    assert error.exit_code == 2
    return True


def test_an_unsupported_operator_is_named_with_its_place(tmp_path):
    made = model([node("Tanh", ["z"], ["a"]),
                  node("Softsign", ["a"], ["y"], "/net/act/Softsign")])  # fmt: skip
    assert refused(
        tmp_path, made, "Softsign", "node 1", "'/net/act/Softsign'", "makes y"
    )


def test_an_operator_of_another_domain(tmp_path):
    made = model([node("Tanh", ["z"], ["y"], domain="com.microsoft")])
    assert refused(tmp_path, made, "com.microsoft::Tanh")


def test_control_flow_is_refused(tmp_path):
    inner = helper.make_graph([node("Tanh", ["z"], ["b"])], "then", [], [])
    made = model([node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)],
                 [tensor("c", True, bool)])  # fmt: skip
    assert refused(tmp_path, made, "If", "not supported")


@pytest.mark.parametrize(
    ("nodes", "text"),
    [
        ([node("Pow", ["z", "z"], ["y"])], "exponent"),
        ([node("Pow", ["z", "c"], ["y"])], "exponent is 1.25"),
        ([node("MatMul", ["z", "z"], ["y"])], "constant matrix"),
        ([node("Transpose", ["z"], ["y"], perm=[1, 0])], "batch"),
        ([node("ReduceSum", ["z", "i0"], ["y"])], "mixes samples"),
        ([node("ReduceSum", ["z"], ["y"])], "mixes samples"),
        ([node("Concat", ["z", "z"], ["y"], axis=0)], "mixes samples"),
        ([node("Gather", ["z", "i0"], ["y"], axis=0)], "mixes samples"),
        ([node("Slice", ["z", "i1", "i9", "i0"], ["y"])], "mixes samples"),
        ([node("Add", ["z", "three"], ["y"])], "shape"),
        ([node("Add", ["z", "cube"], ["y"])], "mix samples"),
        ([node("Reshape", ["z", "open"], ["y"])], "open"),
        ([node("Reshape", ["z", "wrong"], ["y"])], "reshape"),
        ([node("Split", ["z", "wrong"], ["y", "w"], axis=1)], "length 2"),
        ([node("Cast", ["z"], ["y"], to=TensorProto.INT64)], "rounds"),
        ([node("Div", ["c", "zero"], ["d"]), node("Mul", ["z", "d"], ["y"])], "zero"),
        ([node("Gather", ["z", "five"], ["y"], axis=1)], "Gather"),
        ([node("Gemm", ["z", "W", "c"], ["y"], transA=1)], "transposes"),
        ([node("Slice", ["z", "i0", "i1", "i0"], ["y"])], "mixes samples"),
        ([node("Squeeze", ["z", "i1"], ["y"])], "Squeeze"),
    ],
)
def test_uses_that_are_not_supported(tmp_path, nodes, text):
    integers = {"i0": [0], "i1": [1], "i9": [9], "open": [-1, -1], "wrong": [1, 4],
                "five": [5]}  # fmt: skip
    reals = {"c": 1.25, "three": np.ones(3), "zero": 0.0, "W": np.eye(2),
             "cube": np.ones((3, 1, 2))}  # fmt: skip
    given = [tensor(k, v, np.int64) for k, v in integers.items()]
    given += [tensor(k, v) for k, v in reals.items()]
    assert refused(tmp_path, model(nodes, given), nodes[-1].op_type if text != "zero"
                   else "Div", text)  # fmt: skip


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite(tmp_path, value):
    nodes, weights = dense((2, 3, 1))
    array = np.ones(3)
    array[1] = value
    weights[1] = tensor("net.0.bias", array)
    assert refused(tmp_path, model(nodes, weights), "net.0.bias", str(value), "[1]")
    made = model([node("Constant", [], ["c"], value=tensor("c", value)),
                  node("Mul", ["z", "c"], ["y"])])  # fmt: skip
    assert refused(tmp_path, made, str(value))
    made = model([node("Constant", [], ["c"], value_float=float(value)),
                  node("Mul", ["z", "c"], ["y"])])  # fmt: skip
    assert refused(tmp_path, made, "not finite")


@pytest.mark.parametrize("place", ["weights.bin", "../../etc/passwd", "/etc/passwd"])
def test_external_data_is_never_read(tmp_path, place):
    (tmp_path / "weights.bin").write_bytes(np.ones(3).tobytes())
    nodes, weights = dense((2, 3, 1))
    outside = onnx.TensorProto()
    outside.CopyFrom(weights[1])
    outside.ClearField("raw_data")
    outside.data_location = onnx.TensorProto.EXTERNAL
    entry = outside.external_data.add()
    entry.key, entry.value = "location", place
    weights[1] = outside
    assert refused(tmp_path, model(nodes, weights), "net.0.bias", "another file")


def test_types_that_are_not_real_numbers(tmp_path):
    made = model([node("Mul", ["z", "c"], ["y"])], [tensor("c", 1j, np.complex128)])
    assert refused(tmp_path, made, "complex128")
    nodes, weights = dense((2, 3, 1))
    weights[0] = tensor("net.0.weight", np.ones((3, 2)), np.int8)
    assert refused(tmp_path, model(nodes, weights), "int8")


def test_weights_of_a_wrong_length(tmp_path):
    nodes, weights = dense((2, 3, 1))
    weights[0].raw_data = weights[0].raw_data[:-8]
    assert refused(tmp_path, model(nodes, weights), "net.0.weight", "cannot be read")
    nodes, weights = dense((3, 3, 1))
    assert refused(tmp_path, model(nodes, weights), "Gemm", "do not fit")


@pytest.mark.parametrize("content", [b"\x00", b"not a net", b"\x08\x0a", b"\xff" * 99])
def test_bytes_that_are_no_onnx(tmp_path, content):
    path = tmp_path / "net.onnx"
    path.write_bytes(content)
    assert "cannot be read as an ONNX file" in refusal(path).message


def test_truncated_and_damaged_files(tmp_path):
    nodes, weights = dense((2, 30, 30, 1))
    whole = model(nodes, weights).SerializeToString()
    path = tmp_path / "net.onnx"
    for end in range(1, len(whole), len(whole) // 60):
        path.write_bytes(whole[:end])
        refusal(path)


def test_an_empty_an_enormous_and_a_missing_file(tmp_path, monkeypatch):
    path = tmp_path / "net.onnx"
    path.write_bytes(b"")
    assert "is empty" in refusal(path).message
    with open(path, "wb") as file:
        file.truncate(_files.most_bytes + 1)  # a hole; it takes no space
    assert str(_files.most_bytes) in refusal(path).message
    assert "no file" in refusal(tmp_path / "absent.onnx").message
    folder = tmp_path / "folder.onnx"
    folder.mkdir()
    assert "not a plain file" in refusal(folder).message


def test_a_net_that_is_too_large_for_a_certificate(tmp_path):
    nodes = [node("MatMul", ["z", "W"], ["a"]), node("Tanh", ["a"], ["h"]),
             node("MatMul", ["h", "V"], ["y"])]  # fmt: skip
    weights = [tensor("W", np.ones((2, 5000))), tensor("V", np.ones((5000, 1)))]
    assert refused(tmp_path, model(nodes, weights), "5000 numbers")


def test_names_that_do_not_match(tmp_path):
    nodes, weights = dense((2, 3, 1))
    made = model(nodes, weights)
    assert refused(tmp_path, made, "does not name the net's 2 inputs", inputs=None)
    assert refused(tmp_path, made, "x, y are not", inputs=("x", "y"))
    assert refused(tmp_path, made, "x, x are not", inputs=("x", "x"))
    assert refused(tmp_path, made, "2 inputs, not 3", inputs=("x", "t", "y"))
    assert refused(tmp_path, made, "v are not", outputs=("v",))
    assert refused(tmp_path, made, "1 outputs, not 2", fields=("u", "v"),
                   outputs=("u", "v"))  # fmt: skip
    assert refused(tmp_path, made, "does not name the net's 1 outputs",
                   fields=("u", "v"))  # fmt: skip
    image = model(nodes, weights, inputs={"z": ["n", 1, 2]})
    assert refused(tmp_path, image, "shape [-1, 1, 2]")
    unused = model([node("Mul", ["c", "c"], ["y"])], [tensor("c", [[2.0]])])
    assert refused(tmp_path, unused, "do not depend on its inputs")


def test_a_domain_that_the_normalization_does_not_expect(tmp_path):
    """2 t - 1 is made for [0, 1]; the inputs in the wrong order show it."""
    nodes, weights = dense((2, 3, 1), first="s")
    scale = [node("Mul", ["z", "two"], ["d"]), node("Sub", ["d", "shift"], ["s"])]
    numbers = [tensor("two", [2.0, 1.0]), tensor("shift", [1.0, 0.0])]
    path = save(model([*scale, *nodes], [*weights, *numbers]), tmp_path / "n.onnx")
    read_net(path, BOX, ("u",), ("t", "x"))
    error = refusal(path, inputs=("x", "t"))
    assert "maps x in [-1, 1] to [-3, 1]" in error.message
    assert "--inputs" in error.remedy


@pytest.mark.parametrize("name", ["net.pt", "net.pth", "net.pkl", "net.ckpt"])
def test_pickles_are_never_opened(tmp_path, name):
    (tmp_path / name).write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    assert "may hold code" in refusal(tmp_path / name).message


def test_a_missing_package_is_one_line(tmp_path, monkeypatch):
    nodes, weights = dense((2, 3, 1))
    path = save(model(nodes, weights), tmp_path / "n.onnx")
    monkeypatch.setitem(sys.modules, "onnx", None)
    error = refusal(path)
    assert error.exit_code == 3 and "certax[onnx]" in error.remedy


def test_files_that_grow_when_they_are_read(tmp_path):
    """Small files that would make endless numbers or rows without end."""
    squares = [node("Mul", [f"c{i}", f"c{i}"], [f"c{i + 1}"]) for i in range(60)]
    made = model([*squares, node("Mul", ["z", "c60"], ["y"])], [tensor("c0", 1.1)])
    assert refused(tmp_path, made, "Mul", "20000 bits")
    double = [node("Concat", [f"z{i}", f"z{i}"], [f"z{i + 1}"], axis=1)
              for i in range(40)]  # fmt: skip
    made = model([node("Neg", ["z"], ["z0"]), *double, node("Tanh", ["z40"], ["y"])])
    assert refused(tmp_path, made, "Concat", "numbers")
    wide = [tensor("a", np.ones((1, 3000, 1))), tensor("b", np.ones((1, 1, 3000)))]
    made = model([node("Unsqueeze", ["z", "i2"], ["s"]), node("Add", ["s", "b"], ["q"]),
                  node("Gather", ["q", "i0"], ["y"], axis=2)],
                 [*wide, tensor("i2", [2], np.int64), tensor("i0", [0], np.int64)],
                 inputs={"z": ["n", 3000]})  # fmt: skip
    assert refused(tmp_path, made, "3000 inputs", inputs=("x", "t"))
    made = model([node("Add", ["a", "b"], ["c"]), node("Mul", ["z", "c"], ["y"])], wide)
    assert refused(tmp_path, made, "Add", "9000000 numbers")


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bytes_never_raise_anything_else(tmp_path, seed):
    """Bytes of a real file changed at random: read, or refused in one line."""
    generator = np.random.default_rng(seed)
    split = [node("Split", ["z"], ["p", "q"], axis=1, num_outputs=2),
             node("Concat", ["q", "p"], ["s"], axis=1)]  # fmt: skip
    nodes, weights = dense((2, 3, 1), first="s")
    whole = bytearray(model([*split, *nodes], weights).SerializeToString())
    for _ in range(150):
        damaged = bytearray(whole)
        for place in generator.integers(0, len(whole), 3):
            damaged[place] = generator.integers(0, 256)
        path = tmp_path / "net.onnx"
        path.write_bytes(damaged)
        try:
            read_net(path, BOX, ("u",), ("x", "t"))
        except cx.CertaxError as error:
            assert "\n" not in str(error)
