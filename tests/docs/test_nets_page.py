"""The code of docs/nets.md does what the page says."""

import ast
import json
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import certax as cx
from certax.interchange._activations import functions
from certax.interchange._onnx_operators import rules
from certax.problems import zoo_entry

PAGE = (Path(__file__).parents[2] / "docs" / "nets.md").read_text()
BLOCKS = re.findall(r"```python( no-test)?\n(.*?)```", PAGE, re.S)


def page():
    """The names that the page's tested code defines."""
    names: dict = {}
    for untested, code in BLOCKS:
        if not untested:
            exec(code, names)
    return names


class Tensor:
    """As much of a torch tensor as the page uses."""

    def __init__(self, array):
        self.array = array

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.array


class Module:
    """A module whose parameters are called as a library calls them."""

    def __init__(self, pattern, numbers, seed=0):
        generator = np.random.default_rng(seed)
        self.state = {}
        sizes = [2, 6, 5, 1]
        for i, (a, b) in enumerate(zip(sizes, sizes[1:], strict=False)):
            name = pattern.format(numbers[i])
            weight, bias = generator.normal(size=(b, a)), generator.normal(size=b)
            self.state[f"{name}.weight"] = weight.astype(np.float32)
            self.state[f"{name}.bias"] = bias.astype(np.float32)

    def state_dict(self):
        return {name: Tensor(array) for name, array in self.state.items()}

    def __call__(self, z):
        arrays = list(self.state.values())
        for weight, bias in zip(arrays[::2], arrays[1::2], strict=True):
            z = z @ weight.T.astype(float) + bias
            z = np.tanh(z) if len(bias) > 1 else z
        return z[:, 0]


MODULES = {
    "PyTorch": ("{}", (0, 2, 4)),
    "DeepXDE": ("linears.{}", (0, 1, 2)),
    "PINA": ("model.{}", (0, 2, 4)),
}


@pytest.mark.parametrize("library", MODULES)
def test_a_net_of_each_library_is_read(tmp_path, library):
    module, names = Module(*MODULES[library]), page()
    names["write_net"](tmp_path, names["arrays_of"](module), ["x", "t"])
    burgers = zoo_entry("burgers").problem
    solution = cx.read_net(tmp_path / "net.json", burgers)
    points = np.random.default_rng(1).uniform(0, 1, (9, 2))
    found = solution(x=points[:, 0], t=points[:, 1])
    assert np.allclose(found, module(points), rtol=1e-13)
    assert set(load_file(tmp_path / "net.safetensors")) == set(module.state)


def test_an_output_transform_meets_the_data_exactly(tmp_path):
    from certax.certificates import matching
    from certax.certificates._boundary import meets

    module, names = Module(*MODULES["DeepXDE"]), page()
    names["write_transformed"](tmp_path, names["arrays_of"](module))
    burgers = zoo_entry("burgers").problem
    solution = cx.read_net(tmp_path / "net.json", burgers)
    x, t = np.array([0.3]), np.array([0.6])
    inner = module(np.array([[0.3, 0.6]]))
    wanted = -np.sin(np.pi * x) + (1 - x**2) * t * inner
    assert np.allclose(solution(x=x, t=t), wanted, rtol=1e-13)
    assert matching(burgers)[0]
    for condition in burgers.conditions:
        assert meets(solution.network, burgers, condition, "lower")


def test_names_in_an_onnx_file(tmp_path):
    from onnx import TensorProto, helper, numpy_helper

    path = tmp_path / "net.onnx"
    values = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", n])]
        for name, n in (("tx", 2), ("y", 1))
    ]
    weights = [numpy_helper.from_array(np.ones((2, 1), np.float32), "w")]
    node = helper.make_node("MatMul", ["tx", "w"], ["y"])
    made = helper.make_model(helper.make_graph([node], "net", *values, weights))
    path.write_bytes(made.SerializeToString())
    burgers = zoo_entry("burgers").problem
    with pytest.raises(cx.CertaxError, match="does not name"):
        cx.read_net(path, burgers)
    page()["name_inputs"](path, ["t", "x"], ["u"])
    assert cx.read_net(path, burgers)(x=0.25, t=0.5) == 0.75


def test_the_page_lists_what_is_supported():
    assert set(re.findall(r"`([A-Z]\w+)`", PAGE)) - {"OBJECT", "Solution"} - {
        "Softsign", "Elu", "Abs", "LayerNormalization", "Softmax", "GeometryXTime",
    } == set(rules)  # fmt: skip
    for name in functions:
        assert f"`{name}`" in PAGE
    for name in ("Softsign", "Elu", "Abs", "LayerNormalization", "Softmax"):
        assert name not in rules


def test_the_untested_code_is_at_least_code():
    assert [ast.parse(code) for untested, code in BLOCKS if untested]


def test_the_real_libraries_call_their_weights_so(tmp_path):
    """Needs an interpreter that has PyTorch and DeepXDE."""
    python = os.environ.get("CERTAX_OPPONENT_PYTHON")
    if python is None:
        pytest.skip("CERTAX_OPPONENT_PYTHON names no interpreter")
    program = (
        "import json, torch, deepxde as dde\n"
        "net = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.Tanh(),"
        " torch.nn.Linear(6, 5), torch.nn.Tanh(), torch.nn.Linear(5, 1))\n"
        "other = dde.nn.FNN([2, 6, 5, 1], 'tanh', 'Glorot normal')\n"
        "print(json.dumps([list(net.state_dict()), list(other.state_dict())]))"
    )
    done = subprocess.run([python, "-c", program], capture_output=True, text=True,
                          env=os.environ | {"DDE_BACKEND": "pytorch"})  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    wanted = [list(Module(*MODULES[name]).state) for name in ("PyTorch", "DeepXDE")]
    assert found == wanted
