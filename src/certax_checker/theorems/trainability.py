"""Claims about the training of nets of depth two: `docs/theory/trainability.md`."""

import math
from pathlib import Path
from typing import Any

import numpy as np
from flint import arb

from ..equations._shallow_nets import (
    landscape,
    least_tangent_eigenvalue,
    suprema,
    tensors_of,
)
from ..kernel._documents import ANY
from ..kernel._errors import Malformed, Refusal
from ..kernel._numbers import DECIMAL, decimal, round_down, round_up
from ..kernel._reader import (
    DIGEST,
    FILE_NAME,
    WEIGHT_BYTES,
    parse_json,
    read_file,
    record,
    text,
)
from ..kernel._statement import Hypothesis

FORMS = {True: "certax-trainability-draft/1", False: "certax-trainability/1"}
TENSORS = {
    "regularized-shallow-net": ("outer", "inputs", "targets"),
    "tangent-kernel": ("outer", "inputs", "weights"),
}
LOWER = "least_eigenvalue"
PLAIN_LOSS = {"squared": "(f - y)^2 / 2", "logistic": "ln(1 + exp(-y f))"}


def speaks(data: bytes) -> bool:
    """Whether the certificate is one about training."""
    value = parse_json(data, "certificate")
    return type(value) is dict and value.get("format") in FORMS.values()


def _derived(key: str, value: arb) -> float:
    """A float on the safe side: below the least eigenvalue, above all else."""
    sign = -1.0 if key == LOWER else 1.0
    turned = -value if key == LOWER else value
    found = float(turned.upper()) if turned.is_finite() else math.inf
    # Two steps up, as the conversion may have rounded down.
    found = math.nextafter(math.nextafter(found, math.inf), math.inf)
    if not math.isfinite(found) or not arb(found) >= turned:
        raise Refusal(f"{key} is not finite", key)
    return sign * found


def _written(key: str, value: float) -> str:
    if key == LOWER and value <= 0:
        raise Refusal("the tangent kernel may be singular", "kernel")
    return round_down(value, 3) if key == LOWER else round_up(value)


def _claimed(given: Any, derived: dict[str, float]) -> dict[str, str]:
    """The claimed constants, each of which follows from the derived one."""
    values = record(given, "constants", *derived)
    claimed = dict(zip(derived, values, strict=True))
    for key, value in derived.items():
        number = decimal(text(claimed[key], key, DECIMAL))
        implied = number <= value if key == LOWER else number >= value
        if not implied or number < 0:
            raise Refusal(f"{key} was derived as {value!r}, not {claimed[key]}", key)
    return claimed


def _sentence(given: dict[str, Any], claimed: dict[str, str], digest: str) -> str:
    names = "a and x" if LOWER in claimed else "a, x and y"
    net = f"f(x; W) = sum_j a_j {given['activation']}(w_j . x) with the {names} "
    net += f"of the data file (SHA-256 {digest})"
    if LOWER in claimed:
        return (
            f"no eigenvalue of J J^T is below {claimed[LOWER]}, where J holds the "
            f"derivatives by W of the outputs of the net {net}, at the weights W there"
        )
    weight, loss = given["regularization"], given["loss"]
    half = "/2" if given["activation"] == "softplus" and loss == "logistic" else ""
    parts = [
        f"for all W <W, gradient> >= lambda{half} |W|^2 - {claimed['defect']} and so "
        "the regularized loss is dissipative"
    ]
    if "threshold" in claimed:
        parts.append(
            f"every eigenvalue of every Hessian is at least lambda - "
            f"{claimed['threshold']} and at most {claimed['smoothness']}"
        )
        if decimal(weight) > decimal(claimed["threshold"]):
            parts.append("the regularized loss is strongly convex")
    return (
        f"{'; '.join(parts)}; for the mean of {PLAIN_LOSS[loss]} plus lambda/2 |W|^2, "
        f"lambda = {weight}, of the net {net}; the formula recalled as the published "
        f"threshold lambda_c is at most {claimed['critical']}"
    )


def check(data: bytes, folder: Path, draft: bool, report: dict[str, Any]) -> None:
    """Derives or verifies the constants, and fills in the report.

    **Raises:** `Refusal` where they do not follow.
    """
    value = parse_json(data, "certificate")
    theorem = value.get("theorem") if type(value) is dict else None
    if type(theorem) is not str or theorem not in TENSORS:
        raise Malformed("the theorem is not one of those known", "theorem")
    ground = theorem == "regularized-shallow-net"
    keys = ["format", "certax", "claim", "theorem", "activation", "data"]
    keys += ["loss", "regularization"] * ground
    keys += ["constants", "verdict", "statement"] * (not draft)
    given = dict(zip(keys, record(value, "certificate", *keys), strict=True))
    if given["format"] != FORMS[draft] or given["claim"] != "trainability":
        raise Malformed(f"this is no claim in {FORMS[draft]}", "format")
    text(given["certax"], "certax", ANY)
    activation = text(given["activation"], "activation")
    suprema(activation)
    name, digest = record(given["data"], "data", "file", "sha256")
    file = read_file(folder, text(name, "data", FILE_NAME), WEIGHT_BYTES)
    report["hashes"]["data"] = file.digest
    report.update(claim="trainability", theorem=theorem)
    if file.digest != text(digest, "data", DIGEST):
        raise Refusal(f"{name} does not have the hash that is named", "data")
    tensors = tensors_of(file.data, TENSORS[theorem])
    if ground:
        loss = text(given["loss"], "loss")
        wrong = loss == "logistic" and not (np.abs(tensors["targets"]) == 1.0).all()
        if loss not in PLAIN_LOSS or wrong:
            raise Malformed("the loss is unknown, or a label is not 1 or -1", "loss")
        weight = decimal(text(given["regularization"], "regularization", DECIMAL))
        if weight <= 0:
            raise Refusal("the regularization is not positive", "regularization")
        found = landscape(tensors, activation, loss, weight)
    else:
        found = {LOWER: least_tangent_eigenvalue(tensors, activation)}
    derived = {key: _derived(key, bound) for key, bound in found.items()}
    written = {key: _written(key, bound) for key, bound in derived.items()}
    claimed = written if draft else _claimed(given["constants"], derived)
    statement = f"Proved: {_sentence(given, claimed, file.digest)}."
    if not draft and (given["verdict"], given["statement"]) != ("proved", statement):
        raise Refusal("the verdict or the statement is not what follows", "statement")
    detail = "finite numbers, in shapes that fit; every constant was derived again"
    report["hypotheses"] = [Hypothesis("data", "checked", detail)._asdict()]
    report.update(accepted=True, statement=statement, verdict="proved")
    report["constants"] = claimed
