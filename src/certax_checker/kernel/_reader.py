"""Reads the bytes of a certificate's files: bare names, strict JSON, safetensors."""

import hashlib
import json
import math
import os
import re
import stat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ._errors import Malformed, Missing

JSON_BYTES = 4 * 2**20
HEADER_BYTES = 2**20
WEIGHT_BYTES = 256 * 2**20
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.#]{0,127}")
DIGEST = re.compile(r"[0-9a-f]{64}")


class File(NamedTuple):
    """The bytes of one file, read once, and their SHA-256."""

    name: str
    data: bytes
    digest: str


def read_file(folder: Path, name: str, limit: int) -> File:
    """The plain file `name` of the folder, of at most `limit` bytes.

    **Raises:** `Missing` where there is no such file; `Malformed` for links, folders,
    names with a path in them, and files that are too large.
    """
    if not FILE_NAME.fullmatch(name):
        raise Malformed(f"{name!r} is not a bare file name", "file")
    path = os.path.join(folder, name)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Malformed(f"{name} is no plain file; put the file itself there", name)
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise Missing(f"{name} cannot be read: {error.strerror}", name) from None
    with os.fdopen(descriptor, "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise Malformed(f"{name} is not a plain file", name)
        if state.st_size > limit:
            raise Malformed(f"{name} is larger than {limit} bytes", name)
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise Malformed(f"{name} is larger than {limit} bytes", name)
    return File(name, data, hashlib.sha256(data).hexdigest())


def parse_json(data: bytes, where: str, depth: int = 12) -> Any:
    """The value of strict ASCII JSON: objects, lists, strings, integers, nothing else.

    **Raises:** `Malformed` for everything else, and for duplicate keys.
    """

    def refuse(text: str) -> Any:
        raise Malformed(f"{where}: {text[:40]} is not an integer of 15 digits", where)

    def integer(text: str) -> int:
        return int(text) if len(text.lstrip("-")) <= 15 else refuse(text)

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise Malformed(f"{where}: a key occurs twice in one object", where)
        return made

    def inspect(value: Any) -> None:
        children = value.values() if type(value) is dict else value
        if type(value) in (dict, list):
            if len(value) > 100_000:
                raise Malformed(f"{where}: more than 100,000 values in one list", where)
            for child in children:
                inspect(child)
        elif type(value) not in (str, int):
            raise Malformed(f"{where}: {value!r} has no place in these files", where)

    if len(data) > JSON_BYTES or not data.isascii():
        raise Malformed(f"{where} is not ASCII of at most 4 MiB", where)
    level, quoted, escaped = 0, False, False
    for byte in data:
        if quoted:
            quoted = escaped or byte != 34
            escaped = byte == 92 and not escaped
        else:
            quoted = byte == 34
            level += (byte in b"[{") - (byte in b"]}")
            if level > depth:
                raise Malformed(f"{where} is nested deeper than {depth}", where)
    try:
        value = json.loads(
            data.decode("ascii"),
            object_pairs_hook=unique,
            parse_int=integer,
            parse_float=refuse,
            parse_constant=refuse,
        )
    except ValueError as error:
        raise Malformed(f"{where} is not JSON: {error}", where) from None
    inspect(value)
    return value


def record(value: Any, where: str, *keys: str) -> list[Any]:
    """The values of an object that has exactly these keys."""
    if type(value) is not dict:
        raise Malformed(f"{where} is not an object", where)
    for key in keys:
        if key not in value:
            raise Malformed(f"{where} lacks the key {key!r}", where)
    for key in value:
        if key not in keys:
            raise Malformed(f"{where} has the unknown key {key!r}", where)
    return [value[key] for key in keys]


def integer(value: Any, where: str, low: int, high: int) -> int:
    """An integer in [low, high]."""
    if type(value) is not int or not low <= value <= high:
        shown = str(value)[:60]
        raise Malformed(f"{where}: {shown} is not an integer in [{low}, {high}]", where)
    return value


def text(value: Any, where: str, pattern: re.Pattern[str] = NAME) -> str:
    """A string that matches the whole pattern."""
    if type(value) is not str or not pattern.fullmatch(value):
        raise Malformed(f"{where}: {str(value)[:60]!r} does not have its form", where)
    return value


def sequence(value: Any, where: str) -> list[Any]:
    """A list."""
    if type(value) is not list:
        raise Malformed(f"{where} is not a list", where)
    return value


def parse_safetensors(data: bytes, where: str) -> dict[str, np.ndarray]:
    """The tensors of a safetensors file as float64 arrays, exactly.

    **Raises:** `Malformed` unless the data are F64 or F32, finite, of rank at most two,
    and fill the file without gap, overlap or remainder.
    """
    size = int.from_bytes(data[:8], "little")
    if len(data) < 8 or size > HEADER_BYTES or 8 + size > len(data):
        raise Malformed(f"{where} has no safetensors header", where)
    header = parse_json(data[8 : 8 + size], where)
    if type(header) is not dict:
        raise Malformed(f"{where}: the header is not an object", where)
    metadata = header.pop("__metadata__", {})
    if type(metadata) is not dict or any(type(v) is not str for v in metadata.values()):
        raise Malformed(f"{where}: the metadata are not strings", where)
    body, tensors, spans = data[8 + size :], {}, []
    for name, entry in header.items():
        text(name, where)
        kind, shape, offsets = record(entry, name, "dtype", "shape", "data_offsets")
        if kind not in ("F64", "F32"):
            raise Malformed(f"{where}: {name} is neither F64 nor F32", where)
        if len(sequence(shape, name)) > 2 or len(sequence(offsets, name)) != 2:
            raise Malformed(f"{where}: {name} has no possible shape or offsets", where)
        shape = [integer(n, name, 1, 4096) for n in shape]
        begin, end = [integer(n, name, 0, WEIGHT_BYTES) for n in offsets]
        width = int(kind[1:]) // 8
        if end - begin != width * math.prod(shape) or end > len(body):
            raise Malformed(f"{where}: {name} does not fit its offsets", where)
        spans.append((begin, end))
        array = np.frombuffer(body[begin:end], dtype=f"<f{width}").astype(np.float64)
        if not np.isfinite(array).all():
            raise Malformed(f"{where}: {name} is not finite", where)
        tensors[name] = array.reshape(shape)
    position = 0
    for begin, end in sorted(spans):
        if begin != position:
            raise Malformed(f"{where}: the tensors leave a gap or overlap", where)
        position = end
    if position != len(body):
        raise Malformed(f"{where} has bytes that belong to no tensor", where)
    return tensors
