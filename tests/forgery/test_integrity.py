"""A changed byte is noticed, in every file and at every place."""

import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from .genuine import MADE, genuine
from .material import checker
from .tables import rejected

SOURCE = Path(__file__).parents[2] / "src"
EXAMPLE = Path(__file__).parents[1] / "checker" / "example"
FILES = ("problem.json", "network.json", "weights.safetensors", "certificate.tree")


def flipped(data: bytes, place: int) -> bytes:
    """The bytes with one bit changed, another one at each place."""
    return data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]


def places(size: int, count: int) -> range:
    """At most about `count` places spread over the whole file."""
    return range(0, size, max(1, size // count))


@pytest.fixture
def example(tmp_path):
    """A copy of the certificate of a trained net that is kept in the repository."""
    for path in EXAMPLE.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / "certificate.json"


def test_the_example_is_accepted_and_small(example):
    assert checker("verify", example)["accepted"]
    assert sum(path.stat().st_size for path in EXAMPLE.iterdir()) < 20_000


@pytest.mark.parametrize("name", FILES)
def test_every_byte_of_the_files_counts(name, tmp_path):
    certificate = genuine("logistic").write(tmp_path)
    path = tmp_path / name
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(flipped(data, place))
        rejected(checker("verify", certificate), "", "does not have the hash")
    for other in (data + b"\0", data[:-1], data[1:], b"", data + data):
        path.write_bytes(other)
        rejected(checker("verify", certificate), "", "does not have the hash")


@pytest.mark.parametrize("made", MADE)
def test_bytes_of_all_files_count(made, tmp_path):
    certificate = genuine(made).write(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        if path != certificate:
            data = path.read_bytes()
            for place in places(len(data), 12):
                path.write_bytes(flipped(data, place))
                rejected(checker("verify", certificate), "", "does not have the hash")
            path.write_bytes(data)
    assert checker("verify", certificate)["accepted"]


def test_bytes_of_a_trained_net_count(example):
    for name in FILES:
        path = example.parent / name
        data = path.read_bytes()
        for place in places(len(data), 60):
            path.write_bytes(flipped(data, place))
            rejected(checker("verify", example), "", "does not have the hash")
        path.write_bytes(data)


def test_bytes_of_the_certificate_count_against_its_hash(tmp_path):
    certificate = genuine("logistic").write(tmp_path)
    data = certificate.read_bytes()
    pin = "--sha256", hashlib.sha256(data).hexdigest()
    assert checker("verify", certificate, *pin)["accepted"]
    assert checker("verify", certificate, pin[0], pin[1].upper())["accepted"]
    for place in places(len(data), 400):
        certificate.write_bytes(flipped(data, place))
        report = checker("verify", certificate, *pin)
        assert report["status"] in (1, 2) and not report["statement"]


def weaker(new: dict, old: dict) -> bool:
    """Whether a certificate says the same as another one, or less in its curve."""
    curves = [list(map(Decimal, value["curve"])) for value in (new, old)]
    rest = [
        {k: v for k, v in value.items() if k not in ("certax", "curve")}
        for value in (new, old)
    ]
    return rest[0] == rest[1] and all(a >= b for a, b in zip(*curves, strict=True))


@pytest.mark.parametrize("made, count", [("logistic", 500), ("heat", 200)])
def test_bytes_of_the_certificate_change_nothing_that_is_claimed(made, count, tmp_path):
    """Only its version, its white space, or a larger entry of the curve may differ."""
    certificate = genuine(made).write(tmp_path)
    data = certificate.read_bytes()
    harmless = 0
    for place in places(len(data), count):
        certificate.write_bytes(flipped(data, place))
        report = checker("verify", certificate)
        if report["accepted"]:
            assert weaker(json.loads(certificate.read_bytes()), json.loads(data))
            harmless += 1
        else:
            assert report["status"] in (1, 2) and not report["statement"]
    assert harmless < 20


@pytest.mark.parametrize("pin", ["--sha256", "--weights", "--problem"])
def test_an_empty_pin_pins(pin, tmp_path):
    """As from a script whose variable is not set."""
    certificate = genuine("logistic").write(tmp_path)
    report = checker("verify", certificate, pin, "")
    assert not report["accepted"] and not report["statement"]


def test_pins_hold_against_certificates_that_are_genuine(tmp_path):
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    mine.mkdir()
    theirs.mkdir()
    genuine("logistic").write(mine)
    other = genuine("logistic")
    other.tensors["net.0"] = other.tensors["net.0"] * 1.0000001
    other.restate("1e-3")
    certificate = other.write(theirs)
    assert checker("verify", certificate)["accepted"]
    pins = "--problem", mine / "problem.json"
    assert checker("verify", certificate, *pins)["accepted"]
    pins = *pins, "--weights", mine / "weights.safetensors"
    rejected(checker("verify", certificate, *pins), "pin", "weights are not the pinned")


def test_files_are_read_once(tmp_path, monkeypatch):
    """So nothing can be exchanged between hashing and reading."""
    certificate = genuine("heat").write(tmp_path)
    opened, plain = [], os.open

    def watched(path, *rest, **named):
        opened.append(Path(path).name)
        return plain(path, *rest, **named)

    monkeypatch.setattr("certax_checker.kernel._reader.os.open", watched)
    assert checker("verify", certificate)["accepted"]
    assert sorted(opened) == sorted([*FILES, "initial.tree", "certificate.json"])


def process(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """The checker in a process of its own, started in this folder."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "certax_checker", *arguments],
        cwd=folder, capture_output=True, text=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
    )  # fmt: skip


def test_a_process_accepts_the_genuine_and_not_the_forged(example):
    good = process(example.parent, "verify", "certificate.json")
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("ACCEPTED\n\nProved: ")
    # Modules beside the certificate are not those of the checker.
    for name in ("numpy", "flint", "json", "hashlib", "argparse"):
        (example.parent / f"{name}.py").write_text("raise SystemExit(0)")
    text = example.read_text()
    bound = json.loads(text)["bound"]
    example.write_text(text.replace(bound, "1e-12"))
    bad = process(example.parent, "verify", "certificate.json")
    assert (bad.returncode, bad.stderr) == (1, "")
    assert bad.stdout.startswith("REJECTED: the derived bound ")
    assert "Proved" not in bad.stdout and "(bound)" in bad.stdout


def test_a_rejection_cannot_be_painted_over(tmp_path):
    """Texts of the file that are quoted do not reach the terminal as they are."""
    bundle = genuine("logistic")
    bundle.network["outputs"]["y"] = "\x1b[2J\nACCEPTED\n\nProved: all.\u2028"
    bundle.write(tmp_path)
    done = process(tmp_path, "verify", "certificate.json")
    assert done.returncode == 1 and done.stderr == ""
    assert done.stdout.startswith("REJECTED: ") and done.stdout.count("\n") == 1
    assert done.stdout.isascii() and "\x1b" not in done.stdout
