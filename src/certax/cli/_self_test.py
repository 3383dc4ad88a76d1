"""A tiny certificate with a known answer, which the checker must accept, and a forged
one, which it must reject.
"""

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

from .._checker_process import run_checker

# û(t) = t/2 for u' = 1, u(0) = 0 on [0, 1]: the residual is -1/2 everywhere.
_one = {"name": "literal.1", "kind": "constant", "value": "1"}
_zero = {"name": "literal.0", "kind": "constant", "value": "0"}
_slope = {"name": "u.t", "kind": "derivative", "field": "u", "orders": [1]}
_weight = {"name": "slope", "kind": "weight", "shape": []}
_time = {"name": "t", "kind": "coordinate"}
_forged_bound = "0.49"


def check_the_checker(folder: Path) -> str:
    """Runs the checker on both certificates.

    **Arguments:**

    - `folder`: an empty folder to work in.

    **Returns:** what is wrong, or the empty string.
    """
    certificate, problem = _derived(folder)
    if problem:
        return problem
    file = folder / "certificate.json"
    file.write_text(json.dumps(certificate), encoding="ascii")
    outcome = run_checker(["verify", str(file), "--json"])
    if outcome.exit_code != 0 or outcome.answer.get("accepted") is not True:
        return f"It rejects a true certificate: {_said(outcome)}"
    forged = json.dumps(certificate).replace(certificate["bound"], _forged_bound)
    file.write_text(forged, encoding="ascii")
    outcome = run_checker(["verify", str(file), "--json"])
    if outcome.exit_code != 1 or outcome.answer.get("accepted") is not False:
        return f"It does not reject a forged certificate: {_said(outcome)}"
    return ""


def _derived(folder: Path) -> tuple[dict[str, Any], str]:
    """The true certificate as the checker derives it, or what is wrong."""
    draft = _write_draft(folder)
    outcome = run_checker(["derive", str(folder / "draft.json")])
    answer = outcome.answer
    if outcome.exit_code != 0 or answer.get("accepted") is not True:
        return {}, f"It derives nothing: {_said(outcome)}"
    bound = answer["bound"]["decimal"]
    if not 0.5 <= float(bound) < 0.51:
        return {}, f"It derives {bound} where 0.5 is right."
    certificate = draft | {"format": "certax-certificate/1", "bound": bound}
    return certificate | {k: answer[k] for k in ("curve", "verdict", "statement")}, ""


def _said(outcome: Any) -> str:
    return str(outcome.answer.get("reason") or outcome.message or outcome.answer)


def _write_draft(folder: Path) -> dict[str, Any]:
    programs = {
        "residual": _program([_slope, _one], [["sub", [0, 1]]], {"0": 2}),
        "network": _program([_time, _weight], [["mul", [0, 1]]], {"u": 2}),
        "initial": _program([_zero], [], {"u": 0}),
    }
    initial = {"kind": "initial", "coordinate": "t", "values": programs["initial"]}
    problem = {
        "format": "certax-problem/1",
        "name": "self_test",
        "coordinates": [{"name": "t", "lower": "0", "upper": "1"}],
        "fields": ["u"],
        "residual": programs["residual"],
        "conditions": [initial],
    }
    tensor = {"dtype": "F64", "shape": [], "data_offsets": [0, 8]}
    header = json.dumps({"slope": tensor}).encode()
    weights = struct.pack("<Q", len(header)) + header + struct.pack("<d", 0.5)
    contents = {
        "problem": ("problem.json", json.dumps(problem).encode()),
        "network": ("network.json", json.dumps(programs["network"]).encode()),
        "weights": ("weights.safetensors", weights),
        "tree": ("certificate.tree", b"\x01"),
    }
    hashed = {}
    for name, (file, content) in contents.items():
        (folder / file).write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        hashed[name] = {"file": file, "sha256": digest}
    draft = {
        "format": "certax-draft/1",
        "certax": "0",
        "trees": {"residual": hashed.pop("tree") | {"leaves": 1}},
        **hashed,
        "claim": "residual",
        "theorem": "",
        "norm": "Linf",
        "parameters": {},
    }
    (folder / "draft.json").write_text(json.dumps(draft), encoding="ascii")
    return draft


def _program(inputs: list, ops: list, outputs: dict[str, int]) -> dict[str, Any]:
    return {
        "format": "certax-program/1",
        "inputs": inputs,
        "ops": ops,
        "outputs": outputs,
    }
