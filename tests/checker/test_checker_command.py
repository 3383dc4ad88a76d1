"""The commands from end to end: files, forgery, pins, statuses."""

import hashlib
import json
import shutil

import examples
import pytest
from material import (
    call,
    certificate_from,
    derive,
    leaves,
    run,
    safetensors,
    uniform_tree,
    verify,
    write_draft,
    write_json,
)


def draft_in(folder, epsilon=1e-4):
    folder.mkdir(exist_ok=True)
    return write_draft(
        folder, examples.heat(), *examples.heat_candidate(epsilon),
        uniform_tree([2, 2], 5), theorem="maximum-principle", parameters={"slabs": 4},
    )  # fmt: skip


@pytest.fixture
def certificate(tmp_path):
    draft = draft_in(tmp_path)
    return certificate_from(draft, derive(draft))


def rewrite(certificate, **changes):
    """Changes the certificate."""
    value = json.loads(certificate.read_text())
    value.update(changes)
    write_json(certificate, value)


def replace(certificate, key, data):
    """Changes a file and its hash in the certificate."""
    value = json.loads(certificate.read_text())
    entry = value["trees"]["residual"] if key == "tree" else value[key]
    entry["sha256"] = hashlib.sha256(data).hexdigest()
    if key == "tree":
        entry["leaves"] = leaves(data)
    (certificate.parent / entry["file"]).write_bytes(data)
    write_json(certificate, value)


def test_process_accepts_and_explains(certificate):
    status, output = run("verify", certificate)
    assert status == 0 and output.startswith("ACCEPTED\n\nProved: at every point")
    note = "about the problem and net described above; compare them with yours"
    assert note in output.splitlines()
    assert "  checked  walls: " in output and "    cited  solution: " in output
    status, output = run("verify", certificate, "--json")
    report = json.loads(output)
    assert status == 0 and output.count("\n") == 1
    assert set(report) == {
        "accepted", "statement", "bound", "norm", "verdict", "leaves", "seconds",
        "checker_version", "hashes", "reason", "where", "hypotheses", "theorem",
        "claim", "interval",
    }  # fmt: skip
    assert report["accepted"] is True and report["reason"] == report["where"] == ""
    assert report["leaves"] == 16 and set(report["bound"]) == {"decimal", "hex"}


def test_derive_prints_the_curve(tmp_path):
    report = derive(draft_in(tmp_path))
    assert len(report["curve"]) == 4 and report["verdict"] == "proved"
    assert report["curve"][-1] == report["bound"]["decimal"]


def test_weaker_claims_are_accepted_with_their_statement(certificate):
    report = verify(certificate)
    decimal = report["bound"]["decimal"]
    rewrite(certificate, bound="0.5")
    assert verify(certificate)["where"] == "statement"
    statement = report["statement"].replace(f"at most {decimal}", "at most 0.5")
    rewrite(certificate, statement=statement, curve=["0.5"] * 4)
    assert verify(certificate)["accepted"]


def test_sharper_claims_are_rejected(certificate):
    report = verify(certificate)
    exact = float.fromhex(report["bound"]["hex"])
    for smaller in ("0", "1e-9", f"{exact * 0.999:.10f}"):
        rewrite(certificate, bound=smaller)
        assert verify(certificate)["where"] == "bound"


def test_forged_fields_are_rejected(certificate):
    original = certificate.read_bytes()
    for changes, where in (
        ({"statement": "Proved: everything."}, "statement"),
        ({"verdict": "proved under assumptions"}, "verdict"),
        ({"curve": []}, "curve"),
        ({"curve": ["0", "0", "0", "0"]}, "curve"),
        ({"norm": "L1"}, "norm"),
        ({"theorem": "barrier"}, "parameters"),
        ({"theorem": "l1-contraction"}, "norm"),
        ({"theorem": "transport"}, "equation"),
        ({"theorem": ""}, "theorem"),
        ({"theorem": "maximum_principle"}, "theorem"),
        ({"claim": "residual"}, "theorem"),
        ({"claim": "truth"}, "theorem"),
        ({"parameters": {}}, "parameters"),
        ({"parameters": {"slabs": 3}}, "slabs"),
        ({"parameters": {"slabs": 8192}}, "slabs"),
        ({"parameters": {"slabs": "4"}}, "slabs"),
        ({"parameters": {"slabs": 4, "more": 1}}, "parameters"),
        ({"format": "certax-draft/1"}, "certificate"),
        ({"bound": "-1"}, "bound"),
        ({"bound": "1/2"}, "bound"),
        ({"bound": 1}, "bound"),
        ({"extra": 1}, "certificate"),
    ):
        rewrite(certificate, **changes)
        report = verify(certificate)
        assert not report["accepted"] and report["where"] == where, changes
        certificate.write_bytes(original)
    assert verify(certificate)["accepted"]


def test_changed_bytes_are_noticed(certificate):
    for path in certificate.parent.iterdir():
        if path.name in ("certificate.json", "draft.json"):
            continue
        original = path.read_bytes()
        path.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
        report = verify(certificate)
        assert not report["accepted"] and "hash" in report["reason"]
        path.write_bytes(original)
    assert verify(certificate)["accepted"]


def test_forgery_with_new_hashes_is_rejected(certificate):
    folder = certificate.parent
    original = {path.name: path.read_bytes() for path in folder.iterdir()}

    def rejected(key, data):
        replace(certificate, key, data)
        report = verify(certificate)
        assert not report["accepted"], key
        for name, content in original.items():
            (folder / name).write_bytes(content)
        return report

    _, tensors = examples.heat_candidate(2e-4)
    assert rejected("weights", safetensors(tensors))["where"] == "bound"
    tree = uniform_tree([2, 2], 5)
    assert rejected("tree", tree[:-1])["where"] == "tree residual"
    assert rejected("tree", bytes([5]))["where"] == "bound"
    assert rejected("tree", uniform_tree([2, 2], 2))["where"] == "bound"
    for name, text in (
        ("problem.json", '"value":"0.1"'),
        ("problem.json", '"upper":"1/2"'),
        ("problem.json", '"sinpi"'),
        ("network.json", '"sinpi"'),
        ("network.json", '"-0.1*pi^2"'),
    ):
        changed = {
            '"value":"0.1"': '"value":"0.05"',
            '"upper":"1/2"': '"upper":"5"',
            '"sinpi"': '"sin"',
            '"-0.1*pi^2"': '"-0.1*pi"',
        }[text]
        data = original[name].replace(text.encode(), changed.encode())
        assert data != original[name]
        rejected(name.split(".")[0], data)
    assert verify(certificate)["accepted"]


def test_leaves_must_be_counted(certificate):
    value = json.loads(certificate.read_text())
    value["trees"]["residual"]["leaves"] = 17
    write_json(certificate, value)
    assert not verify(certificate)["accepted"]


def test_pins(certificate, tmp_path):
    folder = certificate.parent
    digest = hashlib.sha256(certificate.read_bytes()).hexdigest()
    pretty = json.dumps(json.loads((folder / "problem.json").read_text()), indent=3)
    (tmp_path / "mine.json").write_text(pretty)
    shutil.copy(folder / "weights.safetensors", tmp_path / "mine.safetensors")
    pins = (
        ("--problem", tmp_path / "mine.json"),
        ("--weights", tmp_path / "mine.safetensors"),
        ("--sha256", digest),
    )
    for pin in pins:
        assert verify(certificate, *pin)["accepted"]
        assert "compare them with yours" not in call("verify", certificate, *pin)[1]
    (tmp_path / "mine.json").write_text(pretty.replace('"0.1"', '"0.10"'))
    (tmp_path / "mine.safetensors").write_bytes(safetensors({}))
    for pin in (*pins[:2], ("--sha256", "0" * 64)):
        report = verify(certificate, *pin)
        assert not report["accepted"] and report["where"] == "pin"
    assert call("verify", certificate, "--problem", tmp_path / "absent.json")[0] == 2
    (tmp_path / "mine.json").write_text("[1.5]")
    assert call("verify", certificate, "--problem", tmp_path / "mine.json")[0] == 2


def test_statuses(tmp_path, certificate):
    assert call("verify", tmp_path / "absent.json")[0] == 2
    assert call("derive", tmp_path / "absent.json")[0] == 2
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    assert call("verify", broken)[0] == 1
    assert call("derive", broken)[0] == 2
    assert call("derive", certificate)[0] == 2
    (tmp_path / "network.json").unlink()
    assert call("verify", certificate)[0] == 2
    with pytest.raises(SystemExit) as usage:
        call("verify")
    assert usage.value.code == 2


def test_links_are_refused(certificate):
    weights = certificate.parent / "weights.safetensors"
    weights.rename(certificate.parent / "real.safetensors")
    weights.symlink_to("real.safetensors")
    report = verify(certificate)
    assert not report["accepted"] and "plain" in report["reason"]


def test_the_environment_is_tested(monkeypatch, capsys, certificate):
    monkeypatch.setattr("certax_checker._command.sys.byteorder", "big")
    assert call("verify", certificate)[0] == 3
    assert "byte order" in capsys.readouterr().err


@pytest.mark.parametrize("error", [OverflowError("too large"), KeyError("u")])
def test_a_check_that_breaks_down_accepts_nothing(
    monkeypatch, capsys, certificate, error
):
    def breaks(data, folder, draft, report, *others):
        report.update(accepted=True)
        raise error

    monkeypatch.setattr("certax_checker._command.check", breaks)
    from certax_checker._command import main

    assert main(["verify", str(certificate), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert not answer["accepted"] and "broke down" in answer["reason"]
