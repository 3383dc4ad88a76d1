"""The strict reader: what it takes, and everything it must not take."""

import json
import os
import struct

import numpy as np
import pytest
from material import safetensors

from certax_checker.kernel._errors import Malformed, Missing
from certax_checker.kernel._reader import (
    parse_json,
    parse_safetensors,
    read_file,
    record,
)


def test_plain_json_is_read():
    assert parse_json(b' {"a": [1, "x", {"b": -12}]}\n', "f") == {
        "a": [1, "x", {"b": -12}]
    }


@pytest.mark.parametrize(
    "data",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b"[1.0]",
        b"[1e3]",
        b"[NaN]",
        b"[Infinity]",
        b"[-Infinity]",
        b"[true]",
        b"[false]",
        b"[null]",
        b"[1234567890123456]",
        b"[01]",
        b"[1,]",
        b"{'a': 1}",
        b'["\xc3\xa9"]',
        b'["a\nb"]',
        b"[1] 2",
        b"",
        b"[" * 13 + b"]" * 13,
        b'{"a":' * 13 + b"1" + b"}" * 13,
        b"[" * 100000,
        b"[" + b"1," * 100_000 + b"1]",
        b" " * (4 * 2**20 + 1),
    ],
)
def test_other_json_is_refused(data):
    with pytest.raises(Malformed):
        parse_json(data, "f")


def test_brackets_in_strings_do_not_count():
    text = json.dumps(["[" * 50 + '\\"{' * 9 + "\\"])
    assert parse_json(text.encode(), "f") == json.loads(text)


def test_records_have_exactly_their_keys():
    assert record({"b": 2, "a": 1}, "f", "a", "b") == [1, 2]
    for wrong in ({"a": 1}, {"a": 1, "b": 2, "c": 3}, [], "ab", 1):
        with pytest.raises(Malformed):
            record(wrong, "f", "a", "b")


def test_files_are_bare_plain_and_not_too_large(tmp_path):
    (tmp_path / "good.json").write_bytes(b"1234")
    (tmp_path / "folder").mkdir()
    os.symlink(tmp_path / "good.json", tmp_path / "link.json")
    os.mkfifo(tmp_path / "pipe")
    assert read_file(tmp_path, "good.json", 4).data == b"1234"
    for name in ("link.json", "folder", "pipe"):
        with pytest.raises(Malformed):
            read_file(tmp_path, name, 4)
    with pytest.raises(Malformed, match="larger"):
        read_file(tmp_path, "good.json", 3)
    for name in (
        "../good.json",
        "a/b",
        "",
        ".hidden",
        "/etc/passwd",
        "a\x00b",
        "x" * 101,
    ):
        with pytest.raises(Malformed, match="bare"):
            read_file(tmp_path / "folder", name, 4)
    with pytest.raises(Missing):
        read_file(tmp_path, "absent.json", 4)


def test_safetensors_round_trip_exactly():
    tensors = {"a": np.array([[0.1, -2.0]]), "b.c#": np.array(3.0), "d": np.ones(3)}
    for kind in ("F64", "F32"):
        read = parse_safetensors(safetensors(tensors, kind), "w")
        for name, array in tensors.items():
            exact = array if kind == "F64" else array.astype(np.float32)
            assert read[name].dtype == np.float64 and read[name].shape == array.shape
            assert (read[name] == exact).all()


def raw(header, body=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def entry(**changes):
    made = {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}
    return {**made, **changes}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1234567",
        struct.pack("<Q", 100) + b"{}",
        struct.pack("<Q", 2**63) + b"{}",
        raw({"a": entry(dtype="F16")}, bytes(8)),
        raw({"a": entry(dtype="I64")}, bytes(8)),
        raw({"a": entry(shape=[2])}, bytes(8)),
        raw({"a": entry(shape=[0], data_offsets=[0, 0])}),
        raw({"a": entry(shape=[1, 1, 1])}, bytes(8)),
        raw({"a": entry(data_offsets=[8, 0])}, bytes(8)),
        raw({"a": entry(data_offsets=[-8, 0])}, bytes(8)),
        raw({"a": entry(extra=1)}, bytes(8)),
        raw({"a": entry()}, bytes(7)),
        raw({"a": entry()}, bytes(9)),
        raw({"a": entry(data_offsets=[8, 16])}, bytes(16)),
        raw({"a": entry(), "b": entry()}, bytes(8)),
        raw({"a": entry(), "b": entry(data_offsets=[4, 12])}, bytes(12)),
        raw({"a": entry(), "b": entry(data_offsets=[16, 24])}, bytes(24)),
        raw({"a": entry(), "__metadata__": {"x": 1}}, bytes(8)),
        raw({"a b": entry()}, bytes(8)),
        raw({"a": entry()}, np.array([np.nan]).tobytes()),
        raw({"a": entry()}, np.array([np.inf]).tobytes()),
        raw([1]),
    ],
)
def test_other_safetensors_are_refused(data):
    with pytest.raises(Malformed):
        parse_safetensors(data, "w")
