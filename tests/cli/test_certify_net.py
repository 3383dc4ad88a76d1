"""`certax certify --net`, whole: a small net is read, certified, verified, shown."""

import json

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    """What is measured stands beside the bound; here a few points will do."""
    monkeypatch.setattr("certax._api._measure._points", 2**10)


def write_net(folder, seed=0, **changes):
    """A tanh net with the data of `poisson-1d` met exactly."""
    generator = np.random.default_rng(seed)
    save_file({"a": 0.1 * generator.normal(size=(4, 1)), "b": generator.normal(size=4),
               "c": 0.1 * generator.normal(size=(1, 4))},
              folder / "net.safetensors")  # fmt: skip
    plain = {
        "format": "certax-net/1", "weights": "net.safetensors", "inputs": ["x"],
        "layers": [{"weight": "a", "bias": "b", "activation": "tanh"}, {"weight": "c"}],
        "outputs": {"u": "x*(1-x)*N0"},
    }  # fmt: skip
    path = folder / "net.json"
    path.write_text(json.dumps(plain | changes))
    return path


POISSON = ("--problem", "poisson-1d")


@pytest.mark.slow
def test_a_net_is_certified_verified_and_shown(run, tmp_path):
    out = tmp_path / "run"
    ended = run("certify", "--net", write_net(tmp_path), *POISSON, "--out", out,
                "--json", "--quiet")  # fmt: skip
    assert ended.exit_code == 0, ended.error
    entry = ended.json["certificates"][0]
    assert entry["verdict"] == "proved" and entry["claim"] == "solution"
    assert entry["measured"] <= float(entry["bound"])
    assert "exact arithmetic" in ended.json["statement"]
    names = {p.name for p in out.iterdir()}
    assert {"problem.json", "network.json", "weights.safetensors", "certificate.json",
            "config.json", "summary.json"} <= names  # fmt: skip
    assert (
        run("verify", out / "certificate.json", "--problem", "poisson-1d").exit_code
        == 0
    )
    assert run("report", out).exit_code == 0
    assert "trained elsewhere" in (out / "report.html").read_text()
    again = run("certify", out, "--claim", "residual", "--json", "--quiet")
    assert again.exit_code == 0


def test_a_folder_in_use_is_refused(run, tmp_path):
    out = tmp_path / "run"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    net = write_net(tmp_path)
    ended = run("certify", "--net", net, *POISSON, "--out", out, "--json")
    assert ended.exit_code == 2 and "--force" in ended.json["error"]["remedy"]
    assert [p.name for p in out.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--inputs", "y"), 2, "y are not the problem's coordinates x"),
        (("--inputs", "x,t"), 2, "1 inputs, not 2"),
        (("--outputs", "v"), 2, "v are not the problem's fields u"),
        (("--inputs", "x,"), 2, "empty name"),
        (("--budget", "0"), 2, "not a positive number"),
        (("--target", "-1"), 2, "not a positive number"),
        (("--claim", "residual", "--target", "1e-9"), 1, "out of reach"),
    ],
)
def test_bad_options_leave_nothing_behind(run, tmp_path, options, code, text):
    out = tmp_path / "run"
    net = write_net(tmp_path)
    ended = run("certify", "--net", net, *POISSON, "--out", out, "--json", "--quiet",
                *options)  # fmt: skip
    assert ended.exit_code == code
    assert text in ended.json["error"]["message"]
    assert not out.exists()


def test_a_target_below_what_rounding_allows(run, tmp_path):
    """The residual's maximum itself can be asked for, but not reached."""
    ended = run("certify", "--net", write_net(tmp_path), *POISSON, "--claim",
                "residual", "--target", "1e-9", "--out", tmp_path / "run", "--json",
                "--quiet")  # fmt: skip
    assert ended.exit_code == 1 and not (tmp_path / "run").exists()
    error = ended.json["error"]
    assert error["kind"] == "target" and "out of reach" in error["message"]
    assert "attainable" in error["remedy"]


def test_an_attainable_target_is_reached(run, tmp_path):
    first = run("certify", "--net", write_net(tmp_path), *POISSON, "--claim",
                "residual", "--out", tmp_path / "a", "--json", "--quiet")  # fmt: skip
    (entry,) = first.json["certificates"]
    # The finder keeps two percent in reserve for the checker.
    target = 1.1 * entry["measured"]
    ended = run("certify", "--net", tmp_path / "net.json", *POISSON, "--claim",
                "residual", "--target", target, "--out", tmp_path / "b", "--json",
                "--quiet")  # fmt: skip
    assert ended.exit_code == 0
    assert float(ended.json["certificates"][0]["bound"]) <= target


def test_a_budget_that_ends_first_is_not_a_success(run, tmp_path):
    out = tmp_path / "run"
    ended = run("certify", "--net", write_net(tmp_path), *POISSON, "--target", "1e-30",
                "--budget", "0.1", "--out", out, "--quiet")  # fmt: skip
    assert ended.exit_code == 1 and (out / "certificate.json").exists()
    assert "The target 1e-30 was not reached" in ended.out
    assert json.loads((out / "summary.json").read_text())["stopped_by"] == "elsewhere"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "Give either RUN or --net"),
        (("RUN", "--net", "n.onnx", "--problem", "heat"), "Give either"),
        (("--net", "n.onnx"), "belong together"),
        (("RUN", "--problem", "heat"), "belong together"),
        (("RUN", "--inputs", "x"), "belong to --net"),
        (("--net", "absent.onnx", "--problem", "heat"), "no file absent.onnx"),
        (("--net", "n.pt", "--problem", "heat"), "may hold code"),
        (("--net", "absent.json", "--problem", "absent"), "absent"),
        (("--net", "n.onnx", "--problem", "absent/problem.json"), "cannot be read"),
    ],
)
def test_usage(run, arguments, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = run("certify", *arguments, "--json")
    assert ended.exit_code == 2 and text in ended.json["error"]["message"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("weights", ["../net.safetensors", "/net.safetensors"])
def test_a_path_that_leaves_the_folder(run, tmp_path, weights):
    inner = tmp_path / "inner"
    inner.mkdir()
    write_net(tmp_path)
    path = write_net(inner, weights=weights)
    ended = run("certify", "--net", path, *POISSON, "--out", tmp_path / "run", "--json")
    assert ended.exit_code == 2 and "weights" in ended.json["error"]["message"]
    assert not (tmp_path / "run").exists()


def test_a_problem_file_will_do(run, tmp_path):
    from certax.problems import zoo_entry

    stated = tmp_path / "problem.json"
    stated.write_text(zoo_entry("poisson-1d").problem.text())
    ended = run("certify", "--net", write_net(tmp_path), "--problem", stated, "--out",
                tmp_path / "run", "--json", "--quiet")  # fmt: skip
    assert ended.exit_code == 0, ended.error


@pytest.mark.slow
def test_a_soft_net_of_burgers_gets_a_solution_certificate(run, tmp_path):
    """No hard constraint at all: initial and wall defects are part of the bound."""
    generator = np.random.default_rng(1)
    arrays = {"W": 0.3 * generator.normal(size=(6, 2)), "V": np.full((1, 6), 0.01)}
    nodes = [
        helper.make_node("Gemm", ["z", "W"], ["h"], transB=1),
        helper.make_node("Tanh", ["h"], ["a"]),
        helper.make_node("Gemm", ["a", "V"], ["y"], transB=1),
    ]
    values = [
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["batch", n])]
        for name, n in (("z", 2), ("y", 1))
    ]
    weights = [numpy_helper.from_array(v, k) for k, v in arrays.items()]
    made = helper.make_model(helper.make_graph(nodes, "net", *values, weights))
    path = tmp_path / "net.onnx"
    path.write_bytes(made.SerializeToString())
    ended = run("certify", "--net", path, "--problem", "burgers", "--inputs", "t,x",
                "--relative-target", "2", "--theorem", "l1-contraction",
                "--out", tmp_path / "run", "--json", "--quiet")  # fmt: skip
    assert ended.exit_code == 0, ended.error
    entry = ended.json["certificates"][0]
    assert (entry["claim"], entry["theorem"]) == ("solution", "l1-contraction")
    assert entry["measured"] <= float(entry["bound"])
    trees = json.loads((tmp_path / "run" / "certificate.json").read_text())["trees"]
    assert set(trees) == {"residual", "initial", "walls"}
    verified = run("verify", tmp_path / "run" / "certificate.json")
    assert verified.exit_code == 0
