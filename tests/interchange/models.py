"""Small ONNX models, made by hand, and what they and their programs compute."""

import jax
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from certax._core import evaluate, to_float

OPSET = 20


def tensor(name, values, dtype=np.float64):
    """An initializer."""
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def model(nodes, initializers=(), inputs=None, outputs=None, metadata=None,
          opset=OPSET, dtype=TensorProto.DOUBLE):  # fmt: skip
    """A checked model; inputs and outputs are names with shapes."""
    inputs = inputs or {"z": ["batch", 2]}
    outputs = outputs or {"y": ["batch", 1]}
    values = [
        [helper.make_tensor_value_info(name, dtype, shape) for name, shape in v.items()]
        for v in (inputs, outputs)
    ]
    graph = helper.make_graph(list(nodes), "net", *values, list(initializers))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 10
    if metadata:
        helper.set_model_props(made, metadata)
    return made


def save(made, path):
    """Writes a model, without any check."""
    path.write_bytes(made.SerializeToString())
    return path


def dense(sizes, seed=0, activation="Tanh", first="z", last="y", dtype=np.float64):
    """Nodes and initializers of a multilayer perceptron."""
    generator = np.random.default_rng(seed)
    nodes, initializers, value = [], [], first
    for k, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
        initializers += [
            tensor(f"net.{k}.weight", generator.normal(size=(b, a)), dtype),
            tensor(f"net.{k}.bias", generator.normal(size=b), dtype),
        ]
        final = k == len(sizes) - 2
        made = last if final else f"/net.{k}/Gemm_output_0"
        names = [value, f"net.{k}.weight", f"net.{k}.bias"]
        nodes.append(helper.make_node("Gemm", names, [made], f"gemm{k}", transB=1))
        if not final:
            value = f"a{k}"
            nodes.append(helper.make_node(activation, [made], [value]))
    return nodes, initializers


def reference(made, feeds):
    """What the `onnx` package itself computes: outputs side by side."""
    onnx.checker.check_model(made)
    outputs = ReferenceEvaluator(made).run(None, feeds)
    return np.concatenate([np.asarray(o).reshape(len(o), -1) for o in outputs], 1)


def computed(net, points):
    """What the program computes at points, given by coordinate."""
    with jax.enable_x64(True):
        given = net.program.of_kind("constant")
        constants = {i.name: np.float64(to_float(i.value)) for i in given}

        def one(point):
            return evaluate(net.program, {**net.weights, **constants, **point})

        found = jax.vmap(one)(points)
    return np.stack([np.asarray(v) for v in found.values()], axis=1)


def normalized_net():
    """Inputs (t, x) brought to [-1, 1] by four operators, two tanh layers of 4, float32
    weights: the form in which PyTorch wrote such nets with opset 10.
    """
    single = {"low": [0.0, -1.0], "two": 2.0, "span": [1.0, 2.0], "one": 1.0}
    values = {k: np.asarray(v, np.float32) for k, v in single.items()}
    constants = [
        helper.make_node("Constant", [], [k], value=numpy_helper.from_array(v))
        for k, v in values.items()
    ]
    steps = [("Sub", "input", "low", "a"), ("Mul", "a", "two", "b"),
             ("Div", "b", "span", "c"), ("Sub", "c", "one", "z")]  # fmt: skip
    scaled = [helper.make_node(op, [a, b], [made]) for op, a, b, made in steps]
    nodes, weights = dense((2, 4, 4, 1), 7, last="output", dtype=np.float32)
    return model(
        [*constants, *scaled, *nodes], weights, inputs={"input": ["batch_size", 2]},
        outputs={"output": ["batch_size", 1]}, opset=10, dtype=TensorProto.FLOAT,
    )  # fmt: skip
