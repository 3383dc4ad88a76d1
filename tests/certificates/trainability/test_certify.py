"""Certificates of trainability, and what the checker refuses of them."""

import hashlib
import json
import shutil

import numpy as np
import pytest
from test_clipping import problem

import certax as cx
from certax.certificates import run_checker


def net_of(activation="tanh", loss="squared"):
    rng = np.random.default_rng(0)
    inputs, outer = rng.uniform(-1, 1, size=(9, 2)), np.full(10, 0.1)
    return cx.ShallowNet(outer, activation, inputs, np.sign(inputs[:, 0]), loss)


def run_of(kind):
    if kind == "tangent":
        net, start = problem(1, "tanh")
        options = {"floor": 0.25, "accuracy": 1e-6}
        return cx.TrainingRun(net, "delta-gclip", options, start=start)
    options = {"temperature": "1", "accuracy": "0.1"}
    return cx.TrainingRun(net_of(), "langevin", options, "0.2")


def verified(folder, change=None):
    """The checker's answer after a change of the certificate, hashes made right."""
    path = folder / "certificate-trainability.json"
    content = json.loads(path.read_text())
    if change is not None:
        change(content)
        data = folder / content["data"]["file"]
        content["data"]["sha256"] = hashlib.sha256(data.read_bytes()).hexdigest()
        path.write_text(json.dumps(content))
    return run_checker("verify", path, "--json")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Certificates of both kinds and their folders, made once."""
    folders = {kind: tmp_path_factory.mktemp(kind) for kind in ("ground", "tangent")}
    return {k: (cx.certify(run_of(k), out=f), f) for k, f in folders.items()}


@pytest.fixture
def ground(made, tmp_path):
    """A copy that may be changed."""
    shutil.copytree(made["ground"][1], tmp_path, dirs_exist_ok=True)
    return made["ground"][0]


@pytest.mark.parametrize("kind", ["ground", "tangent"])
def test_certified_saved_and_verified(kind, made):
    certificate, folder = made[kind]
    assert certificate.proved and certificate.statement.startswith("Proved:")
    own = certificate.guarantee.constants
    for text in certificate.constants.values():
        if kind == "tangent":
            # Two methods: a rotation with Gershgorin, and traces of the inverse.
            low, value = float(text), own["least_eigenvalue"].value
            assert low <= value * 1.0001 and value <= low * 1.02
    code, answer = verified(folder)
    assert code == 0 and answer["accepted"] and answer["verdict"] == "proved"
    assert answer["statement"] == certificate.statement
    beside = json.loads(
        (folder / "certificate-trainability-guarantee.json").read_text()
    )
    assert beside["status"] == "computed, not checkable"


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softplus"])
@pytest.mark.parametrize("loss", ["squared", "logistic"])
def test_the_checker_derives_the_finders_constants(activation, loss):
    from certax.certificates._trainability import landscape

    net = net_of(activation, loss)
    run = cx.TrainingRun(net, "sgd-diffusion", {"temperature": 1}, "0.01")
    certificate = cx.certify(run, claim="trainability")
    own = landscape(net, "0.01").constants
    for name, text in certificate.constants.items():
        value = own[name].value
        assert value * 0.9999 <= float(text) <= value * 1.02, name
    convex = "strongly convex" in certificate.statement
    assert convex == ("strong_convexity" in own)


def forgeries():
    def smaller(name):
        def change(content):
            content["constants"][name] = "0.001"

        return change

    def statement(content):
        content["statement"] = content["statement"].replace("0.2", "0.3")

    def extra(content):
        content["weights"] = {}

    return {
        **{name: smaller(name) for name in ("threshold", "smoothness", "defect")},
        "weight": lambda c: c.update(regularization="0.01"),
        "negative": lambda c: c.update(regularization="-1"),
        "zero": lambda c: c.update(regularization="0"),
        "loss": lambda c: c.update(loss="hinge"),
        "activation": lambda c: c.update(activation="relu"),
        "statement": statement,
        "verdict": lambda c: c.update(verdict="proved under assumptions"),
        "theorem": lambda c: c.update(theorem="tangent-kernel"),
        "missing": lambda c: c["constants"].pop("defect"),
        "extra": extra,
    }


@pytest.mark.parametrize("name", forgeries())
def test_forgeries_are_rejected(name, ground, tmp_path):
    code, answer = verified(tmp_path, forgeries()[name])
    assert code == 1 and not answer["accepted"] and answer["reason"]
    assert not answer["statement"]


def test_other_data_are_rejected(ground, tmp_path):
    from safetensors.numpy import load_file, save_file

    path = tmp_path / "certificate-trainability-data.safetensors"
    for scale in (2.0, np.nan):
        tensors = load_file(path)
        save_file({**tensors, "outer": tensors["outer"] * scale}, path)
        _, answer = verified(tmp_path, lambda content: None)
        assert not answer["accepted"]


def test_an_unbacked_eigenvalue_is_rejected(made, tmp_path):
    certificate, folder = made["tangent"]
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    least = float(certificate.constants["least_eigenvalue"])

    def larger(content):
        content["constants"]["least_eigenvalue"] = str(1.01 * least)

    assert not verified(tmp_path, larger)[1]["accepted"]


def test_a_weaker_true_claim_is_accepted(ground, tmp_path):
    old = ground.constants["defect"]

    def weaker(content):
        content["constants"]["defect"] = "77"
        said = content["statement"].replace(f"|W|^2 - {old} ", "|W|^2 - 77 ")
        content["statement"] = said

    assert verified(tmp_path, weaker)[1]["accepted"]


def test_a_certificate_of_training_names_no_problem(ground, tmp_path):
    path = tmp_path / "certificate-trainability.json"
    _, answer = run_checker("verify", path, "--json", "--problem", path)
    assert not answer["accepted"] and "no problem" in answer["reason"]


def test_a_singular_kernel_is_not_claimed(tmp_path):
    net = cx.ShallowNet([1.0], "tanh", [[1.0], [2.0]], [0.0, 0.0])
    options = {"floor": 0.5, "accuracy": 0.1}
    run = cx.TrainingRun(net, "delta-gclip", options, start=[[0.3]])
    certificate = cx.certify(run, out=tmp_path)
    assert not certificate.proved and "singular" in certificate.reason
    assert not (tmp_path / "certificate-trainability.json").exists()


def test_refusals():
    net = net_of()
    for arguments, said in (
        (("momentum", {}), "no algorithm 'momentum'"),
        (("langevin", {"temperature": 1}, "0.2"), "needs the hyperparameter 'accur"),
        (("sgd-diffusion", {"temperature": 1, "b": 2}, "0.2"), "has no hyperp"),
        (("sgd-diffusion", {"temperature": 1}), "to be positive"),
        (("sgd-diffusion", {"temperature": 1}, -0.5), "to be positive"),
        (("gradient-descent", {"accuracy": 1}, "1"), "start are missing"),
        (("sgd-diffusion", {"temperature": 1}, "1", [[1.0]]), "its own start"),
        (("delta-gclip", {"floor": 1, "accuracy": 1}, "1"), "weight decay"),
    ):
        with pytest.raises(cx.CertaxError, match=said):
            cx.TrainingRun(net, *arguments)
    with pytest.raises(cx.CertaxError, match="about a training run"):
        cx.certify(run_of("ground"), claim="residual")
    steep = {"temperature": 1, "accuracy": 0.1, "step": 1.0}
    with pytest.raises(cx.CertaxError, match="unproved=True"):
        cx.certify(cx.TrainingRun(net, "langevin", steep, "0.2"))
    free = cx.TrainingRun(net, "langevin", steep, "0.2", unproved=True)
    assert cx.certify(free).guarantee.verdict == "unproved"


@pytest.mark.parametrize(
    "option",
    [{"norm": "L1"}, {"budget": 1.0}, {"main": True}, {"evaluation": "float32"}],
)
def test_options_of_a_search_are_refused(option):
    with pytest.raises(cx.CertaxError):
        cx.certify(run_of("ground"), **option)
