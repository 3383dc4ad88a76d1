"""Writes small certificates by hand: programs, problems, networks, weights, trees."""

import contextlib
import hashlib
import io
import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np

from certax_checker._command import main

SOURCE = Path(__file__).parents[2] / "src"


class Builder:
    """A straight-line program under construction."""

    def __init__(self):
        self.inputs, self.ops, self.names = [], [], []

    def _input(self, **entry):
        for number, old in enumerate(self.inputs):
            if old == entry:
                return number
        assert not self.ops, "inputs come first"
        self.inputs.append(entry)
        return len(self.inputs) - 1

    def coordinate(self, name):
        return self._input(name=name, kind="coordinate")

    def constant(self, value, name=None):
        for number, old in enumerate(self.inputs):
            if name is None and old.get("value") == str(value):
                return number
        name = name or f"literal.{len(self.inputs)}"
        return self._input(name=name, kind="constant", value=str(value))

    def weight(self, name, shape):
        return self._input(name=name, kind="weight", shape=list(shape))

    def derivative(self, field, *orders):
        name = f"{field}." + "_".join(map(str, orders))
        return self._input(
            name=name, kind="derivative", field=field, orders=list(orders)
        )

    def __getattr__(self, operation):
        if operation.startswith("_"):
            raise AttributeError(operation)

        def add(*arguments, extra=None):
            op = [operation, list(arguments)] + ([] if extra is None else [extra])
            self.ops.append(op)
            return len(self.inputs) + len(self.ops) - 1

        return add

    def program(self, **outputs):
        return {
            "format": "certax-program/1",
            "inputs": self.inputs,
            "ops": self.ops,
            "outputs": {name.lstrip("_"): i for name, i in outputs.items()},
        }


def constant_program(**values):
    """A program of constants."""
    b = Builder()
    return b.program(**{name: b.constant(v) for name, v in values.items()})


def safetensors(tensors, dtype="F64"):
    """The bytes of a safetensors file."""
    header, body = {}, b""
    for name, array in tensors.items():
        data = np.asarray(array, dtype="<f8" if dtype == "F64" else "<f4").tobytes()
        header[name] = {
            "dtype": dtype,
            "shape": list(np.shape(array)),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def random_tree(generator, dimension, depth):
    """A tree of random cuts and degrees."""
    if depth == 0 or generator.random() < 0.2:
        return bytes([generator.integers(16)])
    axis = 16 + int(generator.integers(dimension))
    halves = [random_tree(generator, dimension, depth - 1) for _ in range(2)]
    return bytes([axis]) + b"".join(halves)


def uniform_tree(levels, degree):
    """Axis i cut `levels[i]` times everywhere, axis by axis."""
    axes = [axis for axis, n in enumerate(levels) for _ in range(n)]
    made = bytes([degree])
    for axis in reversed(axes):
        made = bytes([16 + axis]) + made + made
    return made


def write_json(path, value):
    """Writes canonical JSON and returns its hash."""
    data = json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
    path.write_bytes(data.encode())
    return hashlib.sha256(data.encode()).hexdigest()


def leaves(tree):
    """How many leaves a tree has."""
    return sum(byte < 16 for byte in tree)


def write_draft(folder, problem, network, tensors, tree, initial=None, *,
                claim="solution", theorem="", norm="Linf", parameters=None,
                dtype="F64", walls=None, evaluation=None):  # fmt: skip
    """Writes all files of a draft and returns its path."""
    folder = Path(folder)
    files = {}
    for key, value in (("problem", problem), ("network", network)):
        digest = write_json(folder / f"{key}.json", value)
        files[key] = {"file": f"{key}.json", "sha256": digest}

    def write(name, data):
        (folder / name).write_bytes(data)
        return {"file": name, "sha256": hashlib.sha256(data).hexdigest()}

    files["weights"] = write("weights.safetensors", safetensors(tensors, dtype))
    trees = {"residual": {**write("certificate.tree", tree), "leaves": leaves(tree)}}
    for key, data in (("initial", initial), ("walls", walls)):
        if data is not None:
            trees[key] = {**write(f"{key}.tree", data), "leaves": leaves(data)}
    draft = {
        "format": "certax-draft/1",
        "certax": "0.1.0",
        **files,
        "trees": trees,
        "claim": claim,
        "theorem": theorem,
        "norm": norm,
        "parameters": parameters or {},
    }
    if evaluation is not None:
        draft["evaluation"] = evaluation
    write_json(folder / "draft.json", draft)
    return folder / "draft.json"


def certificate_from(draft, derived, **changes):
    """Writes the certificate that follows from a draft and what was derived."""
    value = json.loads(draft.read_text())
    value.update(
        format="certax-certificate/1",
        bound=derived["bound"]["decimal"],
        curve=derived["curve"],
        verdict=derived["verdict"],
        statement=derived["statement"],
    )
    value.update(changes)
    write_json(draft.parent / "certificate.json", value)
    return draft.parent / "certificate.json"


def run(*arguments):
    """Runs the checker in its own process: (status, output)."""
    done = subprocess.run(
        [sys.executable, "-m", "certax_checker", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": ""},
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def call(*arguments):
    """Runs the checker in this process: (status, output)."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = main([str(argument) for argument in arguments])
    return status, output.getvalue()


def derive(draft):
    """What the checker derives from a draft."""
    status, output = call("derive", draft)
    report = json.loads(output)
    assert status == (0 if report["accepted"] else 1), report["reason"]
    return report


def verify(certificate, *options):
    """What the checker says to a certificate."""
    status, output = call("verify", certificate, "--json", *options)
    report = json.loads(output)
    assert (status == 0) == report["accepted"]
    return report


def network_program(names, widths, combine, constants=("1",), activation="tanh"):
    """A tanh net N of all coordinates and the field u = combine(builder, N, ...).

    `combine` gets the builder, N, and the numbers of coordinates and constants.
    **Returns:** the program and its weights' shapes.
    """
    b = Builder()
    xs = [b.coordinate(name) for name in names]
    numbers = [b.constant(value) for value in constants]
    sizes, shapes = [len(names), *widths, 1], {}
    for k in range(len(sizes) - 1):
        shapes[f"layers.{k}.weight"] = (sizes[k + 1], sizes[k])
        shapes[f"layers.{k}.bias"] = (sizes[k + 1],)
    weights = {name: b.weight(name, shape) for name, shape in shapes.items()}
    value = b.stack(*xs)
    for k in range(len(sizes) - 1):
        value = b.matvec(weights[f"layers.{k}.weight"], value)
        value = b.add(value, weights[f"layers.{k}.bias"])
        if k < len(sizes) - 2:
            value = getattr(b, activation)(value)
    return b.program(u=combine(b, b.index(value, extra=0), *xs, *numbers)), shapes


def random_weights(shapes, seed, size=1.0):
    """Random weights of these shapes."""
    generator = np.random.default_rng(seed)
    return {
        name: size * generator.standard_normal(shape) / np.sqrt(shape[-1])
        for name, shape in shapes.items()
    }
