"""Certificates of trainability: what the checker derives again, and what not."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..._core import CertaxError, write_atomically
from ..._core._balls import positive_number
from ..._version import version
from .._checker import run_checker
from .._weights_files import weights_file
from ._curve import Curve
from ._guarantee import Guarantee
from ._run import TrainingRun

_stem = "certificate-trainability"


@dataclass(frozen=True)
class TrainabilityCertificate:
    """What is proved of the training of a net.

    **Attributes:**

    - `verdict`: `"proved"` if the independent checker derived the `constants`, else
      `"not applicable"`, and `reason` says why.
    - `constants`: decimal text by name, as the checker derived and rounded them.
    - `statement`: in the checker's words.
    - `guarantee`: what the algorithm's theorem says of the run. It rests on the
      constants and on formulas that the checker does not have: computed, not checkable.
    - `files`: contents by name, the certificate itself first.
    """

    verdict: str
    constants: Mapping[str, str]
    statement: str
    guarantee: Guarantee
    reason: str = ""
    file: str = f"{_stem}.json"
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def proved(self) -> bool:
        return self.verdict == "proved"

    def __str__(self) -> str:
        head = self.statement or f"{self.verdict}: {self.reason}"
        return f"{head}\n\nComputed, not checkable:\n{self.guarantee}"

    def save(self, folder: Path) -> None:
        """Writes `certificate-trainability.json`, its data, and the guarantee."""
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            write_atomically(Path(folder) / name, content)


def certify_trainability(run: TrainingRun) -> TrainabilityCertificate:
    """The constants of the run's landscape or tangent kernel, derived by the checker,
    and what the algorithm's theorem makes of them.

    **Raises:** `CertaxError` for a step above the admissible one.
    """
    guarantee = run.guarantee()
    net, kernel = run.net, run.algorithm == "delta-gclip"
    tensors = {"outer": net.outer, "inputs": net.inputs}
    tensors |= {"weights": run.start} if kernel else {"targets": net.targets}
    # The checker's reader takes these shapes; a copy makes strides plain.
    data = weights_file({k: np.array(v, np.float64) for k, v in tensors.items()})
    name = f"{_stem}-data.safetensors"
    draft: dict[str, Any] = {
        "format": "certax-trainability-draft/1",
        "certax": version(),
        "claim": "trainability",
        "theorem": "tangent-kernel" if kernel else "regularized-shallow-net",
        "activation": net.activation,
        "data": {"file": name, "sha256": hashlib.sha256(data).hexdigest()},
    }
    if not kernel:
        assert run.regularization is not None
        draft["loss"] = net.loss
        draft["regularization"] = _decimal(run.regularization)
    files = {f"{_stem}-guarantee.json": _guarantee_text(guarantee)}
    if run.losses is not None:
        files[f"{_stem}-losses.csv"] = _losses_text(run)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.json"
        path.write_bytes(json.dumps(draft).encode("ascii"))
        (Path(folder) / name).write_bytes(data)
        _, answer = run_checker("derive", path)
    if not answer["accepted"]:
        reason = str(answer["reason"])
        return TrainabilityCertificate(
            "not applicable", {}, "", guarantee, reason, files=files
        )
    final = {
        **draft,
        "format": "certax-trainability/1",
        "constants": answer["constants"],
        "verdict": answer["verdict"],
        "statement": answer["statement"],
    }
    text = json.dumps(final, indent=1, ensure_ascii=True).encode("ascii")
    return TrainabilityCertificate(
        verdict=answer["verdict"],
        constants=answer["constants"],
        statement=answer["statement"],
        guarantee=guarantee,
        files={f"{_stem}.json": text, name: data, **files},
    )


def _decimal(value: float | str | Fraction) -> str:
    """The regularization in the checker's grammar, exactly.

    **Raises:** `CertaxError` if it is no decimal.
    """
    number = positive_number("regularization", value)
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise CertaxError(
            f"The regularization {value} is not a decimal number.",
            value=value,
            remedy='Write it as text, for instance "0.1".',
        )
    digits = Decimal(value if isinstance(value, str) else float(number))
    return format(digits, "f")


def _guarantee_text(guarantee: Guarantee) -> bytes:
    """The guarantee as JSON; it says of itself that no checker stands behind it."""
    content = {
        "status": "computed, not checkable",
        "name": guarantee.name,
        "verdict": guarantee.verdict,
        "statement": guarantee.statement,
        "vacuous": guarantee.vacuous,
        "reason": guarantee.reason,
        "constants": {
            key: {**vars(constant), "value": repr(constant.value)}
            for key, constant in guarantee.constants.items()
        },
        "hypotheses": [vars(hypothesis) for hypothesis in guarantee.hypotheses],
        "binding": list(guarantee.binding),
        "curve": None if guarantee.curve is None else _curve(guarantee.curve),
    }
    return json.dumps(content, indent=1).encode("ascii")


def _curve(curve: Curve) -> dict[str, Any]:
    numbers = {name: repr(value) for name, value in curve.numbers.items()}
    ends = {"step": repr(curve.step), "limit": repr(curve.limit)}
    return {**vars(curve), **ends, "numbers": numbers}


def _losses_text(run: TrainingRun) -> bytes:
    """The record as CSV; measured, and nothing rests on it."""
    pairs = zip(run.steps.tolist(), run.losses.tolist(), strict=True)
    rows = [f"{step!r},{loss!r}" for step, loss in pairs]
    return ("\n".join(["step,loss", *rows]) + "\n").encode("ascii")
