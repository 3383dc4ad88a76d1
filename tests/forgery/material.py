"""Certificates made by hand, and their resealing after an edit.

Nothing here is shared with the finder: programs are written out, nets are fitted by
NumPy alone, and files are put together from `docs/format.md`.
"""

import contextlib
import copy
import hashlib
import io
import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from certax_checker._command import main

JSON = dict[str, Any]


class Expression:
    """A node of a program under construction."""

    def __init__(self, name, arguments=(), extra=None, entry=None):
        self.name, self.extra, self.entry = name, extra, entry
        self.arguments = tuple(lift(argument) for argument in arguments)

    def __add__(self, other):
        return Expression("add", (self, other))

    def __sub__(self, other):
        return Expression("sub", (self, other))

    def __rsub__(self, other):
        return Expression("sub", (other, self))

    def __mul__(self, other):
        return Expression("mul", (self, other))

    def __truediv__(self, other):
        return Expression("div", (self, other))

    def __rtruediv__(self, other):
        return Expression("div", (other, self))

    def __neg__(self):
        return Expression("neg", (self,))

    def __pow__(self, power):
        return Expression("ipow", (self,), power)

    __radd__, __rmul__ = __add__, __mul__


def lift(value: Any) -> Expression:
    """An expression, or a number as an exact constant."""
    return value if isinstance(value, Expression) else constant(str(value))


def call(name: str, *arguments: Any, extra: int | None = None) -> Expression:
    """One operation."""
    return Expression(name, arguments, extra)


def constant(value: str, name: str = "") -> Expression:
    """A constant; without a name, a number that stood in the text."""
    return Expression("", entry={"kind": "constant", "name": name, "value": value})


def coordinate(name: str) -> Expression:
    """A coordinate."""
    return Expression("", entry={"kind": "coordinate", "name": name})


def weight(name: str, *shape: int) -> Expression:
    """A weight."""
    return Expression("", entry={"kind": "weight", "name": name, "shape": list(shape)})


def derivative(name: str, *orders: int) -> Expression:
    """A field's derivative."""
    marks = "".join(f"d{n}" for n in orders)
    entry = {"kind": "derivative", "name": f"{name}.{marks}", "field": name}
    return Expression("", entry={**entry, "orders": list(orders)})


def program(**outputs: Any) -> JSON:
    """The program of some expressions; an underscore before a name is dropped."""
    inputs: list[JSON] = []
    operations: list[list] = []
    nodes: dict[int, Expression] = {}

    def collect(node: Expression) -> None:
        for argument in node.arguments:
            if id(argument) not in nodes:
                collect(argument)
        nodes[id(node)] = node

    roots = {name.lstrip("_"): lift(value) for name, value in outputs.items()}
    for root in roots.values():
        collect(root)
    numbers: dict[int, int] = {}
    for key, node in nodes.items():
        if node.entry is not None:
            same = [i for i, old in enumerate(inputs) if _matches(old, node.entry)]
            if not same:
                name = node.entry["name"] or f"literal.{len(inputs)}"
                inputs.append({**node.entry, "name": name})
            numbers[key] = same[0] if same else len(inputs) - 1
    for key, node in nodes.items():
        if node.entry is None:
            extra = [] if node.extra is None else [node.extra]
            operations.append(
                [node.name, [numbers[id(a)] for a in node.arguments], *extra]
            )
            numbers[key] = len(inputs) + len(operations) - 1
    return {
        "format": "certax-program/1",
        "inputs": inputs,
        "ops": operations,
        "outputs": {name: numbers[id(root)] for name, root in roots.items()},
    }


def _matches(old: JSON, entry: JSON) -> bool:
    if entry["name"] or not old["name"].startswith("literal."):
        return old == entry
    return old["value"] == entry["value"]


def dense(*inputs: Any, width: int, name: str = "net") -> Expression:
    """A net with one hidden layer of tanh and one output."""
    hidden = call(
        "matvec", weight(f"{name}.0", width, len(inputs)), call("stack", *inputs)
    )
    hidden = call("tanh", hidden + weight(f"{name}.1", width))
    return call("dot", weight(f"{name}.2", width), hidden)


def safetensors(tensors: dict[str, np.ndarray], dtype: str = "F64") -> bytes:
    """The bytes of a safetensors file."""
    header, body = {}, b""
    for name, array in tensors.items():
        data = np.asarray(array, dtype=f"<f{int(dtype[1:]) // 8}").tobytes()
        offsets = [len(body), len(body) + len(data)]
        shape = list(np.shape(array))
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": offsets}
        body += data
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def uniform(levels: tuple[int, ...], degree: int) -> bytes:
    """The tree in which axis i is cut `levels[i]` times everywhere."""
    made = bytes([degree])
    for axis in reversed([i for i, n in enumerate(levels) for _ in range(n)]):
        made = bytes([16 + axis]) + made + made
    return made


def canonical(value: Any) -> bytes:
    """Canonical JSON."""
    return (json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n").encode()


def digest(data: bytes) -> str:
    """The SHA-256 of some bytes."""
    return hashlib.sha256(data).hexdigest()


@dataclass
class Bundle:
    """All that a certificate consists of, before it is written and hashed.

    **Arguments:** `raw` (edits of a file's bytes by its name, made before hashing),
    `names` (files that bear another name), `head` (entries of the certificate that
    replace those computed), `hashes` (those that the statement names), `attached`
    (programs and tensors by the parameter that names their file).
    """

    problem: JSON
    network: JSON
    tensors: dict[str, np.ndarray]
    trees: dict[str, bytes]
    claim: JSON
    raw: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    head: JSON = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    attached: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> "Bundle":
        """A copy that can be edited."""
        return copy.deepcopy(self)

    def parts(self) -> dict[str, tuple[str, bytes]]:
        """File names and bytes by role."""
        parts = {
            "problem": ("problem.json", canonical(self.problem)),
            "network": ("network.json", canonical(self.network)),
            "weights": ("weights.safetensors", safetensors(self.tensors)),
            "residual": ("certificate.tree", self.trees["residual"]),
        }
        if "initial" in self.trees:
            parts["initial"] = ("initial.tree", self.trees["initial"])
        for key, made in self.attached.items():
            plain = "format" in made
            name = f"{key}.json" if plain else f"{key}.safetensors"
            parts[key] = (name, canonical(made) if plain else safetensors(made))
        edit = {name: self.raw.get(name, bytes) for name, _ in parts.values()}
        return {key: (name, edit[name](data)) for key, (name, data) in parts.items()}

    def write(self, folder: Path, draft: bool = False) -> Path:
        """Writes and hashes everything; the path of the certificate."""
        value: JSON = {"certax": "0.1.0", "trees": {}, **self.claim}
        value["format"] = "certax-draft/1" if draft else "certax-certificate/1"
        for key, (name, data) in self.parts().items():
            (folder / name).write_bytes(data)
            entry = {"file": self.names.get(key, name), "sha256": digest(data)}
            if key in ("residual", "initial"):
                count = sum(byte < 16 for byte in data)
                value["trees"][key] = {**entry, "leaves": count}
            elif key in self.attached:
                value["parameters"] = {**value["parameters"], key: entry}
            else:
                value[key] = entry
            if key in self.hashes and type(value.get("statement")) is str:
                old, new = self.hashes[key], entry["sha256"]
                value["statement"] = value["statement"].replace(old, new)
        value.update(self.head)
        path = folder / ("draft.json" if draft else "certificate.json")
        path.write_bytes(self.raw.get(path.name, bytes)(canonical(value)))
        return path

    def derived(self, folder: Path) -> "Bundle":
        """The bundle with the claim that the checker derives."""
        self.claim = {
            key: self.claim[key] for key in ("claim", "theorem", "norm", "parameters")
        }
        report = checker("derive", self.write(folder, draft=True))
        assert report["accepted"], (report["where"], report["reason"])
        bound = report["bound"]["decimal"]
        kept = {key: report[key] for key in ("curve", "verdict", "statement")}
        self.claim.update(bound=bound, **kept)
        if report["interval"]:
            self.claim["interval"] = report["interval"]
        self.hashes = {key: digest(data) for key, (_, data) in self.parts().items()}
        return self

    def restate(self, bound: str) -> None:
        """Claims another bound in the checker's own words."""
        old = f"at most {self.claim['bound']}, where"
        assert self.claim["statement"].count(old) == 1
        new = f"at most {bound}, where"
        self.claim["statement"] = self.claim["statement"].replace(old, new)
        self.claim["bound"] = bound


def checker(command: str, path: Path, *options: str) -> JSON:
    """What the checker says, with its exit status under `status`."""
    output = io.StringIO()
    options = ("--json", *options) if command == "verify" else options
    with contextlib.redirect_stdout(output):
        status = main([command, str(path), *map(str, options)])
    report = json.loads(output.getvalue())
    assert (status == 0) == report["accepted"]
    return {**report, "status": status}


def verify(bundle: Bundle, folder: Path, *options: str) -> JSON:
    """The checker's answer to a bundle."""
    return checker("verify", bundle.write(folder), *options)
