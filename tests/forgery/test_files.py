"""Files that mean one thing to a lenient reader and another to a strict one."""

import json
import os
import re
import struct

import pytest

from .genuine import genuine
from .material import Bundle, checker, safetensors, verify
from .tables import Forgeries, assert_refused, rejected

forgery = Forgeries()
WEIGHTS = "weights.safetensors"
JSON_FILES = ("certificate.json", "problem.json", "network.json")


def replaced(old: bytes, new: bytes):
    """An edit of bytes that replaces what occurs exactly once."""

    def edit(data: bytes) -> bytes:
        assert data.count(old) == 1, data
        return data.replace(old, new)

    return edit


def text_edit(name: str, file: str, edit, reason: str) -> None:
    """Adds a forgery that edits the bytes of a file."""
    where = file.split(".")[0]
    forgery.add(
        f"{name} in {file}", "logistic", lambda b: b.raw.update({file: edit}),
        where, reason,
    )  # fmt: skip


for _file in JSON_FILES:
    for _name, _edit, _reason in (
        ("byte order mark", lambda d: b"\xef\xbb\xbf" + d, "is not ASCII"),
        ("a byte above ASCII", lambda d: d.replace(b"1", b"\xb9", 1), "is not ASCII"),
        ("UTF-16", lambda d: d.decode().encode("utf-16"), "is not ASCII"),
        ("data after the end", lambda d: d + b"{}", "is not JSON"),
        ("a null byte at the end", lambda d: d + b"\0", "is not JSON"),
        ("a comment", lambda d: d + b"// fine", "is not JSON"),
        ("half", lambda d: d[: len(d) // 2], "is not JSON"),
        ("nothing", lambda d: b"", "is not JSON"),
        ("a list around", lambda d: b"[" + d + b"]", "is not an object"),
        ("deep nesting", lambda d: b"[" * 13 + d + b"]" * 13, "nested deeper"),
        ("endless nesting", lambda d: b"[" * 100_000, "nested deeper"),
        ("format twice", lambda d: d.replace(b"{", b'{"format":"x",', 1), "twice"),
        ("NaN", lambda d: d.replace(b"{", b'{"a":NaN,', 1), "not an integer"),
        ("Infinity", lambda d: d.replace(b"{", b'{"a":-Infinity,', 1), "an integer"),
        ("a float", lambda d: d.replace(b"{", b'{"a":1.0,', 1), "not an integer"),
        ("a huge integer", lambda d: d.replace(b"{", b'{"a":1' + b"0" * 15 + b",", 1),
         "not an integer"),
        ("true", lambda d: d.replace(b"{", b'{"a":true,', 1), "has no place"),
        ("null", lambda d: d.replace(b"{", b'{"a":null,', 1), "has no place"),
        ("another key", lambda d: d.replace(b"{", b'{"a":1,', 1), "unknown key"),
        ("a later format", lambda d: re.sub(rb"(certax-\w+)/1", rb"\1/2", d), "format"),
        ("more than 4 MiB", lambda d: d + b" " * 2**22, "larger than 4194304"),
    ):  # fmt: skip
        text_edit(_name, _file, _edit, _reason)

text_edit("a smaller bound before the bound", "certificate.json",
          replaced(b'"bound":', b'"bound":"1e-9","bound":'), "twice")  # fmt: skip
text_edit("a smaller bound in another spelling", "certificate.json",
          replaced(b'"bound":', b'"\\u0062ound":"1e-9","bound":'), "twice")  # fmt: skip
text_edit("an axis for two", "problem.json",
          replaced(b'"upper":"1"', b'"upper":"9","upper":"1"'), "twice")  # fmt: skip
text_edit("a draft", "certificate.json",
          replaced(b"certax-certificate/1", b"certax-draft/1"), "format")  # fmt: skip

for _value in ("4.0", "4e0", '"4"', "-4", "0", "NaN", "[4]", "4000000000000000"):
    forgery.add(
        f"{_value} leaves", "logistic",
        lambda b, value=_value: b.raw.update({
            "certificate.json": replaced(b'"leaves":4', b'"leaves":' + value.encode())
        }), "", "not an integer",
    )  # fmt: skip


@forgery("logistic", "residual", "has not 5 leaves")
def leaves_miscounted(b: Bundle):
    b.raw["certificate.json"] = replaced(b'"leaves":4', b'"leaves":5')


for _role, _name, _reason in (
    ("weights", "../weights.safetensors", "does not have its form"),
    ("weights", "/etc/hostname", "does not have its form"),
    ("weights", "./weights.safetensors", "does not have its form"),
    ("weights", "sub/weights.safetensors", "does not have its form"),
    ("weights", "weights.safetensors\n", "does not have its form"),
    ("weights", "weights.safetensors\0", "does not have its form"),
    ("weights", "weights\\x.safetensors", "does not have its form"),
    ("weights", ".", "does not have its form"),
    ("weights", "..", "does not have its form"),
    ("weights", "", "does not have its form"),
    ("weights", ".hidden", "does not have its form"),
    ("weights", "x" * 101, "does not have its form"),
    ("weights", "weights.safet\u0435nsors", "does not have its form"),
    ("weights", "problem.json", "does not have the hash"),
    ("network", "certificate.json", "does not have the hash"),
    ("residual", "weights.safetensors", "does not have the hash"),
):
    forgery.add(
        f"{_role} in {_name!r}", "logistic",
        lambda b, role=_role, name=_name: b.names.update({role: name}),
        _role, _reason,
    )  # fmt: skip


@forgery("logistic", "network", "lacks the key")
def one_file_for_two_roles(b: Bundle):
    b.network = b.problem


def header_edit(name: str, change, reason: str) -> None:
    """Adds a forgery that edits the header of the safetensors file."""

    def edit(data: bytes) -> bytes:
        size = int.from_bytes(data[:8], "little")
        text, body = json.loads(data[8 : 8 + size]), data[8 + size :]
        made = change(text, body) or (text, body)
        encoded = (
            made[0] if isinstance(made[0], bytes) else json.dumps(made[0]).encode()
        )
        return struct.pack("<Q", len(encoded)) + encoded + made[1]

    forgery.add(
        f"weights with {name}", "logistic", lambda b: b.raw.update({WEIGHTS: edit}),
        "", reason,
    )  # fmt: skip


def overlapping(head, body):
    """The second tensor lies upon the first."""
    first, second = (head[name]["data_offsets"] for name in ("net.0", "net.1"))
    assert first[1] - first[0] == second[1] - second[0]
    second[:] = first


def twice(head, body):
    """The first tensor is named once more, with the bytes of another."""
    text = json.dumps(head)
    other = json.dumps(head["net.1"])
    return text[:-1].encode() + b', "net.0": ' + other.encode() + b"}", body


for _name, _change, _reason in (
    ("a trailing byte", lambda h, d: (h, d + b"\0"), "belong to no tensor"),
    ("a byte too few", lambda h, d: (h, d[:-1]), "does not fit its offsets"),
    ("no data", lambda h, d: (h, b""), "does not fit its offsets"),
    ("half floats", lambda h, d: h["net.0"].update(dtype="F16"), "neither F64 nor F32"),
    ("integers", lambda h, d: h["net.0"].update(dtype="I64"), "neither F64 nor F32"),
    ("brain floats", lambda h, d: h["net.0"].update(dtype="BF16"), "neither F64 nor"),
    ("single floats", lambda h, d: h["net.0"].update(dtype="F32"), "does not fit its"),
    ("an overlap", overlapping, "gap or overlap"),
    ("a name twice", twice, "occurs twice"),
    ("a tensor more", lambda h, d: (
        h | {"more": h["net.0"] | {"data_offsets": [len(d), len(d) + 32]}},
        d + bytes(32)), "not the network's"),
    ("a shape turned", lambda h, d: h["net.0"].update(shape=[1, 4]), "not the net"),
    ("a flat shape", lambda h, d: h["net.0"].update(shape=[4]), "not the network's"),
    ("three axes", lambda h, d: h["net.0"].update(shape=[4, 1, 1]), "no possible"),
    ("a negative size", lambda h, d: h["net.0"].update(shape=[-4, -1]), "an integer"),
    ("an empty size", lambda h, d: h["net.0"].update(shape=[0, 1]), "not an integer"),
    ("a text for a size", lambda h, d: h["net.0"].update(shape=["4", 1]), "an integer"),
    ("wrong offsets", lambda h, d: h["net.0"].update(data_offsets=[8, 0]), "offsets"),
    ("numbers as metadata", lambda h, d: h.update(__metadata__={"a": 1}), "metadata"),
    ("another name", lambda h, d: h.update(other=h.pop("net.0")), "not the network's"),
    ("another key", lambda h, d: h["net.0"].update(strides=[1]), "unknown key"),
    ("a list as header", lambda h, d: (b"[]", d), "not an object"),
    ("no header", lambda h, d: (b"", d), "is not JSON"),
):  # fmt: skip
    header_edit(_name, _change, _reason)


def raw_edit(name: str, edit, reason: str) -> None:
    """Adds a forgery that edits the bytes of the safetensors file."""
    forgery.add(
        name, "logistic", lambda b: b.raw.update({WEIGHTS: edit}), "weights", reason
    )


for _name, _size in (("too long", 10**6), ("endless", 2**63), ("too short", 5)):
    raw_edit(
        f"header length {_name}",
        lambda d, size=_size: struct.pack("<Q", size) + d[8:],
        "no safetensors header" if _size > 5 else "is not JSON",
    )

for _name, _bits in (("NaN", 0x7FF8 << 48), ("Infinity", 0x7FF0 << 48)):
    raw_edit(
        f"{_name} as a weight",
        lambda d, bits=_bits: d[:-8] + struct.pack("<Q", bits),
        "is not finite",
    )


@forgery.parametrize()
def test_forged_files_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


def test_the_same_weights_in_the_other_precision_are_read(tmp_path):
    """Not a forgery: F32 is allowed, and the net is another one with its own claim."""
    bundle = genuine("logistic")
    bundle.raw[WEIGHTS] = lambda data: safetensors(bundle.tensors, "F32")
    bundle.restate("1e-3")
    assert verify(bundle, tmp_path)["accepted"]


@pytest.mark.parametrize("name", ["problem.json", WEIGHTS, "certificate.tree"])
def test_links_pipes_and_folders_are_refused(name, tmp_path):
    certificate = genuine("logistic").write(tmp_path)
    path = tmp_path / name
    path.rename(tmp_path / "real")
    for make in (
        lambda: path.symlink_to("real"),
        lambda: os.mkfifo(path),
        path.mkdir,
    ):
        make()
        rejected(checker("verify", certificate), name, "no plain file")
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    (tmp_path / "real").rename(path)
    assert checker("verify", certificate)["accepted"]


def test_a_linked_certificate_is_refused(tmp_path):
    genuine("logistic").write(tmp_path).rename(tmp_path / "real.json")
    (tmp_path / "certificate.json").symlink_to("real.json")
    report = checker("verify", tmp_path / "certificate.json")
    rejected(report, "certificate.json", "no plain file")


def test_files_that_are_too_large_are_not_read(tmp_path):
    certificate = genuine("logistic").write(tmp_path)
    for name, limit in ((WEIGHTS, 256 * 2**20), ("certificate.tree", 2**25)):
        kept = (tmp_path / name).read_bytes()
        os.truncate(tmp_path / name, limit + 1)
        rejected(checker("verify", certificate), name, f"larger than {limit} bytes")
        (tmp_path / name).write_bytes(kept)


def test_absent_files_are_unusable(tmp_path):
    certificate = genuine("logistic").write(tmp_path)
    (tmp_path / WEIGHTS).unlink()
    report = checker("verify", certificate)
    assert report["status"] == 2 and not report["accepted"] and not report["statement"]
