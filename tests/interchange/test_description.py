"""Safetensors with a JSON description."""

import json

import numpy as np
import pytest
from helpers import check_program
from models import computed
from safetensors.numpy import save_file

import certax as cx
from certax._core import _normal_form as nf
from certax.interchange import read_net

BOX = cx.Box(x=(-1, 1), t=(0, 1))
GENERATOR = np.random.default_rng(0)
TENSORS = {
    "a.weight": GENERATOR.normal(size=(5, 2)),
    "a.bias": GENERATOR.normal(size=5),
    "b.weight": GENERATOR.normal(size=(5, 5)),
    "b.bias": GENERATOR.normal(size=5),
    "c.weight": GENERATOR.normal(size=(1, 5)),
    "c.bias": GENERATOR.normal(size=1),
    "B": GENERATOR.normal(size=(4, 2)),
}
LAYERS = [
    {"weight": "a.weight", "bias": "a.bias", "activation": "tanh"},
    {"weight": "b.weight", "bias": "b.bias", "activation": "tanh"},
    {"weight": "c.weight", "bias": "c.bias"},
]
POINTS = GENERATOR.uniform(0, 1, (6, 2))


def write(folder, tensors=TENSORS, **changes):
    """A description, with keys changed or left out."""
    save_file(tensors, folder / "net.safetensors")
    plain = {"format": "certax-net/1", "weights": "net.safetensors",
             "inputs": ["t", "x"], "layers": LAYERS}  # fmt: skip
    content = {k: v for k, v in (plain | changes).items() if v is not None}
    path = folder / "net.json"
    path.write_text(json.dumps(content))
    return path


def values(path, **options):
    """The net's value at the points, whose columns are t and x."""
    net = read_net(path, BOX, ("u",), **options)
    check_program(net.program)
    return computed(net, {"t": POINTS[:, 0], "x": POINTS[:, 1]})[:, 0]


def mlp(z, add=False):
    t = TENSORS
    first = np.tanh(z @ t["a.weight"].T + t["a.bias"])
    second = np.tanh(first @ t["b.weight"].T + t["b.bias"])
    second = second + first if add else second
    return (second @ t["c.weight"].T + t["c.bias"])[:, 0]


def test_a_plain_net(tmp_path):
    assert np.allclose(values(write(tmp_path)), mlp(POINTS), rtol=1e-13)


def test_float32_weights_are_exact(tmp_path):
    small = {k: v.astype(np.float32) for k, v in TENSORS.items()}
    net = read_net(write(tmp_path, small), BOX, ("u",))
    assert all((net.weights[k] == small[k].astype(float)).all() for k in net.weights)


def test_normalization_skip_and_transform(tmp_path):
    layers = [LAYERS[0], LAYERS[1] | {"add": 1}, LAYERS[2]]
    path = write(
        tmp_path, layers=layers, normalization={"t": ["0", "1"], "x": ["-2", "2"]},
        outputs={"u": "(1 - x^2)*N0 - sin(pi*x) + exp(-t)/2"},
    )  # fmt: skip
    t, x = POINTS.T
    inner = mlp(np.stack([2 * t - 1, x / 2], 1), add=True)
    wanted = (1 - x**2) * inner - np.sin(np.pi * x) + np.exp(-t) / 2
    assert np.allclose(values(path), wanted, rtol=1e-12, atol=1e-13)
    program = read_net(path, BOX, ("u",)).program
    # The factor vanishes at x = 1 and -sin(pi x) with it: the data are met exactly.
    form = nf.interpret(program, {"x": nf.number(1), "t": nf.number(0)})["u"]
    assert form == nf.number(0) + nf.constant("1/2")


def test_features(tmp_path):
    wide = {**TENSORS, "a.weight": GENERATOR.normal(size=(5, 14))}
    features = ["x", "sin(pi*t)",
                {"weight": "B", "functions": ["sin", "cos", "gaussian"]}]  # fmt: skip
    t, x = POINTS.T
    p = POINTS @ TENSORS["B"].T
    z = np.column_stack([x, np.sin(np.pi * t), np.sin(p), np.cos(p), np.exp(-(p**2))])
    first = np.tanh(z @ wide["a.weight"].T + wide["a.bias"])
    second = np.tanh(first @ wide["b.weight"].T + wide["b.bias"])
    wanted = (second @ wide["c.weight"].T + wide["c.bias"])[:, 0]
    found = values(write(tmp_path, wide, features=features))
    assert np.allclose(found, wanted, rtol=1e-12)


def test_stored_the_other_way_round(tmp_path):
    turned = {k: np.ascontiguousarray(v.T) for k, v in TENSORS.items()}
    layers = [layer | {"transposed": True} for layer in LAYERS]
    assert np.allclose(values(write(tmp_path, turned, layers=layers)), mlp(POINTS))


def test_other_names(tmp_path):
    path = write(tmp_path, inputs=["time", "place"])
    assert np.allclose(values(path, inputs=("t", "x")), mlp(POINTS))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"format": "certax-net/2"}, "format"),
        ({"format": None}, "format"),
        ({"surprise": 1}, "surprise"),
        ({"weights": "../net.safetensors"}, "weights"),
        ({"weights": "/etc/passwd"}, "weights"),
        ({"weights": "sub/net.safetensors"}, "weights"),
        ({"weights": "absent.safetensors"}, "no file"),
        ({"inputs": ["t", "y"]}, "t, y are not"),
        ({"inputs": ["t"]}, "inputs t are not"),
        ({"inputs": []}, "inputs"),
        ({"layers": []}, "layers"),
        ({"layers": [{"weight": "z"}]}, "no tensor 'z'"),
        ({"layers": [{"weight": "a.bias"}]}, "a.bias"),
        ({"layers": [{"weight": "b.weight"}]}, "Layer 1 does not fit"),
        ({"layers": [LAYERS[0] | {"bias": "c.bias"}]}, "Layer 1 does not fit"),
        ({"layers": [LAYERS[0] | {"activation": "softsign"}]}, "softsign"),
        ({"layers": [LAYERS[0] | {"add": 0}, *LAYERS[1:]]}, "Layer 1 adds"),
        ({"layers": [LAYERS[0] | {"add": 1}, *LAYERS[1:]]}, "Layer 1 adds"),
        ({"features": ["y"]}, "is not a formula"),
        ({"features": ["x"]}, "Layer 1 does not fit"),
        ({"features": [{"weight": "B", "functions": []}]}, "features"),
        ({"features": [{"weight": "B", "functions": ["eval"]}]}, "eval"),
        ({"outputs": {"u": "N1"}}, "is not a formula"),
        ({"outputs": {"u": "N0.__class__"}}, "is not a formula"),
        ({"outputs": {"u": "import(N0)"}}, "is not a formula"),
        ({"outputs": {"u": "N0^65"}}, "the power 65"),
        ({"outputs": {"u": "N0*((((7^64)^64)^64)^64)^64"}}, "20000 bits"),
        ({"outputs": {"u": "N0*" + "(" * 60 + "1" + ")" * 60}}, "nested too deeply"),
        ({"outputs": {"u": "N0" + "+1" * 3000}}, "longer than"),
        ({"outputs": {"u": "N0/0"}}, "divides by zero"),
        ({"outputs": {"u": "0"}}, "do not depend"),
        ({"outputs": {"v": "N0"}}, "v are not"),
        ({"outputs": ["u", "v"]}, "1 outputs, not 2"),
        ({"normalization": {"y": ["0", "1"]}}, "names 'y'"),
        ({"normalization": {"x": ["1", "1"]}}, "no length"),
        ({"normalization": {"x": ["0", "1"]}}, "expects x in [0, 1]"),
        ({"normalization": {"x": ["-1", "0.999999999999999999"]}}, "expects x in"),
        ({"normalization": {"x": ["a", "1"]}}, "not an exact number"),
    ],
)
def test_refusals(tmp_path, changes, text):
    path = write(tmp_path, **changes)
    with pytest.raises(cx.CertaxError) as caught:
        read_net(path, BOX, ("u",))
    assert text in caught.value.message and caught.value.exit_code == 2
    assert "\n" not in str(caught.value) and caught.value.remedy


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite(tmp_path, value):
    bad = {**TENSORS, "b.bias": np.array([0.0, 0.0, value, 0.0, 0.0])}
    with pytest.raises(cx.CertaxError, match=r"b\.bias is (nan|inf) at \[2\]"):
        read_net(write(tmp_path, bad), BOX, ("u",))


def test_links_damage_and_other_types(tmp_path):
    path = write(tmp_path)
    weights = tmp_path / "net.safetensors"
    content = weights.read_bytes()
    for damaged in (b"", content[:20], b"\x80\x04pickle", content[:-1], b"\xff" * 64):
        weights.write_bytes(damaged)
        with pytest.raises(cx.CertaxError):
            read_net(path, BOX, ("u",))
    weights.rename(tmp_path / "elsewhere")
    weights.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(cx.CertaxError, match="link"):
        read_net(path, BOX, ("u",))
    weights.unlink()
    whole = {**TENSORS, "c.bias": np.array([1])}
    with pytest.raises(cx.CertaxError, match="int64"):
        read_net(write(tmp_path, whole), BOX, ("u",))
