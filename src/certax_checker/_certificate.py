"""The certificate itself: the claim, and the files that it names by their hashes."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .equations._rounding import FORMATS, Evaluation
from .kernel._documents import ANY
from .kernel._errors import Malformed, Refusal
from .kernel._numbers import DECIMAL, decimal, signed_decimal
from .kernel._reader import (
    DIGEST,
    FILE_NAME,
    JSON_BYTES,
    WEIGHT_BYTES,
    File,
    integer,
    parse_json,
    read_file,
    record,
    sequence,
    text,
)
from .kernel._trees import NODES

SIGNED = re.compile(f"-?{DECIMAL.pattern}")
PLAIN = re.compile(r"[\x20-\x7e]{0,100000}")


@dataclass(frozen=True)
class Certificate:
    """The claim; `bound`, `curve`, `verdict` and `statement` are empty in a draft."""

    files: dict[str, File]
    leaves: dict[str, int]
    claim: str
    theorem: str
    norm: str
    parameters: dict[str, Any]
    bound: str
    curve: tuple[str, ...]
    verdict: str
    statement: str
    interval: tuple[str, ...] = ()
    evaluation: Evaluation | None = None


def read_certificate(data: bytes, folder: Path, draft: bool) -> Certificate:
    """The claim of section 7 of `docs/format.md`, with its files beside it."""
    where = "certificate"
    keys = ["format", "certax", "problem", "network", "weights", "trees", "claim",
            "theorem", "norm", "parameters"]  # fmt: skip
    keys += [] if draft else ["bound", "curve", "verdict", "statement"]
    found = parse_json(data, where)
    ranged = not draft and type(found) is dict and found.get("claim") == "range"
    keys += ["interval"] if ranged else []
    evaluated = type(found) is dict and "evaluation" in found
    keys += ["evaluation"] if evaluated else []
    values = dict(zip(keys, record(found, where, *keys), strict=True))
    form = "certax-draft/1" if draft else "certax-certificate/1"
    if values["format"] != form:
        raise Malformed(f"the format is {values['format']!r}, not {form}", where)
    for key in ("certax", "claim", "theorem", "norm"):
        text(values[key], key, ANY)
    if type(values["trees"]) is not dict or type(values["parameters"]) is not dict:
        raise Malformed("trees or parameters are not an object", where)
    if not {"residual"} <= set(values["trees"]) <= {"residual", "initial", "walls"}:
        reason = "the trees are not `residual` and perhaps `initial` and `walls`"
        raise Malformed(reason, where)
    limits = {"problem": JSON_BYTES, "network": JSON_BYTES, "weights": WEIGHT_BYTES}
    files, leaves = {}, {}
    for key in limits:
        name, digest = record(values[key], key, "file", "sha256")
        files[key] = _hashed(folder, key, name, digest, limits[key])
    for key, entry in values["trees"].items():
        name, digest, count = record(entry, key, "file", "sha256", "leaves")
        files["tree " + key] = _hashed(folder, key, name, digest, NODES)
        leaves[key] = integer(count, key, 1, NODES)
    for key, entry in values["parameters"].items():
        if type(entry) is dict and set(entry) == {"file", "sha256"}:
            name, digest = record(entry, key, "file", "sha256")
            limit = WEIGHT_BYTES if key.endswith("weights") else JSON_BYTES
            files["parameter " + key] = _hashed(folder, key, name, digest, limit)
    if sum(key.startswith("parameter ") for key in files) > 4:
        raise Malformed("the parameters name more than four files", "parameters")
    bound, curve, verdict, statement = "", (), "", ""
    if not draft:
        bound = text(values["bound"], "bound", DECIMAL)
        entries = sequence(values["curve"], "curve")
        curve = tuple(text(entry, "curve", DECIMAL) for entry in entries)
        verdict = text(values["verdict"], "verdict", ANY)
        statement = text(values["statement"], "statement", PLAIN)
        for number in (bound, *curve):
            decimal(number)
    interval = tuple(
        text(entry, "interval", SIGNED)
        for entry in sequence(values.get("interval", []), "interval")
    )
    if len(interval) != 2 * ranged:
        raise Malformed("the interval has not two ends", "interval")
    for number in interval:
        signed_decimal(number)
    evaluation = _evaluation(values["evaluation"]) if evaluated else None
    return Certificate(
        files, leaves, values["claim"], values["theorem"], values["norm"],
        values["parameters"], bound, curve, verdict, statement, interval, evaluation,
    )  # fmt: skip


def _evaluation(value: Any) -> Evaluation:
    form, ulps = record(value, "evaluation", "format", "ulps")
    if type(form) is not str or form not in FORMATS:
        raise Malformed(f"{form!r} is not a format of numbers", "evaluation")
    return Evaluation(form, integer(ulps, "evaluation", 1, 2**20))


def _hashed(folder: Path, key: str, name: Any, digest: Any, limit: int) -> File:
    made = read_file(folder, text(name, key, FILE_NAME), limit)
    if made.digest != text(digest, key, DIGEST):
        raise Refusal(f"{name} does not have the hash that the certificate names", key)
    return made
