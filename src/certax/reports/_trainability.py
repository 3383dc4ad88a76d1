"""The page of a certificate of trainability: the loss beside its bound, constants."""

import csv
import hashlib
import json
import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from .._core import CertaxError
from ..certificates import Curve
from . import _numbers
from ._files import read_bytes
from ._schemas import Hypothesis
from ._style import Figure, axis, figure, log_axis, measured_line, positive, proved_line

_stem = "certificate-trainability"
_points = 240
_digits = 4
# Differences of losses that are so many roundings are none.
_roundings = 16
_hover = "after %{{x}} steps {}%{{y:.3g}}<extra>{}</extra>"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Constant(_Part):
    value: str
    relation: Literal["at most", "at least", "admissible up to", "as recalled"]
    meaning: str


class _Curve(_Part):
    form: Literal["geometric", "entropy", "level"]
    quantity: str
    above: bool
    numbers: dict[str, str]
    step: str
    limit: str


class _Guarantee(_Part):
    status: Literal["computed, not checkable"]
    name: str
    verdict: str
    statement: str
    vacuous: bool
    reason: str
    constants: dict[str, _Constant]
    hypotheses: list[Hypothesis]
    binding: list[str]
    curve: _Curve | None


class _Data(_Part):
    file: str
    sha256: str


class _Certificate(_Part):
    format: Literal["certax-trainability/1"]
    certax: str
    claim: str
    theorem: str
    activation: str
    data: _Data
    loss: str | None = None
    regularization: str | None = None
    constants: dict[str, str]
    verdict: str
    statement: str


@dataclass(frozen=True)
class Trainability:
    """What the folder has.

    - `certificate`: what the checker derived, `None` if it did not apply.
    - `losses`: pairs of a step and a loss, as recorded; may be empty.
    - `changed`: whether the data are others than the certificate's.
    """

    certificate: _Certificate | None
    guarantee: _Guarantee
    losses: np.ndarray
    changed: bool

    @property
    def curve(self) -> Curve | None:
        stored = self.guarantee.curve
        if stored is None:
            return None
        numbers = {name: float(text) for name, text in stored.numbers.items()}
        ends = float(stored.step), float(stored.limit)
        return Curve(stored.form, stored.quantity, stored.above, numbers, *ends)


def is_trainability(folder: Path) -> bool:
    """Whether a folder is that of a certificate of trainability, and of no run."""
    guarantee = (folder / f"{_stem}-guarantee.json").exists()
    return guarantee and not (folder / "summary.json").exists()


def read_trainability(folder: Path) -> Trainability:
    """Reads the certificate, the guarantee and the recorded losses.

    **Raises:** `CertaxError` if a file is damaged.
    """
    guarantee = _read(_Guarantee, folder / f"{_stem}-guarantee.json")
    path, certificate, changed = folder / f"{_stem}.json", None, False
    if path.exists():
        certificate = _read(_Certificate, path)
        data = read_bytes(folder / Path(certificate.data.file).name)
        changed = hashlib.sha256(data).hexdigest() != certificate.data.sha256
    record = folder / f"{_stem}-losses.csv"
    losses = _losses(record) if record.exists() else np.empty((0, 2))
    found = Trainability(certificate, guarantee, losses, changed)
    try:
        if found.curve is not None:
            found.curve.at(1.0)
        [float(c.value) for c in guarantee.constants.values()]
    except (ValueError, KeyError, OverflowError) as error:
        raise _damaged(folder / f"{_stem}-guarantee.json", str(error)) from None
    return found


def _read(model: type, path: Path) -> Any:
    try:
        return model.model_validate(json.loads(read_bytes(path)))
    except (ValueError, RecursionError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise _damaged(path, first) from None


def _losses(path: Path) -> np.ndarray:
    try:
        head, *rows = csv.reader(read_bytes(path).decode("ascii").splitlines())
        if head != ["step", "loss"]:
            raise ValueError(f"the head is {head}")
        values = np.array([[float(a), float(b)] for a, b in rows]).reshape(-1, 2)
        if not np.isfinite(values).all():
            raise ValueError("there are entries that are not finite")
        return values
    except ValueError as error:
        raise _damaged(path, str(error)) from None


def _damaged(path: Path, why: str) -> CertaxError:
    return CertaxError(
        f"{path} is damaged: {why}.",
        value=str(path),
        remedy="Certify the training run again.",
    )


def trainability_context(found: Trainability) -> dict[str, Any]:
    """What the template shows."""
    curve, guarantee = found.curve, found.guarantee
    horizon = _horizon(found)
    shown = _measured(found)
    figures = _figures(found, shown, horizon) if len(shown) or curve else []
    applies = guarantee.verdict.startswith("applies")
    return {
        "found": found,
        "guarantee": guarantee,
        "certificate": found.certificate,
        "figures": figures,
        "rows": _rows(found),
        "applies": applies,
        "reached": float(found.losses[-1, 1]) if len(shown) else None,
        "bounded": None
        if curve is None
        else _outward(Decimal(curve.at(shown[-1, 0] if len(shown) else horizon)), True),
        "last": shown[-1, 0] if len(shown) else horizon,
        "slider": None
        if curve is None or curve.form == "level"
        else json.dumps(
            {
                "form": curve.form,
                "numbers": dict(curve.numbers),
                "step": curve.step,
                "limit": curve.limit,
                "steps": _grid(horizon).tolist(),
                "least": _rounding(found),
                "last": float(shown[-1, 0] if len(shown) else horizon),
            },
            allow_nan=False,
        ),
    }


def _horizon(found: Trainability) -> float:
    """Up to which step the bound is drawn."""
    ends = [10.0, *found.losses[-1:, 0].tolist()]
    planned = found.guarantee.constants.get("iterations")
    if planned is not None and float(planned.value) <= 1e12:
        ends.append(float(planned.value))
    return max(ends)


def _grid(horizon: float) -> np.ndarray:
    """Steps from 0, as dense for a linear axis as for a logarithmic one."""
    half = _points // 2
    both = [np.linspace(0, horizon, half), np.geomspace(1, horizon, half)]
    return np.unique(np.round(np.concatenate(both)))


def _measured(found: Trainability) -> np.ndarray:
    """The record, above its own least value where the bound is above the minimum; NaN
    where that is rounding.
    """
    shown = found.losses.copy()
    if found.curve is not None and found.curve.above and len(shown):
        shown[:, 1] -= shown[:, 1].min()
        shown[shown[:, 1] < _rounding(found), 1] = np.nan
    return shown


def _rounding(found: Trainability) -> float:
    """Below this a loss above its minimum cannot be told from rounding."""
    if found.curve is None or not found.curve.above or not len(found.losses):
        return 0.0
    return _roundings * float(np.finfo(float).eps * np.abs(found.losses[:, 1]).max())


def _figures(found: Trainability, shown: np.ndarray, horizon: float) -> list[Figure]:
    curve, traces = found.curve, []
    quantity = "loss" if curve is None else curve.quantity
    if curve is not None:
        steps = _grid(horizon)
        bounds = np.array([curve.at(k) for k in steps])
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": steps,
                "y": positive(np.where(bounds < _rounding(found), np.nan, bounds)),
                "name": "bound of the theorem",
                "line": proved_line,
                "hovertemplate": _hover.format("at most ", "bound"),
            }
        )
    if len(shown):
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": shown[:, 0],
                "y": positive(shown[:, 1]),
                "name": "recorded (measured)",
                "line": measured_line,
                "hovertemplate": _hover.format("", "measured"),
            }
        )
    above = curve is not None and curve.above
    title = quantity[0].upper() + quantity[1:] + (", above its minimum" * above)
    caption = "Solid blue is the bound, computed; dashed orange is measured."
    if above and len(shown):
        caption += (
            " Both are above the minimum; of the record that is the least it has, so "
            "its last points lie too low. What cannot be told from rounding is left "
            "out."
        )
    last = "nothing was recorded"
    if len(shown):
        end = float(found.losses[-1, 1])
        last = f"the last recorded loss is {_numbers.measured(end)}"
    return [
        figure(
            "bound",
            title,
            traces,
            x=axis("steps"),
            y=log_axis(""),
            height=380,
            legend=True,
            caption=caption,
            label=f"The {quantity} against the number of steps up to {horizon:g}, "
            f"beside its bound; {last}.",
        )
    ]


def _rows(found: Trainability) -> list[dict[str, Any]]:
    """The constants, first those that decide the bound."""
    guarantee = found.guarantee
    checked = {} if found.certificate is None else found.certificate.constants
    rows = []
    for name, constant in guarantee.constants.items():
        up = constant.relation in ("at most", "as recalled")
        proved = checked.get(name) if not found.changed else None
        rows.append(
            {
                "name": name,
                "meaning": constant.meaning,
                "relation": constant.relation,
                "value": proved or _outward(Decimal(constant.value), up),
                "proved": proved is not None,
                "binds": name in guarantee.binding,
            }
        )
    for name in checked:
        if name not in guarantee.constants:
            relation = _relations.get(name, "at most")
            rows.append(
                {
                    "name": name,
                    "meaning": _meanings.get(name, ""),
                    "relation": relation,
                    "value": checked[name],
                    "proved": not found.changed,
                    "binds": name in guarantee.binding,
                }
            )
    return sorted(rows, key=lambda row: not row["binds"])


_relations = {"least_eigenvalue": "at least", "critical": "as recalled"}
_meanings = {
    "threshold": "regularization above which the loss is strongly convex",
    "smoothness": "Lipschitz constant of the gradient",
    "defect": "b in <W, grad> >= m |W|^2 - b",
    "critical": "the published threshold lambda_c",
    "least_eigenvalue": "of the tangent kernel, at start",
}


def _outward(value: Decimal, up: bool) -> str:
    """With few digits, rounded so that the relation stays true."""
    if not value.is_finite() or value == 0:
        return str(value) if math.isfinite(value) else "∞"
    rounding = ROUND_CEILING if up else ROUND_FLOOR
    return _plain(Context(prec=_digits, rounding=rounding).plus(value))


def _plain(value: Decimal) -> str:
    """`0.0123` as it is, very small and large numbers as `1.23e-9`."""
    exponent = value.adjusted()
    if -4 <= exponent < 7:
        return format(value.normalize(), "f")
    mantissa = format(value.scaleb(-exponent).normalize(), "f")
    return f"{mantissa}e{exponent}"
